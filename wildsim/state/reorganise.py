"""The one place where rows move: firms that end go, new ones come, and every reference is repaired."""

from __future__ import annotations

import numpy as np

from wildsim.core.errors import RunError
from wildsim.core.keys import check_unique
from wildsim.core.table import I32, I64, U64
from wildsim.kernels.picks import repair
from wildsim.state.world import ROLES, World


def reorganise(world: World, table: str, gone: np.ndarray, born_ids: U64, born_region: np.ndarray) -> I64:
    """Remove and add rows of a table that is sorted by region.

    Args:
        gone: True for rows that end, (rows). born_ids, born_region: Id and region of each new row.

    Returns:
        The rows of the new things, in the order given.

    Raises:
        RunError: A row that ends still holds money, or an id is taken.
    """
    what = world.tables[table]
    for column in what.columns.values():
        if column.kind == "money" and (what.base(column.name)[gone] != 0.0).any():
            raise RunError(f"a row of '{table}' ends but still has {column.name}")
    check_unique(what.base("id"), born_ids)
    kept = np.flatnonzero(~gone)
    region = np.concatenate([what.base("region")[kept], born_region])
    order = np.argsort(region, kind="stable")
    moved = np.full(len(what), -1, dtype=np.int32)
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    moved[kept] = place[: len(kept)]
    for name in [table, *(d for d, deciders in ROLES.values() if deciders == table)]:
        world.tables[name].take(kept, len(born_ids))
        world.tables[name].take(order, 0)
    new_rows = place[len(kept) :].astype(np.int64)
    what.base("id")[new_rows] = born_ids
    what.base("region")[new_rows] = born_region
    _repair_references(world, table, moved)
    world.place_tiles()
    return new_rows


def _repair_references(world: World, table: str, moved: I32) -> None:
    moved.flags.writeable = False
    for other in world.tables.values():
        for column in other.columns.values():
            if column.ref == table:
                repair(other.base(column.name).reshape(-1), moved)
