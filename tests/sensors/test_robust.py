"""Nowcasts err as theory says; aggregates break down where they must; of three sources the biased one is found."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.signal import lfilter

from wildsim.core.errors import InputError
from wildsim.sensors.aggregates import AGGREGATES, BLOCKS, TRIMMED, geometric_median, mean, median, trimmed_mean
from wildsim.sensors.nowcast import Nowcast
from wildsim.sensors.three_sources import reconcile

MONTHS = 60_000


@pytest.mark.parametrize("ahead", [0, 1, 3])
@pytest.mark.parametrize(("persistence", "noise"), [(0.9, 1.0), (0.6, 0.5), (0.97, 3.0)])
def test_nowcasts_have_the_error_of_theory(persistence: float, noise: float, ahead: int) -> None:
    rng = np.random.default_rng(17)
    truth = 5.0 + lfilter([1.0], [1.0, -persistence], rng.standard_normal(MONTHS))
    seen = truth + noise * rng.standard_normal(MONTHS)
    model = Nowcast(5.0, persistence, 1.0)
    guesses = model.of(seen, np.full(MONTHS, noise), ahead)
    error = float((guesses - truth)[500:].std())
    assert error == pytest.approx(model.error(noise, ahead), rel=0.03)
    late = np.concatenate([np.full(ahead, 5.0), seen[: MONTHS - ahead]])
    assert error < float((late - truth)[500:].std())  # better than the newest value itself
    wrong = model.of(seen, np.full(MONTHS, 10.0 * noise), ahead)
    assert float((wrong - truth)[500:].std()) > error  # weights for other errors than there are cost


def test_months_without_a_value_are_bridged() -> None:
    model = Nowcast(0.0, 0.5, 1.0)
    guesses = model.of(np.array([2.0, np.nan, np.nan]), np.zeros(3))
    assert guesses.tolist() == [2.0, 1.0, 0.5]
    with pytest.raises(InputError, match="persistence is 1"):
        Nowcast(0.0, 1.0, 1.0)


#: Share of lies from which an aggregate can be moved anywhere.
BREAKDOWN: dict[str, Callable[[int], float]] = {
    "mean": lambda n: 1 / n,
    "trimmed_mean": lambda n: TRIMMED,
    "median": lambda n: 0.5,
    "median_of_means": lambda n: (BLOCKS + 1) / 2 / n,
}


@pytest.mark.parametrize("name", list(BREAKDOWN))
@pytest.mark.parametrize("count", [50, 200])
def test_breakdown_is_where_theory_has_it(name: str, count: int) -> None:
    honest = np.random.default_rng(3).normal(1.0, 0.1, count)
    # liars go into one block after the other, as somebody would who knows of them
    blocks = [part.tolist() for part in np.array_split(np.arange(count), BLOCKS)]
    order = [part[k] for k in range(max(map(len, blocks))) for part in blocks if k < len(part)]

    def moved(lies: int) -> bool:
        reports = honest.copy()
        reports[order[:lies]] = 1e9
        return abs(AGGREGATES[name](reports) - 1.0) > 10.0

    first = next(lies for lies in range(1, count + 1) if moved(lies))
    assert abs(first / count - BREAKDOWN[name](count)) <= 1.5 / count


def test_the_geometric_median_holds_below_one_half() -> None:
    rng = np.random.default_rng(5)
    honest = rng.normal(0.0, 1.0, (101, 3))
    for lies, holds in ((49, True), (51, False)):
        reports = honest.copy()
        reports[:lies] = 1e6
        assert (np.abs(geometric_median(reports)).max() < 1e3) == holds
    assert np.abs(honest.mean(axis=0) - geometric_median(honest)).max() < 0.3


@given(arrays(np.float64, st.integers(1, 40), elements=st.floats(-1e6, 1e6)))
def test_of_one_dimension_all_lie_within_the_reports(reports: np.ndarray) -> None:
    slack = 1e-6 * (1.0 + np.abs(reports).max())
    for found in (mean(reports), trimmed_mean(reports), median(reports), float(geometric_median(reports[:, None])[0])):
        assert reports.min() - slack <= found <= reports.max() + slack


TIMES, PERIODS, NOISE = 2_000, 12, 0.01


def _sources(rng: np.random.Generator, bias: float, guilty: int) -> np.ndarray:
    truth = 0.02 * rng.standard_normal(PERIODS)
    sources = truth + NOISE * rng.standard_normal((3, PERIODS))
    sources[guilty] += bias
    return sources


def test_three_sources_that_agree_raise_few_false_alarms() -> None:
    rng = np.random.default_rng(23)
    rate = np.mean([reconcile(_sources(rng, 0.0, 0)).alarm for _ in range(TIMES)])
    assert rate <= 0.066  # nominally 5 %; more than that by luck once in a thousand
    assert rate >= 0.03


@pytest.mark.parametrize("guilty", [0, 1, 2])
@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_a_source_that_is_off_by_two_percent_is_found(guilty: int, sign: float) -> None:
    rng = np.random.default_rng(29)
    found = [reconcile(_sources(rng, sign * 0.02, guilty)) for _ in range(400)]
    assert np.mean([one.alarm for one in found]) >= 0.95
    assert np.mean([one.guilty == guilty for one in found]) >= 0.95


def test_what_is_kept_is_nearer_the_truth_than_all_three() -> None:
    rng, errors = np.random.default_rng(31), []
    for _ in range(200):
        truth = 0.02 * rng.standard_normal(PERIODS)
        sources = truth + NOISE * rng.standard_normal((3, PERIODS))
        sources[1] += 0.03
        errors.append([np.abs(reconcile(sources).value - truth).mean(), np.abs(sources.mean(axis=0) - truth).mean()])
    kept, together = np.mean(errors, axis=0)
    assert kept < together


def test_equal_sources_agree_and_too_few_say_nothing() -> None:
    assert reconcile(np.ones((3, 12))).guilty == -1
    with pytest.raises(InputError, match="three sources and 6 periods"):
        reconcile(np.ones((2, 12)))
