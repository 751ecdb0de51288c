"""A real series read as the society's own statistics: what is there, when, and what is said where nothing is."""

from __future__ import annotations

import math

import pytest

from wildsim.core.keys import Keys
from wildsim.sensors.reading import MEASURED, NOT_KEPT, NOT_YET, UNDEFINED, Past
from wildsim.sensors.series import Series
from wildsim.state.history import MONTHS, History

NAME = "unemployment_rate"
PAST = Past(History(), 80, Keys(1))


@pytest.mark.parametrize("first", [20, 25])
@pytest.mark.parametrize("lag", [1, 4])
def test_values_stand_at_their_months(first: int, lag: int) -> None:
    sensor = Series((0.1, 0.2, 0.3), first, lag)
    for place, value in enumerate((0.1, 0.2, 0.3)):
        found = sensor.read(PAST, NAME, first + place + lag, None)
        assert (found.period, found.vintage, found.value) == (first + place, first + place + lag, value)
        assert (found.quality, found.source, math.isnan(found.se)) == (MEASURED, "series", True)
        assert sensor.published(PAST, NAME, first + place + lag)[0].value == value


def test_where_nothing_is_it_says_why() -> None:
    sensor = Series((0.1, 0.2, 0.3), 30, 2)
    wanted = {29: UNDEFINED, 30: MEASURED, 32: MEASURED, 33: NOT_YET, 70: NOT_YET}
    assert {period: sensor.read(PAST, NAME, 80, period).quality for period in wanted} == wanted
    assert sensor.read(PAST, NAME, 33, 32).quality == NOT_YET  # there is a value, and it is not out yet
    assert all(math.isnan(sensor.read(PAST, NAME, 80, period).value) for period in (29, 33, 70, 90))
    long = Series(tuple(range(100)), 0, 1)
    assert long.read(PAST, NAME, 80, 79 - MONTHS).quality == NOT_KEPT
    assert math.isnan(long.read(PAST, NAME, 80, 79 - MONTHS).value)
