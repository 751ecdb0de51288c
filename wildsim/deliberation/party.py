"""A party: the agents of one entry in one month, what they are asked, and what they propose."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from wildsim.core.keys import label
from wildsim.core.table import F64, I64, U64, rows_of
from wildsim.deliberation.answered import Answered
from wildsim.deliberation.archetypes import Group, group_of
from wildsim.deliberation.observation import fields_of, free_to_decide, observe
from wildsim.deliberation.persona import personas
from wildsim.minds.memory import Memory
from wildsim.minds.mind import Decision, Field, Question
from wildsim.minds.plain import luck
from wildsim.minds.roles import ROLES
from wildsim.minds.roles.role import Role, decision_table
from wildsim.minds.vote import ballots_of, counted
from wildsim.scenario.minds import MindEntry
from wildsim.sensors.world_sensor import Sensors
from wildsim.state.world import World


@dataclass(frozen=True)
class Party:
    """The agents of one entry in one month.

    Attributes:
        number: Place of the entry in the scenario. rows: Rows whose decisions are made, shape (agents). ids: Of them.
        asked: Which of them are asked themselves, as places in `rows`, shape (asked). names: Of those asked.
        questions: One for each of `asked`. group: How the others share their answers; None where all are asked.
    """

    number: int
    entry: MindEntry
    role: Role
    rows: I64
    ids: U64
    asked: I64
    names: tuple[str, ...]
    questions: tuple[Question, ...]
    group: Group | None = None

    @property
    def ballots(self) -> list[Question]:
        """The questions as the mind gets them: several for each where the entry votes."""
        vote = self.entry.vote
        return [b for q in self.questions for b in ballots_of(q, vote.count)] if vote else list(self.questions)

    def decision_of(self, members: I64) -> I64:
        """Return which of the questions decides for each of these members (places in `rows`)."""
        if self.group is None:
            return members
        of = self.group.of[members]
        own = rows_of(self.asked[self.group.groups :], members)
        return np.where(own >= 0, own + self.group.groups, of)

    def decided(self, answers: Sequence[Decision]) -> list[Decision]:
        """Return one decision for each question from the answers to `ballots`."""
        vote = self.entry.vote
        if not vote:
            return list(answers)
        stream = iter(answers)
        return [counted(question, list(islice(stream, vote.count)), vote.by) for question in self.questions]


def gather(world: World, number: int, entry: MindEntry, rows: I64, sensors: Sensors, memory: Memory) -> Party:
    """Return the party of an entry: what its agents observe, may decide and remember becomes questions."""
    role = ROLES[entry.role]
    table = world.tables[role.deciders]
    if entry.archetypes is None:
        rows, fields = _with_something_to_decide(world, role, entry, rows)
        group, asked = None, np.arange(len(rows))
    else:
        group = group_of(world, number, entry, role, rows)
        asked = group.asked
        fields = _fields(world, role, entry, rows[asked])
    ids = table.view().id[rows]
    names = tuple(label(table.row_name, i) for i in ids[asked].tolist())
    seen = observe(world, role, rows[asked], sensors)
    who = personas(world, role, rows[asked]) if entry.persona else [""] * len(asked)
    styles = _styles(entry, number, names, world.keys.seed)
    seed, month, kept = world.keys.seed, world.clock.month, entry.memory
    questions = tuple(
        Question(
            seed, shown, month, role.name, seen[k], fields[k],
            memory=memory.of(name, kept) if kept else (),
            letters=memory.letters(name)[: entry.letters] if entry.letters else (),
            persona=who[k], style=styles[k], may_write=entry.letters > 0,
        )
        for k, (name, shown) in enumerate(zip(names, group.names if group is not None else names, strict=True))
    )  # fmt: skip
    return Party(number, entry, role, rows, ids, asked, names, questions, group)


def _fields(world: World, role: Role, entry: MindEntry, rows: I64) -> list[tuple[Field, ...]]:
    """Return the fields of each row, those that the entry decides."""
    found = fields_of(world, role, rows)
    if not entry.decides:
        return found
    return [tuple(field for field in fields if field.name in entry.decides) for fields in found]


def _with_something_to_decide(
    world: World, role: Role, entry: MindEntry, rows: I64
) -> tuple[I64, list[tuple[Field, ...]]]:
    """Return the rows that have any field to decide, and their fields."""
    fields = _fields(world, role, entry, rows)
    there = [bool(of_row) for of_row in fields]
    return rows[np.array(there, dtype=bool)], [of_row for of_row in fields if of_row]


def style_name(number: int, model: str) -> str:
    """Return the name of the way in which agents of an entry with that model are asked."""
    return f"{number}:{model}"


def _styles(entry: MindEntry, number: int, names: Sequence[str], seed: int) -> list[str]:
    """Return the style of each agent; of several models each agent has one for life, drawn by its name."""
    models = list(entry.models)
    if len(models) == 1:
        return [style_name(number, models[0])] * len(names)
    edges = np.cumsum(list(entry.models.values()))
    places = [int(np.searchsorted(edges, luck("model", seed, number, name), side="right")) for name in names]
    return [style_name(number, models[min(place, len(models) - 1)]) for place in places]


def answered(world: World, party: Party, decisions: Sequence[Decision]) -> dict[str, Answered]:
    """Return what a party decided, by field."""
    fields: dict[str, list[Field]] = {}
    places: dict[str, list[int]] = {}
    answers: dict[str, list[float]] = {}
    for place, (question, decision) in enumerate(zip(party.questions, decisions, strict=True)):
        proposed = decision.values
        for field in question.fields:
            fields.setdefault(field.name, []).append(field)
            places.setdefault(field.name, []).append(place)
            answers.setdefault(field.name, []).append(proposed.get(field.name, math.nan))
    view = world.view()
    return {
        name: Answered(
            tuple(known),
            np.array(places[name]),
            np.array(answers[name]),
            rule_of(world, party, name),
            free_to_decide(view, party.role, name, party.rows),
        )
        for name, known in fields.items()
    }


def proposals(party: Party, of: dict[str, Answered]) -> dict[str, F64]:
    """Return field -> proposed value of every agent of the party, shape (agents); the rule's where it proposes none."""
    found = {}
    for name, one in of.items():
        if party.group is not None:
            shared = party.group.spread(one)
            found[name] = np.where(one.free, shared, one.rules)
        else:
            values, given = one.rules.copy(), np.isfinite(one.answers)
            values[party.asked[one.places[given]]] = one.answers[given]
            found[name] = values
    return found


def rule_of(world: World, party: Party, name: str) -> F64:
    """Return what the rule decided for a field, shape (agents)."""
    table = decision_table(party.role, name).name
    return np.asarray(getattr(world.tables[table].view(), name)[party.rows], dtype=np.float64)
