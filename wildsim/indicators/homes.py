"""Homes: prices, rents, who owns, what is owed, who loses the home."""

from __future__ import annotations

import math

import numpy as np

from wildsim.core.table import NO_ROW
from wildsim.indicators import indicator, sample
from wildsim.indicators.accounts import ratio
from wildsim.state.housing import home_equity, owners_at_home
from wildsim.state.world import WorldView


def _stock_at(view: WorldView, price: np.ndarray) -> float:
    """Return the stock of homes at a price by region of a home of quality 1."""
    return float((view.homes.quality * price[view.homes.region]).sum()) if len(price) else 0.0


@indicator(
    "home_price",
    unit="ratio to month 0",
    source="FHFA house price index: constant quality",
    direction=0,
    doc="Going prices of homes of constant quality, month 0 = 1.",
    sector="homes",
)
def home_price(view: WorldView) -> float:
    """Return the value of the stock at going prices over that at prices of month 0."""
    return ratio(_stock_at(view, view.home_markets.price), _stock_at(view, view.home_markets.base_price))


@indicator(
    "price_to_rent",
    unit="years",
    source="OECD: price to rent ratio",
    direction=0,
    doc="Going price of homes over a year of going rent.",
    sector="homes",
)
def price_to_rent(view: WorldView) -> float:
    """Return the value of the stock over twelve months of its going rent."""
    return ratio(_stock_at(view, view.home_markets.price), 12.0 * _stock_at(view, view.home_markets.rent))


@indicator(
    "price_to_income",
    unit="years",
    source="OECD: price to income ratio",
    direction=-1,
    doc="Mean value of homes over a year of households' mean disposable income, smoothed.",
    sector="homes",
)
def price_to_income(view: WorldView) -> float:
    """Return the mean value of a home over mean permanent income a year."""
    homes, income = view.homes, view.households.permanent_income
    if not len(homes) or not len(income):
        return math.nan
    return ratio(float(homes.value.mean()), 12.0 * float(income.mean()))


@indicator(
    "ownership_rate",
    unit="share",
    source="US Census Bureau, Housing Vacancies and Homeownership",
    direction=0,
    doc="Households that own the home they live in.",
    sector="homes",
)
def ownership_rate(view: WorldView) -> float:
    """Return owners at home over households."""
    return ratio(float(owners_at_home(view).sum()), float(len(view.households)))


@indicator(
    "mortgage_debt", unit="USD", source="Federal Reserve Z.1, L.218", direction=0, doc="Mortgages owed.", sector="homes"
)
def mortgage_debt(view: WorldView) -> float:
    """Return mortgages outstanding."""
    return view.ledger.total("homes", "mortgage")


@indicator(
    "foreclosure_rate",
    unit="share a year",
    source="Mortgage Bankers Association: foreclosures completed",
    direction=-1,
    doc="Homes auctioned after default this month, times 12, relative to homes with a mortgage.",
    sector="homes",
)
def foreclosure_rate(view: WorldView) -> float:
    """Return 12 x auctions over mortgages at the start of the month; NaN where nobody has one."""
    lost = float(view.home_markets.foreclosed.sum())
    return ratio(12.0 * lost, float((view.homes.mortgage > 0.0).sum()) + lost)


@indicator(
    "rent_burden",
    unit="share",
    source="US Census Bureau ACS: gross rent as a share of income, here rents over incomes of tenants",
    direction=-1,
    doc="Rents paid over the disposable income of those who pay them.",
    sector="homes",
)
def rent_burden(view: WorldView) -> float:
    """Return rents paid over smoothed income of tenants."""
    pays = view.tenures.rent > 0.0
    return ratio(float(view.tenures.rent[pays].sum()), float(view.households.permanent_income[pays].sum()))


@indicator(
    "home_vacancy_rate",
    unit="share",
    source="US Census Bureau, Housing Vacancies and Homeownership: all year-round homes",
    direction=0,
    doc="Homes in which nobody lives.",
    sector="homes",
)
def home_vacancy_rate(view: WorldView) -> float:
    """Return empty homes over homes."""
    return ratio(float((view.homes.occupant == NO_ROW).sum()), float(len(view.homes)))


@indicator(
    "home_sales",
    unit="share a year",
    source="National Association of Realtors: existing-home sales",
    direction=0,
    doc="Homes sold this month, times 12, relative to the stock.",
    sector="homes",
)
def home_sales(view: WorldView) -> float:
    """Return 12 x sales over homes."""
    return ratio(12.0 * float(view.home_markets.sold.sum()), float(len(view.homes)))


@sample("home_value", unit="USD a home", doc="Market value of homes.", sector="homes")
def home_value(view: WorldView) -> np.ndarray:
    """Return the value of every home."""
    return np.asarray(view.homes.value.copy())


@sample("home_equity", unit="USD a household", doc="Value of homes less mortgages, of owners.", sector="homes")
def owners_equity(view: WorldView) -> np.ndarray:
    """Return the home equity of every household that owns the home it lives in."""
    return np.asarray(home_equity(view)[owners_at_home(view)])


@sample(
    "rent_share",
    unit="share of disposable income",
    doc="Rent of tenants over their smoothed disposable income.",
    sector="homes",
)
def rent_share(view: WorldView) -> np.ndarray:
    """Return rent over permanent income of every household that pays rent."""
    households = view.households
    pays = (view.tenures.rent > 0.0) & (households.permanent_income > 0.0)
    return np.asarray(view.tenures.rent[pays] / households.permanent_income[pays])
