"""A role: what it decides, what it sees, and the text by which a language model is asked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files


@dataclass(frozen=True)
class Item:
    """Something that a role sees.

    Attributes:
        name: As the prompt says it, "my price". of: What it is: "own.TABLE.COLUMN" (a column of the agent's own row in the
            table of the deciders or one alongside it), "home.COLUMN" (its household's), "region.COLUMN", "firm.COLUMN" (its
            employer's), "rule.COLUMN" (of the law in force), or "sensed.INDICATOR" (as the World Sensor has it).
        unit: As printed; empty: the unit of the column or indicator.
    """

    name: str
    of: str
    unit: str = ""


@dataclass(frozen=True)
class Role:
    """One role.

    Attributes:
        name: As scenario files say it. title: In a sentence: "You manage a firm." deciders: Table whose rows decide.
        decides: Columns of the decision tables of this role that other minds may fill, in the order of the prompt; those of
            a sector that is off are left out. sees: What it observes, likewise. prompt: Template in roles/prompts.
        goal: What is good for it, in words: what the prompt asks it to pursue.
    """

    name: str
    title: str
    deciders: str
    decides: tuple[str, ...]
    sees: tuple[Item, ...]
    prompt: str
    goal: str

    @cached_property
    def template(self) -> str:
        """Text of the prompt with $places."""
        return files("wildsim.minds.roles.prompts").joinpath(self.prompt).read_text(encoding="utf-8")
