"""Ties between people: they fade, people meet at home and at work, friends of friends become friends.

Regions are tiles: ties never leave a region. A tie stands in one slot, that of the person who made it.
"""

from __future__ import annotations

import math

import numpy as np

from wildsim.core.table import F32, F64, I8, I16, I32, I64, U64
from wildsim.kernels.compiled import inlined, kernel
from wildsim.kernels.philox import mix, unit, words

#: Seats of a meeting place, and tries of one person in one month: technical, ample.
SEATS, TRIES = np.uint64(8), 16
#: Members of a household that an introduction may lead to.
KIN = 4
_HOME, _WORK, _SEAT = np.uint64(1), np.uint64(2), np.uint64(3)
_HALF, _LOW = np.uint64(16), np.uint64(0xFFFF)


@inlined
def _place(place, seat, mask):  # type: ignore[no-untyped-def]
    """Return the slot of a seat at a meeting place."""
    return np.int64((mix(place, seat) >> np.uint64(16)) & mask)


@inlined
def _sit(holder, highest, place, luck, person, mask):  # type: ignore[no-untyped-def]
    """Let a person take a seat at a place; of several the one with the highest hash has it."""
    hashed = mix(luck ^ place, _SEAT)
    slot = _place(place, hashed % SEATS, mask)
    if holder[slot] < 0 or hashed > highest[slot]:
        holder[slot] = person
        highest[slot] = hashed


@inlined
def _tie(friend, household, first_member, members, person, draw):  # type: ignore[no-untyped-def]
    """Return the person in slot `draw` of a circle: ties made, then members of the household; -1 if it is empty."""
    slots = friend.shape[1]
    if draw < slots:
        return np.int64(friend[person, draw])
    home = household[person]
    other = np.int64(first_member[home]) + draw - slots
    if draw - slots >= members[home] or other == person:
        return np.int64(-1)
    return other


@inlined
def _made(friend, person, other):  # type: ignore[no-untyped-def]
    """Return whether `person` has made a tie with `other`."""
    for k in range(friend.shape[1]):
        if friend[person, k] == other:
            return True
    return False


