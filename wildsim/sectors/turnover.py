"""Firms fail and firms are founded."""

from __future__ import annotations

import numpy as np

from wildsim.core.keys import new_id
from wildsim.core.table import F64, I64, NO_ROW, sum_by
from wildsim.state.firms import PUBLIC, Firms
from wildsim.state.ownership import firm_equity, split
from wildsim.state.reorganise import reorganise
from wildsim.state.step import MovingStep
from wildsim.state.world import World, WorldView

#: Part of an entrant's equity that the founder puts up and owns; shareholders at large put up the rest.
FOUNDERS_PART = 0.3
#: Machines that an entrant pays with equity; banks lend the rest when they are delivered.
EQUITY_PART = 0.6


def turn_over(world: World) -> None:
    """End firms whose cash or equity is negative, and let entrants take vacant places.

    Of the places that fall vacant, a share `firms.entry_rate` is taken at once by founders who buy machines and stocks
    of the failed firm at salvage value; what nobody takes is scrapped. Older vacancies are filled at the same rate by
    founders who order machines. Loans that estates cannot repay are written off (Caiani et al. 2016; BAM).
    """
    view = world.view()
    firms = view.firms
    private = firms.kind != PUBLIC
    failed = private & (firms.age > 0) & ((firms.deposits < -1e-9 * firms.wage_bill) | (firm_equity(view) < 0.0))
    places = _vacant_places(view, failed)
    world.tables["macro"].base("failures")[0] = failed.sum()
    if not len(places) and not failed.any():
        return
    _found(world, places, failed)


class _Place:
    """A place in a market that an entrant takes: region, kind, and the failed firm (row) it buys, or NO_ROW."""

    __slots__ = ("id", "kind", "predecessor", "region")

    def __init__(self, region: int, kind: int, predecessor: int):
        self.region, self.kind, self.predecessor = region, kind, predecessor
        self.id = np.uint64(0)


def _vacant_places(view: WorldView, failed: np.ndarray) -> list[_Place]:
    firms, rate = view.firms, view.law("firms.entry_rate")
    luck = view.uniform("entry", "firms")[0]
    places = [_Place(int(firms.region[f]), int(firms.kind[f]), int(f)) for f in np.flatnonzero(failed & (luck < rate))]
    group = firms.region.astype(np.int64) * 4 + firms.kind
    alive = np.bincount(group, minlength=4 * len(view.regions)).reshape(-1, 4)[:, :3]
    vacant = view.regions.firms_norm - alive
    draws = view.uniform("vacancy", "regions", 3)
    for region, kind in zip(*np.nonzero(vacant > 0), strict=True):
        if draws[kind, region] < 1.0 - (1.0 - rate) ** int(vacant[region, kind]):
            places.append(_Place(int(region), int(kind), NO_ROW))
    return places


def _found(world: World, places: list[_Place], failed: np.ndarray) -> None:
    founders = [_founder(world.view(), place, i) for i, place in enumerate(places)]
    taken: dict[int, int] = {}
    month = world.clock.month
    for place, founder in zip(places, founders, strict=True):
        order = taken.get(founder, 0)
        taken[founder] = order + 1
        parent = int(world.tables["households"].base("id")[founder])
        place.id = new_id(Firms.code, parent, month, order)
    ids = np.array([p.id for p in places], dtype=np.uint64)
    regions = np.array([p.region for p in places], dtype=np.int16)
    # newcomers are added before the failed go, so that machines can change hands
    old_ids = world.tables["firms"].base("id").copy()
    new = reorganise(world, "firms", np.zeros(len(failed), dtype=bool), ids, regions)
    now = {int(i): row for row, i in enumerate(world.tables["firms"].base("id"))}
    source = np.array(
        [now[int(old_ids[p.predecessor])] if p.predecessor != NO_ROW else NO_ROW for p in places], dtype=np.int64
    )
    gone = np.zeros(len(world.tables["firms"]), dtype=bool)
    gone[[now[int(i)] for i in old_ids[failed]]] = True
    if len(places):
        _equip(world, places, new, np.array(founders, dtype=np.int64), source)
    if gone.any():
        _wind_up(world, gone)
        reorganise(world, "firms", gone, np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.int16))


def _founder(view: WorldView, place: _Place, number: int) -> int:
    """Return the household of the region with the highest keyed draw weighted by deposits (its row)."""
    low, high = view.tiles.households[place.region], view.tiles.households[place.region + 1]
    if low == high:
        return 0
    luck = view.uniform_of(f"founder.{place.kind}.{number}", "households", slice(low, high))[0]
    weight = np.maximum(view.households.deposits[low:high], 0.0) / view.law("labour.mean_wage") + 1e-6
    return int(low + np.argmin(-np.log(luck) / weight))


