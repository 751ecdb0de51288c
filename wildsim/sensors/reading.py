"""A reading, the past that it is taken from, and the interface that all sensors have."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol

from wildsim.state.history import MONTHS, History
from wildsim.state.world import WorldView

#: Values of `Reading.quality`: measured; true but undefined in that month; known only later; forgotten.
MEASURED, UNDEFINED, NOT_YET, NOT_KEPT = "measured", "undefined", "not yet published", "no longer kept"


@dataclass(frozen=True)
class Reading:
    """What was known of an indicator.

    Attributes:
        indicator: Its name. period: Month that the value speaks of. vintage: Month in which it was published.
        value: In the indicator's unit; NaN where nothing is known, and then `quality` says why.
        se: Standard error, same unit; 0 where there is no error, NaN where nothing is known.
        source: Name of the sensor. quality: MEASURED, UNDEFINED, NOT_YET or NOT_KEPT.
    """

    indicator: str
    period: int
    vintage: int
    value: float
    se: float
    source: str
    quality: str = MEASURED


class Past:
    """The closed months of a society: all that a sensor can see.

    Attributes:
        now: Month that is being lived; the newest closed one is the month before.
    """

    def __init__(self, history: History, now: int):
        """Show the months before `now`; the newest entry of `history` is that of month `now - 1`."""
        self._history, self.now = history, now

    def value(self, indicator: str, period: int) -> float:
        """Return the true value in `period`; NaN for months that are not closed, not kept, or before the start."""
        return self._history.last(indicator, self.now - 1 - period) if self.keeps(period) else math.nan

    def keeps(self, period: int) -> bool:
        """Return whether `period` is one of the closed months that are remembered."""
        return self.now - MONTHS <= period < self.now


class Sensor(Protocol):
    """Measures indicators.

    Attributes:
        name: As scenario files say it. doc: What it does, for `wildsim list sensors`.
    """

    name: ClassVar[str]
    doc: ClassVar[str]

    def check(self, indicator: str) -> None:
        """Raise if it cannot measure an indicator.

        Raises:
            InputError: With what it can.
        """
        ...

    def observe(self, view: WorldView, indicator: str) -> Mapping[str, float]:
        """Look at the month that ends, and return what must be remembered of it beside the indicators, by name.

        The names are kept in the history for as long as indicators are; those of money are restated with them.
        """
        ...

    def read(self, past: Past, indicator: str, month: int, period: int | None) -> Reading:
        """Return what this sensor had published of `indicator` by `month`, a month not later than `past.now`.

        Args:
            period: Month that the value is to speak of; None for the newest one published.
        """
        ...
