"""Firms fail, are taken over or wound up, and new ones are founded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wildsim.core.keys import new_id
from wildsim.core.table import F64, I64, NO_ROW, sum_by
from wildsim.kernels.picks import pick_founder
from wildsim.sectors.credit import bank_room
from wildsim.state.firms import CAPITAL_GOODS, PUBLIC, Firms
from wildsim.state.ownership import by_share, firm_equity, split
from wildsim.state.reorganise import reorganise
from wildsim.state.step import ALL, MovingStep
from wildsim.state.world import World, WorldView

#: Columns of firms that are not money: what a step in which firms are made may write.
_PLAIN = tuple(name for name, column in Firms.columns.items() if column.kind != "money")


@dataclass
class Place:
    """A place in a market that a founder takes.

    Attributes:
        region, kind: Which market. row: Row of the failed firm whose business goes on, or NO_ROW for a new place.
        founder: Row of the founding household. id: Of the new firm. share: Part of its equity that the founder owns.
    """

    region: int
    kind: int
    row: int
    founder: int = NO_ROW
    id: int = 0
    share: float = 0.0


def turn_over(world: World) -> None:
    """End firms without equity, or without cash and credit; let founders take over their business or open new ones.

    A share `firms.takeover` of the failed firms goes on under new owners, who buy machines and stocks at salvage value:
    customers and staff stay, the proceeds go to the bank, what the estate cannot repay is written off. The others
    close: staff leave, machines are scrapped. Places that are vacant relative to the start are filled at the rate
    `firms.entry_rate` by founders who order machines (Caiani et al. 2016; Delli Gatti et al. 2011).
    """
    view = world.view()
    failed = _failed(view)
    _count(world, failed)
    places = [*_takeovers(view, failed), *_vacancies(view)]
    if not len(places) and not failed.any():
        return
    _choose_founders(view, places)
    world.check_new_ids(np.uint64(place.id) for place in places)
    _take_over([p for p in places if p.row != NO_ROW], world)
    closing = failed.copy()
    closing[[p.row for p in places if p.row != NO_ROW]] = False
    _open_and_close([p for p in places if p.row == NO_ROW], closing, world)


def _count(world: World, failed: np.ndarray) -> None:
    """Note how many firms end; how many of them cost their creditors something is counted where debts are settled."""
    macro = world.view({"macro": ("exits", "failures")}).macro
    macro.exits[:], macro.failures[:] = failed.sum(), 0.0


def _failed(view: WorldView) -> np.ndarray:
    """Turn overdrafts into loans where the bank's limit allows it; return True for firms that fail."""
    firms = view.firms
    private = (firms.kind != PUBLIC) & (firms.age > 0)
    equity = firm_equity(view)
    overdraft = np.where(private, np.maximum(-firms.deposits, 0.0), 0.0)
    limit = view.officer_decisions.leverage[firms.lender] * equity
    fits = (overdraft > 0.0) & (firms.loans + overdraft <= limit)
    asked = sum_by(firms.lender, np.where(fits, overdraft, 0.0), len(view.banks))
    bridged = fits & (asked <= bank_room(view))[firms.lender]
    view.ledger.lend("lending_firms", "firms", np.where(bridged, overdraft, 0.0))
    return np.asarray(private & ((equity < 0.0) | ((overdraft > 0.0) & ~bridged)))


def _takeovers(view: WorldView, failed: np.ndarray) -> list[Place]:
    firms = view.firms
    taken = failed & (view.uniform("takeover", "firms")[0] < view.law("firms.takeover"))
    return [Place(int(firms.region[f]), int(firms.kind[f]), int(f)) for f in np.flatnonzero(taken)]


def _vacancies(view: WorldView) -> list[Place]:
    """Return at most one new place for each market that has fewer firms than at the start."""
    firms, rate = view.firms, view.law("firms.entry_rate")
    group = firms.region.astype(np.int64) * 4 + firms.kind
    alive = np.bincount(group, minlength=4 * len(view.regions)).reshape(-1, 4)[:, :3]
    vacant = np.maximum(view.regions.firms_norm - alive, 0)
    opens = view.uniform("vacancy", "regions", 3).T < 1.0 - (1.0 - rate) ** vacant
    return [Place(int(region), int(kind), NO_ROW) for region, kind in zip(*np.nonzero(opens), strict=True)]


