"""Citations and h-indices: one pass over all papers."""

from __future__ import annotations

import numpy as np

from wildsim.core.table import F64, I16, I32, U64
from wildsim.kernels.compiled import inlined, kernel
from wildsim.kernels.philox import unit, words

#: Above this mean a Poisson number is drawn as a normal one (error of any probability below .01).
_MANY = 200.0


@inlined
def poisson(mean, word, other):  # type: ignore[no-untyped-def]
    """Return a Poisson number from one random word (two for a large mean); it never falls when the mean rises."""
    if mean <= 0.0:
        return 0
    if mean > _MANY:
        normal = np.sqrt(-2.0 * np.log(unit(word))) * np.cos(2.0 * np.pi * unit(other))
        return max(0, int(np.floor(mean + np.sqrt(mean) * normal + 0.5)))
    u = unit(word)
    chance = np.exp(-mean)
    below = chance
    number = 0
    while u > below and chance > 0.0:
        number += 1
        chance *= mean / number
        below += chance
    return number


@kernel(sector="science")
def poisson_numbers(key: np.uint64, month: int, ids: U64, means: F64, most: int, out: I32) -> None:
    """Draw a Poisson number a row, `most` at most, keyed by its id: nobody's number depends on how many rows there are.

    Args:
        means: Expected numbers. out: Filled with the numbers.
    """
    for i in range(ids.size):
        w0, w1, _, _ = words(key, month, ids[i], 0)
        out[i] = min(poisson(means[i], w0, w1), most)


@kernel(sector="science")
def h_indices(authors: I32, citations: I32, out: I16) -> None:
    """Fill `out` with the h-index of each scientist: the largest h with h papers cited h times or more (Hirsch 2005).

    Papers whose author has left count for nobody. Linear in papers: a histogram of citations for each author, cut at
    the number of own papers, which no h can exceed.
    """
    count = out.size
    first = np.zeros(count + 1, dtype=np.int64)  # where the histogram of each author starts
    for p in range(authors.size):
        if authors[p] >= 0:
            first[authors[p] + 1] += 1
    for a in range(count):
        first[a + 1] += first[a] + 1
    cited = np.zeros(first[count], dtype=np.int32)
    for p in range(authors.size):
        a = authors[p]
        if a >= 0:
            cited[first[a] + min(np.int64(citations[p]), first[a + 1] - first[a] - 1)] += 1
    for a in range(count):
        at_least = 0
        h = first[a + 1] - first[a] - 1
        while h > 0:
            at_least += cited[first[a] + h]
            if at_least >= h:
                break
            h -= 1
        out[a] = h
