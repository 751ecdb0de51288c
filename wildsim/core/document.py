"""YAML text -> plain data that knows the line of every value. No tags, no anchors, no code, bounded work."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from wildsim.core.errors import InputError

Key: TypeAlias = str | int
KeyPath: TypeAlias = tuple[Key, ...]

MAX_BYTES = 1_000_000
MAX_DEPTH = 32
MAX_NODES = 100_000

_INT = re.compile(r"[-+]?[0-9][0-9_]*\Z")
_FLOAT = re.compile(r"[-+]?(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?\Z")
_NOT_FINITE = {".inf", "+.inf", "-.inf", ".nan"}
#: What the parser of ruamel.yaml itself raises, instead of its own errors, on a few malformed texts (a bad %YAML
#: directive, a lone escape).
_STUMBLES = (
    *(ValueError, IndexError, AttributeError, TypeError, AssertionError, KeyError),
    NotImplementedError,  # raised by ruamel.yaml's scanner, caught here: nothing of ours is left out
)


@dataclass(frozen=True)
class Place:
    """Where a value was written: a file (or an option such as `--set a=1`), line and column from 1."""

    file: str | None = None
    line: int | None = None
    column: int | None = None

    def error(self, message: str, *, with_column: bool = False) -> InputError:
        """Return an InputError that starts with this place."""
        return InputError(message, file=self.file, line=self.line, column=self.column if with_column else None)


@dataclass(frozen=True)
class Document:
    """Parsed data beside the place of each of its values.

    Attributes:
        data: Mappings, lists, text, numbers, booleans and None.
        places: Place by path, for example `("policies", 0, "rate")`. Paths left out have the place of their parent.
        text: The text as given.

    """

    data: Any
    places: dict[KeyPath, Place] = field(default_factory=dict)
    text: str = ""

    def place(self, path: KeyPath) -> Place:
        """Return the place of the value at `path`, or that of its nearest known parent."""
        for length in range(len(path), -1, -1):
            found = self.places.get(path[:length])
            if found is not None:
                return found
        return Place()


def read(file: str | Path, *, max_bytes: int = MAX_BYTES) -> Document:
    """Read and parse a YAML file.

    Raises:
        InputError: The file cannot be read, is too large, is not UTF-8, or is not plain YAML.

    """
    name = str(file)
    try:
        with open(file, "rb") as stream:
            raw = stream.read(max_bytes + 1)
    except IsADirectoryError:
        raise InputError(f"'{name}' is a folder; give a file.") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(f"'{name}' cannot be read: {reason}.") from None
    if len(raw) > max_bytes:
        raise InputError(f"the file is larger than {max_bytes:,} bytes; a scenario is a page or two.", file=name)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise InputError("the text is not UTF-8; save the file as UTF-8.", file=name, line=line) from None
    return parse(text, name)


def parse(text: str, file: str | None = None) -> Document:
    """Parse YAML text of one document.

    Raises:
        InputError: Not YAML, or YAML beyond plain data: tags, anchors, several documents, duplicate keys, too deep.

    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    if len(text) > MAX_BYTES:
        raise InputError(f"the text is longer than {MAX_BYTES:,} characters.", file=file)
    builder = _Builder(file)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            builder.take(event)
    except MarkedYAMLError as error:
        raise _syntax_error(text, file, error) from None
    except YAMLError as error:
        raise InputError(f"not valid YAML: {_first_line(str(error))}.", file=file) from None
    except _STUMBLES as error:
        raise InputError(f"not valid YAML: {_first_line(str(error)) or type(error).__name__}.", file=file) from None
    return Document(builder.root, builder.places, text)


def parse_value(text: str, label: str) -> Any:
    """Read one value as YAML, as `--set path=value` gives it; `label` names the option in errors."""
    try:
        return parse(text, label).data
    except InputError as error:
        raise InputError(f"{label}  cannot be read as a YAML value ({str(error).split('  ', 1)[-1]})") from None


def plain_scalar(text: str) -> bool | int | float | str | None:
    """Return what an unquoted scalar means: nothing, a truth value, a number, or text (YAML 1.2 core rules)."""
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE"):
        return True
    if text in ("false", "False", "FALSE"):
        return False
    if len(text) <= 100 and _INT.match(text):
        return int(text.replace("_", ""))
    if len(text) <= 100 and _FLOAT.match(text):
        number = float(text.replace("_", ""))
        return number if math.isfinite(number) else text
    if text.lower() in _NOT_FINITE:
        return float(text.lower().replace(".", ""))
    return text


