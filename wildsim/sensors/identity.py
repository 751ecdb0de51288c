"""The identity sensor: the truth, one month late."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from wildsim.sensors import SENSORS
from wildsim.sensors.reading import MEASURED, NOT_KEPT, NOT_YET, UNDEFINED, Past, Reading
from wildsim.state.world import WorldView

#: Months between the month that a value speaks of and its publication, where nothing else is said.
LAG = 1


@SENSORS.register("identity")
@dataclass(frozen=True)
class Identity:
    """Publishes every indicator without error, by default in the month after the one that it speaks of, for good.

    Attributes:
        lag: Months from the month that a value speaks of to its publication.
    """

    name: ClassVar[str] = "identity"
    doc: ClassVar[str] = "The true value without error, published in the next month and never revised."

    lag: int = LAG

    def check(self, indicator: str) -> None:
        """Accept every indicator."""

    def observe(self, view: WorldView, indicator: str) -> Mapping[str, float]:
        """Return nothing: the truth is remembered anyway."""
        return {}

    def read(self, past: Past, indicator: str, month: int, period: int | None) -> Reading:
        """Return the value of `period` if it was published by `month`; the newest one where no period is given."""
        wanted = month - self.lag if period is None else period
        vintage = wanted + self.lag
        value = past.value(indicator, wanted) if vintage <= month else math.nan
        if vintage > month:
            quality = NOT_YET
        elif not past.keeps(wanted):
            quality = NOT_KEPT
        else:
            quality = UNDEFINED if math.isnan(value) else MEASURED
        error = math.nan if math.isnan(value) else 0.0
        return Reading(indicator, wanted, vintage, value, error, self.name, quality)

    def published(self, past: Past, indicator: str, month: int) -> list[Reading]:
        """Return the one value that is published in `month`."""
        return [self.read(past, indicator, month, None)]
