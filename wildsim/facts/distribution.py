"""Facts of how much people earn and own, and of how prices of one good differ."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from wildsim.facts import fact
from wildsim.facts.estimators import LEAST, gini, mean, mincer_return, sd_of_logs
from wildsim.facts.evidence import Evidence
from wildsim.state.firms import CAPITAL_GOODS

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

#: A market needs so many sellers for a spread of its prices.
LEAST_SELLERS = 5


@fact(
    "wage_gini",
    unit="0 to 1",
    source="Gini of gross wages of people at work, last month of the last whole year",
    doc="Inequality of wages.",
    family="distribution",
)
def wage_gini(evidence: Evidence) -> float:
    """Return the Gini of wages."""
    return gini(evidence.array("worker.wage"))


@fact(
    "wage_sd_log",
    unit="log points",
    source="Standard deviation of log gross wages, last month of the last whole year; Heathcote, Perri, Violante 2010",
    doc="Spread of wages.",
    family="distribution",
)
def wage_sd_log(evidence: Evidence) -> float:
    """Return the spread of log wages."""
    return sd_of_logs(evidence.array("worker.wage"))


@fact(
    "mincer_return",
    unit="log points a year",
    source="Mincer 1974: log wages on schooling, experience and its square, last month of the last whole year",
    doc="Wages rise with each year of schooling.",
    family="distribution",
)
def schooling_return(evidence: Evidence) -> float:
    """Return the slope of log wages on schooling."""
    wage, schooling, experience = (evidence.array(f"worker.{name}") for name in ("wage", "schooling", "experience"))
    return mincer_return(wage, schooling, experience)


@fact(
    "labour_share",
    unit="share",
    source="Compensation of employees over GDP, mean of all months",
    doc="What workers get of GDP.",
    family="distribution",
)
def labour_share(evidence: Evidence) -> float:
    """Return the mean labour share."""
    return mean(evidence.series("labour_share"))


@fact(
    "wealth_gini",
    unit="0 to 1 (above 1 if many are in debt)",
    source="Gini of households' net wealth, mean of all months",
    doc="Inequality of wealth, far above that of wages.",
    family="distribution",
)
def wealth_gini(evidence: Evidence) -> float:
    """Return the mean Gini of wealth."""
    return mean(evidence.series("gini_wealth"))


@fact(
    "price_dispersion",
    unit="coefficient of variation",
    source="Kaplan, Menzio 2015: spread of the prices of one good in one market, mean over markets and years",
    doc="The same good has several prices in one place.",
    family="distribution",
)
def price_dispersion(evidence: Evidence) -> float:
    """Return sd over mean of posted consumer prices in each region, kind and year, weighted by sellers."""
    price, where, sellers = markets(evidence)
    large = sellers >= LEAST_SELLERS
    if sellers[large].sum() < LEAST:
        return math.nan
    middle = np.bincount(where, price) / sellers
    spread = np.sqrt(np.bincount(where, (price - middle[where]) ** 2) / np.maximum(sellers - 1, 1))
    return float(np.average((spread / middle)[large], weights=sellers[large]))


def markets(evidence: Evidence) -> tuple[F64, I64, I64]:
    """Return posted prices of firms that sold consumer goods, which market each is in, and the sellers of each market.

    A market is a region, kind of goods and year.
    """
    sells = (evidence.array("firm.sales") > 0.0) & (evidence.array("firm.kind") < CAPITAL_GOODS)
    market = np.stack([evidence.array(f"firm.{name}")[sells] for name in ("year", "region", "kind")])
    _, where, sellers = np.unique(market, axis=1, return_inverse=True, return_counts=True)
    return evidence.array("firm.price")[sells], where.reshape(-1), sellers
