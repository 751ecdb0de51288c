"""Who has another mind than the rules: agents are drawn by keyed luck, so that one more or less moves no other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wildsim.core.table import I64, U64, rows_of
from wildsim.kernels.ages import WORKING_AGE
from wildsim.policies.base import Where
from wildsim.policies.groups import people_met
from wildsim.scenario.minds import MindEntry
from wildsim.state.firms import PUBLIC
from wildsim.state.people import PRISON
from wildsim.state.world import World, WorldView

#: Entries remember under numbers of their own, beside those of policies.
_BEYOND_POLICIES = 1_000_000


def seated(world: World, number: int, entry: MindEntry, deciders: str, taken: NDArray[np.bool_]) -> I64:
    """Return the rows whose decisions entry `number` makes this month, in the order of rows.

    With `count` an agent stays until it ends; another, of those that fit then, takes its place. With `share`, and with
    neither, all agents count that fit this month.

    Args:
        taken: Rows that earlier entries have; they are left out, shape (rows of `deciders`).
    """
    view = world.view()
    free = may_decide(view, deciders) & ~taken
    fits = free & _fitting(world, number, entry.where, deciders)
    luck = view.uniform_at(f"minds{number}", deciders, 0)
    if entry.count is None:
        chosen = fits & (luck < entry.share) if entry.share is not None else fits
        return np.flatnonzero(chosen)
    return _counted(world, f"minds{number}.members", entry.count, getattr(view, deciders).id, free, fits, luck)


def may_decide(view: WorldView, deciders: str) -> NDArray[np.bool_]:
    """Return which rows decide anything: not children, prisoners and public agencies, for whom the rule stands."""
    rows = len(getattr(view, deciders))
    if deciders == "people":
        return np.asarray((view.people.age >= WORKING_AGE) & (view.people.away != PRISON))
    if deciders == "firms":
        return np.asarray(view.firms.kind != PUBLIC)
    return np.ones(rows, dtype=bool)


def _fitting(world: World, number: int, where: Where | None, deciders: str) -> NDArray[np.bool_]:
    view = world.view()
    if where is None:
        return np.ones(len(getattr(view, deciders)), dtype=bool)
    if deciders == "people":
        return np.asarray(people_met(world, _BEYOND_POLICIES + number, where))
    region = where.selectors()["region"]
    return np.asarray(region.select(getattr(view, deciders).region))


def _counted(
    world: World,
    name: str,
    count: int,
    ids: U64,
    free: NDArray[np.bool_],
    fits: NDArray[np.bool_],
    luck: NDArray[np.float64],
) -> I64:
    """Return the rows of `count` members: those of before that are still free, then the luckiest that fit."""
    before = rows_of(ids, world.memory.get(name, np.empty(0, dtype=np.uint64)).astype(np.uint64))
    kept = before[before >= 0]
    kept = kept[free[kept]][:count]
    waiting = fits.copy()
    waiting[kept] = False
    rows = np.flatnonzero(waiting)
    rows = rows[np.argsort(luck[rows], kind="stable")][: count - len(kept)]
    members = np.concatenate([kept, rows])
    world.memory[name] = ids[members].copy()
    return np.sort(members)
