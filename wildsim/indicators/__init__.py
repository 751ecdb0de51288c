"""Indicators: what is true of a world, as one number a month; NaN where it is undefined, never 0.

Adding one is one file here, or one function in a file, with the decorator `indicator`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wildsim.core.registry import Registry

if TYPE_CHECKING:
    from wildsim.state.world import WorldView


@dataclass(frozen=True)
class Indicator:
    """One indicator.

    Attributes:
        name: As in indicators.parquet. unit: As printed. source: The statistical definition followed.
        direction: +1 if more is better, -1 if less is, 0 if it depends. doc: What it says.
        measure: Computes it from a view of the world at the end of a month.
    """

    name: str
    unit: str
    source: str
    direction: int
    doc: str
    measure: Callable[[WorldView], float]


INDICATORS: Registry[Indicator] = Registry("indicator", "wildsim.indicators")


def indicator(
    name: str, *, unit: str, source: str, direction: int, doc: str
) -> Callable[[Callable[[WorldView], float]], Callable[[WorldView], float]]:
    """Return a decorator that registers a function of a world's view as the indicator `name`."""

    def add(measure: Callable[[WorldView], float]) -> Callable[[WorldView], float]:
        INDICATORS.register(name)(Indicator(name, unit, source, direction, doc, measure))
        return measure

    return add


def measure_all(view: WorldView) -> dict[str, float]:
    """Return every indicator of the month that ends, in the order of the registry."""
    return {name: float(item.measure(view)) for name, item in INDICATORS.items()}
