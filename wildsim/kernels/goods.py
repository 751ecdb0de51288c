"""Shopping: households visit the shops they know, in random order, region by region."""

from __future__ import annotations

import numpy as np

from wildsim.core.table import F64, I8, I32, I64, U64
from wildsim.kernels.compiled import inlined, kernel
from wildsim.kernels.philox import mix, unit, words


@inlined
def list_sellers(slots, ids, kinds, entries, wanted, first, last):  # type: ignore[no-untyped-def]
    """Return a list of `slots` places with the sellers of a kind at the places that their ids hash to."""
    mask = np.uint64(slots - 1)
    seller = np.full(slots, -1, dtype=np.int32)
    highest = np.zeros(slots, dtype=np.uint64)
    for f in range(first, last):
        if kinds[f] == wanted:
            for j in range(entries[f]):
                hashed = mix(ids[f], j)
                slot = np.int64((hashed >> np.uint64(20)) & mask)
                if seller[slot] < 0 or hashed > highest[slot]:
                    seller[slot] = f
                    highest[slot] = hashed
    return seller


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


@kernel()
def shop(
    first: int,
    last: int,
    starts: I64,
    firm_starts: I64,
    slots: I64,
    # households
    ids: U64,
    first_member: I32,
    members: I8,
    deposits: F64,
    consumption: F64,
    # firms
    firm_ids: U64,
    kinds: I8,
    entries: I32,
    price: F64,
    # the rule
    tax: float,
    subsistence: float,
    necessity_share: float,
    swap: float,
    cheaper: float,
    key: int,
    month: int,
    # results
    known: I32,
    spending: F64,
    necessities: F64,
    stock: F64,
    demand: F64,
    sold: F64,
    revenue: F64,
) -> None:
    """Spend each household's budget at its shops, those of necessities first.

    A budget is split evenly between the shops known for a good; what one shop lacks is asked of the next one, once.
    Afterwards the household may swap a shop for a cheaper one drawn from the region's list, and drops one that
    was sold out (Lengnick 2013).

    Args:
        consumption: USD/month wanted by each person, product tax included. tax: Rate of product tax on prices.
        subsistence: USD/month of necessities that a person needs first. necessity_share: Share of what is left that
            goes to necessities (Stone-Geary). swap: Chance to compare prices. cheaper: Discount that makes one swap.
        known: (households, shops), changed in place; shops of necessities come first.
        entries: Entries of each seller in its region's list: how well known it is.
        stock, demand, sold, revenue: By firm: goods left, goods asked for at first, goods sold, USD taken.
    """
    count = known.shape[1]
    split = 3
    for t in range(first, last):
        begin, end = starts[t], starts[t + 1]
        lists = (
            list_sellers(slots[t], firm_ids, kinds, entries, 0, firm_starts[t], firm_starts[t + 1]),
            list_sellers(slots[t], firm_ids, kinds, entries, 1, firm_starts[t], firm_starts[t + 1]),
        )
        luck = np.empty((end - begin, 3), dtype=np.uint32)
        keys = np.empty(end - begin, dtype=np.uint32)
        for h in range(begin, end):
            w0, w1, w2, w3 = words(key, month, ids[h], 0)
            keys[h - begin] = w0
            luck[h - begin, 0] = w1
            luck[h - begin, 1] = w2
            luck[h - begin, 2] = w3
        order = sort_by(keys, ids[begin:end])
        for place in range(end - begin):
            h = begin + order[place]
            budget = 0.0
            for p in range(first_member[h], first_member[h] + members[h]):
                budget += consumption[p]
            budget = max(0.0, min(budget, deposits[h]))
            basic = subsistence * members[h]
            basic = basic + necessity_share * (budget - basic) if budget > basic else budget
            missed = -1
            spent = 0.0
            necessities[h] = 0.0
            for good in range(2):
                low = 0 if good == 0 else split
                high = split if good == 0 else count
                left = basic if good == 0 else budget - spent
                shops = 0
                for k in range(low, high):
                    if known[h, k] >= 0:
                        shops += 1
                if shops == 0:
                    continue
                part = left / shops
                unmet = 0.0
                paid_for_good = 0.0
                for turn in range(2):
                    for k in range(low, high):
                        f = known[h, k]
                        if f < 0 or (turn == 1 and unmet <= 0.0):
                            continue
                        gross = price[f] * (1.0 + tax)
                        asked = (part if turn == 0 else unmet) / gross
                        if turn == 0:
                            demand[f] += asked
                        got = min(asked, stock[f])
                        if got < asked and turn == 0:
                            missed = k
                        if got > 0.0:
                            stock[f] -= got
                            sold[f] += got
                            pay = got * gross
                            revenue[f] += pay
                            paid_for_good += pay
                        if turn == 0:
                            unmet += (asked - got) * gross
                        else:
                            unmet = max(0.0, unmet - got * gross)
                if good == 0:
                    necessities[h] = paid_for_good
                spent += paid_for_good
            spending[h] = spent
            # compare prices or replace a shop that was sold out
            draw = unit(luck[h - begin, 0])
            k = missed
            if k < 0:
                if draw >= swap:
                    for empty in range(count):
                        if known[h, empty] < 0:
                            k = empty
                    if k < 0:
                        continue
                else:
                    k = int(draw / swap * count)
            sellers = lists[0] if k < split else lists[1]
            rival = sellers[np.int64(luck[h - begin, 1]) & (slots[t] - 1)]
            if rival < 0:
                rival = sellers[np.int64(luck[h - begin, 2]) & (slots[t] - 1)]
            if rival < 0:
                continue
            already = False
            for other in range(count):
                already = already or known[h, other] == rival
            old = known[h, k]
            if not already and (old < 0 or k == missed or price[rival] < cheaper * price[old]):
                known[h, k] = rival
