"""Ties between people: they fade, people meet at home and at work, friends of friends become friends.

Regions are tiles: ties never leave a region. A tie stands in one slot, that of the person who made it.
"""

from __future__ import annotations

import math

import numpy as np

from wildsim.core.table import F32, F64, I8, I16, I32, I64, U64
from wildsim.kernels.compiled import inlined, kernel
from wildsim.kernels.philox import mix, unit, words

#: Seats of a meeting place, and attempts of one person in one month beyond the ties that it can make: technical.
SEATS, SPARE = 8, 6
#: Members of a household that an introduction may lead to.
KIN = 4
_HOME, _WORK, _SEAT, _CLUB = np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(4)
#: A tie in a tally that packs three counts of ten bits: ties, those at work, those who search without work.
_TIE, _WORKS, _LOOKS = np.int32(1), np.int32(1 << 10), np.int32(1 << 20)
_NONE, _ONE, _SIX = np.uint64(0), np.uint64(1), np.uint64(63)
_HALF, _WORD, _TAG, _LOW = np.uint64(16), np.uint64(32), np.uint64(48), np.uint64(0xFFFF)
_ROW, _ROUND = np.uint64(0xFFFFFFFF), np.uint64(1 << 32)


@inlined
def _place(place, seat, mask):  # type: ignore[no-untyped-def]
    """Return the slot of a seat at a meeting place."""
    return np.int64((mix(place, seat) >> np.uint64(16)) & mask)


@inlined
def _sit(seated, place, luck, person, mask):  # type: ignore[no-untyped-def]
    """Let a person take a seat at a place; of several the one with the highest hash has it.

    A slot packs 16 bits of the hash, 16 of the place and the row plus one; 0 is an empty seat.
    """
    hashed = mix(luck ^ place, _SEAT)
    slot = _place(place, hashed % np.uint64(SEATS), mask)
    entry = ((hashed >> _TAG) << _TAG) | ((place & _LOW) << _WORD) | np.uint64(person + 1)
    if entry > seated[slot]:
        seated[slot] = entry


@inlined
def _seated(seated, place, seat, mask):  # type: ignore[no-untyped-def]
    """Return who has a seat at a place; -1 for nobody."""
    entry = seated[_place(place, seat, mask)]
    if (entry >> _WORD) & _LOW != place & _LOW:
        return np.int64(-1)
    return np.int64(entry & _ROW) - 1


@inlined
def _club(row_id, block, blocks, reach):  # type: ignore[no-untyped-def]
    """Return the meeting place of a person beside home and work: fixed for life, shared with people of like places."""
    part = np.float64(mix(row_id, _CLUB) >> np.uint64(11)) * 1.1102230246251565e-16  # 2**-53: between 0 and 1
    number = np.int64(np.floor(block + (2.0 * part - 1.0) * reach * blocks))
    if number < 0:
        number = -1 - number
    if number >= blocks:
        number = 2 * blocks - 1 - number
    return min(max(number, 0), blocks - 1)


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
def _through(friend, household, first_member, members, person, low, high, draw):  # type: ignore[no-untyped-def]
    """Return a tie of a tie of `person`, or -1."""
    choices = np.uint64(friend.shape[1] + KIN)
    m = _tie(friend, household, first_member, members, person, np.int64((draw & _LOW) % choices))
    if m < low or m >= high:
        return np.int64(-1)
    j = _tie(friend, household, first_member, members, m, np.int64(((draw >> _HALF) & _LOW) % choices))
    return np.int64(-1) if j == person else j


@inlined
def _keep(friend, person, other):  # type: ignore[no-untyped-def]
    """Write a new tie into the first empty slot of `person`."""
    for k in range(friend.shape[1]):
        if friend[person, k] < 0:
            friend[person, k] = other
            break


@inlined
def _look_round(friend, household, first_member, members, person, circle):  # type: ignore[no-untyped-def]
    """Write the circle of `person` down; return a mask with a bit for each in it."""
    bits = _NONE
    for draw in range(circle.size):
        m = _tie(friend, household, first_member, members, person, draw)
        circle[draw] = m
        if m >= 0:
            bits |= _ONE << (np.uint64(m) & _SIX)
    return bits


@inlined
def _shared(friend, household, first_member, members, other, circle, bits):  # type: ignore[no-untyped-def]
    """Return whether `other` made a tie with, or lives with, somebody of a circle."""
    for draw in range(circle.size):
        m = _tie(friend, household, first_member, members, other, draw)
        if m >= 0 and (bits >> (np.uint64(m) & _SIX)) & _ONE != _NONE:
            for known in circle:
                if known == m:
                    return True
    return False


