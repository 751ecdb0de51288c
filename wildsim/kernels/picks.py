"""Picks that depend on no count, and repairs of references after rows have moved."""

from __future__ import annotations

import numpy as np

from wildsim.core.table import F64, I8, I32, I64, U64
from wildsim.kernels.compiled import kernel
from wildsim.kernels.philox import mix, words


@kernel()
def pick_rival(
    first: int, last: int, starts: I64, ids: U64, kinds: I8, wanted: I8, choosing: I8, key: int, month: int, picked: I32
) -> None:
    """Give each choosing firm one firm of the `wanted` kind of its region: the one with the highest hash of (draw, id).

    Args:
        wanted: Kind that each firm looks for. choosing: 1 for firms that pick. picked: Out, row or -1.
    """
    for t in range(first, last):
        for f in range(starts[t], starts[t + 1]):
            picked[f] = -1
            if choosing[f] == 0:
                continue
            w0, _, _, _ = words(key, month, ids[f], 0)
            highest = w0 * 0
            for g in range(starts[t], starts[t + 1]):
                if kinds[g] == wanted[f] and g != f:
                    hashed = mix(ids[g], w0)
                    if picked[f] < 0 or hashed > highest:
                        highest = hashed
                        picked[f] = g


@kernel()
def repair(references: I32, moved: I32) -> None:
    """Replace every row number by where that row has moved to (-1: it is gone)."""
    for i in range(references.size):
        row = references[i]
        if row >= 0:
            references[i] = moved[row]


@kernel()
def pick_founder(
    low: int, high: int, ids: U64, deposits: F64, least: float, key: np.uint64, month: int, place: np.uint64
) -> int:
    """Return the household of rows `low` to `high` with `least` USD and the highest hash of (draw, id), or -1."""
    w0, _, _, _ = words(key, month, place, 0)
    best = -1
    highest = np.uint64(0)
    for h in range(low, high):
        if deposits[h] >= least:
            hashed = mix(ids[h], w0)
            if best < 0 or hashed > highest:
                highest = hashed
                best = h
    return best
