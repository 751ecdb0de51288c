"""Mistakes of a scenario file, collected with their places, so that one look shows them all."""

from __future__ import annotations

from wildsim.core.document import Document, KeyPath
from wildsim.core.errors import InputError

MOST_ERRORS = 8


class Mistakes:
    """Collects mistakes with their places, so that one look shows them all."""

    def __init__(self, document: Document):
        """Collect mistakes of `document`."""
        self.document = document
        self._found: list[tuple[int, InputError]] = []
        self._paths: list[KeyPath] = []

    def add(self, path: KeyPath, message: str) -> None:
        """Note one mistake at `path`."""
        place = self.document.place(path)
        self._found.append((place.line or 0, place.error(message)))
        self._paths.append(path)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._found)

    def covers(self, path: KeyPath) -> bool:
        """Return whether a mistake was noted at `path`, above it, or below it."""
        return any(path[: len(noted)] == noted[: len(path)] for noted in self._paths)

    def raise_any(self) -> None:
        """Raise one InputError that holds every mistake in the order of lines, if there is any."""
        if not self._found:
            return
        texts = list(dict.fromkeys(str(error) for _, error in sorted(self._found, key=lambda pair: pair[0])))
        if len(texts) > MOST_ERRORS:
            texts = [*texts[:MOST_ERRORS], f"... and {len(texts) - MOST_ERRORS} more."]
        raise InputError("\n".join(texts))
