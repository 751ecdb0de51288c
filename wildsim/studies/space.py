"""Numbers of the model that a study varies: one parameter, or one number of a list, between two bounds."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wildsim.core.errors import did_you_mean
from wildsim.core.parameters import Parameter, Value, load_parameters, resolve
from wildsim.scenario.schema import SECTORS, Scenario

#: Half the width of a range that nobody gave, relative to the value.
SPAN = 0.2
#: Digits kept of a value that a study tries, so that the value written down is the value tried.
DIGITS = 5


@dataclass(frozen=True)
class Dimension:
    """One number that a study varies.

    Attributes:
        name: Dotted name of a parameter, with the index where it is a list: `shocks.productivity.1`.
        low, high: Bounds of the study. start: Value of the scenario as it stands.
        log: Whether to search on a logarithmic scale. unit, doc: Of the parameter.
    """

    name: str
    low: float
    high: float
    start: float
    log: bool = False
    unit: str = ""
    doc: str = ""

    def clip(self, value: float) -> float:
        """Return `value` as a study tries it: few digits, within the bounds."""
        return min(max(rounded(value), self.low), self.high)

    def at(self, place: float) -> float:
        """Return the value at a place of the range: 0 its low end, 1 its high end."""
        if self.log:
            return self.clip(self.low * (self.high / self.low) ** place)
        return self.clip(self.low + place * (self.high - self.low))

    def place(self, value: float) -> float:
        """Return where a value lies in the range: 0 at its low end, 1 at its high end."""
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


Point = dict[str, float]


def rounded(value: float) -> float:
    """Return `value` with the digits that a study keeps."""
    return float(f"{value:.{DIGITS}g}")


def split(name: str) -> tuple[str, int | None]:
    """Return the parameter's name and the index that follows it, None where there is none."""
    stem, _, last = name.rpartition(".")
    return (stem, int(last)) if "." in stem and last.isascii() and last.isdigit() and len(last) < 10 else (name, None)


def find(name: str, scenario: Scenario) -> tuple[Parameter, float] | str:
    """Return the parameter called `name` and its value in the scenario, or what is wrong with the name."""
    known = load_parameters(scenario.society.country)
    stem, index = split(name)
    if stem not in known:
        return f"unknown parameter '{name[:80]}'.{did_you_mean(stem, known)} List them: wildsim list parameters"
    value: Value | Any = resolve(scenario.society.country, scenario.parameters)[stem]
    if isinstance(value, list):
        if index is None:
            return f"{stem} is a list of {len(value)} numbers; name one, the first is {stem}.0."
        if index >= len(value):
            return f"{stem} has {len(value)} numbers; the last is {stem}.{len(value) - 1}."
        value = value[index]
    elif index is not None:
        return f"{stem} is one number; leave out .{index}."
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"{name} is no number that can be varied."
    return known[stem], float(value)


def legal(parameter: Parameter) -> tuple[float, float]:
    """Return the legal bounds of a parameter, infinite where it has none."""
    low = -math.inf if parameter.low is None else float(parameter.low)
    high = math.inf if parameter.high is None else float(parameter.high)
    return low, high


def around(parameter: Parameter, value: float, span: float = SPAN) -> tuple[float, float]:
    """Return the range of a study where nobody gave one: the value +- a part of it, never beyond the legal bounds.

    A share above one half moves by a part of what is left to 1, so that a persistence of .95 goes to .96, not to 1.
    """
    low, high = legal(parameter)
    near_top = low >= 0 and high == 1 and value > 0.5
    width = span * ((1.0 - value) if near_top else abs(value))
    return rounded(max(low, value - width)), rounded(min(high, value + width))


def varied(scenario: Scenario, names: Sequence[str], span: float = SPAN) -> tuple[list[Dimension], list[str]]:
    """Return a dimension for each known name, and the names that have no range of their own (their value is 0)."""
    found, without = [], []
    for name in names:
        answer = find(name, scenario)
        if isinstance(answer, str):
            continue
        parameter, value = answer
        low, high = around(parameter, value, span)
        if low < high:
            found.append(Dimension(name, low, high, value, False, parameter.unit, parameter.doc))
        else:
            without.append(name)
    return found, without


def numbers(scenario: Scenario, groups: Sequence[str] = ()) -> list[str]:
    """Return every number that can be varied: of the groups named, or of all whose sector is on."""
    names = []
    for name, parameter in load_parameters(scenario.society.country).items():
        group = name.partition(".")[0]
        if groups and group not in groups:
            continue
        if not groups and group in SECTORS and group not in scenario.sectors_on:
            continue
        if isinstance(parameter.value, float):
            names.append(name)
        elif isinstance(parameter.value, list) and group == "shocks":
            names += [f"{name}.{index}" for index in range(len(parameter.value))]
    return names


def with_point(values: Mapping[str, Any], point: Mapping[str, float]) -> dict[str, Any]:
    """Return the parameters `values` with the numbers of `point` in their places."""
    changed = {name: copy.copy(value) for name, value in values.items()}
    for name, number in point.items():
        stem, index = split(name)
        if index is None:
            changed[stem] = number
        else:
            changed[stem][index] = number
    return changed


def overrides(scenario: Scenario, point: Mapping[str, float]) -> dict[str, Any]:
    """Return the parameters that `point` changes, lists whole, as a scenario writes them."""
    values = with_point(resolve(scenario.society.country, scenario.parameters), point)
    return {stem: values[stem] for stem in dict.fromkeys(split(name)[0] for name in point)}
