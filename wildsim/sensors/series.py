"""A real series in place of an indicator of the society: what is published is what was measured of the real world."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from wildsim.sensors import SENSORS
from wildsim.sensors.reading import NOT_YET, UNDEFINED, Past, PublishedOnce, Reading
from wildsim.state.world import WorldView


@SENSORS.register("series")
@dataclass(frozen=True)
class Series(PublishedOnce):
    """Publishes each value `lag` months after its period, as if the society had measured it; the truth is not read.

    How far a real series is off nobody knows, so its standard error is NaN.

    Attributes:
        values: One a month, in the indicator's unit. first: Month of the first one; month 0 is the first recorded one.
        lag: Months from the month that a value speaks of to its publication.
    """

    name: ClassVar[str] = "series"
    doc: ClassVar[str] = "A real series from a CSV or parquet file in place of what happens in the society."
    measures: ClassVar[str] = "every indicator, monthly"
    keeps: ClassVar[tuple[str, ...]] = ()

    values: tuple[float, ...]
    first: int = 0
    lag: int = 1

    def check(self, indicator: str) -> None:
        """Accept every indicator: what a file may hold is checked when it is read (wildsim.scenario.series_file)."""

    def observe(self, view: WorldView, indicator: str) -> Mapping[str, float]:
        """Return nothing: nothing of the society is measured."""
        return {}

    def known(self, past: Past, indicator: str, period: int) -> tuple[float, float]:
        """Return the value of a period and no error, as it is not known; NaN outside the series."""
        place = period - self.first
        there = past.keeps(period) and 0 <= place < len(self.values)
        return self.values[place] if there else math.nan, math.nan

    def read(self, past: Past, indicator: str, month: int, period: int | None) -> Reading:
        """Return the value of `period`, or of the newest one published by `month`; after the last one none is yet."""
        found = super().read(past, indicator, month, period)
        ended = found.quality == UNDEFINED and found.period >= self.first + len(self.values)
        return replace(found, quality=NOT_YET) if ended else found