class _Builder:
    """Builds data from parser events with bounded depth and size; never recurses."""

    def __init__(self, file: str | None):
        self.file = file
        self.root: Any = None
        self.places: dict[KeyPath, Place] = {}
        self._open: list[tuple[Any, KeyPath]] = []
        self._key: list[tuple[str, Place] | None] = []
        self._documents = 0
        self._nodes = 0

    def take(self, event: Any) -> None:
        """Consume one event of the parser."""
        name = type(event).__name__
        if name == "DocumentStartEvent":
            self._documents += 1
            if self._documents > 1:
                raise self._at(event).error("a second document ('---') starts here; one file holds one.")
        elif name == "AliasEvent":
            raise self._at(event).error("an alias (*name) is used; write the value out.")
        elif name in ("ScalarEvent", "MappingStartEvent", "SequenceStartEvent"):
            self._node(event, name)
        elif name in ("MappingEndEvent", "SequenceEndEvent"):
            self._open.pop()
            self._key.pop()

    def _at(self, event: Any) -> Place:
        return Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _node(self, event: Any, name: str) -> None:
        place = self._at(event)
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise place.error(f"the file holds more than {MAX_NODES:,} values.")
        if getattr(event, "anchor", None) is not None:
            raise place.error("an anchor (&name) is used; write the value out.")
        tag = getattr(event, "tag", None)
        if tag is not None and str(tag) != "!":
            raise place.error("a tag (!name) is used; a scenario holds plain data only.")
        if name == "ScalarEvent":
            self._scalar(event, place)
            return
        if len(self._open) >= MAX_DEPTH:
            raise place.error(f"nested deeper than {MAX_DEPTH} levels.")
        value: Any = {} if name == "MappingStartEvent" else []
        if self._awaits_key():
            raise place.error("a key must be a word, not a list or a mapping.")
        self._open.append((value, self._add(value, place)))
        self._key.append(None)

    def _awaits_key(self) -> bool:
        return bool(self._open) and isinstance(self._open[-1][0], dict) and self._key[-1] is None

    def _scalar(self, event: Any, place: Place) -> None:
        if not self._awaits_key():
            self._add(plain_scalar(event.value) if event.implicit[0] else event.value, place)
            return
        key = str(event.value)
        holder, _ = self._open[-1]
        if key in holder:
            raise place.error(f"the key '{key[:80]}' is given twice.")
        if key == "<<" and event.implicit[0]:
            raise place.error("a merge key (<<) is used; write the values out.")
        self._key[-1] = (key, place)

    def _add(self, value: Any, place: Place) -> KeyPath:
        """Hang `value` under the open mapping or list and return its path."""
        path: KeyPath = ()
        if not self._open:
            self.root = value
        else:
            holder, parent = self._open[-1]
            pending = self._key[-1]
            if isinstance(holder, list):
                path = (*parent, len(holder))
                holder.append(value)
            else:
                assert pending is not None
                key, place = pending
                path = (*parent, key)
                holder[key] = value
                self._key[-1] = None
        self.places[path] = place
        return path


def _first_line(text: str) -> str:
    return text.strip().split("\n", 1)[0].strip().rstrip(".")[:200]


def _syntax_error(text: str, file: str | None, error: Any) -> InputError:
    """Say what is wrong with the YAML in words, with a tab in the indentation named first."""
    mark = error.problem_mark or error.context_mark
    lines = text.splitlines()
    if mark is None:
        return InputError(f"not valid YAML: {_first_line(str(error.problem or error))}.", file=file)
    for number in range(min(mark.line, len(lines) - 1), max(mark.line - 2, -1), -1):
        indent = re.match(r"[ \t]*", lines[number])
        tab = indent.group().find("\t") if indent else -1
        if tab >= 0:
            message = "not valid YAML: a tab indents this line; use spaces."
            return InputError(message, file=file, line=number + 1, column=tab + 1)
    problem = _first_line(str(error.problem or error.context or "cannot be parsed"))
    return InputError(f"not valid YAML: {problem}.", file=file, line=mark.line + 1, column=mark.column + 1)