@inlined
def _fade(friend, household, p, low, high, fading, key, month, row_id):  # type: ignore[no-untyped-def]
    """End ties by chance, with those who moved away and with those who moved in; return how many are left."""
    kept = 0
    w0, w1, w2, w3 = words(key, month, row_id, 0)
    for k in range(friend.shape[1]):
        if k > 0 and k % 4 == 0:
            w0, w1, w2, w3 = words(key, month, row_id, k // 4)
        turn = k % 4
        word = w0 if turn == 0 else w1 if turn == 1 else w2 if turn == 2 else w3
        j = friend[p, k]
        if j < 0:
            continue
        if j < low or j >= high or household[j] == household[p] or unit(word) < fading:
            friend[p, k] = -1
        else:
            kept += 1
    return kept


@kernel(sector="network")
def renew(
    first: int,
    last: int,
    starts: I64,
    # people
    ids: U64,
    household: I32,
    age: F32,
    employer: I32,
    wanted: I8,
    # households, firms, regions
    first_member: I32,
    members: I8,
    block: I32,
    firm_ids: U64,
    seats: I64,
    # the rule
    turns: int,
    meetings: int,
    fading: float,
    closure: float,
    at_work: float,
    reach: float,
    first_age: float,
    key: int,
    month: int,
    friend: I32,
) -> None:
    """Let every `turns`-th person, another part each month, lose ties and make new ones.

    Those whose turn it is take seats at their two meeting places, home and work (foci of Feld 1981). Each then looks for
    as many people as are missing: a tie of a tie with chance `closure`, a colleague with chance `at_work`, otherwise a
    neighbour. Who is met becomes a tie with a chance that falls with the difference of age and rises with sociability.

    Args:
        seats: Capacity of each region's list of seats, a power of two. meetings: Most new ties a turn.
        fading: Chance that a tie ends. reach: Years of age over which that chance falls to 1/e.
    """
    for t in range(first, last):
        low, high = starts[t], starts[t + 1]
        mask = np.uint64(seats[t] - 1)
        holder = np.full(seats[t], -1, dtype=np.int32)
        highest = np.zeros(seats[t], dtype=np.uint64)
        out = np.empty(high - low, dtype=np.int32)
        count = 0
        for p in range(low, high):
            if wanted[p] <= 0 or age[p] < first_age:
                continue
            luck = mix(ids[p] ^ np.uint64(key), month)
            if luck % np.uint64(turns) != np.uint64(0):
                continue
            out[count] = p
            count += 1
            _sit(holder, highest, mix(np.uint64(block[household[p]]), _HOME), luck, p, mask)
            if employer[p] >= 0:
                _sit(holder, highest, mix(firm_ids[employer[p]], _WORK), luck, p, mask)
        for n in range(count):
            p = out[n]
            kept = _fade(friend, household, p, low, high, fading, key, month, ids[p])
            missing = min(wanted[p] - kept, meetings)
            home, job = block[household[p]], employer[p]
            for attempt in range(TRIES):
                if missing <= 0:
                    break
                w0, w1, w2, w3 = words(key, month, ids[p], 3 + attempt)
                kind = unit(w0)
                j = np.int64(-1)
                if kind < closure:
                    choices = np.uint64(friend.shape[1] + KIN)
                    m = _tie(friend, household, first_member, members, p, np.int64((w1 & _LOW) % choices))
                    if low <= m < high:
                        j = _tie(friend, household, first_member, members, m, np.int64((w1 >> _HALF) % choices))
                elif job >= 0 and kind < closure + at_work:
                    j = np.int64(holder[_place(mix(firm_ids[job], _WORK), w2 % SEATS, mask)])
                    if j >= 0 and employer[j] != job:
                        continue
                else:
                    j = np.int64(holder[_place(mix(np.uint64(home), _HOME), w2 % SEATS, mask)])
                    if j >= 0 and block[household[j]] != home:
                        continue
                if j < low or j >= high or wanted[j] <= 0 or age[j] < first_age or household[j] == household[p]:
                    continue
                if unit(w3) >= math.exp(-abs(age[p] - age[j]) / reach) * wanted[j] / friend.shape[1]:
                    continue
                if _made(friend, p, j) or _made(friend, j, p):
                    continue
                for k in range(friend.shape[1]):
                    if friend[p, k] < 0:
                        friend[p, k] = j
                        break
                missing -= 1


@kernel(sector="network")
def count_ties(
    first: int,
    last: int,
    starts: I64,
    friend: I32,
    household: I32,
    first_member: I32,
    members: I8,
    employer: I32,
    participates: I8,
    ties: I16,
    contacts: I16,
    searchers: I16,
) -> None:
    """Count everybody's ties, those at work among them, and those who search without work."""
    for t in range(first, last):
        low, high = starts[t], starts[t + 1]
        for p in range(low, high):
            ties[p] = 0
            contacts[p] = 0
            searchers[p] = 0
        for p in range(low, high):
            works = employer[p] >= 0
            looks = not works and participates[p] == 1
            home = household[p]
            for k in range(friend.shape[1]):
                j = friend[p, k]
                if j < low or j >= high or household[j] == home:
                    continue
                ties[p] += 1
                ties[j] += 1
                contacts[j] += works
                searchers[j] += looks
                if employer[j] >= 0:
                    contacts[p] += 1
                elif participates[j] == 1:
                    searchers[p] += 1
            for q in range(first_member[home], first_member[home] + members[home]):
                if q != p:
                    ties[q] += 1
                    contacts[q] += works
                    searchers[q] += looks


@kernel(sector="network")
def hear(
    first: int,
    last: int,
    starts: I64,
    friend: I32,
    household: I32,
    first_member: I32,
    members: I8,
    employer: I32,
    participates: I8,
    searchers: I16,
    pass_on: float,
    through_ties: float,
    news: F32,
) -> None:
    """Find out how much those out of work hear of posts, relative to the mean searcher of the region.

    A tie at work hears of a post with chance `pass_on` and tells one of its own ties out of work, each as likely
    (Boorman 1975; Calvo-Armengol, Jackson 2004), so that who has many rivals hears less.

    Args:
        searchers: Number of ties out of work of everybody. through_ties: Share of jobs found through ties.
        news: Out, mean 1 over those who search without work; 1 for everybody else.
    """
    for t in range(first, last):
        low, high = starts[t], starts[t + 1]
        silence = np.zeros(high - low)  # log of the chance to hear nothing
        for p in range(low, high):
            works = employer[p] >= 0
            looks = not works and participates[p] == 1
            if not (works or looks) or searchers[p] == 0 and works:
                continue
            home = household[p]
            told = math.log1p(-pass_on / searchers[p]) if works else 0.0
            for k in range(friend.shape[1]):
                j = friend[p, k]
                if j < low or j >= high or household[j] == home:
                    continue
                if looks and employer[j] >= 0:
                    silence[p - low] += math.log1p(-pass_on / searchers[j])
                elif works and employer[j] < 0 and participates[j] == 1:
                    silence[j - low] += told
            if works:
                for q in range(first_member[home], first_member[home] + members[home]):
                    if employer[q] < 0 and participates[q] == 1:
                        silence[q - low] += told
        total, count = 0.0, 0
        for p in range(low, high):
            if employer[p] < 0 and participates[p] == 1:
                total += -math.expm1(silence[p - low])
                count += 1
        for p in range(low, high):
            news[p] = 1.0
            if total > 0.0 and employer[p] < 0 and participates[p] == 1:
                heard = -math.expm1(silence[p - low]) * count / total
                news[p] = 1.0 - through_ties + through_ties * heard


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
    total: F64,
    count: I32,
) -> None:
    """Add up `values` over the ties of everybody, those at home included, and count the ties."""
    for t in range(first, last):
        low, high = starts[t], starts[t + 1]
        for p in range(low, high):
            total[p] = 0.0
            count[p] = 0
        for p in range(low, high):
            home = household[p]
            for k in range(friend.shape[1]):
                j = friend[p, k]
                if j < low or j >= high or household[j] == home:
                    continue
                total[p] += values[j]
                total[j] += values[p]
                count[p] += 1
                count[j] += 1
            for q in range(first_member[home], first_member[home] + members[home]):
                if q != p:
                    total[p] += values[q]
                    count[p] += 1


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
