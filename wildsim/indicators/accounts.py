"""National accounts: GDP in three ways, its parts in constant prices, shares."""

from __future__ import annotations

import math

import numpy as np

from wildsim.indicators import indicator
from wildsim.state.accounts import ACCOUNTS
from wildsim.state.firms import CAPITAL_GOODS, PUBLIC
from wildsim.state.housing import services_at_base_rents
from wildsim.state.identities import gdp
from wildsim.state.world import WorldView

_SNA = "System of National Accounts 2008"


def ratio(top: float, bottom: float) -> float:
    """Return top / bottom, NaN where the bottom is not positive."""
    return top / bottom if bottom > 0.0 else math.nan


@indicator("gdp", unit="USD/month", source=_SNA, direction=1, doc="Gross domestic product at current prices.")
@indicator(
    "gdp_production",
    unit="USD/month",
    source=_SNA,
    direction=1,
    doc="GDP as output of firms, public services and product taxes.",
)
def production(view: WorldView) -> float:
    """Return GDP from the sellers' books."""
    return gdp(view.ledger).production


@indicator(
    "gdp_income",
    unit="USD/month",
    source=_SNA,
    direction=1,
    doc="GDP as wages, operating surplus and taxes on products and payrolls.",
)
def income(view: WorldView) -> float:
    """Return GDP from the earners' books."""
    return gdp(view.ledger).income


@indicator(
    "gdp_expenditure",
    unit="USD/month",
    source=_SNA,
    direction=1,
    doc="GDP as consumption, investment, stocks and government.",
)
def expenditure(view: WorldView) -> float:
    """Return GDP from the buyers' books."""
    return gdp(view.ledger).expenditure


@indicator(
    "consumption_real",
    unit="USD of month 0/month",
    source=_SNA,
    direction=1,
    doc="Household consumption at prices of month 0, housing included where there are homes.",
)
def consumption_real(view: WorldView) -> float:
    """Return consumption deflated by consumer prices."""
    spent = -sum(view.ledger.net(name, "households") for name, item in ACCOUNTS.items() if item.role == "consumption")
    goods = spent / float(view.macro.price_level[0]) * float(view.macro.base_level[0])
    return goods + services_at_base_rents(view) if view.has("homes") else goods


@indicator(
    "investment_real",
    unit="USD of month 0/month",
    source=_SNA,
    direction=1,
    doc="Machines installed and change of stocks at prices of month 0.",
)
def investment_real(view: WorldView) -> float:
    """Return goods times the mean price of their kind in month 0."""
    firms, macro = view.firms, view.macro
    price = np.where(firms.kind == CAPITAL_GOODS, float(macro.base_machines[0]), float(macro.base_goods[0]))
    stocks = float(((firms.output - firms.sold) * price).sum())
    return float(firms.delivered.sum()) * float(macro.base_machines[0]) + stocks


@indicator(
    "government_real",
    unit="USD of month 0/month",
    source=_SNA,
    direction=0,
    doc="Government consumption at prices of month 0: goods bought and services of public staff.",
)
def government_real(view: WorldView) -> float:
    """Return goods and staff times their price and pay in month 0."""
    firms, macro = view.firms, view.macro
    staff = float(firms.staff[firms.kind == PUBLIC].sum())
    return float(view.government.purchases[0]) * float(macro.base_goods[0]) + staff * float(macro.base_wage[0])


@indicator(
    "gdp_real", unit="USD of month 0/month", source=_SNA, direction=1, doc="GDP at prices of month 0, fixed base."
)
def gdp_real(view: WorldView) -> float:
    """Return the sum of its parts at prices of month 0."""
    return consumption_real(view) + investment_real(view) + government_real(view)


@indicator(
    "gdp_deflator", unit="ratio to month 0", source=_SNA, direction=0, doc="GDP at current over GDP at constant prices."
)
def gdp_deflator(view: WorldView) -> float:
    """Return nominal over real GDP."""
    return ratio(production(view), gdp_real(view))


@indicator(
    "labour_share",
    unit="share",
    source="Penn World Table 10, compensation of employees / GDP",
    direction=0,
    doc="Wages and payroll tax in GDP.",
)
def labour_share(view: WorldView) -> float:
    """Return compensation of employees over GDP; NaN where nothing is made but what rounding leaves."""
    ledger = view.ledger
    paid = (
        ledger.net("wages", "households")
        + ledger.net("public_wages", "households")
        + ledger.net("payroll_tax", "government")
    )
    made = production(view)
    return ratio(paid, made if made > 1e-12 * float(view.macro.mean_wage[0]) else 0.0)


@indicator(
    "productivity",
    unit="USD of month 0/month and worker",
    source="OECD: GDP per person employed",
    direction=1,
    doc="Real GDP per person at work.",
)
def productivity(view: WorldView) -> float:
    """Return real GDP over people at work."""
    return ratio(gdp_real(view), float(view.regions.counts[:, 0].sum()))
