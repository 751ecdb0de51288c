"""Groups of people that cases compare, and the settings that they share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wildsim.cases.record import Array
from wildsim.core.table import I64, NO_ROW
from wildsim.kernels.ages import RETIREMENT_AGE, WORKING_AGE
from wildsim.state.world import WorldView

Mask = NDArray[np.bool_]

#: The four independent aggregate shocks of scenarios/us.yaml.
SHOCKS = {"productivity": True, "demand": True, "sentiment": True, "government_spending": True}
#: Months that a society needs before it may be looked at: the transient of the start is over, a year of history known.
BURN_IN = 120
#: The region in which a regional policy acts.
HERE = 0


def region_of(view: WorldView) -> I64:
    """Return everybody's region (people)."""
    return np.asarray(view.households.region[view.people.household], dtype=np.int64)


def of_working_age(view: WorldView) -> Mask:
    """Return who is of working age (people)."""
    return np.asarray((view.people.age >= WORKING_AGE) & (view.people.age < RETIREMENT_AGE))


def at_work(view: WorldView) -> Mask:
    """Return who has a job (people)."""
    return np.asarray(view.people.employer != NO_ROW)


def pay(view: WorldView) -> Array:
    """Return everybody's gross pay of the month for the hours worked, 0 without a job, USD (people)."""
    people, firms = view.people, view.firms
    hours = np.divide(firms.wage_bill, firms.base_pay, out=np.ones(len(firms)), where=firms.base_pay > 0.0)
    return np.where(people.employer != NO_ROW, people.wage * hours[np.maximum(people.employer, 0)], 0.0)


def lowest(values: Array, share: float) -> float:
    """Return the mean of the lowest `share` of values; NaN of nothing."""
    count = int(np.ceil(share * len(values)))
    return float(np.sort(values)[:count].mean()) if count else float("nan")


def weighted(values: Array, chosen: Array) -> float:
    """Return the mean of the values chosen; NaN if none is."""
    return float(values[chosen].mean()) if np.any(chosen) else float("nan")
