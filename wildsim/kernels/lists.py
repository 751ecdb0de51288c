"""Lists of fixed capacity that picks are drawn from: posts and sellers (docs/decisions/0032)."""

from __future__ import annotations

import numpy as np

from wildsim.kernels.compiled import inlined
from wildsim.kernels.philox import mix, words


@inlined
def enter(holder, highest, firm, firm_id, entries, key, month):  # type: ignore[no-untyped-def]
    """Enter a firm `entries` times, each at a slot keyed by its id, the month and the number of the entry.

    Of two entries in one slot the one with the higher hash has it, so that no entry depends on how many there are.

    Args:
        holder, highest: Row of the firm that has each slot (-1: none) and its hash, (slots); changed in place.
    """
    mask = np.uint64(holder.size - 1)
    luck, _, _, _ = words(key, month, firm_id, 0)
    for j in range(entries):
        hashed = mix(firm_id ^ (luck << np.uint64(32)), j)
        slot = np.int64((hashed >> np.uint64(20)) & mask)
        if holder[slot] < 0 or hashed > highest[slot]:
            holder[slot] = firm
            highest[slot] = hashed
