"""A reading, the past that it is taken from, and the interface that all sensors have."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
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

#: What the quality of a reading says of a source that was not heard.
LEFT_OUT = "left out"


@dataclass(frozen=True)
class Reading:
    """What was known of an indicator.

    Attributes:
        indicator: Its name. period: Month that the value speaks of. vintage: Month in which it was published.
        value: In the indicator's unit; NaN where nothing is known, and then `quality` says why.
        se: Standard error, same unit; 0 where there is no error, NaN where nothing is known.
        source: Name of the sensor. quality: MEASURED, UNDEFINED, NOT_YET or NOT_KEPT; behind the first
            may stand what was measured by whom.
        complete: Share of those who were to be asked, or of what was to be counted, that the value rests on.
    """

    indicator: str
    period: int
    vintage: int
    value: float
    se: float
    source: str
    quality: str = MEASURED
    complete: float = 1.0

    @property
    def score(self) -> float:
        """Quality from 0 to 1: complete x value^2 / (value^2 + se^2); 0 where nothing was measured, NaN without error.

        The second factor is the part of the expected square of such a value that is no error: .99 at a relative
        standard error of 10 %, a half at 100 %. It knows what the office knows: not who was never in its files.
        """
        if not self.quality.startswith(MEASURED) or math.isnan(self.value):
            return 0.0
        return self.complete * (1.0 if self.se == 0.0 else self.value**2 / (self.value**2 + self.se**2))


class Past:
    """The closed months of a society: all that a sensor can see.

    Attributes:
        now: Month that is being lived; the newest closed one is the month before.
    """

    def __init__(self, history: History, now: int, keys: Keys):
        """Show the months before `now`; the newest entry of `history` is that of month `now - 1`.

        Args:
            keys: Keys of the world, for the luck of sensors that have any.
        """
        self._history, self.now, self._keys = history, now, keys

    def value(self, indicator: str, period: int) -> float:
        """Return the true value in `period`; NaN for months that are not closed, not kept, or before the start.

        Args:
            indicator: Its name, or that of something that a sensor keeps beside it (`kept_as`).
        """
        return self._history.last(indicator, self.now - 1 - period) if self.keeps(period) else math.nan

    def keeps(self, period: int) -> bool:
        """Return whether `period` is one of the closed months that are remembered."""
        return self.now - MONTHS <= period < self.now

    def luck(self, stream: str, period: int, draws: int) -> F64:
        """Return keyed uniform draws in (0, 1) that belong to a period, whenever it is asked for, shape (draws)."""
        return luck_of(self._keys, stream, period, draws)


def luck_of(keys: Keys, stream: str, period: int, draws: int) -> F64:
    """Return keyed uniform draws in (0, 1) of a society as a whole that belong to a period, shape (draws)."""
    out: F64 = np.empty((1, draws))
    fill_uniform(keys.stream(stream, "sensors", period), period, np.zeros(1, dtype=np.uint64), out)
    return out.ravel()


def kept_as(indicator: str, what: str) -> str:
    """Return the name in the history of what a sensor keeps of an indicator."""
    return f"sensed.{indicator}.{what}"


class Sensor(Protocol):
    """Measures indicators.

    Attributes:
        name: As scenario files say it. doc, measures: What it does, and of what, for `wildsim list sensors`.
        keeps: What it remembers of a month beside the truth, in the indicator's unit, to be restated with it.
    """

    name: ClassVar[str]
    doc: ClassVar[str]
    measures: ClassVar[str]

    @property
    def keeps(self) -> tuple[str, ...]:
        """Names of what it remembers that has the indicator's unit."""
        ...

    @property
    def delay(self) -> int:
        """Months from a period to its first publication."""
        ...

    @property
    def reach(self) -> int:
        """How many months back the oldest period may lie that it can speak of."""
        ...

    def check(self, indicator: str) -> None:
        """Raise if it cannot measure an indicator.

        Raises:
            InputError: With what it can.
        """
        ...

    def observe(self, view: WorldView, indicator: str) -> Mapping[str, float]:
        """Look at the month that ends, and return what must be remembered of it: what `keeps` names, and counts."""
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


class PublishedOnce(ABC):
    """What sensors share that publish each period once, `lag` months after it."""

    name: ClassVar[str]
    lag: int

    @property
    def delay(self) -> int:
        """Months from a period to its publication."""
        return self.lag

    @property
    def reach(self) -> int:
        """How many months back the oldest period may lie that it can speak of."""
        return MONTHS

    @abstractmethod
    def known(self, past: Past, indicator: str, period: int) -> tuple[float, float]:
        """Return the value of a period and its standard error; NaN where there is none."""

    def complete(self, past: Past, indicator: str, period: int) -> float:
        """Return the share of what was to be measured that the value of a period rests on."""
        return 1.0

    def read(self, past: Past, indicator: str, month: int, period: int | None) -> Reading:
        """Return the value of `period` if it was published by `month`; the newest one where no period is given."""
        wanted = month - self.lag if period is None else period
        vintage = wanted + self.lag
        if vintage > month:
            return Reading(indicator, wanted, vintage, math.nan, math.nan, self.name, NOT_YET)
        value, error = self.known(past, indicator, wanted)
        quality = NOT_KEPT if not past.keeps(wanted) else UNDEFINED if math.isnan(value) else MEASURED
        whole = self.complete(past, indicator, wanted)
        return Reading(indicator, wanted, vintage, value, error, self.name, quality, whole)

    def published(self, past: Past, indicator: str, month: int) -> list[Reading]:
        """Return the one value that is published in `month`."""
        return [self.read(past, indicator, month, None)]
