"""What is asked for and what is read: the block of fields in a prompt, the schema, and numbers from a model's text.

Text from a model is data. It is never executed; what cannot be read without guessing is a problem that is said, and a
value that is not a finite number never leaves this module.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import Any

from wildsim.minds.language.numbers import number_of, quoted
from wildsim.minds.language.scan import MOST, Node, objects
from wildsim.minds.mind import Field

WHY = "why"
"""The key under which a model may give its reason."""

LETTER = "letter"
"""The key under which a model may write to its agent's friends, where it may."""

_LONGEST_WHY = 280


# -- what is asked for ----------------------------------------------------------------------------------------------


def schema_of(fields: Sequence[Field]) -> dict[str, Any]:
    """Return the JSON schema of an answer.

    Bounds are left out on purpose: they differ from agent to agent, and a server compiles a grammar for every new
    schema.
    The returned dict is shared: do not change it.
    """
    return _schema(tuple((asked.name, asked.whole, asked.choices) for asked in fields))


@lru_cache(maxsize=256)
def _schema(shape: tuple[tuple[str, bool, tuple[str, ...]], ...]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for name, whole, choices in shape:
        number = {"type": "integer" if whole else "number"}
        properties[name] = {"type": "string", "enum": list(choices)} if choices else number
    properties[WHY] = {"type": "string"}
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


# -- what is read ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reading:
    """What an answer says.

    Attributes:
        values: Field -> finite number as proposed, not yet held within its bounds. problems: Everything that was not as
            asked for, in words, also what does no harm. usable: Whether all that was given could be read and something
            was given; a field left out does no harm. why, letter: The reason that the model gives, and what it writes
            to its agent's friends (data). text: The answer.
    """

    values: Mapping[str, float]
    problems: tuple[str, ...] = ()
    usable: bool = False
    why: str = ""
    letter: str = ""
    text: str = field(default="", repr=False)
    fields: tuple[str, ...] = field(default=(), repr=False)

    @cached_property
    def spans(self) -> dict[str, tuple[int, int]]:
        """Where the value of each field stands in the text: first character and the one after the last."""
        found = _candidates(objects(self.text[:MOST]).found, set(self.fields))
        return {key: (node.start, node.end) for key, node in found[-1].pairs if key in self.values} if found else {}


def read(text: str, fields: Sequence[Field]) -> Reading:
    """Read the fields from an answer: JSON alone, in a fence or between words, also JSON that is not quite right.

    Takes time linear in the length of the text, of which the first 100,000 characters are read.
    """
    names = tuple(asked.name for asked in fields)
    pairs, problems, sure = _pairs(text, set(names))
    if pairs is None:
        return Reading({}, tuple(problems), text=text, fields=names)
    given: dict[str, Any] = {}
    for key, value in pairs:
        if key in given and key in names and not _same(given[key], value):
            problems.append(f"{quoted(key)} is given twice, with different values.")
            sure = False
        given[key] = value
    values, worse = _values(given, fields, problems)
    missing = [name for name in names if name not in given]
    if missing:
        problems.append(f"Left out: {', '.join(missing)}.")
    usable = sure and not worse and bool(values)
    said = (_reason(given.get(WHY)), _reason(given.get(LETTER)))
    return Reading(values, tuple(problems), usable, *said, text, names)


def token_spans(spans: Mapping[str, tuple[int, int]], text: str, tokens: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Return which tokens of an answer hold each field's value: the first and the one after the last.

    Empty where the tokens do not make up the text letter by letter (half letters, a text that was cut): nothing is
    tokenised anew.
    """
    if "".join(tokens) != text:
        return {}
    ends = list(accumulate(len(token) for token in tokens))
    return {name: (bisect_right(ends, start), bisect_left(ends, end) + 1) for name, (start, end) in spans.items()}


def _values(given: Mapping[str, Any], fields: Sequence[Field], problems: list[str]) -> tuple[dict[str, float], bool]:
    """Return what could be read, and whether something could not; what is wrong is added to `problems`."""
    values: dict[str, float] = {}
    worse = False
    for asked in fields:
        if asked.name not in given:
            continue
        value, problem = number_of(given[asked.name], asked)
        if value is None:
            worse = True
            problems.append(f"{asked.name} {problem}")
            continue
        values[asked.name] = value
        if not asked.low <= value <= asked.high:
            problems.append(f"{asked.name} is {value:g}; it must be from {asked.low:g} to {asked.high:g}.")
        elif asked.whole and value != round(value):
            problems.append(f"{asked.name} is {value:g}; it must be a whole number.")
    return values, worse


def _pairs(text: str, names: set[str]) -> tuple[list[tuple[str, Any]] | None, list[str], bool]:
    """Return keys and values of the object that answers, problems, and whether it is sure which object answers."""
    problems = [f"Only the first {MOST:,} of {len(text):,} characters were read."] if len(text) > MOST else []
    quick = _strict(text) if len(text) <= MOST else None
    if quick is not None and any(key in names and not isinstance(value, _Pairs) for key, value in quick):
        return quick, problems, True
    scan = objects(text[:MOST])
    found = _candidates(scan.found, names)
    if not found:
        problems.append(scan.problem or _nothing(text, bool(scan.found)))
        return None, problems, False
    plain = [[(key, node.plain()) for key, node in candidate.pairs] for candidate in found]
    wanted = [{key: repr(value) for key, value in pairs if key in names} for pairs in plain]
    sure = all(one == wanted[0] for one in wanted)
    if not sure:
        problems.append("There are several JSON objects, and they differ; one was asked for.")
    return plain[-1], problems, sure


class _Pairs(list[tuple[str, Any]]):
    """A JSON object with all its keys, repeated ones too."""


def _strict(text: str) -> _Pairs | None:
    """Return the object that the text is, if it is nothing but one JSON object."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        return json.loads(text, object_pairs_hook=_Pairs)  # type: ignore[no-any-return]
    except (ValueError, RecursionError):
        return None


def _candidates(found: Iterable[Node], names: set[str]) -> list[Node]:
    """Return the outermost objects that give at least one of the fields a value which is not itself an object."""
    answers, ahead = [], list(found)
    while ahead:
        node = ahead.pop(0)
        if any(key in names and not inner.pairs for key, inner in node.pairs):
            answers.append(node)
        else:
            ahead = [inner for _, inner in node.pairs if inner.pairs] + [n for n in node.items if n.pairs] + ahead
    return answers


def _nothing(text: str, other: bool) -> str:
    if not text.strip():
        return "The answer is empty."
    if other:
        return "The JSON in the answer holds none of the fields."
    return "There is no whole JSON object in the answer."


def _same(one: Any, other: Any) -> bool:
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def _reason(value: Any) -> str:
    """Return the model's reason as one line of printable text."""
    if not isinstance(value, str):
        return ""
    line = " ".join(value[: 4 * _LONGEST_WHY].split())
    line = "".join(letter for letter in line if letter.isprintable())
    return line if len(line) <= _LONGEST_WHY else line[: _LONGEST_WHY - 3] + "..."
