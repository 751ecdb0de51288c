"""The identity sensor: the truth, one month late."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from wildsim.sensors import SENSORS
from wildsim.sensors.reading import Past, PublishedOnce
from wildsim.state.world import WorldView


@SENSORS.register("identity")
@dataclass(frozen=True)
class Identity(PublishedOnce):
    """Publishes every indicator without error, by default in the month after the one that it speaks of, for good.

    Attributes:
        lag: Months from the month that a value speaks of to its publication.
    """

    name: ClassVar[str] = "identity"
    doc: ClassVar[str] = "The true value without error, published once: in the next month, or after `lag` months."
    measures: ClassVar[str] = "every indicator"
    keeps: ClassVar[tuple[str, ...]] = ()

    lag: int = 1

    def check(self, indicator: str) -> None:
        """Accept every indicator."""

    def observe(self, view: WorldView, indicator: str) -> Mapping[str, float]:
        """Return nothing: the truth is remembered anyway."""
        return {}

    def known(self, past: Past, indicator: str, period: int) -> tuple[float, float]:
        """Return the truth, and no error."""
        value = past.value(indicator, period)
        return value, math.nan if math.isnan(value) else 0.0
