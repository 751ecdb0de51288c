"""Indicators: what is true of a world, as one number a month; NaN where it is undefined, never 0.

Adding one is one file here, or one function in a file, with the decorator `indicator`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wildsim.core.registry import Registry

if TYPE_CHECKING:
    from wildsim.core.table import F64
    from wildsim.state.world import WorldView


@dataclass(frozen=True)
class Indicator:
    """One indicator.

    Attributes:
        name: As in indicators.parquet. unit: As printed. source: The statistical definition followed.
        direction: +1 if more is better, -1 if less is, 0 if it depends. doc: What it says.
        measure: Computes it from a view of the world at the end of a month.
        sector: Social sector that it belongs to; NaN where that is off. "": always measured.
    """

    name: str
    unit: str
    source: str
    direction: int
    doc: str
    measure: Callable[[WorldView], float]
    sector: str = ""


INDICATORS: Registry[Indicator] = Registry("indicator", "wildsim.indicators")


def indicator(
    name: str, *, unit: str, source: str, direction: int, doc: str, sector: str = ""
) -> Callable[[Callable[[WorldView], float]], Callable[[WorldView], float]]:
    """Return a decorator that registers a function of a world's view as the indicator `name`."""

    def add(measure: Callable[[WorldView], float]) -> Callable[[WorldView], float]:
        INDICATORS.register(name, measure.__module__)(Indicator(name, unit, source, direction, doc, measure, sector))
        return measure

    return add


@dataclass(frozen=True)
class Sample:
    """Values of all of a kind at the end of a run, for pictures (distributions.parquet).

    Attributes:
        name: As in the file. unit, doc: Of one value. collect: Returns the values from a view of the world.
        sector: Social sector that it belongs to; nothing is collected where that is off.
    """

    name: str
    unit: str
    doc: str
    collect: Callable[[WorldView], F64]
    sector: str = ""


SAMPLES: Registry[Sample] = Registry("sample", "wildsim.indicators")


def sample(
    name: str, *, unit: str, doc: str, sector: str = ""
) -> Callable[[Callable[[WorldView], F64]], Callable[[WorldView], F64]]:
    """Return a decorator that registers a function of a world's view as the sample `name`."""

    def add(collect: Callable[[WorldView], F64]) -> Callable[[WorldView], F64]:
        SAMPLES.register(name, collect.__module__)(Sample(name, unit, doc, collect, sector))
        return collect

    return add


def collect_all(view: WorldView) -> dict[str, F64]:
    """Return every sample whose sector is on, by name."""
    return {name: item.collect(view) for name, item in SAMPLES.items() if view.has(item.sector)}


def measure_all(view: WorldView) -> dict[str, float]:
    """Return every indicator of the month that ends, in the order of the registry; NaN where its sector is off."""
    return {name: float(item.measure(view)) if view.has(item.sector) else math.nan for name, item in INDICATORS.items()}
