"""Scores are what their formulas say, and over 200 planted forecasts they tell calibrated from overconfident."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from scipy import integrate, stats

from wildsim.core.errors import InputError
from wildsim.evaluation import scores
from wildsim.evaluation.scores import against_claimed, brier, calibration, calibration_among

WORLDS, FORECASTS, MEMBERS = 1_000, 200, 20


def _rng(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(seed))


@pytest.mark.parametrize(("mean", "sd", "came"), [(0.0, 1.0, 0.3), (2.0, 0.5, 4.0), (-1.0, 3.0, -1.0)])
def test_crps_of_a_normal_forecast_is_the_integral_that_defines_it(mean: float, sd: float, came: float) -> None:
    def below(x: float) -> float:
        return float(stats.norm.cdf(x, mean, sd) ** 2)

    def above(x: float) -> float:
        return float(stats.norm.sf(x, mean, sd) ** 2)

    whole = integrate.quad(below, mean - 12 * sd, came)[0] + integrate.quad(above, came, mean + 12 * sd)[0]
    found = scores.crps_normal(np.array(mean), np.array(sd), np.array(came))
    assert float(found) == pytest.approx(whole, abs=1e-7)


def test_crps_of_an_ensemble_is_fair_to_small_ones() -> None:
    rng, came = _rng(1), 0.7
    truth = float(scores.crps_normal(np.array(0.0), np.array(1.0), np.array(came)))
    for members in (2, 5):
        found = [scores.crps_ensemble(rng.standard_normal(members), came) for _ in range(20_000)]
        assert np.mean(found) == pytest.approx(truth, abs=4 * np.std(found) / 20_000**0.5)
    values = rng.standard_normal(9)
    pairs = [abs(x - y) for i, x in enumerate(values) for j, y in enumerate(values) if i != j]
    assert scores.distance_among(values) == pytest.approx(np.mean(pairs))


def test_the_parts_of_brier_add_up_and_tell_sharp_from_flat() -> None:
    rng = _rng(2)
    chances = rng.choice([0.05, 0.25, 0.65, 0.95], 4_000)
    happened = (rng.random(4_000) < chances).astype(float)
    found = brier(chances, happened)
    assert found.score == pytest.approx(np.mean((chances - happened) ** 2))
    assert found.score == pytest.approx(found.reliability - found.resolution + found.uncertainty)
    assert found.reliability < 0.002
    flat = brier(np.full(4_000, happened.mean()), happened)
    assert found.score < flat.score
    off = brier(chances, rng.permutation(happened))  # shuffled outcomes: nothing is told apart any more
    assert off.resolution < 0.002 < 0.1 < off.reliability
    for wrong, came in (([1.2], [1.0]), ([0.5], [0.5]), ([], [])):
        with pytest.raises(InputError):
            brier(np.array(wrong), np.array(came))


def test_the_pit_of_an_ensemble_is_uniform_whatever_the_shape_and_however_many_are_equal() -> None:
    rng = _rng(3)
    for draw in (rng.exponential, lambda size: rng.poisson(1.0, size).astype(float)):
        pits = []
        for _ in range(4_000):
            values = draw(size=8)
            pits.append(scores.pit_ensemble(values[:7], float(values[7]), rng.random()))
        assert stats.kstest(pits, "uniform").pvalue > 0.001


def _worlds(seed: int, claimed: float, shift: float = 0.0, shuffle: bool = False) -> list[np.ndarray]:
    """Return normal scores of worlds x forecasts that differ widely; the sd claimed is a share of the true one."""
    rng = _rng(seed)
    mean, sd = 5 * rng.standard_normal((WORLDS, FORECASTS)), rng.uniform(0.5, 2.0, (WORLDS, FORECASTS))
    came = mean + sd * (rng.standard_normal((WORLDS, FORECASTS)) + shift)
    if shuffle:
        came = rng.permuted(came, axis=1)
    return list((came - mean) / (claimed * sd))


def _verdicts(worlds: list[np.ndarray]) -> Counter[str]:
    return Counter(word for world in worlds for word in calibration(world).words)


def test_over_200_forecasts_calibrated_is_told_from_overconfident_underconfident_and_biased() -> None:
    right = _verdicts(_worlds(4, 1.0))
    assert 1 - right["calibrated"] / WORLDS <= 0.066
    sure = _verdicts(_worlds(5, 0.8))
    assert sure["overconfident"] / WORLDS >= 0.95
    assert sure["underconfident"] == 0
    assert (sure["biased high"] + sure["biased low"]) / WORLDS <= 0.05  # too sure is not taken for biased
    assert _verdicts(_worlds(6, 1.25))["underconfident"] / WORLDS >= 0.95
    assert _verdicts(_worlds(7, 1.0, shift=0.3))["biased low"] / WORLDS >= 0.95


def test_with_outcomes_shuffled_calibrated_forecasts_look_as_wrong_as_they_then_are() -> None:
    assert _verdicts(_worlds(4, 1.0, shuffle=True))["calibrated"] == 0


def _promised(seed: int, claimed: float) -> float:
    """Return the share of worlds in which the score is told from the one that was promised."""
    found = []
    for world in _worlds(seed, claimed):
        got = scores.crps_normal(np.zeros(FORECASTS), np.ones(FORECASTS), world)
        found.append(against_claimed(got, np.full(FORECASTS, np.pi**-0.5)).p < 0.05)
    return float(np.mean(found))


def test_the_score_beside_the_promised_one_tells_them_apart_too() -> None:
    assert _promised(8, 1.0) <= 0.066
    assert _promised(8, 0.75) >= 0.95


def test_ten_outcomes_are_the_fewest() -> None:
    assert calibration(_rng(1).standard_normal(9)).words == ("too few",)
    assert str(calibration(3 * _rng(1).standard_normal(60) + 4)) == "overconfident and biased low"


def _paths(rng: np.random.Generator, count: int, months: int, memory: float = 0.9) -> np.ndarray:
    """Return paths of an AR(1) of variance 1, shape (count, months)."""
    found = np.empty((count, months))
    found[:, 0] = rng.standard_normal(count)
    for t in range(1, months):
        found[:, t] = memory * found[:, t - 1] + (1 - memory**2) ** 0.5 * rng.standard_normal(count)
    return found


def test_paths_that_hang_together_are_judged_among_paths() -> None:
    """The same paths, judged as if months were independent, are called wrong most of the time."""
    rng, among, alone, wide = _rng(9), 0, 0, 0
    for _ in range(WORLDS):
        members, real = _paths(rng, 80, 60), _paths(rng, 1, 60)[0]
        among += calibration_among(real, members).words != ("calibrated",)
        alone += calibration(real).words != ("calibrated",)
        wide += "overconfident" in calibration_among(4.0 * real, members).words
    assert among / WORLDS <= 0.066
    assert alone / WORLDS >= 0.5
    assert wide / WORLDS >= 0.8
    assert calibration_among(real, members[:39]).words == ("too few",)
