"""How households live: who owns, who rents, who lodges, what homes are worth to them."""

from __future__ import annotations

import numpy as np

from wildsim.core.table import F64, I32, NO_ROW, sum_by
from wildsim.state.homes import SECTOR
from wildsim.state.world import WorldView


def owner_occupied(view: WorldView) -> np.ndarray:
    """Return True for homes in which their owner lives, (homes)."""
    homes = view.homes
    return np.asarray((homes.owner != NO_ROW) & (homes.owner == homes.occupant))


def owners_at_home(view: WorldView) -> np.ndarray:
    """Return True for households that live in a home of their own, (households)."""
    return _is_theirs(view, view.homes.owner)


def lodging(view: WorldView) -> np.ndarray:
    """Return True for households that share the home of another occupant, (households)."""
    return np.asarray((view.tenures.home != NO_ROW) & ~_is_theirs(view, view.homes.occupant))


def _is_theirs(view: WorldView, whose: I32) -> np.ndarray:
    """Return True for households that `whose` (households by home) names for the home that they live in."""
    home = view.tenures.home
    if not len(whose):
        return np.zeros(len(home), dtype=bool)
    # who has no home is looked up at the last one: cheaper than to leave them out
    there = whose.take(home, mode="wrap")
    return np.asarray((there == np.arange(len(home), dtype=np.int32)) & (home != NO_ROW))


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
