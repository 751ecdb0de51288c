"""The World Sensor: every indicator as it had been published by some month."""

from __future__ import annotations

import math
from collections.abc import Mapping

from wildsim.indicators import INDICATORS
from wildsim.sensors.identity import Identity
from wildsim.sensors.reading import NOT_YET, Past, Reading, Sensor, kept_as
from wildsim.state.redenominate import is_money
from wildsim.state.step import step
from wildsim.state.world import World, WorldView


class Sensors:
    """All sensors of a society.

    Make one whenever it is needed: it remembers nothing but the month in which it was made.

    Attributes:
        now: Month being lived; nothing of it, or of later ones, can be read.
    """

    def __init__(self, world: World | WorldView, chosen: Mapping[str, Sensor] | None = None):
        """Measure `world`.

        Args:
            chosen: Sensor by indicator in place of those of the world; the identity sensor measures all others.
        """
        self.now = world.clock.month if isinstance(world, World) else world.month
        self._past = Past(world.history, self.now, world.measuring)
        self._chosen, self._plain = world.sensors if chosen is None else chosen, Identity()

    def as_of(self, indicator: str, month: int, period: int | None = None) -> Reading:
        """Return what was known of `indicator` in `month`, before that month was lived.

        Args:
            period: Month that the value is to speak of; None for the newest that was published by `month`.

        Raises:
            InputError: There is no such indicator.
        """
        known = INDICATORS[indicator].name
        sensor = self._chosen.get(known, self._plain)
        if month > self.now:  # what will be published then is not known to anybody yet
            asked = month - 1 if period is None else period
            return Reading(known, asked, month, math.nan, math.nan, sensor.name, NOT_YET)
        return sensor.read(self._past, known, month, period)

    def newest(self, indicator: str, ago: int = 0) -> Reading:
        """Return the newest reading of today, or that of the month `ago` months before the one it speaks of."""
        newest = self.as_of(indicator, self.now)
        return newest if ago == 0 else self.as_of(indicator, self.now, newest.period - ago)

    def published(self) -> list[Reading]:
        """Return what the chosen sensors publish at the beginning of this month."""
        return [
            reading
            for indicator, sensor in self._chosen.items()
            for reading in sensor.published(self._past, indicator, self.now)
        ]


@step()
def ask(view: WorldView) -> None:
    """Let the sensors look at the month, as long as its people are those who lived it; the history takes it over."""
    view.keys = view.measuring
    for indicator, sensor in view.sensors.items():
        for what, value in sensor.observe(view, indicator).items():
            view.observed[kept_as(indicator, what)] = value


def kept_in_money(view: WorldView) -> list[str]:
    """Return the names in the history of what sensors keep in money, to be restated with the indicators."""
    return [
        kept_as(indicator, what)
        for indicator, sensor in view.sensors.items()
        if is_money(INDICATORS[indicator].unit)
        for what in sensor.keeps
    ]
