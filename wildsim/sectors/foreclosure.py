"""Homes of owners in default are auctioned; homes without an owner find one; heirs take homes over."""

from __future__ import annotations

import numpy as np

from wildsim.core.table import F64, I64, NO_ROW
from wildsim.kernels.picks import pick_founder
from wildsim.state.step import step
from wildsim.state.world import World, WorldView


@step(
    sector="homes",
    homes="owner lender arrears asked listed",
    households="barred",
    home_markets="foreclosed",
)
def resolve(world: WorldView) -> None:
    """Give homes that lost their owner a new one, then auction those of owners in default."""
    world.home_markets.foreclosed[:] = 0.0
    _find_owners(world)
    _auction(world)


def _auction(world: WorldView) -> None:
    """Sell homes after months of missed service to a household of the region with the cash, at a discount.

    The price repays the mortgage as far as it goes, the bank loses the rest, the debtor is barred from credit and
    stays as a tenant. Where nobody has the cash the bank waits.
    """
    homes, households, law, ledger = world.homes, world.households, world.law, world.ledger
    due = np.flatnonzero((homes.arrears >= law("homes.default_months")) & (homes.owner != NO_ROW))
    due = due[np.argsort(homes.id[due], kind="stable")]
    price = (1.0 - law("homes.auction_discount")) * homes.value[due]
    buyers = _buyers(world, due, price)
    sold = buyers != NO_ROW
    if not sold.any():
        return
    rows, price, buyers = due[sold], price[sold], buyers[sold]
    debtors = homes.owner[rows]
    ledger.pay("home_sales", ("households", price, buyers), ("households", price, debtors))
    owed = np.zeros(len(homes))
    owed[rows] = np.minimum(price, homes.mortgage[rows])
    ledger.repay("repayment_homes", "homes", owed)
    owed[rows] = homes.mortgage[rows]
    ledger.write_off("write_off_mortgages", "homes", owed)
    households.barred[debtors] = int(law("households.barred_months"))
    np.add.at(world.home_markets.foreclosed, homes.region[rows], 1.0)
    homes.owner[rows], homes.lender[rows] = buyers, households.bank[buyers]
    homes.arrears[rows], homes.asked[rows], homes.listed[rows] = 0, 0.0, 0


def _buyers(world: WorldView, due: I64, price: F64) -> I64:
    """Return who buys each home at auction, in the order of the homes' ids; what one has spent is gone for the next."""
    homes = world.homes
    left = world.households.deposits.copy()
    cash = left.view()
    cash.flags.writeable = False
    buyers = np.full(len(due), NO_ROW, dtype=np.int64)
    for i, row in enumerate(due.tolist()):
        found = _pick(world, "auction", row, float(price[i]), cash)
        if found not in (NO_ROW, int(homes.owner[row])):
            buyers[i] = found
            left[found] -= price[i]
    return buyers


def _find_owners(world: WorldView) -> None:
    """Give homes whose owner is no more to a household of the region with means; what is owed goes with the home.

    Debt above the value is lost to the bank first: nobody has to take a home that is worth less than nothing.
    """
    homes, deposits = world.homes, world.households.deposits
    wage = float(world.macro.mean_wage[0])
    rows = np.flatnonzero(homes.owner == NO_ROW)
    heirs = np.array([_pick(world, "heir", row, wage, deposits) for row in rows.tolist()], dtype=np.int64)
    rows, heirs = rows[heirs != NO_ROW], heirs[heirs != NO_ROW]
    if not len(rows):
        return
    lost = np.zeros(len(homes))
    lost[rows] = np.maximum(homes.mortgage[rows] - homes.value[rows], 0.0)
    world.ledger.write_off("write_off_mortgages", "homes", lost)
    homes.owner[rows] = heirs
    homes.asked[rows], homes.listed[rows] = 0.0, 0


def hand_over(world: World, source: I64, target: I64) -> None:
    """Move the homes, and the mortgages on them, of some households to others, e.g. heirs; `source` leaves its home.

    Call it before the rows of `source` end, in a moving step. Does nothing where the sector of homes is off.

    Args:
        source: Rows of households. target: Row of the household that takes over from each; NO_ROW: nobody known, so
            that `resolve` gives the homes to a household of the region.
    """
    if not world.has("homes"):
        return
    view = world.view({"homes": ("owner", "occupant", "asked", "listed"), "tenures": ("home",)})
    homes = view.homes
    heir = np.arange(-1, len(view.households))  # entry 0 stands for NO_ROW
    heir[np.asarray(source) + 1] = target
    passes = np.zeros(len(heir), dtype=bool)
    passes[np.asarray(source) + 1] = True
    changed = passes[homes.owner + 1]
    homes.owner[:] = heir[homes.owner + 1]
    homes.asked[changed], homes.listed[changed] = 0.0, 0
    homes.occupant[passes[homes.occupant + 1]] = NO_ROW
    view.tenures.home[source] = NO_ROW


def _pick(world: WorldView, stream: str, row: int, least: float, cash: F64) -> int:
    """Return the household of the region with `least` of `cash` and the highest hash of (draw, id), or NO_ROW."""
    households, homes = world.households, world.homes
    place = int(homes.region[row])
    low, high = int(world.tiles.households[place]), int(world.tiles.households[place + 1])
    word, key = homes.id[row], world.key(stream, "homes")
    return int(pick_founder(low, high, households.id, cash, least, key, world.month, word))
