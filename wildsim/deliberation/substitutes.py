"""What fallbacks did: the same decisions again, with those that fell back to the rule replaced by their bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from wildsim.deliberation.council import Council
from wildsim.minds.mind import Decision, Mind, Question
from wildsim.scenario.minds import MindEntry

#: What takes the place of a decision that fell back.
Bound = Literal["rule", "low", "high"]
#: Decisions that were made: (agent, month) -> what was proposed, and the source.
Made = Mapping[tuple[str, int], tuple[Mapping[str, float], str]]


class Substitute:
    """Repeats decisions that were made; where one fell back, every field gets its lower or its upper bound.

    Agents that were not asked then follow the rule: the society may have gone another way meanwhile.
    """

    def __init__(self, made: Made, bound: Bound):
        """Repeat `made`."""
        self._made, self._bound = made, bound

    def decide(self, questions: Sequence[Question]) -> list[Decision]:
        """Return the decisions of the same agents in the same month."""
        return [self._one(question) for question in questions]

    def _one(self, question: Question) -> Decision:
        # a group goes by the name of its typical agent, whose decision was recorded
        known = self._made.get((question.agent.rpartition(":")[2], question.month))
        if known is None:
            return Decision({}, "rule", "not asked in the run")
        values, source = known
        if source != "fallback":
            return Decision({f.name: values[f.name] for f in question.fields if f.name in values}, "replay")
        if self._bound == "rule":
            return Decision({}, "fallback", "as in the run")
        return Decision({f.name: f.low if self._bound == "low" else f.high for f in question.fields}, "replay")


def substituted(entries: Sequence[MindEntry], made: Made, bound: Bound) -> Council:
    """Return a council that repeats what was decided."""
    plain = [entry.model_copy(update={"vote": None, "reflect": 0}) for entry in entries]
    mind: Mind = Substitute(made, bound)
    return Council(plain, {number: mind for number in range(len(entries))})


def made_of(columns: Mapping[str, Sequence[object]]) -> Made:
    """Return decisions by agent and month from the columns of a record: agent, month, field, proposed, source."""
    found: dict[tuple[str, int], tuple[dict[str, float], str]] = {}
    names = ("agent", "month", "field", "proposed", "source")
    for agent, month, field, value, source in zip(*(columns[name] for name in names), strict=True):
        if source != "rule":  # what was left to the rule is the rule's again, in whatever world it is by then
            values, _ = found.setdefault((str(agent), int(month)), ({}, str(source)))
            values[str(field)] = float(value)
    return found
