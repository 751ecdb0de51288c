"""Estimates from samples: coverage of intervals over 1,000 surveys, and that it breaks where it must."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from wildsim.sensors.estimates import (
    FEWEST,
    NOTHING,
    equal_weights,
    gaussian_scale,
    laplace,
    post_stratified,
    ratio,
    reach_of_one,
)

PEOPLE, SAMPLE, TIMES = 20_000, 2_000, 1_000
#: 95 % of 1,000 within 2.6 standard errors of a share of .95: a true interval fails this once in a hundred.
LOW, HIGH = 0.932, 0.968


def _country(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return cell (six of unequal size), who is out of work and who is in the labour force."""
    rng = np.random.default_rng(seed)
    cells = rng.choice(6, PEOPLE, p=[0.25, 0.22, 0.2, 0.15, 0.1, 0.08])
    force = rng.random(PEOPLE) < np.array([0.5, 0.8, 0.85, 0.8, 0.6, 0.2])[cells]
    out = force & (rng.random(PEOPLE) < np.array([0.16, 0.08, 0.05, 0.04, 0.03, 0.02])[cells])
    return cells, out, force


def _covered(seed: int, response: np.ndarray, weighted: bool) -> tuple[float, float]:
    """Return the share of 95 % intervals that hold the truth, and the mean error over the mean standard error."""
    cells, out, force = _country(seed)
    truth = out.sum() / force.sum()
    frame = np.bincount(cells, minlength=6)
    rng = np.random.default_rng(seed + 1)
    hits, errors, sizes = 0, [], []
    for _ in range(TIMES):
        drawn = rng.choice(PEOPLE, SAMPLE, replace=False)
        rows = drawn[rng.random(SAMPLE) < response[cells[drawn]]]
        weights = post_stratified(cells[rows], frame) if weighted else equal_weights(len(rows), PEOPLE)
        found = ratio(out[rows], force[rows], weights)
        hits += abs(found.value - truth) <= 1.96 * found.se
        errors.append(found.value - truth)
        sizes.append(found.se)
    return hits / TIMES, float(np.mean(errors) / np.mean(sizes))


EVERYBODY = np.ones(6)
SHY = np.array([0.35, 0.6, 0.75, 0.85, 0.9, 0.9])


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_intervals_of_simple_samples_cover(seed: int) -> None:
    share, bias = _covered(seed, EVERYBODY, weighted=False)
    assert LOW <= share <= HIGH
    assert abs(bias) < 0.15


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_weights_put_right_who_does_not_answer_and_without_them_intervals_fail(seed: int) -> None:
    share, bias = _covered(seed, SHY, weighted=True)
    assert LOW <= share <= HIGH
    assert abs(bias) < 0.15
    share, bias = _covered(seed, SHY, weighted=False)
    assert share < 0.8
    assert bias < -1.0


def test_everybody_asked_is_the_truth_without_error() -> None:
    cells, out, force = _country(3)
    found = ratio(out, force, post_stratified(cells, np.bincount(cells, minlength=6)))
    assert found.value == pytest.approx(out.sum() / force.sum(), rel=1e-12)
    assert found.se == 0.0
    assert found.answers == PEOPLE


def test_nobody_asked_is_nothing() -> None:
    none = np.empty(0)
    assert ratio(none, none, equal_weights(0, 100)) == NOTHING
    assert np.isnan(ratio(np.zeros(3), np.zeros(3), equal_weights(3, 100)).value)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=60), st.lists(st.integers(60, 500), min_size=10, max_size=10))
def test_weights_restore_the_frame_whoever_answers(cells: list[int], frame: list[int]) -> None:
    weights = post_stratified(np.array(cells), np.array(frame))
    assert weights.each.sum() == pytest.approx(sum(frame), rel=1e-9)
    assert weights.frame.sum() == sum(frame)
    counts = np.bincount(weights.cells)
    assert counts.min() >= min(FEWEST, len(cells))


@given(st.integers(0, 10**6), st.integers(0, 39), st.integers(0, 1), st.integers(0, 1))
def test_no_answer_moves_a_share_by_more_than_its_reach(seed: int, who: int, new: int, works: int) -> None:
    rng = np.random.default_rng(seed)
    cells = rng.integers(0, 3, 40)
    weights = post_stratified(cells, np.array([500, 400, 300]))
    force = rng.random(40) < 0.7
    out = force & (rng.random(40) < 0.3)
    before = ratio(out, force, weights)
    reach = reach_of_one(force, weights, 1.0)
    changed_force, changed_out = force.copy(), out.copy()
    changed_force[who], changed_out[who] = bool(new), bool(new and works)
    after = ratio(changed_out, changed_force, weights)
    if np.isfinite(before.value) and np.isfinite(after.value):
        assert abs(after.value - before.value) <= reach * (1 + 1e-12)


def test_noise_of_laplace_is_that_and_hides_as_it_says() -> None:
    luck = np.random.default_rng(7).random(200_000)
    drawn = np.array([laplace(float(u), 2.0) for u in luck])
    assert drawn.std() == pytest.approx(2.0 * 2**0.5, rel=0.02)
    assert np.abs(drawn).mean() == pytest.approx(2.0, rel=0.02)
    # epsilon .5: with a reach of 1 no outcome is more than e^.5 times as likely as with another answer
    edges = np.linspace(-6, 7, 14)
    one, other = np.histogram(drawn, edges)[0], np.histogram(drawn + 1.0, edges)[0]
    assert (np.maximum(one, other) <= np.exp(0.5) * np.minimum(one, other) * 1.1).all()


@pytest.mark.parametrize(("epsilon", "delta"), [(0.1, 1e-6), (0.5, 1e-5), (1.0, 1e-3), (4.0, 1e-6)])
def test_normal_noise_hides_one_answer_and_no_less_would(epsilon: float, delta: float) -> None:
    def beyond(size: float) -> float:
        """Return by how much one answer can be told beyond epsilon: the hockey-stick divergence, by integration."""
        x = np.linspace(-12.0 * size - 1.0, 12.0 * size + 1.0, 400_001)
        here, there = stats.norm.pdf(x, 1.0, size), stats.norm.pdf(x, 0.0, size)
        return float(np.trapezoid(np.maximum(here - np.exp(epsilon) * there, 0.0), x))

    size = gaussian_scale(epsilon, delta)
    assert beyond(size) == pytest.approx(delta, rel=1e-3)
    assert beyond(0.9 * size) > 1.2 * delta
    if epsilon <= 1.0:  # where the classical bound holds it is no smaller (Dwork, Roth 2014, theorem A.1)
        assert size <= math.sqrt(2.0 * math.log(1.25 / delta)) / epsilon
