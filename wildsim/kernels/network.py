"""Ties between people: they fade, people meet at home and at work, friends of friends become friends.

Regions are tiles: ties never leave a region. A tie stands in one slot, that of the person who made it.
"""

from __future__ import annotations

import math

import numpy as np

from wildsim.core.table import F32, I8, I16, I32, I64, U64
from wildsim.kernels.compiled import inlined, kernel
from wildsim.kernels.order import sort_by
from wildsim.kernels.philox import mix, unit, words

#: Seats of a meeting place, and attempts of one person in one month beyond the ties that it can make: technical.
SEATS, SPARE = 8, 6
#: Differences of age, in units of `age_reach`, from which nobody is chosen (weight below .01): saves time.
FAR = 5.0
#: Members of a household that an introduction may lead to.
KIN = 4
_HOME, _WORK, _SEAT, _CLUB = np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(4)
_NONE, _ONE, _SIX = np.uint64(0), np.uint64(1), np.uint64(63)
_HALF, _WORD, _TAG, _LOW = np.uint64(16), np.uint64(32), np.uint64(48), np.uint64(0xFFFF)
_ROW, _ROUND = np.uint64(0xFFFFFFFF), np.uint64(1 << 32)


@inlined
def _place(place, seat, mask):  # type: ignore[no-untyped-def]
    """Return the slot of a seat at a meeting place."""
    return np.int64((mix(place, seat) >> np.uint64(16)) & mask)


@inlined
def _sit(seated, place, luck, person, ids, mask):  # type: ignore[no-untyped-def]
    """Let a person take a seat at a place; of several the one with the highest hash (then the highest id) has it.

    A slot packs 16 bits of the hash, 16 of the place and the row plus one; 0 is an empty seat.
    """
    hashed = mix(luck ^ place, _SEAT)
    slot = _place(place, hashed % np.uint64(SEATS), mask)
    entry = ((hashed >> _TAG) << _TAG) | ((place & _LOW) << _WORD) | np.uint64(person + 1)
    if entry >> _WORD == seated[slot] >> _WORD:
        if ids[person] > ids[np.int64(seated[slot] & _ROW) - 1]:
            seated[slot] = entry
    elif entry > seated[slot]:
        seated[slot] = entry


@inlined
def _by_id(ids, household, low, high):  # type: ignore[no-untyped-def]
    """Return the rows of a region with the members of each household in the order of their ids."""
    order = np.arange(low, high).astype(np.int32)
    for i in range(1, high - low):
        j = i
        while j > 0 and household[order[j]] == household[order[j - 1]] and ids[order[j]] < ids[order[j - 1]]:
            order[j], order[j - 1] = order[j - 1], order[j]
            j -= 1
    return order


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
def _tie(friend, household, first_member, members, order, low, person, draw):  # type: ignore[no-untyped-def]
    """Return the person in slot `draw` of a circle: ties made, then members of the household; -1 if it is empty.

    Args:
        order: Rows of the region from `low` on, members of a household by id (see `_by_id`).
    """
    slots = friend.shape[1]
    if draw < slots:
        return np.int64(friend[person, draw])
    home = household[person]
    if draw - slots >= members[home]:
        return np.int64(-1)
    other = np.int64(order[np.int64(first_member[home]) + draw - slots - low])
    return np.int64(-1) if other == person else other


@inlined
def made(friend, person, other):  # type: ignore[no-untyped-def]
    """Return whether `person` has made a tie with `other`."""
    for k in range(friend.shape[1]):
        if friend[person, k] == other:
            return True
    return False


@inlined
def _through(friend, household, first_member, members, order, circle, person, low, high, draw):  # type: ignore[no-untyped-def]
    """Return a tie of somebody in the `circle` of `person`, or -1."""
    choices = np.uint64(circle.size)
    m = circle[(draw & _LOW) % choices]
    if m < low or m >= high:
        return np.int64(-1)
    j = _tie(friend, household, first_member, members, order, low, m, np.int64(((draw >> _HALF) & _LOW) % choices))
    return np.int64(-1) if j == person else j


@inlined
def _keep(friend, person, other):  # type: ignore[no-untyped-def]
    """Write a new tie into the first empty slot of `person`."""
    for k in range(friend.shape[1]):
        if friend[person, k] < 0:
            friend[person, k] = other
            break


