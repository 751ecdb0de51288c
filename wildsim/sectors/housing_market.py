"""Homes are put up for sale, bid for and sold; the going price follows the sales (Baptista et al. 2016, simplified)."""

from __future__ import annotations

import numpy as np

from wildsim.behaviour.homes import cash_at_hand, credit_limit, mortgage_rate, rent_value
from wildsim.core.table import F64, I64, NO_ROW, sum_by
from wildsim.sectors.credit import bank_room
from wildsim.state.housing import owner_occupied, owners_at_home
from wildsim.state.step import step
from wildsim.state.world import WorldView

_HOMES = "owner occupant lender rate term arrears asked listed"


@step(sector="homes", homes=_HOMES, tenures="home", home_markets="price growth time sold")
def trade(world: WorldView) -> None:
    """Put homes up for sale, let buyers and then investors take them, and move the going prices."""
    homes = world.homes
    _put_up_for_sale(world)
    on_sale = homes.asked > 0.0
    limit = credit_limit(world) * (bank_room(world) > 0.0)[world.households.bank]
    rows, buyers = _match(world, limit)
    moved = np.zeros(len(homes), dtype=bool)
    moved[rows] = True
    let_rows, investors = _match_investors(world, moved, limit)
    sold = np.concatenate([rows, let_rows])
    prices = homes.asked[sold].copy()
    _learn(world, on_sale, sold, prices)
    buyers_all = np.concatenate([buyers, investors])
    loans = np.minimum(world.law("homes.loan_to_value") * prices, limit[buyers_all])
    _settle(world, sold, buyers_all, loans)
    _move_in(world, rows, buyers)


@step(sector="homes", home_markets="base_price")
def value(world: WorldView) -> None:
    """Put all homes into the books at the going price; what they gain or lose is a revaluation."""
    homes, markets = world.homes, world.home_markets
    world.ledger.revalue_homes("home_gains", homes.quality * markets.price[homes.region])
    if world.month < 0:
        markets.base_price[:] = markets.price


def mean_of_members(world: WorldView, column: np.ndarray) -> F64:
    """Return the mean of a decision over the members of each household."""
    total = sum_by(world.people.household, column.astype(np.float64), len(world.households))
    return np.asarray(total / world.households.members)


def _put_up_for_sale(world: WorldView) -> None:
    """List homes by their owners' decisions; cut the price of those that wait; withdraw what would not pay the debt."""
    homes, law, plan = world.homes, world.law, world.home_decisions
    waiting = homes.asked > 0.0
    homes.listed[:] = np.where(waiting, homes.listed + 1, 0)
    homes.asked[:] *= 1.0 - law("homes.asking_cut")
    owned = homes.owner != NO_ROW
    sell = np.where(
        owner_occupied(world),
        mean_of_members(world, plan.sell)[homes.owner],
        mean_of_members(world, plan.sell_let)[homes.owner],
    )
    new = np.flatnonzero(owned & ~waiting & (world.uniform("listing", "homes")[0] < sell))
    homes.asked[new] = homes.value[new] * mean_of_members(world, plan.ask)[homes.owner[new]]
    keeps = ~owned | (homes.listed >= law("homes.asking_months")) | (homes.asked < homes.mortgage)
    homes.asked[:] = np.where(keeps, 0.0, homes.asked)
    homes.listed[:] = np.where(homes.asked > 0.0, homes.listed, 0)


def _match(world: WorldView, limit: F64) -> tuple[I64, I64]:
    """Give each buyer, the highest bid first, the best home on sale for at most the bid; return homes and buyers.

    Args:
        limit: Largest mortgage of each household, USD.
    """
    homes, households, law = world.homes, world.households, world.law
    bid = sum_by(world.people.household, world.home_decisions.bid, len(households))
    bid = np.where(owners_at_home(world), 0.0, np.minimum(bid, _funds(world, cash_at_hand(world), limit)))
    rows: list[int] = []
    buyers: list[int] = []
    least = law("homes.least_fit")
    for here, able in _by_region(world, np.flatnonzero(homes.asked > 0.0), np.flatnonzero(bid > 0.0)):
        able = able[np.lexsort((households.id[able], -bid[able]))]
        here = here[np.lexsort((homes.id[here], -homes.asked[here]))]
        asked, owner, place = homes.asked[here].tolist(), homes.owner[here].tolist(), 0
        for buyer, most in zip(able.tolist(), bid[able].tolist(), strict=True):
            while place < len(here) and (asked[place] > most or owner[place] == buyer):
                place += 1
            if place == len(here):
                break
            if asked[place] >= least * most:
                rows.append(int(here[place]))
                buyers.append(buyer)
                place += 1
    return np.array(rows, dtype=np.int64), np.array(buyers, dtype=np.int64)


