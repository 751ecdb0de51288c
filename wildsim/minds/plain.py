"""Minds that need no model: the rule itself, chance, and the decisions of an earlier run."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence

from wildsim.minds.mind import Decision, Question

#: Decisions of a run: (agent, month) -> field -> value.
Recorded = Mapping[tuple[str, int], Mapping[str, float]]


class RuleMind:
    """Decides what the rule decides: the control of every other mind."""

    def decide(self, questions: Sequence[Question]) -> list[Decision]:
        """Return the rule's numbers."""
        return [Decision({f.name: f.rule for f in question.fields}, "rule") for question in questions]


class RandomMind:
    """Decides by chance: each number a draw from its legal range."""

    def decide(self, questions: Sequence[Question]) -> list[Decision]:
        """Return keyed draws, a function of seed, agent, month and field alone."""
        return [Decision(_drawn(question), "random") for question in questions]


def luck(*key: object) -> float:
    """Return a draw from [0, 1) that is a function of the key alone."""
    digest = hashlib.blake2b("/".join(map(str, key)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") / 2.0**64


def _drawn(question: Question) -> dict[str, float]:
    drawn = {}
    for f in question.fields:
        chance = luck("random", question.seed, question.agent, question.month, question.purpose, f.name)
        if f.whole:  # every code with the same chance
            drawn[f.name] = f.low + math.floor(chance * (math.floor(f.high - f.low) + 1.0))
        else:
            drawn[f.name] = f.low + chance * (f.high - f.low)
    return drawn


class ReplayMind:
    """Decides what was decided in an earlier run; agents or months that it does not know fall back to the rule."""

    def __init__(self, recorded: Callable[[int], Recorded]):
        """Take decisions from `recorded(seed)`."""
        self._recorded = recorded

    def decide(self, questions: Sequence[Question]) -> list[Decision]:
        """Return the decisions recorded for the same agent and month of the same seed."""
        found = []
        for question in questions:
            agent = question.agent.rpartition(":")[2]  # a group goes by the name of its typical agent
            known = self._recorded(question.seed).get((agent, question.month), {})
            values = {f.name: known[f.name] for f in question.fields if f.name in known}
            gone = "" if values else "the earlier run has no decision of this agent and month"
            found.append(Decision(values, "replay" if values else "fallback", gone))
        return found