@inlined
def _look_round(friend, household, first_member, members, order, low, person, circle):  # type: ignore[no-untyped-def]
    """Write the circle of `person` down; return a mask with a bit for each in it."""
    bits = _NONE
    for draw in range(circle.size):
        m = _tie(friend, household, first_member, members, order, low, person, draw)
        circle[draw] = m
        if m >= 0:
            bits |= _ONE << (np.uint64(m) & _SIX)
    return bits


@inlined
def _shared(friend, household, first_member, members, order, low, other, circle, bits):  # type: ignore[no-untyped-def]
    """Return whether `other` made a tie with, or lives with, somebody of a circle."""
    for draw in range(circle.size):
        m = _tie(friend, household, first_member, members, order, low, other, draw)
        if m >= 0 and (bits >> (np.uint64(m) & _SIX)) & _ONE != _NONE:
            for known in circle:
                if known == m:
                    return True
    return False


@inlined
def _number(friend, person):  # type: ignore[no-untyped-def]
    """Return how many ties `person` has made."""
    number = 0
    for k in range(friend.shape[1]):
        number += friend[person, k] >= 0
    return number


@inlined
def _fade(friend, household, first_member, members, order, p, low, high, fading, bridges, luck, circle):  # type: ignore[no-untyped-def]
    """End ties by chance, and those with people who moved away; return how many are left."""
    key, month, row_id = luck
    bits = _look_round(friend, household, first_member, members, order, low, p, circle)
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
            ends = not _shared(friend, household, first_member, members, order, low, j, circle, bits)
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
    ties: I16,
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
    lonely: float,
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

    Those with fewer than `lonely` times the ties that they want look for some whenever they are about.

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
            elif ties[p] < lonely * wanted[p]:
                out[count] = -1 - p
                count += 1
            home = block[household[p]]
            club = _club(ids[p], home, blocks[t], club_reach)
            _sit(seated, mix(np.uint64(home), _HOME), luck, p, ids, mask)
            _sit(seated, mix(np.uint64(club), _CLUB), luck, p, ids, mask)
            if employer[p] >= 0:
                _sit(seated, mix(firm_ids[employer[p]], _WORK), luck, p, ids, mask)
        turn_keys, turn_ids = np.empty(count, dtype=np.uint32), np.empty(count, dtype=np.uint64)
        for n in range(count):
            p = out[n] if out[n] >= 0 else -1 - out[n]
            turn_keys[n], turn_ids[n] = mix(ids[p] ^ np.uint64(key), month) & _ROW, ids[p]
        queue = sort_by(turn_keys, turn_ids)
        order = _by_id(ids, household, low, high)
        for place_in_queue in range(count):
            n = queue[place_in_queue]
            p = out[n] if out[n] >= 0 else -1 - out[n]
            luck = (key, month, ids[p])
            if out[n] < 0:
                kept = _number(friend, p)
            else:
                kept = _fade(
                    friend, household, first_member, members, order, p, low, high, fading, bridges, luck, circle
                )
            missing = min(wanted[p] - kept, meetings)
            home, job = block[household[p]], employer[p]
            club = _club(ids[p], home, blocks[t], club_reach)
            bits = (
                _look_round(friend, household, first_member, members, order, low, p, circle) if missing > 0 else _NONE
            )
            for attempt in range(meetings + SPARE):
                if missing <= 0:
                    break
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
                        draw = mix(np.uint64(w1), seat)
                        j = _through(friend, household, first_member, members, order, circle, p, low, high, draw)
                    else:
                        j = _seated(seated, place, np.uint64(seat), mask)
                    if j < low or j >= high:
                        continue
                    # nobody comes earlier than at one's own age, by -ln u, nor that earlier than 1 - u
                    draw_of_both = unit(mix(ids[j], w2) >> _WORD)
                    if 1.0 - draw_of_both >= earliest:
                        continue
                    gap = abs(age[p] - age[j]) / age_reach
                    if gap > FAR or age[j] < first_age or wanted[j] <= 0 or household[j] == household[p]:
                        continue
                    time = -math.log(draw_of_both)
                    if time >= earliest:
                        continue
                    time *= math.exp(gap)
                    if time >= earliest or made(friend, p, j) or made(friend, j, p):
                        continue
                    if kind >= closure and not _shared(
                        friend, household, first_member, members, order, low, j, circle, bits
                    ):
                        time /= 1.0 - (1.0 - strangers) * kept / wanted[p]
                        if time >= earliest:
                            continue
                    chosen, earliest = j, time
                if chosen >= 0:
                    _keep(friend, p, chosen)
                    bits = _look_round(friend, household, first_member, members, order, low, p, circle)
                    kept += 1
                    missing -= 1
