"""The guard between a decision and its execution: every number legal, whoever decided."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wildsim.core.table import Column, Table
from wildsim.kernels.ages import RETIREMENT_AGE, WORKING_AGE
from wildsim.state.people import HOME, PRISON
from wildsim.state.step import ALL, MovingStep
from wildsim.state.world import DECISIONS, World, WorldView

#: Decisions about work, which the retired and pupils have none of.
OF_WORK = ("participate", "search")


def bounds(world: World | WorldView, column: Column) -> tuple[float, float]:
    """Return the legal range of a decision this month, in the decision's unit."""
    macro = world.tables["macro"].view() if isinstance(world, World) else world.macro
    scale = float(getattr(macro, column.scale)[0]) if column.scale else 1.0
    return column.lower * scale, column.upper * scale


def guard_all(world: World) -> None:
    """Let other minds overwrite the rules' decisions, and bring every overwritten column into its legal range.

    A number that is not finite becomes what the rule decided. Rules decide within the range by themselves, except
    where the range moves with the economy; for them the guard is run too. Children and prisoners decide nothing: the
    rule stands; nor do the retired and pupils whether to work.
    """
    if world.council is not None:
        world.council.begin(world)
    if world.log is not None:
        world.log.begin(world)
    for role, decisions, deciders in world.deciding():
        table = world.tables[decisions]
        for name, column in table.columns.items():
            values = table.base(name)
            if world.log is not None:
                world.log.keep(world, role, name, "rule", values)
                world.log.keep(world, role, name, "proposed", values)
            for mind in world.minds:
                proposed = mind(world, role, name, values)
                if proposed is not None:
                    if world.log is not None:
                        shown = mind.as_proposed(role, name, proposed) if mind is world.council else proposed
                        world.log.keep(world, role, name, "proposed", shown)
                    legal = np.where(bound_to_the_rule(world, deciders, name, len(values)), values, proposed)
                    _overwrite(values, legal, *bounds(world, column))
            _clip(world, table, column)
            if world.log is not None:
                world.log.keep(world, role, name, "guarded", values)


def bound_to_the_rule(world: World | WorldView, deciders: str, name: str, rows: int) -> NDArray[np.bool_]:
    """Return for which of all rows of `deciders` no mind but the rule may decide the column `name`."""
    if deciders != "people":
        return np.zeros(rows, dtype=bool)
    people = (world.view() if isinstance(world, World) else world).people
    bound = (people.age < WORKING_AGE) | (people.away == PRISON)
    if name in OF_WORK:
        bound |= (people.age >= RETIREMENT_AGE) | (people.away != HOME)
    return np.asarray(bound)


def _overwrite(values: NDArray[Any], proposed: NDArray[Any], low: float, high: float) -> None:
    """Put what a mind proposed in place of what the rule decided; bounds come before the cast to a smaller type."""
    wanted = np.asarray(proposed, dtype=np.float64)
    legal = np.clip(np.where(np.isfinite(wanted), wanted, values), low, high)
    values[:] = np.rint(legal) if values.dtype.kind == "i" else legal


def _clip(world: World, table: Table, column: Column) -> None:
    low, high = bounds(world, column)
    values = table.base(column.name)
    kind = values.dtype.type
    np.clip(values, kind(low), kind(high), out=values)


#: Counts of decisions, which the council publishes.
_COUNTS = ("spoken", "fallible", "fallbacks")

apply = MovingStep(
    "behaviour.guard.guard_all", guard_all, {**{table.name: ALL for table in DECISIONS}, "macro": _COUNTS}
)
