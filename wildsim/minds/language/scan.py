"""A forgiving scanner of JSON: finds the objects in a text, with the place of every value, and never runs anything.

It reads what models write instead of JSON: words around it, code fences, comments, trailing commas, single quotes, bare
keys, True and None. It does not complete what ends early. Work is bounded: so many steps a text, so many levels deep.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field
from typing import Any, Literal

MOST = 100_000
"""Characters that are read of an answer."""

DEEPEST = 8
_STEPS = 60_000
_FAILURES = 256

_START = re.compile(r"""\{(?=\s*(?:["'}/\#]|[A-Za-z_]\w*\s*:))""")
_GAP = re.compile(r"(?:\s+|//[^\n]*|\#[^\n]*|/\*(?:[^*]|\*(?!/)){0,2000}\*/)*")
_DOUBLE = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_SINGLE = re.compile(r"'((?:[^'\\]|\\.)*)'", re.DOTALL)
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w.])")
_WORD = re.compile(r"[+-]?[A-Za-z_]\w*")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)

_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "none": None}
_NOT_FINITE = {"nan": math.nan, "infinity": math.inf, "inf": math.inf}


@dataclass
class Node:
    """A value in the text.

    Attributes:
        kind: What it is. start, end: Its first character and the one after its last.
        value: Of a scalar. pairs: Of an object, repeated keys too. items: Of a list.
    """

    kind: Literal["object", "list", "scalar"]
    start: int
    end: int = 0
    value: Any = None
    pairs: list[tuple[str, Node]] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)

    def plain(self) -> Any:
        """Return a scalar as Python has it, lists and objects as an empty list: no field is one."""
        return self.value if self.kind == "scalar" else []


@dataclass
class Scan:
    """The outermost objects found, and why the scanner stopped early, if it did."""

    found: list[Node]
    problem: str = ""


class _NoJsonError(Exception):
    """The text at this place is no JSON, however kindly one reads it."""


class _TooMuchError(Exception):
    """The text takes more steps than an answer is worth."""


def objects(text: str) -> Scan:
    """Return the outermost objects in a text, in their order; what a model only thought (<think>) is left out."""
    reader = _Reader(_without_thoughts(text))
    text = reader.text
    found: list[Node] = []
    place, failures = 0, 0
    while failures < _FAILURES and (start := _START.search(text, place)):
        try:
            node = reader.value(start.start(), 0)
        except _NoJsonError:
            failures, place = failures + 1, start.end()
            continue
        except _TooMuchError:
            return Scan(found, "The answer is too tangled to be read.")
        found.append(node)
        place = node.end
    return Scan(found)


def _without_thoughts(text: str) -> str:
    """Return the text with thoughts blanked out, so that places stay; one that does not end hides all that follows."""
    begin = text.find("<think>")
    while begin >= 0:
        end = text.find("</think>", begin)
        end = len(text) if end < 0 else end + len("</think>")
        text = text[:begin] + " " * (end - begin) + text[end:]
        begin = text.find("<think>", end)
    return text


class _Reader:
    """Reads values from a text by places, counting its steps."""

    def __init__(self, text: str):
        self.text, self.steps = text, 0

    def value(self, place: int, depth: int) -> Node:
        """Return the value that starts at `place` (no gap before it)."""
        self.steps += 1
        if self.steps > _STEPS:
            raise _TooMuchError
        if depth > DEEPEST:
            raise _NoJsonError
        letter = self.text[place : place + 1]
        if letter == "{":
            return self._object(place, depth)
        if letter == "[":
            return self._list(place, depth)
        return self._scalar(place, letter)

    def _object(self, place: int, depth: int) -> Node:
        node = Node("object", place)
        place = self._gap(place + 1)
        while self.text[place : place + 1] != "}":
            key, place = self._key(place)
            place = self._gap(place)
            if self.text[place : place + 1] != ":":
                raise _NoJsonError
            inner = self.value(self._gap(place + 1), depth + 1)
            node.pairs.append((key, inner))
            place = self._next(inner.end, "}")
        node.end = place + 1
        return node

    def _list(self, place: int, depth: int) -> Node:
        node = Node("list", place)
        place = self._gap(place + 1)
        while self.text[place : place + 1] != "]":
            inner = self.value(place, depth + 1)
            node.items.append(inner)
            place = self._next(inner.end, "]")
        node.end = place + 1
        return node

    def _next(self, place: int, closing: str) -> int:
        """Return the place of the next member or of the closing bracket."""
        place = self._gap(place)
        letter = self.text[place : place + 1]
        if letter == ",":
            return self._gap(place + 1)
        if letter != closing:
            raise _NoJsonError
        return place

    def _gap(self, place: int) -> int:
        found = _GAP.match(self.text, place)
        return found.end() if found else place

    def _key(self, place: int) -> tuple[str, int]:
        letter = self.text[place : place + 1]
        if letter in ('"', "'") and letter:
            node = self._scalar(place, letter)
            return str(node.value), node.end
        word = _WORD.match(self.text, place)
        if not word:
            raise _NoJsonError
        return word[0], word.end()

    def _scalar(self, place: int, letter: str) -> Node:
        if letter in ('"', "'") and letter:
            found = (_DOUBLE if letter == '"' else _SINGLE).match(self.text, place)
            if not found:
                raise _NoJsonError
            return Node("scalar", place, found.end(), _unescaped(found[0], found[1]))
        if number := _NUMBER.match(self.text, place):
            return Node("scalar", place, number.end(), float(number[0]))
        word = _WORD.match(self.text, place)
        if not word:
            raise _NoJsonError
        lower = word[0].lower()
        if lower in _WORDS:
            return Node("scalar", place, word.end(), _WORDS[lower])
        if lower.lstrip("+-") in _NOT_FINITE:
            return Node("scalar", place, word.end(), _NOT_FINITE[lower.lstrip("+-")])
        raise _NoJsonError


def _unescaped(whole: str, inside: str) -> str:
    """Return the text of a quoted literal."""
    if "\\" not in inside:
        return inside
    if whole[0] == '"':
        try:
            return str(json.loads(whole, strict=False))
        except ValueError:
            pass  # an escape that JSON does not know; read it leniently below
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else _ESCAPES.get(found[2], found[2]), inside)
