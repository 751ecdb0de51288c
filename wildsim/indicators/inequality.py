"""How income and wealth are spread."""

from __future__ import annotations

import numpy as np

from wildsim.indicators import indicator
from wildsim.state.distribution import Groups, groups
from wildsim.state.ownership import household_wealth
from wildsim.state.world import WorldView


def equivalised_income(view: WorldView) -> Groups:
    """Return disposable income over the square root of household size (OECD scale), USD/month, weighted by people."""
    found: Groups | None = view.__dict__.get("equivalised_income")
    if found is None:
        people = view.households.members.astype(np.float64)
        found = view.__dict__["equivalised_income"] = groups(view.households.income / np.sqrt(people), people)
    return found


@indicator(
    "gini_income",
    unit="0 to 1",
    source="OECD Income Distribution Database",
    direction=-1,
    doc="Gini of equivalised disposable income over people.",
)
def gini_income(view: WorldView) -> float:
    """Return the Gini of equivalised disposable income."""
    return equivalised_income(view).gini()


@indicator(
    "gini_wealth",
    unit="0 to 1 (above 1 if many are in debt)",
    source="Federal Reserve SCF",
    direction=-1,
    doc="Gini of net wealth over households: deposits, less loans, plus equity, homes included.",
)
def gini_wealth(view: WorldView) -> float:
    """Return the Gini of net wealth."""
    return groups(household_wealth(view)).gini()


@indicator(
    "poverty_rate",
    unit="share",
    source="Eurostat: below 60 % of median equivalised disposable income",
    direction=-1,
    doc="People in households below the poverty line.",
)
def poverty_rate(view: WorldView) -> float:
    """Return the share of people below 60 % of the median."""
    income = equivalised_income(view)
    return income.share_below(0.6 * income.quantile(0.5))
