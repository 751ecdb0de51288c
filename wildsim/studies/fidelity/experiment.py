"""An experiment: the task in words, the number that is asked for, and what people answered."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from string import Template
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from wildsim.minds.mind import Field

Numbers = NDArray[np.float64]
Verified = Literal["counted", "copy", "partly", "from memory"]

#: What the words of the column `verified` mean.
VERIFIED: Mapping[Verified, str] = {
    "counted": "counted by us from the answers that the authors made public",
    "copy": "read in a copy of the published table, not in the paper itself",
    "partly": "mean or some shares read in an abstract or a copy; the shape between them from memory",
    "from memory": "the shares are a reconstruction from memory; what little was seen elsewhere is said beside it",
}
#: Wordings that each experiment has.
WORDINGS = 5


@dataclass(frozen=True)
class Human:
    """What people answered.

    Attributes:
        points: Answers that occur, ascending, unit of the field. shares: Part of the people who gave each; they add up
            to 1 but for rounding. n: People; NaN where it is not known to us. source: Authors, year, table or figure.
        verified: How far it was checked (a key of VERIFIED). checked: What was checked where, and what was not.
    """

    points: tuple[float, ...]
    shares: tuple[float, ...]
    n: float
    source: str
    verified: Verified
    checked: str

    def __post_init__(self) -> None:
        """Check the numbers.

        Raises:
            ValueError: They are no distribution.
        """
        if len(self.points) != len(self.shares) or list(self.points) != sorted(set(self.points)):
            raise ValueError("points must ascend and have a share each")
        if min(self.shares) < 0.0 or not math.isclose(sum(self.shares), 1.0, abs_tol=0.01):
            raise ValueError(f"shares add up to {sum(self.shares):g}; they must be 0 or more and add up to 1")

    @cached_property
    def weights(self) -> Numbers:
        """Shares that add up to 1 exactly."""
        shares = np.array(self.shares)
        return np.asarray(shares / shares.sum())

    @property
    def mean(self) -> float:
        """Mean answer."""
        return float(self.weights @ np.array(self.points))

    @property
    def sd(self) -> float:
        """Standard deviation of the answers."""
        return math.sqrt(float(self.weights @ (np.array(self.points) - self.mean) ** 2))

    def draw(self, luck: Numbers) -> Numbers:
        """Return an answer for each number of `luck` in (0, 1)."""
        found = np.searchsorted(np.cumsum(self.weights), luck, side="right")
        return np.array(self.points)[np.minimum(found, len(self.points) - 1)]

    def quantile(self, share: float) -> float:
        """Return the answer that `share` of the people do not exceed."""
        return float(self.draw(np.array([share - 1e-12]))[0])


@dataclass(frozen=True)
class Condition:
    """A treatment within an experiment.

    Attributes:
        name: As tables show it. places: What stands in the task for each $place. value: Its number (months, ...).
    """

    name: str = ""
    places: Mapping[str, str] = field(default_factory=dict)
    value: float = math.nan


@dataclass(frozen=True)
class Experiment:
    """One experiment.

    Attributes:
        name: As `--experiments` takes it. title: For people. field: The number asked for; `rule` fills its `rule`.
        wordings: The same task in five ways, with the place $listing. listing: Options or payoffs, one a line; half of
            the subjects read them in reverse. human: What people answered, all conditions together.
        rule: What theory or WildSim's rule answers under a condition. rule_source: Which of the two, and whose.
        conditions: Treatments, dealt to the subjects in turn. caveat: Where the task differs from what people did.
        human_by_condition: What is known of people's differences between conditions, in words.
    """

    name: str
    title: str
    field: Field
    wordings: tuple[str, str, str, str, str]
    listing: tuple[str, ...]
    human: Human
    rule: Callable[[Condition], float]
    rule_source: str
    caveat: str
    conditions: tuple[Condition, ...] = (Condition(),)
    human_by_condition: str = ""

    @property
    def span(self) -> float:
        """Width of the range of answers, unit of the field."""
        return self.field.high - self.field.low


@dataclass(frozen=True)
class Task:
    """What one subject is asked.

    Attributes:
        experiment: Its name. subject: Its number, from 0. wording: Which of the five. backwards: Whether the options
            are listed in reverse. condition: Which of the experiment's. text: All that the subject reads.
        field: What it answers.
    """

    experiment: str
    subject: int
    wording: int
    backwards: bool
    condition: int
    text: str
    field: Field


def number_field(name: str, unit: str, doc: str, low: float, high: float, *, whole: bool = True) -> Field:
    """Return the field of an experiment's answer; what the rule answers is filled in for each task."""
    return Field(name, unit, doc, low, high, whole, rule=math.nan)


def text_of(experiment: Experiment, wording: int, backwards: bool, condition: Condition) -> str:
    """Return a task in words."""
    lines: Sequence[str] = experiment.listing[::-1] if backwards else experiment.listing
    listing = Template("\n".join(f"- {line}" for line in lines)).substitute(condition.places)
    return Template(experiment.wordings[wording]).substitute(condition.places, listing=listing)


def tasks_of(experiment: Experiment, subjects: int) -> list[Task]:
    """Return a task for each subject: wordings in turn, then the order of the listing, then conditions.

    Every wording meets every order and condition equally often where `subjects` is a multiple of their product.
    """
    found = []
    for subject in range(subjects):
        wording, backwards = subject % WORDINGS, bool(subject // WORDINGS % 2)
        which = subject // (2 * WORDINGS) % len(experiment.conditions)
        condition = experiment.conditions[which]
        asked = replace(experiment.field, rule=experiment.rule(condition))
        text = text_of(experiment, wording, backwards, condition)
        found.append(Task(experiment.name, subject, wording, backwards, which, text, asked))
    return found
