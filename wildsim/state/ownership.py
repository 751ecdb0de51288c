"""Who owns the firms and banks: founders their part, a fund the rest, and households the fund.

One column of shares in a fund replaces a list of owners for every firm; see docs/decisions.
"""

from __future__ import annotations

import numpy as np

from wildsim.core.table import F64, NO_ROW
from wildsim.state.firms import PUBLIC
from wildsim.state.housing import home_equity
from wildsim.state.world import WorldView


def split(world: WorldView, amounts: F64) -> F64:
    """Return what each household gets when every firm pays `amounts` (USD a firm) to its owners, USD a household."""
    firms = world.firms
    founded = firms.founder != NO_ROW
    own = np.where(founded, firms.founder_share * amounts, 0.0)
    to_all = by_share(world, float((amounts - own).sum()))
    rows = np.flatnonzero(founded & (own != 0.0))
    np.add.at(to_all, firms.founder[rows], own[rows])
    return np.asarray(to_all)


def by_share(world: WorldView, amount: float) -> F64:
    """Return what each household gets of an amount that belongs to the fund, USD; nothing where nobody owns it."""
    shares = world.households.shares
    total = float(shares.sum())
    return np.asarray(shares * (amount / total if total > 0.0 else 0.0))


def firm_equity(world: WorldView) -> F64:
    """Return each firm's assets less debts at book value, USD; 0 for public agencies."""
    f = world.firms
    return np.asarray(np.where(f.kind == PUBLIC, 0.0, f.deposits + f.inventory_value + f.capital_value - f.loans))


def bank_equity(world: WorldView) -> F64:
    """Return each bank's assets less debts, USD."""
    b = world.banks
    return np.asarray(b.reserves + b.bonds + b.firm_loans + b.household_loans + b.mortgages - b.deposits - b.advances)


def household_equity(world: WorldView) -> F64:
    """Return the book value of what each household owns of firms and banks, USD."""
    return np.asarray(split(world, firm_equity(world)) + by_share(world, float(bank_equity(world).sum())))


def household_wealth(world: WorldView) -> F64:
    """Return each household's net wealth: deposits, less loans, equity of firms and banks, equity in homes, USD."""
    households = world.households
    wealth = households.deposits - households.loans + household_equity(world)
    return np.asarray(wealth + home_equity(world) if world.has("homes") else wealth)
