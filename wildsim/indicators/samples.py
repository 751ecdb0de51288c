"""Samples for pictures: wealth, income, wages, sizes of firms."""

from __future__ import annotations

import numpy as np

from wildsim.core.table import F64, NO_ROW
from wildsim.indicators import sample
from wildsim.state.firms import PUBLIC
from wildsim.state.ownership import household_wealth
from wildsim.state.world import WorldView


@sample("wealth", unit="USD a household", doc="Deposits less loans, plus equity of firms, banks and homes.")
def wealth(view: WorldView) -> F64:
    """Return the net wealth of every household."""
    return household_wealth(view)


@sample("income", unit="USD/month a household", doc="Disposable income of the month.")
def income(view: WorldView) -> F64:
    """Return the disposable income of every household."""
    return np.asarray(view.households.income.copy())


@sample("wage", unit="USD/month", doc="Gross wages of people at work.")
def wage(view: WorldView) -> F64:
    """Return the wage of everybody at work."""
    return np.asarray(view.people.wage[view.people.employer != NO_ROW])


@sample("firm_size", unit="people", doc="Staff of private firms that have any.")
def firm_size(view: WorldView) -> F64:
    """Return the staff of every private firm that has any."""
    firms = view.firms
    return np.asarray(firms.staff[(firms.kind != PUBLIC) & (firms.staff > 0)].astype(np.float64))
