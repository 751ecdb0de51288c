"""Homes of owners in default are auctioned; homes without an owner find one; heirs take homes over."""

from __future__ import annotations

import numpy as np

from wildsim.core.table import I64, NO_ROW
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
    for row in due:
        debtor = int(homes.owner[row])
        price = (1.0 - law("homes.auction_discount")) * float(homes.value[row])
        buyer = _pick(world, "auction", int(row), price)
        if buyer in (NO_ROW, debtor):
            continue
        ledger.pay("home_sales", ("households", np.array([price]), np.array([buyer])), _one(debtor, price))
        owed = np.zeros(len(homes))
        owed[row] = min(price, float(homes.mortgage[row]))
        ledger.repay("repayment_homes", "homes", owed)
        owed[row] = homes.mortgage[row]
        ledger.write_off("write_off_mortgages", "homes", owed)
        households.barred[debtor] = int(law("households.barred_months"))
        _give(world, int(row), buyer)
        world.home_markets.foreclosed[homes.region[row]] += 1.0


def _find_owners(world: WorldView) -> None:
    """Give homes whose owner is no more to a household of the region with means; what is owed goes with the home.

    Debt above the value is lost to the bank first: nobody has to take a home that is worth less than nothing.
    """
    homes = world.homes
    for row in np.flatnonzero(homes.owner == NO_ROW):
        heir = _pick(world, "heir", int(row), float(world.macro.mean_wage[0]))
        if heir == NO_ROW:
            continue
        under_water = max(float(homes.mortgage[row] - homes.value[row]), 0.0)
        if under_water > 0.0:
            lost = np.zeros(len(homes))
            lost[row] = under_water
            world.ledger.write_off("write_off_mortgages", "homes", lost)
        homes.owner[row] = heir
        homes.asked[row], homes.listed[row] = 0.0, 0


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


def _pick(world: WorldView, stream: str, row: int, least: float) -> int:
    """Return the household of the home's region with `least` USD and the highest hash of (draw, id), or NO_ROW."""
    households, homes = world.households, world.homes
    place = int(homes.region[row])
    low, high = int(world.tiles.households[place]), int(world.tiles.households[place + 1])
    word, key = homes.id[row], world.key(stream, "homes")
    return int(pick_founder(low, high, households.id, households.deposits, least, key, world.month, word))


def _one(row: int, amount: float) -> tuple[str, np.ndarray, np.ndarray]:
    return "households", np.array([amount]), np.array([row])


def _give(world: WorldView, row: int, buyer: int) -> None:
    homes = world.homes
    homes.owner[row], homes.lender[row] = buyer, world.households.bank[buyer]
    homes.arrears[row], homes.asked[row], homes.listed[row] = 0, 0.0, 0
