"""Shopping: households visit the shops they know, in random order, region by region."""

from __future__ import annotations

import numpy as np

from wildsim.core.table import F64, I8, I32, I64, U64
from wildsim.kernels.compiled import inlined, kernel
from wildsim.kernels.lists import enter
from wildsim.kernels.order import sort_by
from wildsim.kernels.philox import unit, words

#: Places of a household's list of shops that are for necessities (as in wildsim.state.households).
NECESSITY_PLACES = 3


@inlined
def list_sellers(slots, ids, kinds, entries, wanted, first, last, key, month):  # type: ignore[no-untyped-def]
    """Return a list of `slots` places with the sellers of a kind, each at places keyed by its id and the month."""
    seller = np.full(slots, -1, dtype=np.int32)
    highest = np.zeros(slots, dtype=np.uint64)
    for f in range(first, last):
        if kinds[f] == wanted:
            enter(seller, highest, f, ids[f], entries[f], key, month)
    return seller


#: Columns of the book of a region's firms: price with tax, one over it, goods left, asked for, sold, USD taken.
_GROSS, _PER_USD, _STOCK, _DEMAND, _SOLD, _REVENUE = 0, 1, 2, 3, 4, 5
#: Width of a row of the book: a power of two, so that a row lies in one cache line.
_WIDTH = 8


@inlined
def open_book(first, last, price, tax, stock, demand, sold, revenue):  # type: ignore[no-untyped-def]
    """Return what shopping reads and writes of each firm side by side, so that a visit touches one cache line."""
    book = np.empty((last - first, _WIDTH))
    for f in range(first, last):
        book[f - first, _GROSS] = price[f] * (1.0 + tax)
        book[f - first, _PER_USD] = 1.0 / (price[f] * (1.0 + tax))
        book[f - first, _STOCK] = stock[f]
        book[f - first, _DEMAND] = demand[f]
        book[f - first, _SOLD] = sold[f]
        book[f - first, _REVENUE] = revenue[f]
    return book


@inlined
def close_book(first, last, book, stock, demand, sold, revenue):  # type: ignore[no-untyped-def]
    """Write the book back to the columns of firms."""
    for f in range(first, last):
        stock[f] = book[f - first, _STOCK]
        demand[f] = book[f - first, _DEMAND]
        sold[f] = book[f - first, _SOLD]
        revenue[f] = book[f - first, _REVENUE]


@inlined
def buy_at(known, h, low, high, firm_start, book, money):  # type: ignore[no-untyped-def]
    """Split `money` between the shops at places `low` to `high`, then ask each once for what others lacked.

    Returns what was paid and the last place whose shop was sold out, or -1.
    """
    shops = 0
    for k in range(low, high):
        shops += known[h, k] >= 0
    missed = -1
    if shops == 0:
        return 0.0, missed
    part = money / shops
    paid = 0.0
    unmet = 0.0
    for k in range(low, high):
        if known[h, k] >= 0:
            f = np.uint32(known[h, k] - firm_start)
            asked = part * book[f, _PER_USD]
            left = book[f, _STOCK]
            book[f, _DEMAND] += asked
            if asked <= left:
                book[f, _STOCK] = left - asked
                book[f, _SOLD] += asked
                book[f, _REVENUE] += part
                paid += part
            else:
                pay = left * book[f, _GROSS]
                book[f, _STOCK] = 0.0
                book[f, _SOLD] += left
                book[f, _REVENUE] += pay
                paid += pay
                unmet += part - pay
                missed = k
    if unmet > 0.0:
        for k in range(low, high):
            if known[h, k] >= 0:
                f = np.uint32(known[h, k] - firm_start)
                got = min(unmet * book[f, _PER_USD], book[f, _STOCK])
                pay = got * book[f, _GROSS]
                book[f, _STOCK] -= got
                book[f, _SOLD] += got
                book[f, _REVENUE] += pay
                paid += pay
                unmet = max(0.0, unmet - pay)
    return paid, missed


@inlined
def place_to_change(shops, missed, draw, swap):  # type: ignore[no-untyped-def]
    """Return which known shop to compare or replace: one that was sold out, an empty place, one drawn; or -1."""
    if missed >= 0:
        return missed
    for k in range(shops.size):
        if shops[k] < 0:
            return k
    return int(draw / swap * shops.size) if draw < swap else -1


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
    prepaid: F64,
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
    list_key: int,
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
        prepaid: USD of the month's consumption that each household has paid already.
        consumption: USD/month wanted by each person, product tax included. tax: Rate of product tax on prices.
        subsistence: USD/month of necessities that a person needs first. necessity_share: Share of what is left that
            goes to necessities (Stone-Geary). swap: Chance to compare prices. cheaper: Discount that makes one swap.
        known: (households, shops), changed in place; shops of necessities come first.
        entries: Entries of each seller in its region's list: how well known it is.
        stock, demand, sold, revenue: By firm: goods left, goods asked for at first, goods sold, USD taken.
    """
    count = known.shape[1]
    for t in range(first, last):
        begin, end = starts[t], starts[t + 1]
        low, high = firm_starts[t], firm_starts[t + 1]
        mask = slots[t] - 1
        necessity_sellers = list_sellers(slots[t], firm_ids, kinds, entries, 0, low, high, list_key, month)
        other_sellers = list_sellers(slots[t], firm_ids, kinds, entries, 1, low, high, list_key, month)
        book = open_book(low, high, price, tax, stock, demand, sold, revenue)
        luck = np.empty((end - begin, 3), dtype=np.uint32)
        keys = np.empty(end - begin, dtype=np.uint32)
        budgets = np.empty(end - begin)
        for i in range(end - begin):
            h = begin + i
            w0, w1, w2, w3 = words(key, month, ids[h], 0)
            keys[i] = w0
            luck[i, 0] = w1
            luck[i, 1] = w2
            luck[i, 2] = w3
            wanted = 0.0
            for p in range(first_member[h], first_member[h] + members[h]):
                wanted += consumption[p]
            budgets[i] = max(0.0, min(wanted - prepaid[h], deposits[h]))
            basic = subsistence * members[h]
            necessities[h] = min(budgets[i], basic + necessity_share * max(0.0, budgets[i] - basic))
        order = sort_by(keys, ids[begin:end])
        for place in range(end - begin):
            i = order[place]
            h = begin + i
            shops = known[h]
            first_paid, first_missed = buy_at(known, h, 0, NECESSITY_PLACES, low, book, necessities[h])
            paid, missed = buy_at(known, h, NECESSITY_PLACES, count, low, book, max(0.0, budgets[i] - first_paid))
            necessities[h] = first_paid
            spending[h] = first_paid + paid
            k = place_to_change(shops, max(first_missed, missed), unit(luck[i, 0]), swap)
            if k < 0:
                continue
            sellers = necessity_sellers if k < NECESSITY_PLACES else other_sellers
            rival = sellers[np.int64(luck[i, 1]) & mask]
            if rival < 0:
                rival = sellers[np.int64(luck[i, 2]) & mask]
            if rival < 0:
                continue
            already = False
            for other in range(count):
                already = already or shops[other] == rival
            old = shops[k]
            if not already and (old < 0 or k == missed or k == first_missed or price[rival] < cheaper * price[old]):
                shops[k] = rival
        close_book(low, high, book, stock, demand, sold, revenue)
