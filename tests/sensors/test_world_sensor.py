"""The identity sensor: the truth of last month, and no way to this month or a later one."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from numpy.typing import NDArray

from wildsim.core.errors import InputError
from wildsim.core.keys import Keys
from wildsim.indicators import INDICATORS
from wildsim.scenario.schema import Scenario
from wildsim.sensors import SENSORS
from wildsim.sensors.identity import Identity
from wildsim.sensors.reading import MEASURED, NOT_KEPT, NOT_YET, UNDEFINED, Past, Reading
from wildsim.sensors.world_sensor import Sensors
from wildsim.society import Society
from wildsim.state.history import MONTHS, History
from wildsim.state.world import World

NAME = "unemployment_rate"


def _past(months: int, now: int) -> Past:
    """Return a past in which the value of month m is m, of the last `months` months before `now`."""
    history = History()
    for month in range(now - months, now):
        history.add({NAME: float(month)})
    return Past(history, now, Keys(1))


def test_identity_gives_last_month_without_error() -> None:
    reading = Identity().read(_past(20, 30), NAME, 30, None)
    assert reading == Reading(NAME, 29, 30, 29.0, 0.0, "identity", MEASURED)


@pytest.mark.parametrize("month", range(12, 31))
def test_what_was_known_in_an_earlier_month_is_never_newer(month: int) -> None:
    past = _past(20, 30)
    reading = Identity().read(past, NAME, month, None)
    assert (reading.period, reading.value) == (month - 1, month - 1.0)
    for period in range(month, 35):
        later = Identity().read(past, NAME, month, period)
        assert math.isnan(later.value)
        assert later.quality == NOT_YET


def test_old_periods_are_kept_for_sixty_months() -> None:
    past = _past(80, 100)
    assert Identity().read(past, NAME, 100, 100 - MONTHS).value == 100.0 - MONTHS
    gone = Identity().read(past, NAME, 100, 99 - MONTHS)
    assert (math.isnan(gone.value), math.isnan(gone.se), gone.quality) == (True, True, NOT_KEPT)


def test_undefined_is_said_and_not_a_number() -> None:
    reading = Identity().read(_past(3, 30), NAME, 30, 20)
    assert math.isnan(reading.value)
    assert math.isnan(reading.se)
    assert reading.quality == UNDEFINED


def test_the_past_has_no_present() -> None:
    past = _past(80, 100)
    assert all(math.isnan(past.value(NAME, 100 + ahead)) for ahead in range(2 * MONTHS))
    assert not any(past.keeps(100 + ahead) for ahead in range(2 * MONTHS))


def _society() -> Society:
    return Society(Scenario(burn_in=0, months=6, society={"people": 200, "regions": 1}))  # type: ignore[arg-type]


def test_no_path_leads_to_the_month_being_lived(monkeypatch: pytest.MonkeyPatch) -> None:
    """An indicator that says its own month is read in mid-month, by every question about any month and period."""
    told = replace(INDICATORS[NAME], measure=lambda view: float(view.month))
    monkeypatch.setitem(INDICATORS._items, NAME, told)
    society, found = _society(), []

    def spy(world: World, role: str, name: str, values: NDArray[Any]) -> None:
        if (role, name) == ("central_banker", "rate"):
            now, sensors = world.clock.month, Sensors(world)
            asked = [sensors.as_of(NAME, m, p) for m in range(-3, now + 9) for p in (None, *range(-3, now + 9))]
            found.append(
                (now, sensors.as_of(NAME, now), [reading for reading in asked if math.isfinite(reading.value)])
            )

    society.world.minds.append(spy)
    society.run_for(5)
    assert [now for now, _, _ in found] == list(range(5))
    for now, newest, read in found:
        assert all(reading.value == reading.period < now for reading in read)
        assert all(reading.vintage <= now for reading in read)
        assert (newest.value == now - 1) == (now > 0)
        assert len({reading.period for reading in read}) == now
    society.close()


def test_what_is_asked_of_the_future_is_not_yet_published() -> None:
    society = _society()
    society.run_for(2)
    reading = Sensors(society.world).as_of(NAME, 7)
    assert math.isnan(reading.value)
    assert reading.quality == NOT_YET
    society.close()


def test_newest_counts_months_back() -> None:
    society = _society()
    values = []
    for _ in range(4):
        society.step()
        values.append(society.indicators[NAME])
    sensors = Sensors(society.world)
    assert [sensors.newest(NAME, ago).value for ago in range(4)] == values[::-1]
    society.close()


def test_an_unknown_indicator_is_refused() -> None:
    society = _society()
    with pytest.raises(InputError, match="Did you mean 'unemployment_rate'"):
        Sensors(society.world).as_of("unemploymnt_rate", 0)
    society.close()


def test_another_sensor_measures_what_it_is_chosen_for() -> None:
    class Late(Identity):
        def read(self, past: Past, indicator: str, month: int, period: int | None) -> Reading:
            return super().read(past, indicator, month - 2, period)

    society = _society()
    society.run_for(4)
    sensors = Sensors(society.world, {NAME: Late()})
    assert sensors.as_of(NAME, 4).period == 1
    assert sensors.as_of("gdp", 4).period == 3
    society.close()


def test_sensors_are_registered_and_say_what_they_do() -> None:
    assert list(SENSORS) == ["accounts", "identity", "index", "reconciled", "record", "season", "series", "survey"]
    for name, kind in SENSORS.items():
        assert kind.name == name
        assert len(kind.doc) > 20
