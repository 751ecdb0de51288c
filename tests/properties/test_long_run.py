"""Long runs: the economy neither drifts nor collapses, and its size does not matter. Minutes, so marked slow."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from wildsim.core.table import F64
from wildsim.scenario.load import load
from wildsim.society import Society

pytestmark = pytest.mark.slow
SEEDS = tuple(range(1, 9))
NAMES = ("unemployment_rate", "inflation", "labour_share")


def _series(society: Society, months: int) -> F64:
    """Return unemployment, inflation and the labour share of so many months, (months, 3)."""
    rows = []
    for _ in range(months):
        society.step()
        rows.append([society.indicators[name] for name in NAMES])
    assert society.largest_error <= 1e-9
    society.close()
    return np.array(rows)


@cache
def _century(seed: int) -> F64:
    society = Society(load("scenarios/us.yaml"), seed=seed)
    society.burn_in()
    return _series(society, 1200)


def _in_bounds(series: F64) -> None:
    unemployment, inflation, _ = series.T
    assert 0.02 <= unemployment.min()
    assert unemployment.max() <= 0.15
    assert -0.05 <= inflation.min()
    assert inflation.max() <= 0.15


@pytest.mark.parametrize("months", [240, 1200])
@pytest.mark.parametrize("seed", SEEDS)
def test_us_yaml_stays_in_bounds(seed: int, months: int) -> None:
    _in_bounds(_century(seed)[:months])


def trend(series: F64, block: int = 120) -> tuple[float, float]:
    """Return the change over the whole series that a line through its ten-year means shows, and its standard error.

    Means of ten years, so that the cycle does not pass for a drift: the shock to matching is remembered for five.
    """
    means = series[: len(series) // block * block].reshape(-1, block).mean(axis=1)
    x = np.arange(len(means)) - (len(means) - 1) / 2.0
    slope = float((x * means).sum() / (x * x).sum())
    rest = means - means.mean() - slope * x
    error = float(np.sqrt((rest**2).sum() / (len(means) - 2) / (x * x).sum()))
    return slope * len(means), error * len(means)


@pytest.mark.parametrize(("months", "block"), [(240, 12), (1200, 120)])
@pytest.mark.parametrize("column", [0, 1], ids=NAMES[:2])
def test_us_yaml_has_no_trend_that_its_seeds_share(column: int, months: int, block: int) -> None:
    """The mean over 8 seeds of the change along a fitted line is 0 within 3 standard errors, or below a point.

    A point in a century: firms go on concentrating for some forty years (docs/decisions/0054).
    """
    changes = np.array([trend(_century(seed)[:months, column], block)[0] for seed in SEEDS])
    error = float(changes.std(ddof=1)) / len(SEEDS) ** 0.5
    assert abs(changes.mean()) <= max(3.0 * error, 0.01)
    assert abs(changes.mean()) <= 0.015


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("column", [0, 1], ids=NAMES[:2])
def test_no_seed_of_us_yaml_drifts(column: int, seed: int) -> None:
    """A drift is one that is beyond chance (4 standard errors, among 16 tests) and matters (a point in a century)."""
    change, error = trend(_century(seed)[:, column])
    assert abs(change) < max(0.01, 4.0 * error)
    assert abs(change) < 0.04


def _means(people: int, seed: int) -> Any:
    size = [f"society.people={people}", f"society.regions={people // 2500}"]
    society = Society(load("scenarios/us.yaml", [*size, "burn_in=120"]), seed=seed)
    society.burn_in()
    return _series(society, 120).mean(axis=0)


def test_a_society_of_ten_times_the_people_is_the_same_on_average() -> None:
    """Ten years of 16 seeds each: means of 10^4 and of 10^5 people agree within 3 standard errors.

    By chance one of the six comparisons fails in at most one set of seeds of eighteen (Student, 15 degrees of freedom).
    """
    seeds = range(1, 17)
    small = np.array([_means(10_000, seed) for seed in seeds])
    large = np.array([_means(100_000, seed) for seed in seeds])
    gap = large.mean(axis=0) - small.mean(axis=0)
    error = np.sqrt((small.var(axis=0, ddof=1) + large.var(axis=0, ddof=1)) / len(seeds))
    paired = (large - small).std(axis=0, ddof=1) / np.sqrt(len(seeds))
    for name, difference, apart, together in zip(NAMES, gap, error, paired, strict=True):
        assert abs(difference) <= 3.0 * apart, f"{name}: {difference:.4f}, standard error {apart:.4f}"
        assert abs(difference) <= 3.0 * together, f"{name}: {difference:.4f}, paired standard error {together:.4f}"
