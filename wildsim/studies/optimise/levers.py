"""Levers: numbers of a scenario's policies that an optimisation may move within bounds."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from wildsim.core.document import KeyPath
from wildsim.core.errors import InputError, did_you_mean
from wildsim.planning.cross_entropy import Lever
from wildsim.scenario.check import describe
from wildsim.scenario.schema import Scenario

EXAMPLE = "--levers policies.0.rate=0:0.6"
#: Fields of a policy that say when, not how much.
DATES = ("from", "until", "kind")
_FORM = re.compile(r"^\s*(?P<path>[^=]+?)\s*=\s*(?P<low>[^:]+):(?P<high>[^:]+)$")


def read_levers(texts: Sequence[str]) -> tuple[Lever, ...]:
    """Return the levers that texts such as "policies.0.rate=0:0.6" name, one or several (by commas) a text.

    Raises:
        InputError: A text has another form, its bounds do not rise, or one lever is named twice.
    """
    found: list[Lever] = []
    for text in (part for given in texts for part in given.split(",") if part.strip()):
        match = _FORM.match(text)
        try:
            low, high = (float(match[end]) for end in ("low", "high")) if match else (1.0, 0.0)
        except ValueError:
            match = None
        if match is None:
            raise InputError(f"--levers {text.strip()[:60]}  must be a path and its bounds: {EXAMPLE}")
        name = ".".join(map(str, path_of(match["path"].replace("[", ".").replace("]", ""))))
        if name in [lever.name for lever in found]:
            raise InputError(f"--levers  names {name} twice.")
        found.append(Lever(name, low, high))
    if not found:
        raise InputError(f"no levers: say what may be moved, such as {EXAMPLE}")
    return tuple(found)


def path_of(name: str) -> KeyPath:
    """Return the steps of a dotted path, indices of lists as numbers."""
    return tuple(int(step) if step.isascii() and step.isdigit() else step for step in name.split("."))


def with_levers(settings: Mapping[str, Any], point: Mapping[str, float]) -> dict[str, Any]:
    """Return resolved settings with the values of levers, by their names, written into them."""
    changed = {**settings, "policies": copy.deepcopy(settings["policies"])}
    for name, value in point.items():
        *way, last = path_of(name)
        here: Any = changed
        for step in way:
            here = here[step]
        here[last] = value
    return changed


def check_levers(scenario: Scenario, levers: Sequence[Lever]) -> tuple[dict[str, float], int]:
    """Return the values that the levers have in a scenario, and the first month in which one of them acts.

    Raises:
        InputError: A lever is no number of a policy, or an end of its range is not legal; says what there is.
    """
    settings = scenario.resolved()
    start = {lever.name: _value(settings, lever.name) for lever in levers}
    for lever in levers:
        for end in (lever.low, lever.high):
            try:
                Scenario.model_validate(with_levers(settings, {lever.name: end}))
            except ValidationError as error:
                problem = describe(error.errors(include_url=False)[0], path_of(lever.name))
                raise InputError(f"--levers {lever.name}={lever.low:g}:{lever.high:g}  {problem}") from None
    acting = [scenario.policies[int(path_of(lever.name)[1])].from_ for lever in levers]
    begin = min(acting)
    if begin >= scenario.months:
        raise InputError(f"the levers act from month {begin} on, after the last month, {scenario.months - 1}.")
    return start, begin


def _value(settings: Mapping[str, Any], name: str) -> float:
    """Return the number at a path.

    Raises:
        InputError: There is none.
    """
    here: Any = settings
    way = path_of(name)
    if way[0] != "policies" or len(way) < 3:
        raise InputError(f"--levers {name}  is no number of a policy; levers are policies.N.FIELD: {EXAMPLE}")
    if not settings["policies"]:
        raise InputError(f"--levers {name}  the scenario has no policies; add some, or lay them over it: --policy FILE")
    for number, step in enumerate(way):
        known = range(len(here)) if isinstance(here, list) else here if isinstance(here, dict) else ()
        if step not in known or step in DATES:
            parent = ".".join(map(str, way[:number]))
            raise InputError(f"--levers {name}  '{parent}' has no lever '{step}'.{_has(here, str(step))}")
        here = here[step]
    if isinstance(here, bool) or not isinstance(here, int | float):
        raise InputError(f"--levers {name}  is {here!r}, no number.")
    return float(here)


def _has(here: Any, step: str) -> str:
    """Return what there is instead."""
    if isinstance(here, list):
        return f" It has {len(here)} entries, from 0 to {len(here) - 1}."
    if not isinstance(here, dict):
        return ""
    numbers = [k for k, v in here.items() if k not in DATES and not isinstance(v, bool | str) and v is not None]
    return f"{did_you_mean(step, numbers)} It has: {', '.join(numbers)}. A number left out is not there: write it down."
