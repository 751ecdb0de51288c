"""A reading, the past that it is taken from, and the interface that all sensors have."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from wildsim.core.keys import Keys
from wildsim.core.table import F64
from wildsim.kernels.philox import fill_uniform
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

    def __init__(self, history: History, now: int, keys: Keys | None = None):
        """Show the months before `now`; the newest entry of `history` is that of month `now - 1`.

        Args:
            keys: Keys of the world, for the luck of sensors that have any.
        """
        self._history, self.now, self._keys = history, now, keys or Keys(0)

    def value(self, indicator: str, period: int) -> float:
        """Return the true value in `period`; NaN for months that are not closed, not kept, or before the start."""
        return self._history.last(indicator, self.now - 1 - period) if self.keeps(period) else math.nan

    def keeps(self, period: int) -> bool:
        """Return whether `period` is one of the closed months that are remembered."""
        return self.now - MONTHS <= period < self.now

    def luck(self, stream: str, period: int, draws: int) -> F64:
        """Return keyed uniform draws in (0, 1) that belong to a period, whenever it is asked for, shape (draws)."""
        out: F64 = np.empty((1, draws))
        fill_uniform(self._keys.stream(stream, "sensors", period), period, np.zeros(1, dtype=np.uint64), out)
        return out.ravel()


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

    def published(self, past: Past, indicator: str, month: int) -> list[Reading]:
        """Return what is published in `month`: a new period, and revisions of earlier ones."""
        ...
