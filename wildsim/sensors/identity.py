"""The identity sensor: the truth, one month late."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from wildsim.sensors import SENSORS
from wildsim.sensors.reading import MEASURED, NOT_KEPT, NOT_YET, UNDEFINED, Past, Reading

#: Months between the month that a value speaks of and its publication.
LAG = 1


@SENSORS.register("identity")
@dataclass(frozen=True)
class Identity:
    """Publishes every indicator without error in the month after the one that it speaks of, and never revises it."""

    name: ClassVar[str] = "identity"
    doc: ClassVar[str] = "The true value without error, published in the next month and never revised."

    def read(self, past: Past, indicator: str, month: int, period: int | None) -> Reading:
        """Return the value of `period` if it was published by `month`; the newest one where no period is given."""
        wanted = month - LAG if period is None else period
        vintage = wanted + LAG
        value = past.value(indicator, wanted) if vintage <= month else math.nan
        if vintage > month:
            quality = NOT_YET
        elif not past.keeps(wanted):
            quality = NOT_KEPT
        else:
            quality = UNDEFINED if math.isnan(value) else MEASURED
        error = math.nan if math.isnan(value) else 0.0
        return Reading(indicator, wanted, vintage, value, error, self.name, quality)
