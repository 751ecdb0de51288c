"""A person decides: the same observation, the same bounds, and answers that can be replayed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from wildsim.minds.mind import Decision, Question

#: Puts a question to a person; returns field -> number for what the person decided, None where the rule is to decide.
Ask = Callable[[Question], Mapping[str, float] | None]


class HumanMind:
    """Asks a person, one question after the other; fields that the person leaves out are the rule's."""

    def __init__(self, ask: Ask):
        """Ask through `ask`: a terminal, a page, a test."""
        self._ask = ask

    def decide(self, questions: Sequence[Question]) -> list[Decision]:
        """Return what the person decides."""
        found = []
        for question in questions:
            answer = self._ask(question)
            if answer is None:
                found.append(Decision({}, "rule", "the person let the rule decide"))
            else:
                found.append(Decision(dict(answer), "human"))
        return found
