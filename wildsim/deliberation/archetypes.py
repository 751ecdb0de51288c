"""Archetypes of an entry: who shares a call with whom, and how much of a single agent is lost by it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wildsim.core.keys import label
from wildsim.core.table import F64, I64, NO_ROW
from wildsim.deliberation.answered import Answered
from wildsim.deliberation.grouping import grouped
from wildsim.minds.roles.role import Role
from wildsim.scenario.minds import Archetypes, MindEntry
from wildsim.state.world import World

#: Numbers by which agents of a table are similar, where a scenario names none; other tables have no such numbers.
_DEFAULTS = {
    "people": ("age", "skill", "wage", "household.deposits", "household.income"),
    "firms": ("staff", "deposits", "loans", "inventories", "mark_up"),
}
#: Codes by which agents of a table are told apart, where a scenario names none.
_CLASSES = {"people": ("participates", "away"), "firms": ("kind",)}


@dataclass(frozen=True)
class Group:
    """How the agents of a party share calls.

    Attributes:
        of: Group of each agent, shape (agents). asked: Typical agent of each group, then the agents that are asked on
            their own to check; places among the agents, shape (groups + checked). groups: How many groups.
        names: Who asks: the name of the group, or that of the agent checked.
    """

    of: I64
    asked: I64
    groups: int
    names: tuple[str, ...]

    @property
    def weights(self) -> I64:
        """For how many members each group's answer decides; those asked on their own decide for themselves."""
        shared = np.ones(len(self.of), dtype=bool)
        shared[self.asked[self.groups :]] = False
        return np.bincount(self.of[shared], minlength=self.groups)

    def spread(self, one: Answered) -> F64:
        """Return what each agent of the party decides of a field, shape (agents).

        A quantity is as far from each agent's own rule, relatively, as the answer is from the typical agent's rule;
        a code, a count, and a quantity of which the rule is 0 are the same for all. Agents that were asked themselves
        have their own answers; where the typical agent proposed nothing, each member's own rule stands.
        """
        own = self._shared(one)
        checked = self._checked(one)
        own[self.asked[one.places[checked]]] = one.answers[checked]
        return own

    def loss(self, one: Answered) -> F64:
        """Return how far agents that were also asked on their own are from what their group gave them.

        Returns:
            2 |own - shared| / (|own| + |shared|), one for each agent checked; 0: nothing is lost, 2: everything.
        """
        checked = self._checked(one)
        own = one.answers[checked]
        shared = self._shared(one)[self.asked[one.places[checked]]]
        size = np.abs(own) + np.abs(shared)
        return np.asarray(np.where(size > 0.0, 2.0 * np.abs(own - shared) / np.where(size > 0.0, size, 1.0), 0.0))

    def _checked(self, one: Answered) -> NDArray[np.bool_]:
        """Return which answers are those of agents asked on their own."""
        return np.asarray((one.places >= self.groups) & np.isfinite(one.answers))

    def _shared(self, one: Answered) -> F64:
        """Return what each agent has from the typical agent of its group, shape (agents)."""
        typical = one.places < self.groups
        given, rule = np.full(self.groups, np.nan), np.full(self.groups, np.nan)
        given[one.places[typical]] = one.answers[typical]
        rule[one.places[typical]] = np.array([field.rule for field in one.fields])[typical]
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            ratio = given / rule
        relative = np.isfinite(ratio) & (not one.fields[0].whole)
        from_group = np.where(relative[self.of], one.rules * np.where(relative, ratio, 0.0)[self.of], given[self.of])
        return np.where(np.isnan(given[self.of]), one.rules, from_group)


def group_of(world: World, number: int, entry: MindEntry, role: Role, rows: I64) -> Group:
    """Return the groups of this month's agents.

    The agents to be checked are drawn by keyed luck, anew each month.
    """
    asked_for = entry.archetypes or Archetypes(groups=1)
    table = role.deciders
    features = [_column(world, table, name, rows) for name in asked_for.by or _DEFAULTS.get(table, ())]
    classes = np.zeros(len(rows), dtype=np.int64)
    for name in asked_for.classes or _CLASSES.get(table, ()):
        _, code = np.unique(_column(world, table, name, rows), return_inverse=True)
        classes = classes * (int(code.max(initial=0)) + 1) + code
    numbers = np.column_stack(features) if features else np.empty((len(rows), 0))
    made = grouped(numbers, classes, asked_for.groups)
    luck = world.view().uniform(f"minds{number}.check", table)[0][rows]
    luck[made.typical] = 2.0
    checked = np.sort(np.argsort(luck, kind="stable")[: min(asked_for.check, max(len(rows) - len(made.typical), 0))])
    ids = world.tables[table].view().id[rows]
    row_name = world.tables[table].row_name
    # by the typical agent's own id: a birth or failure elsewhere must not give a group another name
    names = [f"group-{number}:{label(row_name, int(ids[k]))}" for k in made.typical]
    names += [label(row_name, int(ids[k])) for k in checked]
    return Group(made.group, np.concatenate([made.typical, checked]), len(made.typical), tuple(names))


def _column(world: World, table: str, name: str, rows: I64) -> F64:
    """Return a column of the agents, or of the row that a reference leads to ("household.deposits"); NaN where none."""
    view = world.view()
    first, _, second = name.partition(".")
    values = getattr(getattr(view, table), first)[rows]
    if not second:
        return np.asarray(values, dtype=np.float64)
    target = world.tables[table].columns[first].ref
    found = getattr(getattr(view, target), second)[np.where(values == NO_ROW, 0, values)].astype(np.float64)
    return np.where(values == NO_ROW, np.nan, found)
