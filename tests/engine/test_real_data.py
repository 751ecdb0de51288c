"""How near a run is to real data: figures of planted differences, and what the spread of seeds says."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from wildsim.core.errors import InputError
from wildsim.engine.real_data import nearness
from wildsim.scenario.series_file import RealSeries, month_number

NAME, START = "unemployment_rate", month_number("2015-01")


def _run(values: np.ndarray) -> pd.DataFrame:
    """Return the indicators of an arm, of values (seeds, months)."""
    index = pd.MultiIndex.from_product([range(len(values)), range(values.shape[1])], names=["seed", "month"])
    return pd.DataFrame({NAME: values.ravel()}, index=index)


def test_what_is_the_same_is_near_and_what_is_off_is_off_by_that() -> None:
    luck = np.random.Generator(np.random.Philox(1)).normal(size=(1, 60))
    same = nearness(_run(luck), NAME, RealSeries(START, tuple(luck[0])), START)
    assert (same.months, same.bias, same.rmse) == (60, 0.0, 0.0)
    assert same.correlation == pytest.approx(1.0)
    assert math.isnan(same.inside)  # one seed has no spread
    far = nearness(_run(luck), NAME, RealSeries(START, tuple(2.0 - luck[0])), START)
    assert far.bias == pytest.approx((2.0 * luck - 2.0).mean())
    assert far.rmse**2 == pytest.approx(far.bias**2 + (2.0 * luck).var())
    assert far.correlation == pytest.approx(-1.0)
    assert far.data_sd == pytest.approx(luck.std())


@pytest.mark.parametrize("seeds", [2, 8, 20])
def test_one_more_seed_lies_inside_as_often_as_expected_and_other_data_do_not(seeds: int) -> None:
    """4,000 months without memory: within 4 standard errors (6e-5 by chance); data moved by 3 s.d. far below."""
    luck = np.random.Generator(np.random.Philox(seeds)).normal(size=(seeds + 1, 4000))
    found = nearness(_run(luck[1:]), NAME, RealSeries(START, tuple(luck[0])), START)
    assert found.expected == (seeds - 1) / (seeds + 1)
    assert abs(found.inside - found.expected) < 4.0 * math.sqrt(found.expected * (1.0 - found.expected) / 4000)
    moved = nearness(_run(luck[1:]), NAME, RealSeries(START, tuple(luck[0] + 3.0)), START)
    assert moved.inside < found.expected - 0.2
    assert moved.bias == pytest.approx(found.bias - 3.0)


def test_months_are_matched_by_the_calendar() -> None:
    months = np.arange(24.0)
    data = RealSeries(START - 6, tuple(np.arange(-6.0, 10.0)))
    found = nearness(_run(months[None, :]), NAME, data, START)
    assert (found.months, found.bias, found.rmse) == (10, 0.0, 0.0)
    later = nearness(_run(months[None, :]), NAME, data, START - 3)
    assert (later.months, later.bias) == (13, 3.0)


def test_what_does_not_move_has_no_correlation_and_undefined_months_are_left_out() -> None:
    values = np.full((2, 12), 0.05)
    values[1, 4] = math.nan
    found = nearness(_run(values), NAME, RealSeries(START, tuple(np.linspace(0.0, 1.0, 12))), START)
    assert found.months == 11
    assert math.isnan(found.correlation)


def test_what_cannot_be_compared_is_refused() -> None:
    run = _run(np.zeros((2, 12)))
    with pytest.raises(InputError, match=r"have 0 months in common; 2 are needed: see --start."):
        nearness(run, NAME, RealSeries(START + 90, (1.0, 2.0)), START)
    with pytest.raises(InputError, match=r"the run shows no 'gdp': it is unknown, of a sector that is off, or sealed."):
        nearness(run, "gdp", RealSeries(START, (1.0, 2.0)), START)
    with pytest.raises(InputError, match=r"or sealed"):  # what is sealed is shown as NaN
        nearness(_run(np.full((2, 12), math.nan)), NAME, RealSeries(START, (1.0, 2.0)), START)
