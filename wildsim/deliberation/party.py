"""A party: the agents of one entry in one month, what they are asked, and what they propose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from wildsim.core.keys import label
from wildsim.core.table import F64, I64, U64
from wildsim.deliberation.archetypes import Group, group_of
from wildsim.minds.memory import Memory
from wildsim.minds.mind import Decision, Field, Question
from wildsim.minds.roles import ROLES
from wildsim.minds.roles.role import Role
from wildsim.minds.vote import ballots_of, counted
from wildsim.scenario.minds import MindEntry
from wildsim.sensors.own import Observer
from wildsim.state.world import World


@dataclass(frozen=True)
class Party:
    """The agents of one entry in one month.

    Attributes:
        number: Place of the entry in the scenario. rows: Rows whose decisions are made, shape (agents). ids, names: Of
            these agents. asked: Which of them are asked themselves, as places in `rows`, shape (asked).
        questions: One for each of `asked`. group: How the others share their answers; None where all are asked.
    """

    number: int
    entry: MindEntry
    role: Role
    rows: I64
    ids: U64
    names: tuple[str, ...]
    asked: I64
    questions: tuple[Question, ...]
    group: Group | None = None

    @property
    def ballots(self) -> list[Question]:
        """The questions as the mind gets them: several for each where the entry votes."""
        vote = self.entry.vote
        return [b for q in self.questions for b in ballots_of(q, vote.count)] if vote else list(self.questions)

    def decided(self, answers: Sequence[Decision]) -> list[Decision]:
        """Return one decision for each question from the answers to `ballots`."""
        vote = self.entry.vote
        if not vote:
            return list(answers)
        stream = iter(answers)
        return [counted(question, list(islice(stream, vote.count)), vote.by) for question in self.questions]


def gather(world: World, number: int, entry: MindEntry, rows: I64, observer: Observer, memory: Memory) -> Party:
    """Return the party of an entry: its agents' observations, fields and memories become questions."""
    role = ROLES[entry.role]
    table = world.tables[role.deciders]
    ids = table.view().id[rows]
    group = group_of(world, number, entry, role, rows) if entry.archetypes else None
    asked = np.arange(len(rows)) if group is None else group.asked
    names = tuple(label(table.row_name, int(i)) for i in (ids if group is None else ids[asked]))
    bare = observer.questions(world, role, rows[asked], names, entry.decides, persona=entry.persona)
    styles = _styles(entry, number, names, world.keys.seed)
    shown = group.names if group is not None else names
    questions = tuple(
        replace(
            question,
            agent=as_named,
            style=style,
            memory=memory.of(name)[-entry.memory :] if entry.memory else (),
            letters=memory.letters(name)[: entry.letters],
            may_write=entry.letters > 0,
        )
        for question, name, as_named, style in zip(bare, names, shown, styles, strict=True)
    )
    return Party(number, entry, role, rows, ids, names, asked, questions, group)


def style_name(number: int, model: str) -> str:
    """Return the name of the way in which agents of an entry with that model are asked."""
    return f"{number}:{model}"


def _styles(entry: MindEntry, number: int, names: Sequence[str], seed: int) -> list[str]:
    """Return the style of each agent; of several models each agent has one for life, drawn by its name."""
    from wildsim.minds.plain import luck

    models = list(entry.models)
    if len(models) == 1:
        return [style_name(number, models[0])] * len(names)
    edges = np.cumsum(list(entry.models.values()))
    places = [int(np.searchsorted(edges, luck("model", seed, number, name), side="right")) for name in names]
    return [style_name(number, models[min(place, len(models) - 1)]) for place in places]


def proposals(world: World, party: Party, decisions: Sequence[Decision]) -> dict[str, F64]:
    """Return field -> proposed value of every agent of the party, shape (agents); the rule's where it proposes none."""
    found = {}
    for place, field in enumerate(party.questions[0].fields if party.questions else ()):
        fields = [question.fields[place] for question in party.questions]
        answers = np.array([d.values.get(field.name, f.rule) for d, f in zip(decisions, fields, strict=True)])
        if party.group is None:
            found[field.name] = answers
        else:
            found[field.name] = party.group.spread(fields, answers, rule_of(world, party.role.name, field, party.rows))
    return found


def rule_of(world: World, role: str, field: Field, rows: I64) -> F64:
    """Return what the rule decided for the field, shape (rows)."""
    for of, decisions, _ in world.deciding():
        if of == role and field.name in world.tables[decisions].columns:
            return np.asarray(getattr(world.tables[decisions].view(), field.name)[rows], dtype=np.float64)
    raise KeyError(field.name)
