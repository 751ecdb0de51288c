"""Seasons: a pattern of mean 1, found again by adjustment from what was known then, and revised a year later."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from statsmodels.tsa.seasonal import seasonal_decompose

from wildsim.core.keys import Keys
from wildsim.scenario.schema import Scenario
from wildsim.sensors.identity import Identity
from wildsim.sensors.reading import MEASURED, NOT_KEPT, NOT_YET, UNDEFINED, Past, Reading
from wildsim.sensors.season import YEAR, Season, estimated
from wildsim.society import Society
from wildsim.state.history import History

NAME, AMPLITUDE, SIZE = "gdp_real", 0.02, 200


def _truth(seed: int, noise: float = 0.004) -> np.ndarray:
    """Return a level that grows by 2 % a year with lasting noise (AR(1), .8 a month), shape (SIZE)."""
    shocks = np.random.Generator(np.random.Philox(key=[seed, 7])).normal(0.0, noise, SIZE)
    away = np.zeros(SIZE)
    for month in range(1, SIZE):
        away[month] = 0.8 * away[month - 1] + shocks[month]
    return 100.0 * np.exp(0.02 / YEAR * np.arange(SIZE) + away)


def _past(truth: np.ndarray, now: int, seed: int = 1) -> Past:
    history = History()
    for month in range(now):
        history.add({NAME: float(truth[month])})
    return Past(history, now, Keys(seed))


def test_the_pattern_has_mean_one_and_the_size_it_is_said_to_have() -> None:
    for seed in range(20):
        factors = Season(Identity(), AMPLITUDE).factors(_past(_truth(1), 3, seed), NAME)
        assert factors.mean() == pytest.approx(1.0, rel=1e-14)
        assert factors.std() == pytest.approx(AMPLITUDE, rel=1e-12)


def test_the_raw_series_carries_the_pattern_and_nothing_else() -> None:
    truth, sensor = _truth(1), Season(Identity(), AMPLITUDE)
    past = _past(truth, 150)
    factors = sensor.factors(past, NAME)
    for period in range(95, 150):
        reading = sensor.read(past, NAME, 150, period)
        assert reading.value == truth[period] * factors[period % YEAR]
        assert (reading.source, reading.se) == ("identity, seasonal", 0.0)


def test_without_a_season_adjustment_finds_next_to_none() -> None:
    factors, errors = estimated(np.exp(0.002 * np.arange(48)), 5)
    assert abs(factors - 1.0).max() < 1e-5
    assert errors.max() < 1e-5


def test_a_pattern_on_a_plain_trend_is_found_exactly() -> None:
    pattern = Season(Identity(), 0.1).factors(_past(_truth(1), 3), NAME)
    factors, _ = estimated((50.0 + 0.1 * np.arange(60)) * pattern[(np.arange(60) + 7) % YEAR], 7)
    assert abs(factors / pattern - 1.0).max() < 0.002


@pytest.mark.parametrize("first", [0, 5, -7])
def test_the_factors_are_those_of_classical_decomposition(first: int) -> None:
    """Against statsmodels, an implementation of its own."""
    pattern = np.random.Generator(np.random.Philox(4)).uniform(0.8, 1.2, YEAR)
    series = _truth(3)[:60] * pattern[np.arange(60) % YEAR]
    factors, _ = estimated(series, first)
    theirs = seasonal_decompose(series, model="multiplicative", period=YEAR).seasonal[:YEAR]
    assert np.roll(factors, -first) == pytest.approx(theirs, rel=1e-12)


def _published(seed: int, adjusted: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return log distance from the truth of first and of last publications, and first distances in standard errors."""
    truth = _truth(seed)
    sensor = Season(Identity(), AMPLITUDE, adjusted)
    first, last, far = [], [], []
    for now in range(61, 121):
        past = _past(truth, now, seed)
        readings = sensor.published(past, NAME, now)
        first.append(math.log(readings[0].value / truth[now - 1]))
        far.append((readings[0].value - truth[now - 1]) / readings[0].se if adjusted else 0.0)
        if adjusted:
            assert [reading.period for reading in readings] == [now - 1, now - 1 - YEAR]
            last.append(math.log(readings[1].value / truth[now - 1 - YEAR]))
    return np.array(first), np.array(last), np.array(far)


def test_adjustment_takes_nine_tenths_of_the_season_away_and_raw_values_keep_it() -> None:
    """On 20 planted series; what is left is less once a year more is known, and about what the office thinks."""
    left, later, kept, far = [], [], [], []
    for seed in range(20):
        planted = AMPLITUDE**2
        first, last, distance = _published(seed, adjusted=True)
        raw, _, _ = _published(seed, adjusted=False)
        left.append(first.var() / planted)
        later.append(last.var() / planted)
        kept.append(raw.var() / planted)
        far.append(distance)
    assert np.mean(left) < 0.10
    assert np.mean(later) < np.mean(left)
    assert 0.9 < np.mean(kept) < 1.1
    assert 0.7 < np.concatenate(far).std() < 1.6