def _match_investors(world: WorldView, gone: np.ndarray, limit: F64) -> tuple[I64, I64]:
    """Let investors, in keyed order, take the homes left whose rents are worth most for the price.

    Args:
        gone: True for homes that somebody buys to live in. limit: Largest mortgage of each household, USD.
    """
    homes, households = world.homes, world.households
    offer = sum_by(world.people.household, world.home_decisions.invest, len(households))
    cash = np.where(owners_at_home(world), np.minimum(offer, cash_at_hand(world)), 0.0)
    offer = _funds(world, cash, limit)
    worth = homes.quality * rent_value(world)[homes.region]
    luck = world.uniform("investors", "households")[0]
    rows: list[int] = []
    buyers: list[int] = []
    left = np.flatnonzero((homes.asked > 0.0) & (homes.asked <= worth) & ~gone)
    for here, able in _by_region(world, left, np.flatnonzero(offer > 0.0)):
        best = here[np.lexsort((homes.id[here], homes.asked[here] / worth[here]))]
        free = list(zip(best.tolist(), homes.asked[best].tolist(), homes.owner[best].tolist(), strict=True))
        able = able[np.argsort(luck[able], kind="stable")]
        for buyer, most in zip(able.tolist(), offer[able].tolist(), strict=True):
            found = next((home for home in free if home[1] <= most and home[2] != buyer), None)
            if found is not None:
                free.remove(found)
                rows.append(found[0])
                buyers.append(buyer)
    return np.array(rows, dtype=np.int64), np.array(buyers, dtype=np.int64)


def _funds(world: WorldView, cash: F64, limit: F64) -> F64:
    """Return the highest price that can be paid with some cash and the mortgage that it allows, USD."""
    return np.asarray(np.minimum(cash / max(1.0 - world.law("homes.loan_to_value"), 1e-9), cash + limit))


def _by_region(world: WorldView, homes: I64, households: I64) -> list[tuple[I64, I64]]:
    """Return (homes, households) of each region that has some of both."""
    of_home, of_household = world.homes.region[homes], world.households.region[households]
    both = np.intersect1d(of_home, of_household)
    return [(homes[of_home == r], households[of_household == r]) for r in both]


def _learn(world: WorldView, on_sale: np.ndarray, sold: I64, prices: F64) -> None:
    """Move going prices towards those paid, the more the more was sold, and what is known of the time on the market."""
    homes, markets, law = world.homes, world.home_markets, world.law
    count = len(markets)
    region = homes.region[sold]
    sales = np.bincount(region, minlength=count).astype(np.float64)
    gap = sum_by(region, np.log(prices / (homes.quality[sold] * markets.price[region])), count)
    stock = np.bincount(homes.region, minlength=count)
    weight = np.divide(sales, sales + law("homes.price_weight") * stock, out=np.zeros(count), where=sales > 0.0)
    most = law("homes.price_step")
    step_ = np.clip(weight * gap / np.maximum(sales, 1.0), -most, most)
    markets.price[:] *= np.exp(step_)
    markets.growth[:] += (12.0 * step_ - markets.growth) / 12.0
    waiting = np.bincount(homes.region[on_sale], minlength=count)
    months = sum_by(homes.region[on_sale], homes.listed[on_sale].astype(np.float64), count) / np.maximum(waiting, 1)
    speed = law("homes.time_memory") * (waiting > 0)
    markets.time[:] += speed * (months - markets.time)
    markets.sold[:] = sales


def _settle(world: WorldView, rows: I64, buyers: I64, mortgage: F64) -> None:
    """Pay for homes, repay the sellers' mortgages, hand the homes over and lend the buyers theirs."""
    if not len(rows):
        return
    homes, ledger = world.homes, world.ledger
    price = homes.asked[rows].copy()
    ledger.pay("home_sales", ("households", price, buyers), ("households", price, homes.owner[rows].copy()))
    old = np.zeros(len(homes))
    old[rows] = homes.mortgage[rows]
    ledger.repay("repayment_homes", "homes", old)
    homes.owner[rows] = buyers
    homes.lender[rows] = world.households.bank[buyers]
    homes.rate[rows] = mortgage_rate(world)
    homes.term[rows] = world.law("homes.mortgage_term")
    homes.arrears[rows] = homes.listed[rows] = 0
    homes.asked[rows] = 0.0
    new = np.zeros(len(homes))
    new[rows] = mortgage
    ledger.lend("lending_homes", "homes", new)


def _move_in(world: WorldView, rows: I64, buyers: I64) -> None:
    """Let those who lived in the homes sold leave, and the buyers leave where they lived and move in."""
    homes, home = world.homes, world.tenures.home
    leaving = homes.occupant[rows]
    home[leaving[leaving != NO_ROW]] = NO_ROW
    homes.occupant[rows] = NO_ROW
    before = home[buyers]
    left = before[before != NO_ROW]
    mine = homes.occupant[left] == buyers[before != NO_ROW]
    homes.occupant[left[mine]] = NO_ROW
    homes.occupant[rows] = buyers
    home[buyers] = rows