def _choose_founders(view: WorldView, places: list[Place]) -> None:
    """Give each place a founder and an id, keyed by the place itself so that no other place matters."""
    households, firms, key = view.households, view.firms, view.key("founder", "firms")
    least = view.law("firms.founders_wages") * float(view.macro.mean_wage[0])
    founded: dict[int, int] = {}
    for place in places:
        word = firms.id[place.row] if place.row != NO_ROW else np.uint64(place.region * 4 + place.kind)
        low, high = view.tiles.households[place.region], view.tiles.households[place.region + 1]
        place.founder = int(pick_founder(low, high, households.id, households.deposits, least, key, view.month, word))
        if place.founder == NO_ROW:
            continue
        parent = int(households.id[place.founder])
        order = founded.get(parent, 0)
        founded[parent] = order + 1
        place.id = int(new_id(Firms.code, parent, view.month, order))
    places[:] = [place for place in places if place.founder != NO_ROW]


def _take_over(places: list[Place], world: World) -> None:
    """Replace failed firms in their rows by new ones that go on with the business."""
    if not places:
        return
    view = world.view({"firms": _PLAIN, "macro": ("failures",)})
    firms, law = view.firms, view.law
    rows = np.array([p.row for p in places])
    here = np.zeros(len(firms), dtype=bool)
    here[rows] = True
    estate = law("firms.salvage") * np.where(here, firms.capital_value + firms.inventory_value, 0.0)
    equity = np.where(here, law("firms.founding_months") * firms.wage_bill, 0.0) + estate
    _end_debts(view, here, paid_by_new_owners=(places, equity, estate))
    for place in places:
        row = place.row
        _name(view, place, row)
        firms.mark_up[row] = law("firms.mark_up")
        firms.technology[row] = max(float(firms.technology[row]), float(view.macro.technology[0]))


def _end_debts(view: WorldView, here: np.ndarray, paid_by_new_owners: tuple[list[Place], F64, F64] | None) -> None:
    """Settle the debts of failed firms: overdraft and loans are repaid as far as the estate goes; the rest is lost.

    Args:
        here: True for the firms concerned. paid_by_new_owners: Places, equity wanted and price of the estate by row.
    """
    firms, ledger = view.firms, view.ledger
    ledger.lend("lending_firms", "firms", np.where(here, np.maximum(-firms.deposits, 0.0), 0.0))
    estate = np.where(here, np.maximum(firms.deposits, 0.0), 0.0)
    if paid_by_new_owners is not None:
        places, equity, price = paid_by_new_owners
        estate = estate + np.minimum(price, view.law("firms.estate_part") * _fund(view, places, equity))
    repaid = np.minimum(estate, np.where(here, firms.loans, 0.0))
    ledger.repay("repayment_firms", "firms", repaid)
    lost = np.where(here, firms.loans, 0.0)
    view.macro.failures[:] += np.count_nonzero(lost > 0.0)
    ledger.write_off("write_off_firms", "firms", lost)
    left = np.maximum(np.minimum(estate - repaid, firms.deposits), 0.0)
    ledger.pay("estate", ("firms", left), ("households", split(view, left)))


def _fund(view: WorldView, places: list[Place], equity: F64) -> F64:
    """Let founders and shareholders pay equity in as far as deposits go; return what each firm got, USD.

    A founder will own the part of the equity that he paid himself: `place.share`.
    """
    households, law = view.households, view.law
    total = float(equity.sum())
    founders_part = law("firms.founders_part")
    if total <= 0.0:
        return np.zeros(len(equity))
    wanted = np.zeros(len(households))
    for place in places:
        wanted[place.founder] += founders_part * equity[place.row]
    deposits = np.maximum(households.deposits, 0.0)
    own = np.minimum(wanted, law("firms.founders_stake") * deposits)
    rest = np.minimum(by_share(view, (1.0 - founders_part) * total), law("firms.holders_stake") * deposits)
    got = equity * (float(rest.sum()) / total)
    for place in places:
        part = founders_part * equity[place.row]
        paid = part * own[place.founder] / wanted[place.founder] if part > 0.0 else 0.0
        got[place.row] += paid
        place.share = paid / float(got[place.row]) if got[place.row] > 0.0 else 0.0
    view.ledger.pay("founding", ("households", own + rest), ("firms", got))
    return got


def _name(view: WorldView, place: Place, row: int) -> None:
    """Make the firm in `row` the founder's."""
    firms = view.firms
    firms.id[row] = place.id
    firms.founder[row], firms.founder_share[row] = place.founder, place.share
    firms.age[row] = 0


