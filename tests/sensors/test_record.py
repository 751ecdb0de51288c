"""Administrative records: what is counted is published, whatever happens; clerks err, and some cases never arrive."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from wildsim.core.keys import Keys
from wildsim.scenario.schema import Scenario
from wildsim.sensors.reading import MEASURED, NOT_YET, Past
from wildsim.sensors.record import Record
from wildsim.society import Society
from wildsim.state.history import MONTHS, History

RATE, COUNTED = "crime_rate", "crime_recorded_rate"


def _past(months: int = MONTHS, now: int = 100, seed: int = 1) -> Past:
    """Return a past in which the rate of month m is 1000 + m, and what is counted half of it."""
    history = History()
    for month in range(now - months, now):
        history.add({RATE: 1000.0 + month, COUNTED: (1000.0 + month) / 2.0})
    return Past(history, now, Keys(seed))


def test_it_is_the_other_indicator_under_another_name() -> None:
    reading = Record(COUNTED).read(_past(), RATE, 100, None)
    assert (reading.indicator, reading.period, reading.vintage, reading.source) == (RATE, 99, 100, "record")
    assert (reading.value, reading.se, reading.quality) == (1099.0 / 2.0, 0.0, MEASURED)


def test_cases_that_are_missed_lower_it_and_the_office_does_not_know() -> None:
    reading = Record(COUNTED, coverage=0.8).read(_past(), RATE, 100, None)
    assert reading.value == pytest.approx(0.8 * 1099.0 / 2.0, rel=1e-15)
    assert reading.se == 0.0


def test_clerks_err_as_they_are_said_to_and_the_same_way_whenever_asked() -> None:
    """Of 1,200 draws, the mean lies within 4 standard errors of the truth, and so does their spread."""
    error, sensor = 0.1, Record(error=0.1)
    far = []
    for seed in range(20):
        past = _past(seed=seed)
        for period in range(40, 100):
            reading = sensor.read(past, RATE, 100, period)
            assert reading == sensor.read(past, RATE, 100, period)
            assert reading.se == pytest.approx(reading.value * error)
            far.append(reading.value / (1000.0 + period) - 1.0)
    assert abs(np.mean(far)) < 4.0 * error / np.sqrt(len(far))
    assert abs(np.std(far) - error) < 4.0 * error / np.sqrt(2.0 * len(far))
    earlier = sensor.read(_past(now=98), RATE, 98, 90)
    assert earlier.value == sensor.read(_past(), RATE, 100, 90).value


def test_nothing_of_the_future_is_counted() -> None:
    past = _past()
    for period in range(98, 110):
        reading = Record(COUNTED, lag=3).read(past, RATE, 100, period)
        assert (np.isnan(reading.value), reading.quality) == (True, NOT_YET)
    assert Record(COUNTED, lag=3).read(past, RATE, 100, None).period == 97


def test_less_recording_is_less_crime_on_paper_and_as_much_in_the_streets() -> None:
    """Truth and a survey of victims are the same to the bit; what is counted falls with the share that is recorded."""
    story: dict[str, Any] = {"months": 24, "burn_in": 24, "society": {"people": 2000, "regions": 2}}
    story |= {
        "sectors": {"crime": True},
        "sensors": {RATE: {"record": COUNTED}, "property_crime_rate": {"survey": 500}},
    }
    found = {}
    for strictness in (1.0, 0.5):
        policies = [{"kind": "crime_recording", "strictness": strictness, "from": 0}]
        society = Society(Scenario(**story, policies=policies), seed=3)
        society.burn_in()
        society.run_for(24)
        record, survey = society.sensed()
        found[strictness] = (record.value, society.indicators[COUNTED], society.indicators[RATE], survey)
        society.close()
    assert found[1.0][2] == found[0.5][2] > 0.0
    assert found[1.0][3] == found[0.5][3]
    assert found[1.0][3].value > 0.0
    assert all(value == counted for value, counted, _, _ in found.values())
    assert found[1.0][0] == found[1.0][2]
    assert 0.3 < found[0.5][0] / found[1.0][0] < 0.7
