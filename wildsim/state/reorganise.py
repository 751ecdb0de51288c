"""The one place where rows move: things that end go, new ones come, and every reference is repaired."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wildsim.core.errors import RunError
from wildsim.core.table import I32, I64, NO_ROW, U64
from wildsim.kernels.moves import copy_runs, put_in_order
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
    ends = np.flatnonzero(gone)
    for name in world.aligned(table):
        for column in world.tables[name].columns.values():
            if column.kind == "money" and (world.tables[name].base(column.name)[ends] != 0.0).any():
                raise RunError(f"a row of '{name}' ends but still has {column.name}")
    world.check_new_ids(born_ids)
    kept = np.flatnonzero(~gone)
    if what.sorted_by:
        places = np.concatenate([what.base(what.sorted_by)[kept], born_place])
        order, starts = _in_order(places, len(world.tables[what.columns[what.sorted_by].ref]))
    else:
        order = np.arange(len(kept) + len(born_ids))
    source = np.concatenate([kept, np.full(len(born_ids), NO_ROW)])[order]
    moved = np.full(len(what), -1, dtype=np.int32)
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    moved[kept] = place[: len(kept)]
    copy = _copier(source)
    world.tiles.all_of([partial(world.tables[name].rearrange, source, copy) for name in world.aligned(table)])
    _move_memory(world, table, source)
    new_rows = place[len(kept) :].astype(np.int64)
    what.base("id")[new_rows] = born_ids
    if what.sorted_by:
        what.base(what.sorted_by)[new_rows] = born_place
    _repair_references(world, table, moved)
    if table == "people":
        world.tables["households"].base("first_member")[:] = starts
    world.place_tiles()
    return new_rows


def _in_order(places: np.ndarray, count: int) -> tuple[I64, I64]:
    """Return the stable order of rows by place, and where the rows of each of `count` places start in it."""
    order, starts = np.empty(len(places), dtype=np.int64), np.empty(count + 2, dtype=np.int64)
    put_in_order(places.astype(np.int32), order, starts)
    return order, starts[:-2]


def _copier(source: I64) -> Callable[[NDArray[Any], NDArray[Any]], None]:
    """Return what copies the rows `source` of a column: few rows move apart, so that runs of them are copied whole."""
    parts = (source[1:] != source[:-1] + 1) | (source[:-1] == NO_ROW)
    first = np.concatenate([[0], np.flatnonzero(parts) + 1, [len(source)]])
    begin = source[first[:-1]] if len(source) else source

    def copy(old: NDArray[Any], fresh: NDArray[Any]) -> None:
        width = old.dtype.itemsize * (old.shape[1] if old.ndim > 1 else 1)
        copy_runs(old.reshape(-1).view(np.uint8), fresh.reshape(-1).view(np.uint8), width, begin, first)

    return copy


def _move_memory(world: World, table: str, source: I64) -> None:
    """Move what policies remember of each row of a table, under names that end with "@table"; newcomers get 0."""
    for name, values in world.memory.items():
        if name.endswith("@" + table):
            known = np.append(values, np.zeros(1, dtype=values.dtype))  # NO_ROW is the last entry: newcomers
            world.memory[name] = known[source]


def _repair_references(world: World, table: str, moved: I32) -> None:
    moved.flags.writeable = False
    columns = [
        other.base(column.name).reshape(-1)
        for other in world.tables.values()
        for column in other.columns.values()
        if column.ref == table
    ]
    world.tiles.all_of([partial(repair, column, moved) for column in columns])
