"""How households live: who owns, who rents, who lodges, what homes are worth to them."""

from __future__ import annotations

import numpy as np

from wildsim.core.table import F64, NO_ROW, sum_by
from wildsim.state.homes import SECTOR
from wildsim.state.world import WorldView


def owner_occupied(view: WorldView) -> np.ndarray:
    """Return True for homes in which their owner lives, (homes)."""
    homes = view.homes
    return np.asarray((homes.owner != NO_ROW) & (homes.owner == homes.occupant))


def owners_at_home(view: WorldView) -> np.ndarray:
    """Return True for households that live in a home of their own, (households)."""
    home, own = view.tenures.home, np.zeros(len(view.households), dtype=bool)
    housed = np.flatnonzero(home != NO_ROW)
    own[housed] = view.homes.owner[home[housed]] == housed
    return own


def lodging(view: WorldView) -> np.ndarray:
    """Return True for households that share the home of another occupant, (households)."""
    home, lodges = view.tenures.home, np.zeros(len(view.households), dtype=bool)
    housed = np.flatnonzero(home != NO_ROW)
    lodges[housed] = view.homes.occupant[home[housed]] != housed
    return lodges


def home_equity(view: WorldView) -> F64:
    """Return the value of each household's homes less what it owes on them, USD; 0 where the sector is off."""
    if not view.has(SECTOR):
        return np.zeros(len(view.households))
    homes = view.homes
    owned = homes.owner != NO_ROW
    return sum_by(homes.owner[owned], (homes.value - homes.mortgage)[owned], len(view.households))


def payment_factor(rate: F64 | float, months: F64 | float) -> F64:
    """Return the monthly payment per USD of an annuity loan.

    Args:
        rate: Annual share. months: Until it is paid off, 1 or more.
    """
    monthly = np.asarray(rate, dtype=np.float64) / 12.0
    left = np.maximum(np.asarray(months, dtype=np.float64), 1.0)
    safe = np.maximum(monthly, 1e-12)
    return np.asarray(np.where(monthly > 1e-12, safe / -np.expm1(-left * np.log1p(safe)), 1.0 / left))


def services_at_base_rents(view: WorldView) -> float:
    """Return the housing services of the month at the rents of month 0, USD/month: vacant homes give none."""
    homes, lodgers = view.homes, lodging(view)
    shared = homes.base_rent[view.tenures.home[lodgers]].sum() * view.law("homes.lodger_share")
    return float(homes.base_rent[homes.occupant != NO_ROW].sum() + shared)
