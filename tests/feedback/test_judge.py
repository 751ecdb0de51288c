"""A judge who errs: put right, intervals hold; as he speaks, or with his own error forgotten, they do not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from wildsim.core.errors import InputError
from wildsim.feedback.judge import WIDE, Estimate, measure_scores, measure_yes_no

REPETITIONS = 1_000


def _rng(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(seed))


def _says(rng: np.random.Generator, true: np.ndarray) -> np.ndarray:
    """Return what a judge with sensitivity .85 and specificity .75 says."""
    return np.where(true == 1, rng.random(len(true)) < 0.85, rng.random(len(true)) < 0.25).astype(float)


def _yes_no(seed: int, share: float) -> list[Estimate]:
    """Return estimates from 500 judged cases, with a judge measured on 200."""
    rng, found = _rng(seed), []
    for _ in range(REPETITIONS):
        labelled = (rng.random(200) < 0.5).astype(float)
        judge = measure_yes_no(_says(rng, labelled), labelled)
        cases = (rng.random(500) < share).astype(float)
        found.append(judge.corrected(_says(rng, cases)))
    return found


def _scores(seed: int, mean: float) -> list[Estimate]:
    """Return estimates from 300 scored cases, with a judge (bias .4, sd .8) measured on 60."""
    rng, found = _rng(seed), []
    for _ in range(REPETITIONS):
        labelled = mean + rng.standard_normal(60)
        judge = measure_scores(labelled + 0.4 + 0.8 * rng.standard_normal(60), labelled)
        cases = mean + rng.standard_normal(300)
        found.append(judge.corrected(cases + 0.4 + 0.8 * rng.standard_normal(300)))
    return found


def _hold(found: list[Estimate], truth: float, of: Callable[[Estimate], tuple[float, float]]) -> float:
    return float(np.mean([of(one)[0] <= truth <= of(one)[1] for one in found]))


@pytest.mark.parametrize(("seed", "share"), [(1, 0.1), (2, 0.4), (3, 0.8)])
def test_95_percent_intervals_of_a_yes_no_judge_hold(seed: int, share: float) -> None:
    found = _yes_no(seed, share)
    assert 0.932 <= _hold(found, share, lambda one: one.interval) <= 0.968
    assert np.mean([one.value for one in found]) == pytest.approx(share, abs=0.01)
    # off: as he says it, with the error of a plain share
    spread = WIDE * (0.25 / 500) ** 0.5
    raw = _hold(found, share, lambda one: (one.raw - spread, one.raw + spread))
    assert raw < 0.8
    # off: the judge taken as measured without error
    sharp = _hold(
        found,
        share,
        lambda one: (
            one.value - WIDE * (one.raw * (1 - one.raw) / 500) ** 0.5 / 0.6,
            one.value + WIDE * (one.raw * (1 - one.raw) / 500) ** 0.5 / 0.6,
        ),
    )
    assert sharp < 0.9


def test_95_percent_intervals_of_a_judge_with_scores_hold() -> None:
    found = _scores(4, 2.0)
    assert 0.932 <= _hold(found, 2.0, lambda one: one.interval) <= 0.968
    spread = WIDE * (1.64 / 300) ** 0.5
    assert _hold(found, 2.0, lambda one: (one.raw - spread, one.raw + spread)) < 0.05
    assert _hold(found, 2.0, lambda one: (one.value - spread, one.value + spread)) < 0.9


def test_an_error_that_goes_along_with_the_truth_is_noticed() -> None:
    rng, flat, moving = _rng(5), 0, 0
    for _ in range(400):
        truth = rng.standard_normal(80)
        flat += measure_scores(truth + 0.8 * rng.standard_normal(80), truth).bias_moves
        moving += measure_scores(0.5 * truth + 0.8 * rng.standard_normal(80), truth).bias_moves
    assert flat / 400 <= 0.08
    assert moving / 400 >= 0.95


def test_what_is_true_spreads_less_than_what_is_said() -> None:
    rng = _rng(6)
    truth = rng.standard_normal(20_000)
    judge = measure_scores(truth[:5_000] + 0.8 * rng.standard_normal(5_000), truth[:5_000])
    said = truth + 0.8 * rng.standard_normal(20_000)
    assert said.std() > 1.2
    assert judge.true_spread(said) == pytest.approx(1.0, abs=0.03)
    assert judge.true_spread(np.zeros(9)) == 0.0


def test_a_judge_who_guesses_or_was_not_measured_is_refused() -> None:
    rng = _rng(7)
    true = (rng.random(200) < 0.5).astype(float)
    with pytest.raises(InputError, match="not clearly better than guessing"):
        measure_yes_no((rng.random(200) < 0.5).astype(float), true).corrected(true)
    with pytest.raises(InputError, match="10 of each are needed"):
        measure_yes_no(true[:12], true[:12])
    with pytest.raises(InputError, match="verdicts are 1 for yes and 0 for no"):
        measure_yes_no(true + 0.5, true)
    with pytest.raises(InputError, match="10 pairs or more"):
        measure_scores(true[:5], true[:5])
    judge = measure_scores(true + rng.standard_normal(200), true)
    with pytest.raises(InputError, match="all of them numbers"):
        judge.corrected(np.array([1.0, np.nan]))
    assert "as judged" in str(judge.corrected(true))
