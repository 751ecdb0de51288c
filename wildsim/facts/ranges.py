"""What each fact is in a country: range, value, source, from `targets/COUNTRY.yaml`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from wildsim.core.document import Document, read
from wildsim.core.errors import InputError, did_you_mean
from wildsim.facts import FACTS

TARGETS = Path(__file__).resolve().parent / "targets"
_NUMBERS = ("low", "high", "value")


@dataclass(frozen=True)
class Range:
    """Where a fact lies in a country.

    Attributes:
        low, high: A fact inside passes; NaN: shown, not counted. value: The country's own figure, NaN if not given.
        source: Where they come from.
    """

    low: float
    high: float
    value: float
    source: str

    @property
    def counted(self) -> bool:
        """Return whether there is a range to be inside of."""
        return math.isfinite(self.low) and math.isfinite(self.high)

    def holds(self, value: float) -> bool:
        """Return whether a value lies inside; a NaN does not."""
        return self.low <= value <= self.high


NOWHERE = Range(math.nan, math.nan, math.nan, "")


@dataclass(frozen=True)
class Country:
    """The facts of a country.

    Attributes:
        name: Of its file. about: What its sources stand for. ranges: By name of the fact.
    """

    name: str
    about: str
    ranges: Mapping[str, Range]

    def of(self, fact: str) -> Range:
        """Return a fact's range: the country's, else the fact's own, else none."""
        if fact in self.ranges:
            return self.ranges[fact]
        item = FACTS[fact]
        return Range(item.low, item.high, math.nan, item.source) if math.isfinite(item.low) else NOWHERE


def countries() -> list[str]:
    """Return the countries that have a file."""
    return sorted(file.stem for file in TARGETS.glob("*.yaml"))


@cache
def load_country(name: str) -> Country:
    """Return the facts of a country.

    Raises:
        InputError: It has no file, or the file is wrong; the message names the line.
    """
    file = TARGETS / f"{name}.yaml"
    if not file.is_file():
        raise InputError(f"no stylised facts are known of '{name}'.{did_you_mean(name, countries())} Add '{file}'.")
    return parse(name, read(file))


def parse(name: str, document: Document) -> Country:
    """Return the facts of a country as its file says.

    Raises:
        InputError: A key is unknown, a number is none, a range is empty, a source is missing.
    """
    data = document.data if isinstance(document.data, dict) else {}
    lines = data.get("facts")
    if not isinstance(lines, dict) or set(data) - {"about", "facts"}:
        raise document.place(()).error("a file of facts holds `about` and `facts`, a mapping.")
    ranges = {str(fact): _range(str(fact), line, document) for fact, line in lines.items()}
    return Country(name, str(data.get("about", "")), MappingProxyType(ranges))


def _range(fact: str, line: Any, document: Document) -> Range:
    place = document.place(("facts", fact))
    if not isinstance(line, dict) or set(line) - {*_NUMBERS, "source"}:
        raise place.error(f"{fact} holds low, high, value and source.")
    if fact not in FACTS:
        raise place.error(f"unknown fact '{fact}'.{did_you_mean(fact, FACTS)}")
    for number in _NUMBERS:
        if number in line and (isinstance(line[number], bool) or not isinstance(line[number], int | float)):
            raise place.error(f"{fact}: {number} is {line[number]!r}; it must be a number.")
    low, high, value = (float(line.get(number, math.nan)) for number in _NUMBERS)
    if ("low" in line) != ("high" in line) or low >= high:
        raise place.error(f"{fact}: low and high stand together, low below high.")
    if len(str(line.get("source", ""))) < 5:
        raise place.error(f"{fact} needs a source.")
    return Range(low, high, value, str(line["source"]))
