"""A role: what it decides, what it sees, and the text by which a language model is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wildsim.core.table import I64
from wildsim.state.world import DECISIONS, WorldView


@dataclass(frozen=True)
class Item:
    """Something that a role sees.

    Attributes:
        name: As the prompt says it, "your price". of: What it is: "own.TABLE.COLUMN" (a column of the agent's own row
            in the table of the deciders or one alongside it), "home.COLUMN" (its household's), "region.COLUMN",
            "firm.COLUMN" (its employer's), "person.COLUMN" (of a scientist), "rule.COLUMN" (of the law in force for
            it), "law.GROUP.NAME" (a number in force that is public), or "sensed.INDICATOR" (as the World Sensor has
            it), "sensed.INDICATOR.12" the same 12 months before. See wildsim.sensors.own.
        unit: As printed; empty: the unit of the column or indicator.
        also: More paths that `work` needs. work: Makes the value out of the arrays that `of` and `also` lead to, one
            entry a row: numbers, or words; masked where the thing does not apply to a row. None: the value of `of`.
        words: Names of the values 0, 1, 2, ... of a code.
    """

    name: str
    of: str
    unit: str = ""
    also: tuple[str, ...] = ()
    work: Callable[..., NDArray[Any]] | None = None
    words: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """All paths that are read for it."""
        return (self.of, *self.also)


#: Says which of some rows of the deciders are asked about a field, by field; the rule decides for the others.
Asked = Callable[[WorldView, I64], Mapping[str, NDArray[np.bool_]]]


def _all(view: WorldView, rows: I64) -> Mapping[str, NDArray[np.bool_]]:
    return {}


@dataclass(frozen=True)
class Role:
    """One role.

    Attributes:
        name: As scenario files say it. title: In a sentence: "You manage a firm." deciders: Table whose rows decide.
        decides: Columns of the decision tables of this role that other minds may fill, in the order of the prompt;
            those of a sector that is off are left out. sees: What it observes, likewise.
        prompt: File in roles/prompts, or the text of the template (roles of other packages).
        goal: What is good for it, in words: what the prompt asks it to pursue.
        fills: Role whose decision columns it fills, where that is another one (an advisor's).
        about: What a field means, in plain words, where the column's own words are too short for a stranger.
        units: Unit of a field, where the column's own would puzzle a stranger.
        choices: Names of the values of a field that is a code or a yes or no, from its lowest value on.
        asked: Which rows are asked about a field; those left out of the answer are asked about all.
        outcomes: Items (names of `sees`) that show what came of a decision: they enter the memory of an agent.
    """

    name: str
    title: str
    deciders: str
    decides: tuple[str, ...]
    sees: tuple[Item, ...]
    prompt: str
    goal: str
    fills: str = ""
    about: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    asked: Asked = _all
    outcomes: tuple[str, ...] = ()

    @property
    def decision_role(self) -> str:
        """Role by which its decision tables are called."""
        return self.fills or self.name

    @cached_property
    def template(self) -> str:
        """Text of the prompt with $places."""
        if "\n" in self.prompt:
            return self.prompt
        return files("wildsim.minds.roles.prompts").joinpath(self.prompt).read_text(encoding="utf-8")


def decision_table(role: Role, name: str) -> Any:
    """Return the table (class) of decisions that holds the column `name` of a role."""
    return next(t for t in DECISIONS if t.role == role.decision_role and name in t.columns)
