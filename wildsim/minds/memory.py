"""What agents remember: a few short lines each, oldest first, bounded, and part of a society's saved state."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from wildsim.core.table import U8

#: Longest line and longest letter kept, characters; what is longer is cut and ends with dots.
LONGEST = 400


class Memory:
    """Lines of memory, what an agent concluded from them, and letters on their way, by agent."""

    def __init__(self) -> None:
        """Remember nothing."""
        self._lines: dict[str, list[str]] = {}
        self._summary: dict[str, str] = {}
        self._letters: dict[str, list[tuple[str, str]]] = {}

    def note(self, agent: str, line: str, most: int) -> None:
        """Remember one more line; of more than `most` the oldest is forgotten."""
        kept = self._lines.setdefault(agent, [])
        kept.append(cut(line))
        del kept[: max(len(kept) - most, 0)]

    def conclude(self, agent: str, text: str) -> None:
        """Keep what the agent concluded from its memories, in place of what it concluded before."""
        self._summary[agent] = cut(text)

    def of(self, agent: str, most: int) -> tuple[str, ...]:
        """Return what the agent remembers: its conclusion, then its newest lines, at most `most` of them."""
        summary = self._summary.get(agent)
        lines = self._lines.get(agent, [])[-most:]
        return (f"What you concluded: {summary}", *lines) if summary else tuple(lines)

    def send(self, sender: str, receiver: str, text: str) -> None:
        """Put a letter on its way."""
        self._letters.setdefault(receiver, []).append((sender, cut(text)))

    def letters(self, agent: str) -> tuple[tuple[str, str], ...]:
        """Return (sender, text) of the letters that wait for the agent."""
        return tuple(self._letters.get(agent, ()))

    def clear_letters(self) -> None:
        """Forget the letters of last month: they were delivered, or nobody asked for them."""
        self._letters.clear()

    def forget(self, agents: Sequence[str]) -> None:
        """Forget all of agents that are gone."""
        for agent in agents:
            for kept in (self._lines, self._summary, self._letters):
                kept.pop(agent, None)

    def agents(self) -> set[str]:
        """Return who remembers anything."""
        return {*self._lines, *self._summary, *self._letters}

    def state(self) -> U8:
        """Return everything as bytes."""
        saved = {"lines": self._lines, "summary": self._summary, "letters": self._letters}
        return np.frombuffer(json.dumps(saved, sort_keys=True).encode(), dtype=np.uint8).copy()

    def load(self, state: np.ndarray[Any, Any]) -> None:
        """Take over what `state` returned."""
        saved: Mapping[str, Any] = json.loads(state.astype(np.uint8).tobytes().decode())
        self._lines = {agent: list(lines) for agent, lines in saved["lines"].items()}
        self._summary = dict(saved["summary"])
        self._letters = {to: [(sender, text) for sender, text in kept] for to, kept in saved["letters"].items()}


def cut(text: str) -> str:
    """Return text on one line, no longer than LONGEST."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 3] + "..."
