"""A register that is only ever appended to: lines of JSON, each with the hash of the one before it.

A line that was taken out, moved or changed is noticed, but for the last one: nothing follows it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from wildsim.core.errors import RunError
from wildsim.engine.files import explained
from wildsim.engine.lock import locked

#: Registers lie in this folder beside the scenario, whatever the output folder.
FOLDER = ".wildsim"
_BEFORE = "before"


class Register:
    """Entries of one kind, all with the same fields.

    Attributes:
        path: The file; it need not be there yet. what: What is registered, for messages.
    """

    def __init__(self, path: Path, kind: type, what: str, why: str):
        """Take the register at `path`.

        Args:
            kind: Dataclass of the entries. what: As in "the register of seals".
            why: What nobody can say without it, a whole sentence, for the message where it was changed.
        """
        self.path, self.what = path, what
        self._fields, self._why = frozenset(field.name for field in fields(kind)), why

    def entries(self) -> list[dict[str, Any]]:
        """Return the entries so far, in their order.

        Raises:
            RunError: A line was changed or taken out, or is no entry.
        """
        found, before = [], ""
        for number, line in enumerate(self._text().splitlines(), start=1):
            entry = self._entry(line, number)
            if entry.pop(_BEFORE) != before:
                raise RunError(
                    f"{self.path}:{number}  the register of {self.what} was changed by hand: this line does not follow "
                    f"the one before. Restore it: {self._why}"
                )
            before = _hash(line)
            found.append(entry)
        return found

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the register: what is read inside is still true when `append` writes.

        Raises:
            RunError: Another process holds it, or the folder cannot be used.
        """
        with explained(self.path.parent):
            self.path.parent.mkdir(parents=True, exist_ok=True)
        with locked(self.path.parent):
            yield

    def append(self, entries: Sequence[Any]) -> None:
        """Add entries at the end and force them to disk; call it inside `held`.

        Raises:
            DiskError: The file cannot be written.
        """
        known = self._text()
        lines = known.splitlines()
        before = _hash(lines[-1]) if lines else ""
        text = "" if not known or known.endswith("\n") else "\n"  # no two entries share a line
        for entry in entries:
            line = json.dumps({**asdict(entry), _BEFORE: before}, sort_keys=True, allow_nan=False)
            before, text = _hash(line), text + line + "\n"
        with explained(self.path), self.path.open("a", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())

    def _text(self) -> str:
        if not self.path.is_file():
            return ""
        with explained(self.path):
            return self.path.read_text(encoding="utf-8")

    def _entry(self, line: str, number: int) -> dict[str, Any]:
        try:
            entry = json.loads(line)
            if set(entry) != self._fields | {_BEFORE}:
                raise ValueError
        except (ValueError, TypeError):
            raise RunError(
                f"{self.path}:{number}  this line is no entry of the register of {self.what}. Restore it."
            ) from None
        return dict(entry)


def _hash(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest()
