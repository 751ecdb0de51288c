"""Whom a policy meets: `where` as rows of people, and the groups of people for whom the law differs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wildsim.core.errors import InputError
from wildsim.core.table import F64, I64
from wildsim.policies.base import Where
from wildsim.policies.units import remember, wage_index
from wildsim.state.whom import column_of
from wildsim.state.world import World, WorldView

Rows = NDArray[np.bool_]

#: Columns of `where` that change from month to month.
MOVING = {"employed", "wage", "age", "experience"}
#: Groups that people.law can tell apart, beside everybody else.
MOST_GROUPS = 127
_POLICIES, _MET, _PEOPLE = "groups.policies", "groups.met", "groups.people"


def people_met(world: World, number: int, where: Where | None) -> Rows:
    """Return which people policy `number` meets, (people)."""
    view = world.view()
    met = np.ones(len(view.people), dtype=bool)
    for name, selector in (where.selectors() if where else {}).items():
        met &= selector.select(_column(world, view, number, name))
    return met


def households_met(world: World, number: int, where: Where | None) -> Rows:
    """Return which households policy `number` meets: those with a member whom it meets, (households)."""
    people = world.view().people.household[people_met(world, number, where)]
    return np.bincount(people, minlength=len(world.tables["households"])) > 0


def _column(world: World, view: WorldView, number: int, name: str) -> NDArray[np.generic]:
    if name == "decile":
        deciles = remember(world, number, "decile@households", lambda: income_deciles(view))
        return np.asarray(deciles[view.people.household])
    if name == "wage":
        return np.asarray(view.people.wage / wage_index(world))
    return column_of(view, name)


def income_deciles(view: WorldView) -> NDArray[np.int8]:
    """Return each household's decile (1 to 10) of equivalised disposable income of the last 12 months, over people.

    Income is over the square root of the number of members (OECD). Households that arrive later have no decile (0).
    """
    households = view.households
    income = households.income_12m / np.sqrt(households.members)
    order = np.lexsort((households.id, income))
    members = households.members[order].astype(np.float64)
    below = (np.cumsum(members) - 0.5 * members) / members.sum()
    deciles = np.empty(len(households), dtype=np.int8)
    deciles[order] = 1 + np.minimum((10.0 * below).astype(np.int8), 9)
    return deciles


def place_groups(world: World) -> None:
    """Put people into groups of equal law, one for each combination of the policies with `where` that act.

    Nothing is done as long as the same policies meet the same people. Group 0 is everybody whom none meets.

    Raises:
        InputError: There are more than 127 combinations.
    """
    month = world.clock.month
    acting = [
        (number, policy.where)
        for number, policy in enumerate(world.policies)
        if policy.by_group and policy.acts(month) and policy.where is not None
    ]
    known = world.memory.get(_POLICIES)
    if not acting:
        if known is not None:
            _write(world, np.zeros(len(world.tables["people"]), dtype=np.int64), 1)
            for name in (_POLICIES, _MET, _PEOPLE):
                del world.memory[name]
        return
    numbers = np.array([number for number, _ in acting])
    still = any(MOVING & where.selectors().keys() for _, where in acting)
    count = len(world.tables["people"])
    if known is not None and np.array_equal(known, numbers) and not still and world.memory[_PEOPLE][0] == count:
        return
    met = np.column_stack([people_met(world, number, where) for number, where in acting])
    world.memory[_POLICIES], world.memory[_PEOPLE] = numbers, np.array([count])
    world.memory[_MET] = _combine(world, met)


def _combine(world: World, met: Rows) -> Rows:
    """Write everybody's group and return which policies meet each group, (groups, policies)."""
    everybody = met.all(axis=0)  # a policy that meets all needs no group
    if met.shape[1] > 62:
        raise InputError("more than 62 policies with `where` act at once; merge some of them.")
    code = (met & ~everybody) @ (1 << np.arange(met.shape[1], dtype=np.int64))
    codes, group = np.unique(np.append(0, code), return_inverse=True)
    if len(codes) > MOST_GROUPS + 1:
        raise InputError(
            f"the policies with `where` cut society into {len(codes)} groups; {MOST_GROUPS} can be told apart. "
            "Merge some of them."
        )
    _write(world, group[1:], len(codes))
    met_by = (codes[:, None] >> np.arange(met.shape[1])) & 1 == 1
    return np.asarray(met_by | everybody)


def _write(world: World, group: I64, groups: int) -> None:
    world.tables["laws"].take(np.zeros(1, dtype=np.int64), groups - 1)
    world.view({"people": ("law",)}).people.law[:] = group


def groups_met(world: World, number: int, where: Where | None) -> Rows:
    """Return which rows of the laws policy `number` changes, (groups)."""
    groups = len(world.tables["laws"])
    if where is None:
        return np.ones(groups, dtype=bool)
    place = int(np.flatnonzero(world.memory[_POLICIES] == number)[0])
    return np.asarray(world.memory[_MET][:, place])


def blend_rows(column: F64, met: Rows, target: float, size: float) -> None:
    """Move a column of the laws from what is in force towards `target` by the share `size`, never below zero."""
    column[met] = np.maximum(column[met] + size * (target - column[met]), 0.0)
