"""Sourced numbers: every default of the model with its unit, year and source, and the user's overrides of them."""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from wildsim.core.errors import InputError, RunError, did_you_mean

Value: TypeAlias = float | bool | list[Any]

DATA = Path(__file__).resolve().parent.parent / "parameters"
_REQUIRED = ("value", "unit", "source", "doc")
_OPTIONAL = ("year", "low", "high", "free")


@dataclass(frozen=True)
class Parameter:
    """One number of the model, or one list of numbers.

    Attributes:
        name: Dotted name: file stem, then key, for example `labour.separation_rate`.
        value: Default; a whole number becomes a float.
        unit: Unit in words; `share` means 0..1, `switch` a truth value.
        year: Year of the figure, None where a year has no meaning.
        source: Where the figure comes from.
        doc: What it means.
        low: Least legal value. high: Greatest legal value. Both hold for every number of a list.
        free: Whether a list may have another length than the default.

    """

    name: str
    value: Value
    unit: str
    year: int | None
    source: str
    doc: str
    low: float | None = None
    high: float | None = None
    free: bool = False

    def problem(self, value: object) -> str | None:
        """Return what is wrong with `value` as an override, or None when it is legal."""
        leaf = self.name
        if isinstance(self.value, bool):
            return None if isinstance(value, bool) else f"{leaf} is {_show(value)}; it must be true or false."
        if _depth(self.value) != _depth(value):
            kind = "a list like the default" if isinstance(self.value, list) else "a number"
            return f"{leaf} is {_show(value)}; it must be {kind} ({self.unit})."
        if not self.free and _shape(value) != _shape(self.value):
            return f"{leaf} is {_show(value)}; it must have as many numbers as the default, {_show(self.value)}."
        for number in _numbers(value):
            if isinstance(number, bool) or not isinstance(number, int | float) or not _finite(number):
                return f"{leaf} is {_show(number)}; it must be a number ({self.unit})."
            if self.low is not None and number < self.low:
                return f"{leaf} is {_show(number)}; it must be {self.low:g} or more ({self.unit})."
            if self.high is not None and number > self.high:
                if self.high == 1 and self.low == 0 and 1 < number <= 100:
                    return f"{leaf} is {number:g}; it is a share. Write {number / 100:.2f} for {number:g} %."
                return f"{leaf} is {_show(number)}; it must be {self.high:g} or less ({self.unit})."
        return None


def countries() -> list[str]:
    """Return the countries that have parameter files."""
    return sorted(folder.name for folder in DATA.iterdir() if folder.is_dir() and any(folder.glob("*.yaml")))


@cache
def load_parameters(country: str) -> dict[str, Parameter]:
    """Return every parameter of `country` by dotted name, in the order of the files.

    The parsed files are kept in the user's cache folder under a hash of their bytes, since parsing YAML takes longer
    than a small run. The returned dict is shared: do not change it.

    Raises:
        InputError: There is no such country. RunError: A parameter file lacks a unit, a source, or is not readable.

    """
    if country not in countries():
        known = ", ".join(countries()) or "none"
        raise InputError(f"country is '{country}'; known: {known}.{did_you_mean(country, countries())}")
    files = sorted((DATA / country).glob("*.yaml"))
    texts = {file.stem: file.read_bytes() for file in files}
    digest = hashlib.sha256(b"2" + b"\0".join(stem.encode() + b"\0" + text for stem, text in texts.items())).hexdigest()
    kept = cache_folder() / f"parameters-{country}-{digest[:24]}.json"
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
        return {row["name"]: Parameter(**row) for row in json.loads(kept.read_bytes())}
    found: dict[str, Parameter] = {}
    for file in files:
        found |= _read(file)
    _keep(kept, [asdict(parameter) for parameter in found.values()])
    return found


