"""Targets files: moments with their ranges, and the parameters that a calibration may move."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wildsim.core.document import Document, read
from wildsim.core.errors import InputError, did_you_mean
from wildsim.scenario.mistakes import Mistakes
from wildsim.scenario.schema import Scenario
from wildsim.studies import moments
from wildsim.studies.space import Dimension, find, legal

_SECTIONS = ("name", "about", "moments", "parameters")
_MOMENT = ("low", "high", "weight", "source")
_PARAMETER = ("low", "high", "log")


@dataclass(frozen=True)
class Target:
    """A moment and the range in which it should lie.

    Attributes:
        name: A macro moment, `mean(INDICATOR)` or `sd(INDICATOR)`. low, high: The range. weight: In the loss.
        source: Where the range comes from.
    """

    name: str
    low: float
    high: float
    weight: float = 1.0
    source: str = ""


@dataclass(frozen=True)
class Targets:
    """A targets file, checked."""

    moments: tuple[Target, ...]
    dimensions: tuple[Dimension, ...]
    about: str = ""


def read_targets(file: str | Path, scenario: Scenario) -> Targets:
    """Read a targets file for `scenario`.

    Raises:
        InputError: It cannot be read or is wrong; the message names file, line and remedy of each mistake.
    """
    document, mistakes = _open(file)
    found = [_moment(name, entry, mistakes) for name, entry in _entries(document, "moments", mistakes)]
    space = [_dimension(name, entry, scenario, mistakes) for name, entry in _entries(document, "parameters", mistakes)]
    mistakes.raise_any()
    about = " ".join(str(document.data.get("about") or "").split())
    return Targets(tuple(t for t in found if t), tuple(d for d in space if d), about)


def read_ranges(file: str | Path, scenario: Scenario) -> tuple[Dimension, ...]:
    """Read the parameters of a targets file alone, for a study that has no moments to aim at.

    Raises:
        InputError: As `read_targets`.
    """
    document, mistakes = _open(file)
    space = [_dimension(name, entry, scenario, mistakes) for name, entry in _entries(document, "parameters", mistakes)]
    mistakes.raise_any()
    return tuple(dimension for dimension in space if dimension)


def _open(file: str | Path) -> tuple[Document, Mistakes]:
    document = read(file)
    if not isinstance(document.data, dict):
        place = document.place(())
        raise InputError(
            "a targets file is a mapping with `moments:` and `parameters:`.", file=str(file), line=place.line
        )
    mistakes = Mistakes(document)
    for key in document.data:
        if key not in _SECTIONS:
            mistakes.add((key,), f"unknown key '{str(key)[:80]}'.{did_you_mean(str(key), _SECTIONS)}")
    return document, mistakes


def _entries(document: Document, section: str, mistakes: Mistakes) -> list[tuple[str, dict[str, Any]]]:
    """Return the entries of a section as mappings; `name:` with nothing after it is an empty one."""
    given = document.data.get(section)
    if not isinstance(given, dict) or not given:
        example = "sd_gdp: {low: 0.9, high: 2.0}" if section == "moments" else "households.habit: {low: 0.1, high: 0.4}"
        mistakes.add((section,), f"`{section}:` names nothing; write one a line, such as {example}.")
        return []
    rows = []
    known = _MOMENT if section == "moments" else _PARAMETER
    for name, entry in given.items():
        if entry is not None and not isinstance(entry, dict):
            mistakes.add(
                (section, name), f"{name} is no mapping; write {{{', '.join(f'{k}: ...' for k in known[:2])}}}."
            )
            continue
        for key in entry or ():
            if key not in known:
                mistakes.add(
                    (section, name, key), f"unknown key '{str(key)[:80]}' in {name}.{did_you_mean(str(key), known)}"
                )
        rows.append((str(name), entry or {}))
    return rows


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _bounds(path: tuple[str, str], entry: dict[str, Any], mistakes: Mistakes, *, needed: bool) -> bool:
    """Note what is wrong with low and high; return whether they can be used."""
    name = path[1]
    for key in ("low", "high"):
        if key not in entry:
            if needed:
                mistakes.add(path, f"{name} has no {key}; write {name}: {{low: ..., high: ...}}.")
                return False
        elif not _number(entry[key]):
            mistakes.add((*path, key), f"{key} of {name} is {entry[key]!r}; it must be a finite number.")
            return False
    if "low" in entry and "high" in entry and entry["low"] >= entry["high"]:
        text = f"the range of {name} is [{entry['low']:g}, {entry['high']:g}]; low must be below high."
        mistakes.add((*path, "low"), text)
        return False
    return True


def _moment(name: str, entry: dict[str, Any], mistakes: Mistakes) -> Target | None:
    path = ("moments", name)
    if wrong := moments.problem(name):
        mistakes.add(path, wrong)
    weight = entry.get("weight", 1.0)
    if not _number(weight) or weight <= 0:
        mistakes.add((*path, "weight"), f"weight of {name} is {weight!r}; it must be a number above 0.")
        return None
    if not _bounds(path, entry, mistakes, needed=True):
        return None
    source = " ".join(str(entry.get("source") or "").split())
    return Target(name, float(entry["low"]), float(entry["high"]), float(weight), source)


def _dimension(name: str, entry: dict[str, Any], scenario: Scenario, mistakes: Mistakes) -> Dimension | None:
    path = ("parameters", name)
    answer = find(name, scenario)
    if isinstance(answer, str):
        mistakes.add(path, answer)
        return None
    log = entry.get("log", False)
    if not isinstance(log, bool):
        mistakes.add((*path, "log"), f"log of {name} is {log!r}; it must be true or false.")
        return None
    if not _bounds(path, entry, mistakes, needed=False):
        return None
    parameter, value = answer
    least, most = legal(parameter)
    default = (max(least, min(value / 2, value * 2)), min(most, max(value / 2, value * 2)))
    low, high = float(entry.get("low", default[0])), float(entry.get("high", default[1]))
    for key, number in (("low", low), ("high", high)):
        if not least <= number <= most:
            text = f"{key} of {name} is {number:g}; legal are {least:g} to {most:g} ({parameter.unit})."
            mistakes.add((*path, key), text)
            return None
    if log and low <= 0:
        mistakes.add((*path, "low"), f"low of {name} is {low:g}; a logarithmic scale needs more than 0. Or log: false.")
        return None
    if not low < high:
        mistakes.add(path, f"{name} is {value:g} in the scenario and has no range of its own; give low and high.")
        return None
    return Dimension(name, low, high, value, log, parameter.unit, parameter.doc)
