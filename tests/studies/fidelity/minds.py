"""Minds and subjects for tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from wildsim.minds.mind import Decision, Question
from wildsim.studies.fidelity.experiment import Task


class Says:
    """A subject whose answer is a function of the task; `asked` counts the tasks."""

    name, told = "says", ""

    def __init__(self, answer: Callable[[Task], float | None]):
        self.say, self.asked = answer, 0
        self.reasons: Counter[str] = Counter()

    def answer(self, tasks: Sequence[Task]) -> list[float | None]:
        self.asked += len(tasks)
        return [self.say(task) for task in tasks]


class Chatty:
    """A mind that gives the middle of the range; every fourth subject falls back with `reason`."""

    def __init__(self, reason: str = "refused"):
        self.reason = reason
        self.seen: list[Question] = []

    def decide(self, questions: Sequence[Question]) -> list[Decision]:
        self.seen += questions
        return [self._one(question) for question in questions]

    def _one(self, question: Question) -> Decision:
        (asked,) = question.fields
        if int(question.agent.rpartition("-")[2]) % 4 == 3:
            return Decision({asked.name: 1.0}, "fallback", self.reason)
        return Decision({asked.name: (asked.low + asked.high) // 2}, "llm")
