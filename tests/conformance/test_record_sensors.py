"""What every sensor must do, asked of those that take another number for an indicator."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np
import pytest

from wildsim.core.keys import Keys
from wildsim.sensors import SENSORS
from wildsim.sensors.reading import MEASURED, Past, Reading, Sensor, kept_as
from wildsim.sensors.record import Record
from wildsim.sensors.series import Series
from wildsim.sensors.survey import Survey
from wildsim.state.history import History

NOW, SPLIT = 30, 18
#: Makes a sensor of values by month, for those that hold them themselves.
Maker = Callable[[Mapping[int, float]], Sensor]
#: Sensor -> indicator that it measures, with errors and lags, and without.
WITH: dict[str, tuple[str, Maker]] = {
    "record": ("crime_rate", lambda values: Record("crime_recorded_rate", 0.7, 0.2, lag=3)),
    "series": ("crime_rate", lambda values: Series(tuple(values.values()), lag=2)),
    "survey": ("crime_rate", lambda values: Survey(100, lag=2)),  # the truth without error: test_victims.py
}
WITHOUT: dict[str, tuple[str, Maker]] = {
    "record": ("crime_rate", lambda values: Record()),
    "series": ("crime_rate", lambda values: Series(tuple(values.values()))),
}


def past(values: Mapping[int, float], *names: str) -> Past:
    """Return a past in which each of `names` had these values by month."""
    history = History()
    for month in range(NOW):
        history.add(dict.fromkeys(names, values[month]))
    return Past(history, NOW, Keys(3))


def _names(indicator: str, sensor: Sensor) -> list[str]:
    read = getattr(sensor, "of", "") or indicator
    return list(dict.fromkeys([indicator, read, *(kept_as(indicator, what) for what in sensor.keeps)]))


@pytest.mark.parametrize("name", list(WITH))
def test_it_never_reads_the_future(name: str) -> None:
    """Two societies that part in month 18 have published the same until then, whatever is asked of them."""
    assert name in SENSORS
    indicator, make = WITH[name]
    luck = np.random.Generator(np.random.Philox(5)).uniform(1.0, 2.0, (2, NOW))
    one = {month: float(luck[0, month]) for month in range(NOW)}
    other = one | {month: float(luck[1, month]) for month in range(SPLIT, NOW)}
    sensor, changed = make(one), make(other)
    names = _names(indicator, sensor)
    first, second = past(one, *names), past(other, *names)
    found = 0
    for month in range(SPLIT + 1):
        for period in (None, *range(-3, NOW + 3)):
            read = sensor.read(first, indicator, month, period)
            assert repr(read) == repr(changed.read(second, indicator, month, period))
            assert math.isnan(read.value) or read.period < read.vintage <= month
            found += math.isfinite(read.value)
        assert repr(sensor.published(first, indicator, month)) == repr(changed.published(second, indicator, month))
    assert found > SPLIT
    assert sensor.read(first, indicator, NOW, None).value != changed.read(second, indicator, NOW, None).value


@pytest.mark.parametrize("name", list(WITHOUT))
def test_without_error_and_lag_it_is_the_truth(name: str) -> None:
    indicator, make = WITHOUT[name]
    truth = {month: math.sqrt(month + 2.0) for month in range(NOW)}
    sensor, error = make(truth), math.nan if name == "series" else 0.0  # how far real data are off nobody knows
    seen = past(truth, *_names(indicator, sensor))
    for month in range(1, NOW + 1):
        wanted = Reading(indicator, month - 1, month, truth[month - 1], error, name, MEASURED)
        assert repr(sensor.read(seen, indicator, month, None)) == repr(wanted)