@inlined
def _fade(friend, household, first_member, members, p, low, high, fading, bridges, luck, circle):  # type: ignore[no-untyped-def]
    """End ties by chance, and those with people who moved away; return how many are left."""
    key, month, row_id = luck
    bits = _look_round(friend, household, first_member, members, p, circle)
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
        ends = j < low or j >= high or unit(word) < fading
        if not ends and unit(word) < bridges:
            ends = not _shared(friend, household, first_member, members, j, circle, bits)
        if ends:
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
    blocks: I32,
    seats: I64,
    # the rule
    turns: int,
    about: float,
    meetings: int,
    fading: float,
    bridges: float,
    strangers: float,
    nobody: float,
    closure: float,
    at_work: float,
    nearby: float,
    age_reach: float,
    club_reach: float,
    first_age: float,
    key: int,
    month: int,
    friend: I32,
) -> None:
    """Let every `turns`-th person, others each month, lose ties and make new ones.

    A share `about` of people take seats at their meeting places: the neighbourhood, work, a club (foci, Feld 1981).
    Each whose turn it is then looks for as many ties as are missing: among the ties of its ties with chance `closure`,
    among colleagues with chance `at_work`, among neighbours with chance `nearby`, otherwise in its club. Of those who
    are met one is chosen (exponential race, a logit choice), likelier the nearer in age, and likelier if known to the
    circle already.

    Args:
        blocks: Neighbourhoods and clubs of each region. seats: Capacity of its list of seats, a power of two.
        meetings: Most new ties a turn. fading, bridges: Chance that a tie ends, and that of one which nobody shares.
        strangers: Weight of somebody unknown to the circle, for those who have all the ties they want.
        nobody: Weight of choosing none of those met; 1 is that of somebody of one's age whom the circle knows.
        age_reach: Years of age over which the weight falls to 1/e.
        club_reach: How far along the neighbourhoods of a region people come to a club, as a share of them.
    """
    for t in range(first, last):
        low, high = starts[t], starts[t + 1]
        mask = np.uint64(seats[t] - 1)
        seated = np.zeros(seats[t], dtype=np.uint64)
        circle = np.empty(friend.shape[1] + KIN, dtype=np.int64)
        out = np.empty(high - low, dtype=np.int32)
        crowd = np.uint64(about * turns * 4294967296.0)
        count = 0
        for p in range(low, high):
            if wanted[p] <= 0 or age[p] < first_age:
                continue
            luck = mix(ids[p] ^ np.uint64(key), month)
            draw = (luck >> _WORD) * np.uint64(turns)
            if draw >= crowd:
                continue
            if draw < _ROUND:
                out[count] = p
                count += 1
            home = block[household[p]]
            club = _club(ids[p], home, blocks[t], club_reach)
            _sit(seated, mix(np.uint64(home), _HOME), luck, p, mask)
            _sit(seated, mix(np.uint64(club), _CLUB), luck, p, mask)
            if employer[p] >= 0:
                _sit(seated, mix(firm_ids[employer[p]], _WORK), luck, p, mask)
        for n in range(count):
            p = out[n]
            luck = (key, month, ids[p])
            kept = _fade(friend, household, first_member, members, p, low, high, fading, bridges, luck, circle)
            missing = min(wanted[p] - kept, meetings)
            home, job = block[household[p]], employer[p]
            club = _club(ids[p], home, blocks[t], club_reach)
            for attempt in range(meetings + SPARE):
                if missing <= 0:
                    break
                bits = _look_round(friend, household, first_member, members, p, circle)
                w0, w1, w2, w3 = words(key, month, ids[p], 3 + attempt)
                kind = unit(w0)
                place = mix(np.uint64(home), _HOME)
                if kind >= closure + at_work + nearby:
                    place = mix(np.uint64(club), _CLUB)
                elif kind < closure + at_work and job >= 0:
                    place = mix(firm_ids[job], _WORK)
                chosen, earliest = np.int64(-1), -math.log(unit(w3)) / nobody
                for seat in range(SEATS):
                    if kind < closure:
                        j = _through(friend, household, first_member, members, p, low, high, mix(np.uint64(w1), seat))
                    else:
                        j = _seated(seated, place, np.uint64(seat), mask)
                    if j < low or j >= high or wanted[j] <= 0 or age[j] < first_age or household[j] == household[p]:
                        continue
                    time = -math.log(unit(mix(ids[j], w2) >> _WORD)) * math.exp(abs(age[p] - age[j]) / age_reach)
                    if time >= earliest or _made(friend, p, j) or _made(friend, j, p):
                        continue
                    if kind >= closure and not _shared(friend, household, first_member, members, j, circle, bits):
                        time /= 1.0 - (1.0 - strangers) * kept / wanted[p]
                        if time >= earliest:
                            continue
                    chosen, earliest = j, time
                if chosen >= 0:
                    _keep(friend, p, chosen)
                    kept += 1
                    missing -= 1


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
            for k in range(friend.shape[1]):
                j = friend[p, k]
                if not low <= j < high or begin <= j < end:
                    continue
                sums[p, 0] += values[j]
                sums[j, 0] += values[p]
                sums[p, 1] += 1.0
                sums[j, 1] += 1.0
            for q in range(begin, end):
                if q != p:
                    sums[p, 0] += values[q]
                    sums[p, 1] += 1.0


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
    rows: I64,
    place: I32,
    friend: I32,
    household: I32,
    first_member: I32,
    members: I8,
    region: I16,
    known: I32,
    found: F64,
) -> None:
    """Fill the local clustering of a sample of people in one pass over all ties.

    Args:
        place: Place in the sample of everybody, -1 for the others. known: Room for the ties of each, (sample, most).
        found: Out, share of pairs of ties that are tied (Watts, Strogatz 1998); 0 with fewer than two.
    """
    count = np.zeros(rows.size, dtype=np.int32)
    for p in range(household.size):
        for k in range(friend.shape[1]):
            j = friend[p, k]
            if j < 0 or household[j] == household[p] or (place[p] < 0 and place[j] < 0):
                continue
            if region[household[j]] != region[household[p]]:
                continue
            _note(known, count, place[p], j)
            _note(known, count, place[j], p)
    for n in range(rows.size):
        home = household[rows[n]]
        for q in range(first_member[home], first_member[home] + members[home]):
            if q != rows[n]:
                _note(known, count, n, q)
        pairs = 0
        for a in range(count[n]):
            for b in range(a):
                i, j = known[n, a], known[n, b]
                if household[i] == household[j] or _made(friend, i, j) or _made(friend, j, i):
                    pairs += 1
        if count[n] > 1:
            found[n] = 2.0 * pairs / (count[n] * (count[n] - 1.0))