def _equip(world: World, places: list[_Place], new: I64, founders: I64, source: I64) -> None:
    """Fund the entrants, hand machines over, and set their plans."""
    view = world.view({"firms": tuple(n for n, c in Firms.columns.items() if c.kind != "money")})
    firms, law = view.firms, view.law
    old = np.setdiff1d(np.arange(len(firms)), new)
    size = np.array([_typical_size(view, old, p.region, p.kind) for p in places]) * law("firms.entry_size")
    machines = size / (law("firms.capital_productivity") * law("firms.normal_use"))
    for row, place, founder, output in zip(new, places, founders, size, strict=True):
        firms.kind[row] = place.kind
        firms.bank[row] = firms.lender[row] = view.households.bank[founder]
        firms.founder[row], firms.founder_share[row] = founder, FOUNDERS_PART
        firms.wage[row] = view.regions.market_wage[place.region]
        firms.technology[row] = float(view.macro.technology[0])
        firms.expected_demand[row] = firms.long_demand[row] = output
        firms.mark_up[row] = law("firms.mark_up")
        firms.price[row] = float(view.macro.capital_price[0] if place.kind == 2 else view.macro.goods_price[0])
        each = law("firms.labour_productivity") * float(view.macro.trend[0]) * firms.technology[row]
        firms.productivity[row] = each * (1.0 - law("firms.research"))
        firms.backlog[row] = output * law("firms.delivery_months") if place.kind == 2 else 0.0
    _fund(world, view, new, founders, size, machines)
    _take_over(world, view, new, source)


def _typical_size(view: WorldView, old: I64, region: int, kind: int) -> float:
    """Return the mean expected demand of a kind, in the region or, where it has none, everywhere; 5 % trimmed."""
    firms = view.firms
    same = old[(firms.kind[old] == kind)]
    here = same[firms.region[same] == region]
    values = np.sort(firms.expected_demand[here if len(here) >= 5 else same])
    cut = len(values) // 20
    return float(values[cut : len(values) - cut].mean()) if len(values) else 0.0


def _fund(world: World, view: WorldView, new: I64, founders: I64, size: F64, machines: F64) -> None:
    """Let founders and shareholders pay equity in: months of wages and part of the machines, as far as deposits go."""
    firms, households = view.firms, view.households
    price = float(view.macro.capital_price[0])
    goods = firms.kind[new] != 2
    wages = size / np.maximum(firms.productivity[new], 1e-300) * firms.wage[new]
    equity = 3.0 * wages + np.where(goods, EQUITY_PART * machines * price, 0.0)
    own = np.zeros(len(households))
    np.add.at(own, founders, FOUNDERS_PART * equity)
    shares = households.shares
    rest = shares * ((1.0 - FOUNDERS_PART) * equity.sum() / shares.sum())
    paid = np.minimum(own, 0.5 * np.maximum(households.deposits, 0.0))
    paid = paid + np.minimum(rest, 0.2 * np.maximum(households.deposits, 0.0))
    got = equity * (paid.sum() / equity.sum())
    received = np.zeros(len(firms))
    received[new] = got
    world.ledger.pay("founding", ("households", paid), ("firms", received))


def _take_over(world: World, view: WorldView, new: I64, source: I64) -> None:
    """Sell machines and stocks of failed firms to their successors at salvage value, as far as cash goes."""
    firms, ledger = view.firms, world.ledger
    pairs = np.flatnonzero(source != NO_ROW)
    if not len(pairs):
        return
    take, give = new[pairs], source[pairs]
    value = firms.capital_value[give] + firms.inventory_value[give]
    price = view.law("firms.salvage") * value
    share = np.minimum(1.0, np.divide(0.7 * firms.deposits[take], price, out=np.ones(len(pairs)), where=price > 0.0))
    ledger.pay("takeover", ("firms", share * price, take), ("firms", share * price, give))
    handed = {c: (share * getattr(firms, c)[give],) * 2 for c in ("capital_value", "inventory_value")}
    ledger.transfer_estate("takeover_goods", give, take, handed)
    for name in ("capital", "inventories"):
        column = getattr(firms, name)
        column[take] += share * column[give]
        column[give] -= share * column[give]


def _wind_up(world: World, gone: np.ndarray) -> None:
    """Settle the debts of failed firms and scrap what nobody took; owners get what is left."""
    view = world.view({"firms": ("backlog", "on_order", "supplier")})
    firms, ledger = view.firms, world.ledger
    overdraft = np.where(gone, np.maximum(-firms.deposits, 0.0), 0.0)
    ledger.lend("lending_firms", "firms", overdraft)
    ledger.repay(
        "repayment_firms", "firms", np.where(gone, np.minimum(firms.loans, np.maximum(firms.deposits, 0.0)), 0.0)
    )
    ledger.write_off("write_off_firms", "firms", np.where(gone, firms.loans, 0.0))
    left = np.where(gone, np.maximum(firms.deposits, 0.0), 0.0)
    ledger.pay("estate", ("firms", left), ("households", split(view, left)))
    for column in ("capital_value", "inventory_value"):
        ledger.revalue("scrapping", column, np.where(gone, getattr(firms, column), 0.0), -1.0)
    # orders placed with, and by, failed firms are cancelled
    orphan = (firms.supplier != NO_ROW) & gone[np.maximum(firms.supplier, 0)]
    buys = np.flatnonzero(gone & (firms.supplier != NO_ROW))
    cancelled = sum_by(firms.supplier[buys], firms.on_order[buys], len(firms))
    firms.backlog[:] = np.maximum(firms.backlog - cancelled, 0.0)
    firms.on_order[:] = np.where(orphan | gone, 0.0, firms.on_order)
    firms.supplier[:] = np.where(orphan, NO_ROW, firms.supplier)


turnover = MovingStep("sectors.turnover.turn_over", turn_over)
