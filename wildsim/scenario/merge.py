"""Changes of a document before it becomes a scenario: `--set path=value`, and an overlay laid over it."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from wildsim.core.document import MAX_DEPTH, Document, KeyPath, Place, parse_value
from wildsim.core.errors import InputError

LISTS = ("policies", "minds")
MAPPINGS = ("shocks", "sensors", "sectors", "parameters")


def override(document: Document, overrides: Sequence[str]) -> Document:
    """Return the document with each `dotted.path=value` written into it; values are read as YAML.

    Raises:
        InputError: The text is not path=value, or the path leads nowhere.
    """
    if not overrides:
        return document
    data = copy.deepcopy(document.data) if document.data is not None else {}
    places = dict(document.places)
    for text in overrides:
        label = f"--set {_short(text)}"
        if "=" not in text:
            raise InputError(f"{label}  needs a value: --set society.people=1000")
        dotted, raw = text.split("=", 1)
        steps = _steps(dotted.strip())
        if not all(steps) or not steps or len(steps) > MAX_DEPTH:
            raise InputError(f"{label}  is not a dotted path, such as society.people or policies.0.rate.")
        path = _write(data, steps, parse_value(raw, label), label)
        places = {known: place for known, place in places.items() if known[: len(path)] != path}
        places[path] = Place(label)
    return Document(data, places, document.text)


def merge(base: Document, over: Document) -> Document:
    """Return `base` with the lists of `over` appended and its mappings merged (those of `over` win)."""
    data: dict[str, Any] = dict(base.data or {})
    places = dict(base.places)
    extra: dict[str, Any] = over.data or {}
    for section in LISTS:
        added = extra.get(section) or []
        if not added:
            continue
        kept = list(data.get(section) or [])
        data[section] = [*kept, *added]
        for path, place in over.places.items():
            if path[:1] == (section,) and len(path) > 1 and isinstance(path[1], int):
                places[(section, path[1] + len(kept), *path[2:])] = place
    for section in MAPPINGS:
        added = extra.get(section) or {}
        if not added:
            continue
        data[section] = {**(data.get(section) or {}), **added}
        for path, place in over.places.items():
            if path[:1] == (section,) and len(path) > 1:
                places[path] = place
    return Document(data, places, base.text)


def _steps(dotted: str) -> list[str]:
    """Split a dotted path; the names of parameters keep their dots."""
    dotted = dotted.replace("[", ".").replace("]", "")
    steps = dotted.split(".")
    return ["parameters", ".".join(steps[1:])] if steps[0] == "parameters" and len(steps) > 2 else steps


def _write(data: Any, steps: list[str], value: Any, label: str) -> KeyPath:
    """Write `value` at the path and return it with list indices as numbers."""
    if not isinstance(data, dict):
        raise InputError(f"{label}  cannot be set: the scenario is not a mapping.")
    path: list[str | int] = []
    here: Any = data
    for number, step in enumerate(steps):
        last = number == len(steps) - 1
        if isinstance(here, list):
            key: str | int = _index(here, step, ".".join(steps[:number]), label)
        elif isinstance(here, dict):
            key = step
            if here.get(key) is None and not last:
                here[key] = [] if key in LISTS else {}
        else:
            raise InputError(f"{label}  leads nowhere: '{'.'.join(steps[:number])}' is a single value.")
        path.append(key)
        if last:
            here[key] = value
        else:
            here = here[key]
    return tuple(path)


def _index(items: list[Any], step: str, parent: str, label: str) -> int:
    if not (step.isascii() and step.isdigit() and len(step) < 10):
        raise InputError(f"{label}  '{parent}' is a list: write {parent}.0 for its first entry.")
    if int(step) >= len(items):
        entries = f"{len(items)} entr{'y' if len(items) == 1 else 'ies'}"
        raise InputError(f"{label}  '{parent}' has {entries}; the first is {parent}.0.")
    return int(step)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57] + "..."