def test_what_was_published_does_not_change_with_what_came_after() -> None:
    """Values of another future are the same; a release is the same whenever it is asked for, or no longer kept."""
    truth, now = _truth(1), 120
    other = np.concatenate([truth[:now], 7.0 * truth[now:]])
    sensor = Season(Identity(), AMPLITUDE, adjusted=True)
    then = {period: sensor.read(_past(truth, now), NAME, now, period) for period in range(now - 26, now)}
    asked = 0
    for later in (now, now + 6, now + 11):
        past = _past(other, later)
        for period, reading in then.items():
            again = sensor.read(past, NAME, now, period)
            assert again.quality == NOT_KEPT or again == reading
            asked += again == reading
    assert asked > 26
    assert then[now - 1].vintage == now
    assert then[now - 14].vintage == now - 1
    assert {reading.quality for period, reading in then.items() if period >= now - sensor.reach} == {MEASURED}


class Forgetful(Identity):
    """Speaks of 49 months, and of older ones nonsense; says why a value is what it is, as reconciled sources do."""

    @property
    def reach(self) -> int:
        return 49

    def read(self, past: Past, indicator: str, month: int, period: int | None) -> Reading:
        found = super().read(past, indicator, month, period)
        return replace(
            found, value=found.value * (7.0 if found.period < past.now - 49 else 1.0), quality=f"{MEASURED}: so"
        )


def test_of_what_the_other_sensor_no_longer_speaks_nothing_is_made() -> None:
    truth, sensor = _truth(1), Season(Forgetful(), AMPLITUDE, adjusted=True)
    asked = 0
    for now in range(100, 108):
        for period in range(80, 100):
            then = sensor.read(_past(truth, now), NAME, now, period)
            if then.quality == NOT_KEPT:
                continue
            assert then.value == pytest.approx(truth[period], rel=0.03)
            for later in range(now, now + 15):
                again = sensor.read(_past(truth, later), NAME, now, period)
                assert again.quality == NOT_KEPT or again == then
                asked += again == then
            assert then.quality == f"{MEASURED}: so"
    assert asked > 100
    assert sensor.read(_past(truth, 100), NAME, 100, 100 - sensor.reach).quality == f"{MEASURED}: so"
    assert sensor.read(_past(truth, 100), NAME, 100, 99 - sensor.reach).quality == NOT_KEPT


def test_what_comes_later_is_not_known() -> None:
    past = _past(_truth(1), 100)
    for adjusted in (False, True):
        for period in range(100, 130):
            reading = Season(Identity(), AMPLITUDE, adjusted).read(past, NAME, 100, period)
            assert (math.isnan(reading.value), reading.quality) == (True, NOT_YET)
    late = Season(Identity(3), AMPLITUDE, adjusted=True)
    assert late.read(past, NAME, 100, 98).quality == NOT_YET
    assert [reading.period for reading in late.published(past, NAME, 100)] == [97, 85]


def test_with_little_past_nothing_is_adjusted() -> None:
    truth = _truth(1)
    truth[:70] = math.nan
    reading = Season(Identity(), AMPLITUDE, adjusted=True).read(_past(truth, 85), NAME, 85, None)
    assert (math.isnan(reading.value), reading.quality, reading.score) == (True, UNDEFINED, 0.0)
    below = replace(reading, quality=MEASURED, value=1.0, se=1.0)
    assert below.score == 0.5


def test_in_a_society_surveys_and_accounts_have_seasons_too() -> None:
    """The same surveys and accounts without the season are the same values without the pattern."""
    entries: dict[str, Any] = {
        "unemployment_rate": {"survey": 600},
        "gdp": {"accounts": {"releases": [{"lag": 1, "error": 0.01}, {"lag": 4, "error": 0.0}]}},
    }
    with_ = {name: {**entry, "season": 0.05} for name, entry in entries.items()}
    story: dict[str, Any] = {"months": 6, "burn_in": 6, "society": {"people": 1000, "regions": 1}}
    found = []
    for sensors in (entries, with_):
        society = Society(Scenario(**story, sensors=sensors))
        society.burn_in()
        society.run_for(6)
        found.append((society.sensed(), society.world.keys))
        society.close()
    (plain, keys), (seasonal, _) = found
    assert len(plain) == len(seasonal) == 3
    for one, other in zip(plain, seasonal, strict=True):
        factor = Season(Identity(), 0.05).factors(Past(History(), 0, keys), one.indicator)[one.period % YEAR]
        assert other.value == pytest.approx(one.value * factor, rel=1e-12)
        assert other.se == pytest.approx(one.se * factor, rel=1e-12)
        assert (other.period, other.vintage) == (one.period, one.vintage)
