"""Firms, banks and the government."""

from __future__ import annotations

import math

from wildsim.indicators import indicator
from wildsim.indicators.accounts import ratio
from wildsim.state.firms import PUBLIC
from wildsim.state.world import WorldView

_SNA = "System of National Accounts 2008"


@indicator("profit", unit="USD/month", source=_SNA, direction=1, doc="Profit of firms before corporate tax.")
def profit(view: WorldView) -> float:
    """Return sales less product tax, cost of goods sold, depreciation and interest."""
    return float(view.firms.profit.sum())


@indicator(
    "profit_rate",
    unit="share a year",
    source="Profit over machines and stocks at book value",
    direction=1,
    doc="Return on the capital of firms.",
)
def profit_rate(view: WorldView) -> float:
    """Return annual profit over capital."""
    ledger = view.ledger
    return ratio(12.0 * profit(view), ledger.total("firms", "capital_value") + ledger.total("firms", "inventory_value"))


@indicator(
    "bankruptcy_rate",
    unit="share a year",
    source="Dun & Bradstreet: failures are businesses that end with a loss to creditors",
    direction=-1,
    doc="Firms that ended this month with a loss to their creditors, times 12, relative to firms.",
)
def bankruptcy_rate(view: WorldView) -> float:
    """Return 12 x failures over private firms."""
    return ratio(12.0 * float(view.macro.failures[0]), float((view.firms.kind != PUBLIC).sum()))


@indicator(
    "exit_rate",
    unit="share a year",
    source="US Census Bureau BDS: firm deaths; here sales of failing firms count too",
    direction=0,
    doc="Firms that closed or were sold to new owners for want of money this month, times 12, relative to firms.",
)
def exit_rate(view: WorldView) -> float:
    """Return 12 x exits over private firms."""
    return ratio(12.0 * float(view.macro.exits[0]), float((view.firms.kind != PUBLIC).sum()))


@indicator(
    "policy_rate", unit="share a year", source="Federal funds rate", direction=0, doc="Rate of the central bank."
)
def policy_rate(view: WorldView) -> float:
    """Return the rate in force."""
    return float(view.central_bank.rate[0])


@indicator("credit", unit="USD", source="Federal Reserve Z.1", direction=0, doc="Bank loans to firms and households.")
def credit(view: WorldView) -> float:
    """Return loans outstanding."""
    return sum(view.ledger.total("banks", name) for name in ("firm_loans", "household_loans", "mortgages"))


@indicator(
    "household_debt",
    unit="USD",
    source="Federal Reserve G.19, Z.1",
    direction=0,
    doc="Consumer loans outstanding, and mortgages where there are homes.",
)
def household_debt(view: WorldView) -> float:
    """Return consumer loans and mortgages outstanding."""
    return view.ledger.total("households", "loans") + view.ledger.total("homes", "mortgage")


@indicator(
    "government_debt",
    unit="USD",
    source="US Treasury: debt held by the public and the central bank",
    direction=-1,
    doc="Government bonds outstanding.",
)
def government_debt(view: WorldView) -> float:
    """Return bonds outstanding."""
    return view.ledger.total("government", "bonds")


@indicator("government_balance", unit="USD/month", source=_SNA, direction=0, doc="Government revenue less spending.")
def government_balance(view: WorldView) -> float:
    """Return the negative of the deficit; NaN before the first month."""
    value = -float(view.government.deficit[0])
    return value if math.isfinite(value) else math.nan


@indicator(
    "income_tax_revenue",
    unit="USD/month",
    source="OECD Revenue Statistics, heading 1100: taxes on income of individuals",
    direction=0,
    doc="Income tax that households paid; the US rates hold employee payroll tax.",
)
def income_tax_revenue(view: WorldView) -> float:
    """Return what households paid; what negative rates pay out is a transfer, not revenue."""
    return view.ledger.net("income_tax", "government")
