"""Rows on the move: the order that newcomers fit into, and columns copied by runs of rows that stay together."""

from __future__ import annotations

from wildsim.core.table import I32, I64, U8
from wildsim.kernels.compiled import kernel


@kernel()
def put_in_order(places: I32, order: I64, starts: I64) -> None:
    """Sort rows by place, those of one place in the order given, by counting how many each place has.

    Args:
        places: Of each row, from 0. order: Out, row that comes at each position, (rows).
        starts: Out, position of the first row of each place, then twice the number of rows, (places + 2).
    """
    starts[:] = 0
    for i in range(places.size):
        starts[places[i] + 2] += 1
    for place in range(2, starts.size):
        starts[place] += starts[place - 1]
    for i in range(places.size):
        order[starts[places[i] + 1]] = i
        starts[places[i] + 1] += 1


@kernel()
def copy_runs(old: U8, fresh: U8, width: int, source: I64, first: I64) -> None:
    """Copy a column run by run: rows that stay together are copied as one piece.

    Args:
        old, fresh: The column before and after, as bytes. width: Bytes a row.
        source: Row of `old` at which each run starts, -1 for new rows, which are left alone, (runs).
        first: Row of `fresh` at which it starts, then the number of rows, (runs + 1).
    """
    for run in range(source.size):
        if source[run] < 0:
            continue
        piece = fresh[first[run] * width : first[run + 1] * width]
        kept = old[source[run] * width :]
        for i in range(piece.size):
            piece[i] = kept[i]
