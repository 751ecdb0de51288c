"""After a month: agents remember what they decided and what came of it, and letters reach friends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from wildsim.core.keys import identity, label
from wildsim.core.table import I64, NO_ROW, rows_of
from wildsim.deliberation.observation import observe
from wildsim.deliberation.party import Party
from wildsim.minds.block import number
from wildsim.minds.memory import Memory
from wildsim.minds.mind import Decision, Question
from wildsim.minds.plain import luck
from wildsim.state.world import World, WorldView


def look_back(world: World, parties: Sequence[Party], decisions: Sequence[Sequence[Decision]], memory: Memory) -> None:
    """Write what happened into the memories of those who keep one, and deliver letters."""
    for party, decided in zip(parties, decisions, strict=True):
        if party.entry.memory and party.group is None:
            _remember(world, party, decided, memory)
    _deliver(world, parties, decisions, memory)
    _forget_the_gone(world, memory)


def _remember(world: World, party: Party, decided: Sequence[Decision], memory: Memory) -> None:
    rows = rows_of(world.tables[party.role.deciders].view().id, party.ids)
    here = np.flatnonzero(rows != NO_ROW)
    items = tuple(item for item in party.role.sees if item.name in party.role.outcomes)
    outcomes = observe(world, replace(party.role, sees=items), rows[here])
    for place, seen in zip(here.tolist(), outcomes, strict=True):
        question, decision = party.questions[place], decided[place]
        line = f"Month {question.month}: {_chosen(question, decision)}."
        if seen:
            line += f" Then: {', '.join(f'{one.name} {_printed(one.value)}' for one in seen)}."
        memory.note(party.names[place], line, party.entry.memory)


def _printed(value: float | str) -> str:
    return value if isinstance(value, str) else number(value)


def _chosen(question: Question, decision: Decision) -> str:
    if decision.source == "fallback":
        return "your answer could not be used, the rule of thumb decided"
    pairs = [(f.name, decision.values.get(f.name, f.rule)) for f in question.fields]
    return "you chose " + ", ".join(f"{name} {number(value)}" for name, value in pairs)


def _deliver(world: World, parties: Sequence[Party], decisions: Sequence[Sequence[Decision]], memory: Memory) -> None:
    """Send each letter to the friends of its sender who read letters, at most as many as each of them takes."""
    readers = {name: party.entry.letters for party in parties if party.entry.letters for name in party.names}
    post: dict[str, list[tuple[float, str, str]]] = {}
    view = world.view()
    month = world.clock.month
    for party, decided in zip(parties, decisions, strict=True):
        if not party.entry.letters or party.role.deciders != "people" or party.group is not None:
            continue
        writers = [place for place, decision in enumerate(decided) if decision.letter]
        rows = rows_of(view.people.id, party.ids[writers])
        for place, row in zip(writers, rows, strict=True):
            sender = party.names[place]
            for friend in friends_of(view, int(row)) if row != NO_ROW else ():
                reader = label("person", int(view.people.id[friend]))
                if reader in readers and reader != sender:
                    order = luck("letter", world.keys.seed, month, sender, reader)
                    post.setdefault(reader, []).append((order, sender, decided[place].letter))
    for reader in sorted(post):
        for _, sender, text in sorted(post[reader])[: readers[reader]]:
            memory.send(sender, reader, text)


def friends_of(view: WorldView, row: int) -> I64:
    """Return whom a person tells things: its household, and its close ties or, without a network, its colleagues."""
    people = view.people
    home = people.household == people.household[row]
    if view.has("network"):
        ties = view.acquaintances.friend
        made = ties[row][ties[row] != NO_ROW]
        others = np.concatenate([made, np.flatnonzero((ties == row).any(axis=1))])
    else:
        at_work = people.employer[row] != NO_ROW
        others = np.flatnonzero(people.employer == people.employer[row]) if at_work else np.empty(0, dtype=np.int64)
    found = np.union1d(np.flatnonzero(home), others)
    return np.asarray(found[found != row], dtype=np.int64)


def _forget_the_gone(world: World, memory: Memory) -> None:
    """Forget what agents remembered that are no more, whoever was asked this month."""
    known = memory.agents()
    for table in world.tables.values():
        named = [agent for agent in known if agent.rpartition("-")[0] == table.row_name]
        if named and "id" in table.columns:
            here = set(table.view().id.tolist())
            memory.forget([agent for agent in named if identity(table.code, agent) not in here])
