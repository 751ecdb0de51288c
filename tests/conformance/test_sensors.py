"""Every sensor keeps to the same rules: nothing of the future, nothing changed, the truth where nothing spoils it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from wildsim.core.keys import Keys
from wildsim.scenario.schema import Scenario
from wildsim.sensors import SENSORS
from wildsim.sensors.reading import Past, Reading, kept_as
from wildsim.society import Society
from wildsim.state.history import History

SERIES = {"values": [0.05 + 0.001 * k for k in range(60)], "first": -3}
NEWS = {"kind": "news", "releases": [{"lag": 1, "error": 0.01}, {"lag": 4, "error": 0.002}]}
NOISE = {"releases": [{"lag": 2, "error": 0.02}, {"lag": 3, "error": 0.0}]}
#: Sensor -> entries by indicator, each spoilt by everything that can spoil it.
SPOILT: dict[str, dict[str, dict[str, Any]]] = {
    "accounts": {"gdp": {"accounts": NEWS}, "gdp_real": {"accounts": NOISE}},
    "identity": {"vacancy_rate": {"lag": 6}},
    "index": {"price_level": {"index": 10, "lag": 2}, "inflation": {"index": {"sample": 12, "review": 6}}},
    "reconciled": {
        "employment_rate": {"reconciled": [{"record": {"error": 0.05}, "lag": 2}, {"survey": 100}]},
        "violent_crime_rate": {"reconciled": [{"record": {"coverage": 0.5}}, {"survey": 200}]},
    },
    "record": {"crime_rate": {"record": {"of": "crime_recorded_rate", "coverage": 0.9, "error": 0.1}, "lag": 2}},
    "season": {
        "wage_mean": {"season": {"amplitude": 0.02, "adjusted": True}, "survey": 100},
        "consumption_real": {"season": 0.05, "lag": 3},
    },
    "series": {"participation_rate": {"series": SERIES, "lag": 3}},
    "survey": {
        "unemployment_rate": {"survey": {"sample": 80, "response": 0.7}},
        "property_crime_rate": {"survey": 200},
    },
}
#: The same sensors with nothing that spoils them; what a season or an index is without, tests of their own tell.
PURE: dict[str, dict[str, dict[str, Any]]] = {
    "accounts": {"gdp": {"accounts": {"releases": [{"lag": 1, "error": 0.0}]}}},
    "identity": {"vacancy_rate": {}},
    "reconciled": {"employment_rate": {"reconciled": [{"record": {}}, {"lag": 1}]}},
    "record": {"crime_rate": {"record": {}}, "property_crime_rate": {"record": "property_crime_rate"}},
    "survey": {name: {"survey": 1_000_000} for name in ("unemployment_rate", "wage_mean", "employment_rate")},
}
STORY: dict[str, Any] = {
    "months": 12,
    "burn_in": 65,
    "society": {"people": 300, "regions": 1},
    "sectors": {"crime": True},
}

#: What sensors remember beside what has the indicator's unit.
BESIDE = ("answered",)


class Watched(Past):
    """A past that notes the newest month that it was asked about."""

    newest = -math.inf

    def value(self, indicator: str, period: int) -> float:
        """Return the value, as ever."""
        self.newest = max(self.newest, period)
        return super().value(indicator, period)


def _all(entries: dict[str, dict[str, dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    return {name: entry for kind in entries.values() for name, entry in kind.items()}


@pytest.fixture(scope="module")
def lived() -> Iterator[tuple[Society, list[list[Reading]]]]:
    society = Society(Scenario(**STORY, sensors=_all(SPOILT)))
    society.burn_in()
    published = []
    for _ in range(12):
        society.step()
        published.append(society.sensed())
    yield society, published
    society.close()


def test_every_sensor_is_put_to_these_tests() -> None:
    assert list(SPOILT) == list(SENSORS)
    assert set(SENSORS) - set(PURE) == {"index", "season", "series"}


@pytest.mark.parametrize("kind", list(SPOILT))
def test_nothing_of_the_month_asked_in_or_later_is_looked_at(kind: str, lived: Any) -> None:
    society, _ = lived
    world, now = society.world, society.month
    found = 0
    for name in SPOILT[kind]:
        for month in (now - 7, now - 1, now):
            for period in (None, *range(month - 20, month + 4)):
                past = Watched(world.history, now, world.keys)
                reading = world.sensors[name].read(past, name, month, period)
                assert past.newest < month
                assert math.isnan(reading.value) or reading.period < reading.vintage <= month
                found += math.isfinite(reading.value)
    assert found > 20


def _past(values: list[float], names: set[str]) -> Past:
    """Return a past in which each of `names` had these values by month."""
    history = History()
    for value in values:
        history.add(dict.fromkeys(sorted(names), value))
    return Past(history, len(values), Keys(3))


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, entries in SPOILT.items() for name in entries])
def test_societies_that_part_have_published_the_same_until_then(kind: str, name: str) -> None:
    """Two pasts that part in month 48 of 60 read the same until then, whatever month and period is asked for."""
    now, split = 60, 48
    luck = np.random.Generator(np.random.Philox(5)).uniform(1.0, 2.0, (2, now)).tolist()
    pasts = [luck[0], luck[0][:split] + luck[1][split:]]
    entries = [SPOILT[kind][name]] * 2
    if kind == "series":  # it holds its values itself
        entries = [{**entries[0], "series": {"values": values}} for values in pasts]
    made = [Scenario(**STORY, sensors={name: entry}).sensors[name] for entry in entries]
    sensors = [entry.sensor(name) for entry in made]
    names = {name} | made[0].reads(name) | {kept_as(name, what) for what in (*sensors[0].keeps, *BESIDE)}
    found = 0
    shown = [_past(values, names) for values in pasts]
    for month in range(split - 12, split + 1):
        for period in (None, *range(split - 30, now + 3)):
            first, second = (
                sensor.read(past, name, month, period) for sensor, past in zip(sensors, shown, strict=True)
            )
            assert repr(first) == repr(second)
            found += math.isfinite(first.value)
        assert repr(sensors[0].published(shown[0], name, month)) == repr(sensors[1].published(shown[1], name, month))
    assert found > 12
    later = [sensor.read(past, name, now, None) for sensor, past in zip(sensors, shown, strict=True)]
    assert later[0].value != later[1].value


@pytest.mark.parametrize("kind", list(SPOILT))
def test_what_is_published_is_what_is_known_then_and_says_what_it_is(kind: str, lived: Any) -> None:
    society, published = lived
    world, now = society.world, society.month
    for month, readings in zip(range(now - 11, now + 1), published, strict=True):
        own = [reading for reading in readings if reading.indicator in SPOILT[kind]]
        assert {reading.indicator for reading in own} == set(SPOILT[kind])
        for reading in own:
            assert reading.vintage == month
            unknown = kind == "series"  # nobody says its error
            assert (math.isnan(reading.score) and unknown) or 0.0 <= reading.score <= reading.complete <= 1.0
            assert reading.source.split(",")[0] in SENSORS
            assert math.isfinite(reading.value), reading
            assert reading.se >= 0.0 or (unknown and math.isnan(reading.se))
            past = Past(world.history, now, world.keys)
            if month >= now - 5:  # of some months before, what they rest on is forgotten
                again = world.sensors[reading.indicator].read(past, reading.indicator, month, reading.period)
                assert str(again) == str(reading)


def test_spoilt_readings_are_not_the_truth(lived: Any) -> None:
    society, published = lived
    for reading in published[-1]:
        truth = society.world.history.last(reading.indicator, society.month - 1 - reading.period)
        exact = reading.indicator == "vacancy_rate" or (reading.indicator == "gdp_real" and reading.se == 0.0)
        assert (reading.value == pytest.approx(truth, rel=1e-12)) == exact, reading


@pytest.mark.parametrize("kind", list(PURE))
def test_with_no_error_and_no_lag_it_is_the_truth(kind: str) -> None:
    society = Society(Scenario(**{**STORY, "burn_in": 12, "sectors": {"crime": kind == "record"}}, sensors=PURE[kind]))
    society.burn_in()
    for _ in range(6):
        society.step()
        readings = society.sensed()
        assert [reading.indicator for reading in readings] == list(PURE[kind])
        for reading in readings:
            assert reading.period == society.month - 1
            assert reading.value == pytest.approx(society.indicators[reading.indicator], rel=1e-12)
            assert (reading.se, reading.score) == (0.0, 1.0)
    society.close()


def test_a_series_of_the_truth_is_the_truth() -> None:
    story = {**STORY, "burn_in": 0}
    society = Society(Scenario(**story))
    truth = []
    for _ in range(6):
        society.step()
        truth.append(society.indicators["unemployment_rate"])
    society.close()
    entry = {"unemployment_rate": {"series": {"values": truth}}}
    again = Society(Scenario(**story, sensors=entry))
    for _ in range(6):
        again.step()
        [reading] = again.sensed()
        assert reading.value == again.indicators["unemployment_rate"]
        assert math.isnan(reading.se)  # how far real data are off nobody knows
    again.close()


def test_measuring_changes_nothing_and_what_is_remembered_survives_being_saved(lived: Any) -> None:
    society, published = lived
    plain = Society(Scenario(**STORY))
    plain.burn_in()
    plain.run_for(12)
    assert plain.indicators == pytest.approx(society.indicators, rel=0, abs=0, nan_ok=True)
    plain.close()
    first = Society(Scenario(**STORY, sensors=_all(SPOILT)))
    first.run_for(65 + 6)
    again = Society(Scenario(**STORY, sensors=_all(SPOILT)))
    again.restore(first.snapshot())
    first.close()
    again.run_for(6)
    assert again.sensed() == published[-1]
    again.close()
