"""Philox4x32-10, a counter-based generator: every draw is a pure function of its counter and key.

Source: Salmon, Moraes, Dror, Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3", SC'11. Constants and the
known answers tested against are those of the authors' Random123 library.
"""

from __future__ import annotations

import numpy as np

from wildsim.core.table import F64, U64
from wildsim.kernels.compiled import inlined, kernel

_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)


@inlined
def philox(c0, c1, c2, c3, k0, k1):  # type: ignore[no-untyped-def]
    """Return four 32-bit words (as uint64) for the counter (c0..c3) and the key (k0, k1)."""
    for _ in range(10):
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0, c1, c2, c3 = (p1 >> _SHIFT) ^ c1 ^ k0, p1 & _LOW, (p0 >> _SHIFT) ^ c3 ^ k1, p0 & _LOW
        k0 = (k0 + _W0) & _LOW
        k1 = (k1 + _W1) & _LOW
    return c0, c1, c2, c3


@inlined
def words(key, month, row_id, block):  # type: ignore[no-untyped-def]
    """Return the four words of draw numbers 4*block to 4*block+3 of one row in one month."""
    return philox(
        row_id & _LOW,
        row_id >> _SHIFT,
        np.uint64(month) & _LOW,
        np.uint64(block) & _LOW,
        key & _LOW,
        key >> _SHIFT,
    )


@inlined
def unit(word):  # type: ignore[no-untyped-def]
    """Return a 32-bit word as a number strictly between 0 and 1."""
    return (np.float64(word) + 0.5) * 2.3283064365386963e-10


@inlined
def mix(x, y):  # type: ignore[no-untyped-def]
    """Return a 64-bit hash of two integers (splitmix64), for slots: positions, not draws."""
    z = np.uint64(x) + np.uint64(0x9E3779B97F4A7C15) * (np.uint64(y) + np.uint64(1))
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def mix_all(x: U64, y: U64) -> U64:
    """Return `mix` of two arrays, element by element."""
    return np.asarray(getattr(mix, "py_func", mix)(x, y))


@kernel()
def fill_uniform(key: np.uint64, month: int, ids: U64, out: F64) -> None:
    """Fill `out` (rows, draws) with uniform numbers in (0, 1), one row an id."""
    draws = out.shape[1]
    for block in range((draws + 3) // 4):
        first = 4 * block
        left = draws - first
        for i in range(ids.size):
            w0, w1, w2, w3 = words(key, month, ids[i], block)
            out[i, first] = unit(w0)
            if left > 1:
                out[i, first + 1] = unit(w1)
            if left > 2:
                out[i, first + 2] = unit(w2)
            if left > 3:
                out[i, first + 3] = unit(w3)