def _open_and_close(places: list[Place], closing: np.ndarray, world: World) -> None:
    """Wind up the firms that close, move rows once, and equip the new firms."""
    if not places and not closing.any():
        return
    if closing.any():
        _wind_up(world, closing)
    ids = np.array([p.id for p in places], dtype=np.uint64)
    regions = np.array([p.region for p in places], dtype=np.int16)
    rows = reorganise(world, "firms", closing, ids, regions)
    for place, row in zip(places, rows, strict=True):
        place.row = int(row)
    if places:
        _equip(world.view({"firms": _PLAIN}), places, rows)


def _wind_up(world: World, closing: np.ndarray) -> None:
    """End debts, scrap machines and stocks, cancel orders of firms that close."""
    view = world.view({"firms": ("backlog", "on_order", "supplier"), "macro": ("failures",)})
    firms, ledger = view.firms, view.ledger
    _end_debts(view, closing, None)
    for column in ("capital_value", "inventory_value"):
        ledger.revalue("scrapping", column, np.where(closing, getattr(firms, column), 0.0), -1.0)
    buys = np.flatnonzero(closing & (firms.supplier != NO_ROW))
    cancelled = sum_by(firms.supplier[buys], firms.on_order[buys], len(firms))
    firms.backlog[:] = np.maximum(firms.backlog - cancelled, 0.0)
    orphan = (firms.supplier != NO_ROW) & closing[np.maximum(firms.supplier, 0)]
    firms.on_order[:] = np.where(orphan | closing, 0.0, firms.on_order)
    firms.supplier[:] = np.where(orphan, NO_ROW, firms.supplier)


def _equip(view: WorldView, places: list[Place], rows: I64) -> None:
    """Plan and fund new firms; they order machines next month and open when the first are delivered."""
    firms, law = view.firms, view.law
    for place, row in zip(places, rows, strict=True):
        firms.kind[row] = place.kind
        firms.bank[row] = firms.lender[row] = view.households.bank[place.founder]
    size = _typical_size(view, rows) * law("firms.entry_size")
    technology = float(view.macro.technology[0])
    each = law("firms.labour_productivity") * float(view.macro.trend[0]) * technology
    for place, row, output in zip(places, rows, size, strict=True):
        firms.wage[row] = view.regions.market_wage[place.region]
        firms.technology[row] = technology
        firms.expected_demand[row] = firms.long_demand[row] = output
        firms.mark_up[row] = law("firms.mark_up")
        makes_machines = place.kind == CAPITAL_GOODS
        firms.price[row] = float(view.macro.capital_price[0] if makes_machines else view.macro.goods_price[0])
        firms.productivity[row] = each * (1.0 - law("firms.research"))
    machines = size / (law("firms.capital_productivity") * law("firms.normal_use")) * float(view.macro.capital_price[0])
    wages = size / firms.productivity[rows] * firms.wage[rows]
    equity = np.zeros(len(firms))
    machines = law("firms.equity_part") * machines
    equity[rows] = law("firms.founding_months") * wages + np.where(firms.kind[rows] == CAPITAL_GOODS, 0.0, machines)
    _fund(view, places, equity)
    for place in places:
        _name(view, place, place.row)


def _typical_size(view: WorldView, rows: I64) -> F64:
    """Return the mean expected demand in each new firm's market; where it has no firm, that of its kind anywhere."""
    firms = view.firms
    group = firms.region.astype(np.int64) * 4 + firms.kind
    old = np.ones(len(firms), dtype=bool)
    old[rows] = False
    total = sum_by(group[old], firms.expected_demand[old], 4 * len(view.regions))
    count = np.bincount(group[old], minlength=4 * len(view.regions))
    by_kind, firms_of_kind = total.reshape(-1, 4).sum(axis=0), count.reshape(-1, 4).sum(axis=0)
    here = total[group[rows]] / np.maximum(count[group[rows]], 1)
    anywhere = by_kind[firms.kind[rows]] / np.maximum(firms_of_kind[firms.kind[rows]], 1)
    return np.asarray(np.where(count[group[rows]] > 0, here, anywhere))


turnover = MovingStep(
    "sectors.turnover.turn_over",
    turn_over,
    {
        "firms": ALL,
        "manager_decisions": ALL,
        "people": ("employer",),
        "households": ("shop",),
        "macro": ("exits", "failures"),
        "titles": ("firm",),
    },
)
