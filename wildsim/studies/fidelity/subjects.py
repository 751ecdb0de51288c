"""Who takes part: a mind behind one small interface, the controls that must fail, and people drawn from the record."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from wildsim.minds.mind import Field
from wildsim.studies.fidelity.experiment import Task
from wildsim.studies.fidelity.experiments import EXPERIMENTS
from wildsim.studies.fidelity.luck import uniform

Answers = list[float | None]


class Subject(Protocol):
    """Answers tasks. Every task is answered by another individual of the same kind.

    Attributes:
        name: As tables show it. told: What a reader must know of it ("scripted, no language model"); empty: nothing.
        reasons: Why answers could not be used, in its own words (data, not to be trusted), with how often.
    """

    name: str
    told: str
    reasons: Counter[str]

    def answer(self, tasks: Sequence[Task]) -> Answers:
        """Return an answer for each task, in their order; None where there is none that can be used."""
        ...


class RandomSubject:
    """The control without reason: each answer in the legal range is equally likely."""

    name, told = "random", ""

    def __init__(self, seed: int):
        """Use the chance of `seed`."""
        self.seed = seed
        self.reasons: Counter[str] = Counter()

    def answer(self, tasks: Sequence[Task]) -> Answers:
        """Return a keyed draw for each task."""
        return [_within(task.field, luck) for task, luck in zip(tasks, _luck(self.seed, "random", tasks), strict=True)]


class RuleSubject:
    """The control without variety: what theory or WildSim's rule answers (Experiment.rule_source says which)."""

    name, told = "rule", ""

    def __init__(self) -> None:
        """It needs nothing."""
        self.reasons: Counter[str] = Counter()

    def answer(self, tasks: Sequence[Task]) -> Answers:
        """Return the rule's answers."""
        return [task.field.rule for task in tasks]


class PeopleSubject:
    """People drawn from the published distribution: what must pass."""

    name = "people"
    told = "drawn from the published distributions: a check of the yardstick, no mind"

    def __init__(self, seed: int):
        """Use the chance of `seed`."""
        self.seed = seed
        self.reasons: Counter[str] = Counter()

    def answer(self, tasks: Sequence[Task]) -> Answers:
        """Return a keyed draw from the people of each task's experiment."""
        people = [EXPERIMENTS[task.experiment].human for task in tasks]
        drawn = zip(people, _luck(self.seed, "people", tasks), strict=True)
        return [float(human.draw(np.array([luck]))[0]) for human, luck in drawn]


def _luck(seed: int, who: str, tasks: Sequence[Task]) -> list[float]:
    """Return a number in (0, 1) for each task, the same whichever tasks stand beside it."""
    rows = 1 + max((task.subject for task in tasks), default=-1)
    streams = {name: uniform(seed, f"{who}.{name}", rows)[:, 0] for name in {task.experiment for task in tasks}}
    return [float(streams[task.experiment][task.subject]) for task in tasks]


def _within(asked: Field, luck: float) -> float:
    """Return the answer at `luck` of the legal range; whole numbers are equally likely."""
    if asked.whole:
        return asked.low + math.floor(luck * (asked.high - asked.low + 1.0))
    return asked.low + luck * (asked.high - asked.low)
