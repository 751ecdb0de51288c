"""The one place where rows move: things that end go, new ones come, and every reference is repaired."""

from __future__ import annotations

import numpy as np

from wildsim.core.errors import RunError
from wildsim.core.table import I32, I64, NO_ROW, U64
from wildsim.kernels.picks import repair
from wildsim.state.world import World


def reorganise(world: World, table: str, gone: np.ndarray, born_ids: U64, born_place: np.ndarray) -> I64:
    """Remove and add rows of a table and of those that stand alongside it.

    New households are put in before their members.

    Args:
        gone: True for rows that end, (rows). born_ids: Id of each new row.
        born_place: Region of each new firm or household, household (row) of each new person; not used by a table
            that is in no order.

    Returns:
        The rows of the new things, in the order given.

    Raises:
        RunError: A row that ends still holds money, or an id is taken.
    """
    what = world.tables[table]
    for name in world.aligned(table):
        for column in world.tables[name].columns.values():
            if column.kind == "money" and (world.tables[name].base(column.name)[gone] != 0.0).any():
                raise RunError(f"a row of '{name}' ends but still has {column.name}")
    world.check_new_ids(born_ids)
    kept = np.flatnonzero(~gone)
    place_of = what.sorted_by
    if place_of:
        order = np.argsort(np.concatenate([what.base(place_of)[kept], born_place]), kind="stable")
    else:
        order = np.arange(len(kept) + len(born_ids))
    source = np.concatenate([kept, np.full(len(born_ids), NO_ROW)])[order]
    moved = np.full(len(what), -1, dtype=np.int32)
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    moved[kept] = place[: len(kept)]
    for name in world.aligned(table):
        world.tables[name].rearrange(source)
    _move_memory(world, table, source)
    new_rows = place[len(kept) :].astype(np.int64)
    what.base("id")[new_rows] = born_ids
    if place_of:
        what.base(place_of)[new_rows] = born_place
    _repair_references(world, table, moved)
    if table == "people":
        households = world.tables["households"]
        first = np.searchsorted(what.base("household"), np.arange(len(households)))
        households.base("first_member")[:] = first
    world.place_tiles()
    return new_rows


def _move_memory(world: World, table: str, source: I64) -> None:
    """Move what policies remember of each row of a table, under names that end with "@table"; newcomers get 0."""
    for name, values in world.memory.items():
        if name.endswith("@" + table):
            known = np.append(values, np.zeros(1, dtype=values.dtype))  # NO_ROW is the last entry: newcomers
            world.memory[name] = known[source]


def _repair_references(world: World, table: str, moved: I32) -> None:
    moved.flags.writeable = False
    for other in world.tables.values():
        for column in other.columns.values():
            if column.ref == table:
                repair(other.base(column.name).reshape(-1), moved)