def resolve(country: str, overrides: Mapping[str, object]) -> dict[str, Value]:
    """Return the value of every parameter of `country`, with `overrides` (by dotted name) in place of defaults.

    Raises:
        InputError: Unknown name (with the nearest), wrong type, or outside the bounds.

    """
    known = load_parameters(country)
    values: dict[str, Value] = {name: _copy(parameter.value) for name, parameter in known.items()}
    for name, value in overrides.items():
        problem = override_problem(known, name, value)
        if problem:
            raise InputError(problem)
        values[name] = _normal(value)
    return values


def override_problem(known: Mapping[str, Parameter], name: str, value: object) -> str | None:
    """Return what is wrong with one override, or None."""
    if name not in known:
        return f"unknown parameter '{name}'.{did_you_mean(name, known)} List them: wildsim list parameters"
    return known[name].problem(value)


def cache_folder() -> Path:
    """Return the folder for things that can be made again; it may not exist or not be writable."""
    if chosen := os.environ.get("WILDSIM_CACHE"):
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(base) if base else Path("~/.cache").expanduser()) / "wildsim"


def _keep(file: Path, rows: list[dict[str, Any]]) -> None:
    """Write the parsed parameters beside their hash; without a writable cache nothing is kept."""
    with contextlib.suppress(OSError, RuntimeError):
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(f".{os.getpid()}.part")
        part.write_text(json.dumps(rows), encoding="utf-8")
        part.replace(file)


def _read(file: Path) -> dict[str, Parameter]:
    """Read one parameter file; the stem is the group."""
    from wildsim.core.document import read

    document = read(file)
    if not isinstance(document.data, dict):
        raise RunError(f"{file}: a parameter file is a mapping of names.")
    found = {}
    for key, entry in document.data.items():
        name = f"{file.stem}.{key}"
        where = f"{file}:{document.place((key,)).line}  {name}"
        if not isinstance(entry, dict):
            raise RunError(f"{where}: needs value, unit, source, doc.")
        missing = [part for part in _REQUIRED if entry.get(part) in (None, "")]
        unknown = [part for part in entry if part not in (*_REQUIRED, *_OPTIONAL)]
        if missing or unknown:
            raise RunError(f"{where}: lacks {missing}, has unknown {unknown}.")
        if not all(_legal(number) for number in _numbers(entry["value"])):
            raise RunError(
                f"{where}: value is {entry['value']!r}; it must be a number, a truth value or a list of numbers."
            )
        parameter = Parameter(
            name=name,
            value=_normal(entry["value"]),
            unit=str(entry["unit"]),
            year=entry.get("year"),
            source=str(entry["source"]),
            doc=str(entry["doc"]),
            low=entry.get("low"),
            high=entry.get("high"),
            free=bool(entry.get("free", False)),
        )
        if problem := parameter.problem(parameter.value):
            raise RunError(f"{where}: {problem}")
        found[name] = parameter
    return found


def _legal(number: object) -> bool:
    return isinstance(number, bool | int | float) and _finite(number)


def _finite(number: int | float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:
        return False


def _numbers(value: object) -> list[Any]:
    if not isinstance(value, list):
        return [value]
    return [number for item in value for number in _numbers(item)]


def _depth(value: object) -> int:
    """Return how deep lists nest: 0 for a number, -1 where numbers and lists are mixed."""
    if not isinstance(value, list):
        return 0
    depths = {_depth(item) for item in value} or {0}
    return -1 if len(depths) > 1 or -1 in depths else 1 + depths.pop()


def _shape(value: Any) -> Any:
    """Return the lengths of nested lists: () for a number, (3,) for three, (2, (3,), (3,)) for two lists of three."""
    return (len(value), *(_shape(item) for item in value if isinstance(item, list))) if isinstance(value, list) else ()


def _normal(value: Any) -> Value:
    if isinstance(value, list):
        return [_normal(item) for item in value]
    return value if isinstance(value, bool) else float(value)


def _copy(value: Value) -> Value:
    return [_copy(item) for item in value] if isinstance(value, list) else value


def _show(value: object) -> str:
    text = f"{value:g}" if isinstance(value, float) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
