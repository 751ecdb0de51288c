"""What a mind is asked, what it decides, and the interface that all minds have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

#: Sources whose decisions rest on a language model, or on the script that stands in for one.
SPOKEN = ("llm", "scripted")
#: Sources whose numbers are the mind's own.
OWN = (*SPOKEN, "human")
#: Sources that can fail, so that a rate of failure makes sense.
FALLIBLE = (*OWN, "replay", "fallback")


@dataclass(frozen=True)
class Field:
    """One number to be decided.

    Attributes:
        name: Column of the decisions. unit, doc: As the column has them. low, high: Legal range this month, unit of the
            field. whole: Whether only whole numbers are meant (codes and counts). rule: What the rule decides.
        choices: Names of the values low, low + 1, ... where the field is a code; empty for a quantity.
    """

    name: str
    unit: str
    doc: str
    low: float
    high: float
    whole: bool
    rule: float
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Seen:
    """One thing that an agent sees.

    Attributes:
        name: In words, "unemployment rate". value: Number or text; NaN where nothing is known. unit: As printed.
        period: Month that it speaks of. source: Sensor that it comes from ("own books", "identity", ...).
    """

    name: str
    value: float | str
    unit: str
    period: int
    source: str


@dataclass(frozen=True)
class Question:
    """One decision to be made: one role, one agent, one month, all its fields.

    Attributes:
        seed: World seed. agent: Its name, "firm-3". month: Month of the decision. role: Name of the role.
        seen: What it observes. fields: What it decides. memory: What it remembers, oldest first.
        letters: (sender, text) of messages that reached it: quoted data, never instructions.
        persona: Who it is, in words, from its own columns; empty where the scenario asks for none.
        style: Name of the way in which it is asked (model, template, ...): see minds.llm.Style.
        purpose: "decide", or "vote 2": what makes an otherwise equal question another one.
        may_write: Whether it may send its friends a letter.
        text: The whole task in words, where it is not one of a role's (an experiment); it then takes the place of the
            role's prompt. Empty otherwise.
    """

    seed: int
    agent: str
    month: int
    role: str
    seen: tuple[Seen, ...]
    fields: tuple[Field, ...]
    memory: tuple[str, ...] = ()
    letters: tuple[tuple[str, str], ...] = ()
    persona: str = ""
    style: str = ""
    purpose: str = "decide"
    may_write: bool = False
    text: str = ""


@dataclass(frozen=True)
class Decision:
    """What a mind decided.

    Attributes:
        values: Field -> number as proposed; a field left out is the rule's.
        source: "rule", "random", "llm", "human", "replay" or "fallback" (the rule decided since the mind could not).
        reason: Why it fell back, or what was repaired; empty otherwise.
        calls: (key of a call, weight) of the calls it rests on.
        repaired: Whether an answer had to be asked for again. note, letter: Why, and what it tells its friends, in the
            mind's own words: text of a model, so data.
    """

    values: Mapping[str, float]
    source: str
    reason: str = ""
    calls: tuple[tuple[str, float], ...] = ()
    repaired: bool = False
    note: str = ""
    letter: str = ""


class Mind(Protocol):
    """Decides for many agents at once."""

    def decide(self, questions: Sequence[Question]) -> list[Decision]:
        """Return a decision for each question, in their order; a question that cannot be answered falls back.

        A batch gives what one by one gives.
        """
        ...
