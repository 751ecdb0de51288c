"""Random order: rows sorted by a keyed hash of their ids."""

from __future__ import annotations

import numpy as np

from wildsim.kernels.compiled import inlined


@inlined
def sort_by(keys, ids):  # type: ignore[no-untyped-def]
    """Return the order that sorts 32-bit `keys`, equal ones by id (radix sort, 11 bits a pass)."""
    count = keys.size
    order = np.arange(count).astype(np.int32)
    other = np.empty(count, dtype=np.int32)
    for shift in (0, 11, 22):
        tally = np.zeros(2049, dtype=np.int64)
        for i in range(count):
            tally[((keys[i] >> shift) & 2047) + 1] += 1
        for digit in range(2047):
            tally[digit + 1] += tally[digit]
        for i in range(count):
            row = order[i]
            digit = (keys[row] >> shift) & 2047
            other[tally[digit]] = row
            tally[digit] += 1
        order, other = other, order
    for i in range(1, count):
        j = i
        while j > 0 and keys[order[j]] == keys[order[j - 1]] and ids[order[j]] < ids[order[j - 1]]:
            order[j], order[j - 1] = order[j - 1], order[j]
            j -= 1
    return order


@inlined
def member_by_id(ids, first, count, rank):  # type: ignore[no-untyped-def]
    """Return the row of the member with `rank` smaller ids among the `count` members from row `first` on."""
    if count == 1:
        return first
    for p in range(first, first + count):
        below = 0
        for q in range(first, first + count):
            below += ids[q] < ids[p]
        if below == rank:
            return p
    return first
