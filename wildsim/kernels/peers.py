"""What goes along ties: news of posts, means over ties; and how tightly ties are knit."""

from __future__ import annotations

import math

import numpy as np

from wildsim.core.table import F32, F64, I8, I16, I32, I64
from wildsim.kernels.compiled import inlined, kernel
from wildsim.kernels.network import made

#: A tie in a tally that packs three counts of ten bits: ties, those at work, those who search without work.
_TIE, _WORKS, _LOOKS = np.int32(1), np.int32(1 << 10), np.int32(1 << 20)


@kernel(sector="network")
def tell(
    first: int,
    last: int,
    starts: I64,
    friend: I32,
    household: I32,
    first_member: I32,
    members: I8,
    employer: I32,
    participates: I8,
    pass_on: float,
    through_ties: float,
    ties: I16,
    contacts: I16,
    news: F32,
) -> None:
    """Count everybody's ties and those at work; find out how much those out of work hear of posts.

    A tie at work hears of a post with chance `pass_on` and tells one of its own ties out of work, each as likely
    (Boorman 1975; Calvo-Armengol, Jackson 2004), so that who has many rivals hears less.

    Args:
        through_ties: Share of jobs found through ties. news: Out, relative to the searchers without work of the
            region, mean 1 over them; 1 for everybody else.
    """
    for t in range(first, last):
        low, high = starts[t], starts[t + 1]
        state = np.empty(high - low, dtype=np.int32)  # what a tie with this person counts for: see _TIE
        tally = np.zeros(high - low, dtype=np.int32)
        for p in range(low, high):
            state[p - low] = _TIE
            if employer[p] >= 0:
                state[p - low] = _TIE + _WORKS
            elif participates[p] == 1:
                state[p - low] = _TIE + _LOOKS
        for p in range(low, high):
            begin = first_member[household[p]]
            end = begin + members[household[p]]
            own, found = state[p - low], np.int32(0)
            for k in range(friend.shape[1]):
                j = friend[p, k]
                if low <= j < high and not begin <= j < end:
                    found += state[j - low]
                    tally[j - low] += own
            for q in range(begin, end):
                if q != p:
                    found += state[q - low]
            tally[p - low] += found
        silence = np.zeros(high - low)  # log of the chance to hear nothing
        for p in range(low, high):
            works, looks = state[p - low] == _TIE + _WORKS, state[p - low] == _TIE + _LOOKS
            searchers = tally[p - low] >> 20
            if not looks and (not works or searchers == 0):
                continue
            begin = first_member[household[p]]
            end = begin + members[household[p]]
            told = math.log1p(-pass_on / searchers) if works else 0.0
            for k in range(friend.shape[1]):
                j = friend[p, k]
                if not low <= j < high or begin <= j < end:
                    continue
                if looks and state[j - low] == _TIE + _WORKS:
                    silence[p - low] += math.log1p(-pass_on / (tally[j - low] >> 20))
                elif works and state[j - low] == _TIE + _LOOKS:
                    silence[j - low] += told
            if works:
                for q in range(begin, end):
                    if state[q - low] == _TIE + _LOOKS:
                        silence[q - low] += told
        total, count = 0.0, 0
        for p in range(low, high):
            ties[p] = tally[p - low] & 1023
            contacts[p] = (tally[p - low] >> 10) & 1023
            if state[p - low] == _TIE + _LOOKS:
                total += -math.expm1(silence[p - low])
                count += 1
        for p in range(low, high):
            news[p] = 1.0
            if total > 0.0 and state[p - low] == _TIE + _LOOKS:
                news[p] = 1.0 - through_ties - through_ties * math.expm1(silence[p - low]) * count / total


@kernel(sector="network")
def add_up(
    first: int,
    last: int,
    starts: I64,
    friend: I32,
    household: I32,
    first_member: I32,
    members: I8,
    values: F64,
    sums: F64,
) -> None:
    """Add up `values` over the ties of everybody, those at home included, and count the ties.

    Args:
        sums: Out, sum and number of each person's ties, (people, 2).
    """
    for t in range(first, last):
        low, high = starts[t], starts[t + 1]
        sums[low:high] = 0.0
        for p in range(low, high):
            begin = first_member[household[p]]
            end = begin + members[household[p]]
            own, total, number = values[p], sums[p, 0], sums[p, 1]
            for k in range(friend.shape[1]):
                j = friend[p, k]
                if not low <= j < high or begin <= j < end:
                    continue
                total += values[j]
                number += 1.0
                sums[j, 0] += own
                sums[j, 1] += 1.0
            for q in range(begin, end):
                if q != p:
                    total += values[q]
                    number += 1.0
            sums[p, 0], sums[p, 1] = total, number


@kernel(sector="network")
def triangles(starts: I64, neighbours: I32, rows: I64, found: F64) -> None:
    """Fill the local clustering of some rows of a network in compressed rows, neighbours in ascending order.

    Args:
        found: Out, share of pairs of neighbours that are tied (Watts, Strogatz 1998); 0 with fewer than two.
    """
    for n in range(rows.size):
        p = rows[n]
        degree = starts[p + 1] - starts[p]
        found[n] = 0.0
        if degree < 2:
            continue
        shared = 0
        for a in range(starts[p], starts[p + 1]):
            i, j = starts[p], starts[neighbours[a]]
            end = starts[neighbours[a] + 1]
            while i < starts[p + 1] and j < end:
                if neighbours[i] == neighbours[j]:
                    shared += 1
                    i += 1
                    j += 1
                elif neighbours[i] < neighbours[j]:
                    i += 1
                else:
                    j += 1
        found[n] = shared / (degree * (degree - 1.0))


@inlined
def _note(known, count, n, other):  # type: ignore[no-untyped-def]
    """Write a tie of the `n`-th of a sample down, if it is one of it and there is room."""
    if n >= 0 and count[n] < known.shape[1]:
        known[n, count[n]] = other
        count[n] += 1


@kernel(sector="network")
def clustering_of(
    first: int,
    last: int,
    starts: I64,
    asked: I64,
    rows: I64,
    place: I16,
    friend: I32,
    household: I32,
    first_member: I32,
    members: I8,
    known: I32,
    found: F64,
) -> None:
    """Fill the local clustering of a sample of people in one pass over all ties.

    Args:
        asked: Where those of each tile start in the sample, (tiles + 1). rows: Of the sample, in ascending order.
        place: Place in the sample of everybody, -1 for the others. known: Room for the ties of each, (sample, most).
        found: Out, share of pairs of ties that are tied (Watts, Strogatz 1998); 0 with fewer than two.
    """
    for t in range(first, last):
        low, high = starts[t], starts[t + 1]
        count = np.zeros(rows.size, dtype=np.int32)
        for p in range(low, high):
            for k in range(friend.shape[1]):
                j = friend[p, k]
                if not low <= j < high or (place[p] < 0 and place[j] < 0) or household[j] == household[p]:
                    continue
                _note(known, count, place[p], j)
                _note(known, count, place[j], p)
        for n in range(asked[t], asked[t + 1]):
            home = household[rows[n]]
            for q in range(first_member[home], first_member[home] + members[home]):
                if q != rows[n]:
                    _note(known, count, n, q)
            pairs = 0
            for a in range(count[n]):
                for b in range(a):
                    i, j = known[n, a], known[n, b]
                    if household[i] == household[j] or made(friend, i, j) or made(friend, j, i):
                        pairs += 1
            if count[n] > 1:
                found[n] = 2.0 * pairs / (count[n] * (count[n] - 1.0))
