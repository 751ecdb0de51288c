"""Stylised facts: what is known of real societies, as one number that a simulated one can be asked for.

Adding one is one function in the file of its family, with the decorator `fact`, and one line with its range in
`targets/COUNTRY.yaml`. A fact is NaN where the evidence does not allow it, and then it fails.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wildsim.core.registry import Registry

if TYPE_CHECKING:
    from wildsim.facts.evidence import Evidence

Measure = Callable[["Evidence"], float]

#: Families in the order in which tables and pictures show them.
FAMILIES = {
    "macro": "The business cycle",
    "labour": "The labour market",
    "distribution": "Wages, wealth and prices",
    "firms": "Firms",
    "people": "Lives and crime",
}


@dataclass(frozen=True)
class Fact:
    """One stylised fact.

    Attributes:
        name: As in the table. unit: As printed. source: Definition and estimator. doc: What it says, in a sentence.
        family: One of FAMILIES. measure: Computes it from the evidence of one seed.
        sector: Social sector that it needs; "" for the economy.
        low, high: Range where the country's file has no line of that name; NaN: shown, not counted.
    """

    name: str
    unit: str
    source: str
    doc: str
    family: str
    measure: Measure
    sector: str = ""
    low: float = math.nan
    high: float = math.nan


FACTS: Registry[Fact] = Registry(
    "fact",
    "wildsim.facts",
    without=("evidence", "estimators", "moments", "observers", "ranges", "societies", "study", "table"),
)


def fact(
    name: str,
    *,
    unit: str,
    source: str,
    doc: str,
    family: str,
    sector: str = "",
    low: float = math.nan,
    high: float = math.nan,
) -> Callable[[Measure], Measure]:
    """Return a decorator that registers a function of the evidence of one seed as the fact `name`."""

    def add(measure: Measure) -> Measure:
        FACTS.register(name, measure.__module__)(Fact(name, unit, source, doc, family, measure, sector, low, high))
        return measure

    return add


def measure_all(evidence: Evidence) -> dict[str, float]:
    """Return every fact of one seed by name; NaN where its sector is off or the evidence does not allow it."""
    return {
        name: float(item.measure(evidence)) if evidence.has(item.sector) else math.nan for name, item in FACTS.items()
    }
