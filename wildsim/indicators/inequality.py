"""How income and wealth are spread."""

from __future__ import annotations

import math

import numpy as np

from wildsim.core.table import F64
from wildsim.indicators import indicator
from wildsim.state.ownership import household_equity
from wildsim.state.world import WorldView


def gini(values: F64, weights: F64) -> float:
    """Return the Gini coefficient of `values` (any sign) held by `weights` people each; NaN unless the sum is positive.

    Source: Lerman, Yitzhaki 1989, covariance formula with weights.
    """
    order = np.argsort(values, kind="stable")
    x, w = values[order], weights[order]
    total = float((w * x).sum())
    if not total > 0.0:
        return math.nan
    rank = np.cumsum(w) - 0.5 * w
    return float(2.0 * (w * x * rank).sum() / (total * w.sum()) - 1.0)


def weighted_median(values: F64, weights: F64) -> float:
    """Return the value below which half of the weight lies; NaN where there is none."""
    if not len(values):
        return math.nan
    order = np.argsort(values, kind="stable")
    cumulated = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(cumulated, 0.5 * cumulated[-1])])


def equivalised(view: WorldView) -> F64:
    """Return disposable income over the square root of household size (OECD scale), USD/month, a household."""
    return np.asarray(view.households.income / np.sqrt(view.households.members))


@indicator(
    "gini_income",
    unit="0 to 1",
    source="OECD Income Distribution Database",
    direction=-1,
    doc="Gini of equivalised disposable income over people.",
)
def gini_income(view: WorldView) -> float:
    """Return the Gini of equivalised disposable income."""
    return gini(equivalised(view), view.households.members.astype(np.float64))


@indicator(
    "gini_wealth",
    unit="0 to 1 (above 1 if many are in debt)",
    source="Federal Reserve SCF",
    direction=-1,
    doc="Gini of net wealth over households: deposits, less loans, plus equity.",
)
def gini_wealth(view: WorldView) -> float:
    """Return the Gini of net wealth."""
    households = view.households
    wealth = households.deposits - households.loans + household_equity(view)
    return gini(np.asarray(wealth), np.ones(len(households)))


@indicator(
    "poverty_rate",
    unit="share",
    source="Eurostat: below 60 % of median equivalised disposable income",
    direction=-1,
    doc="People in households below the poverty line.",
)
def poverty_rate(view: WorldView) -> float:
    """Return the share of people below 60 % of the median."""
    income, people = equivalised(view), view.households.members.astype(np.float64)
    line = 0.6 * weighted_median(income, people)
    return float(people[income < line].sum() / people.sum()) if people.sum() > 0 else math.nan
