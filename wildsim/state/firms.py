"""Firms and public agencies: everybody who employs people."""

from __future__ import annotations

from wildsim.core.table import F32, F64, I8, I16, I32, NO_ROW, U64, Table, column, decision, money

#: Values of the column `kind`.
NECESSITIES, OTHER_GOODS, CAPITAL_GOODS, PUBLIC = 0, 1, 2, 3


class Firms(Table):
    """One row per employer, sorted by region."""

    name = "firms"
    row_name = "firm"
    code = 3
    sorted_by = "region"

    id: U64 = column(0, unit="id", doc="Identity, as in people.")
    region: I16 = column(0, unit="row", ref="regions", doc="Region of its workers, customers and suppliers.")
    kind: I8 = column(1, unit="code", doc="0 necessities, 1 other consumption goods, 2 capital goods, 3 public agency.")
    bank: I16 = column(0, unit="row", ref="banks", doc="Bank that holds the deposits.")
    lender: I16 = column(0, unit="row", ref="banks", doc="Bank that holds the loans.")
    founder: I32 = column(
        NO_ROW, unit="row", ref="households", doc="Household that founded the firm; NO_ROW for the first firms."
    )
    founder_share: F32 = column(
        0.0, unit="share", doc="Part of the equity that the founder owns; the fund owns the rest."
    )
    age: I32 = column(0, unit="months", doc="Months since founding.")

    deposits: F64 = money("Deposits at the firm's bank.", source="Federal Reserve Z.1, L.103: deposits")
    loans: F64 = money("Bank loans.", source="Federal Reserve Z.1, L.103: loans")
    inventory_value: F64 = money("Inventories at unit production cost.", source="SNA 2008: inventories, here at cost")
    capital_value: F64 = money(
        "Machines at depreciated purchase price.", source="BEA fixed assets: net stock, here at historical cost"
    )

    inventories: F64 = column(0.0, unit="goods", doc="Finished goods in stock.")
    capital: F64 = column(0.0, unit="goods", doc="Machines in use.")
    technology: F64 = column(
        1.0,
        unit="index",
        doc="Own productivity relative to the economy's trend.",
        source="Dosi, Fagiolo, Roventini 2010",
    )
    automation: F64 = column(
        1.0, unit="ratio", doc="Output of an efficiency unit of labour relative to that without AI agents."
    )
    productivity: F64 = column(
        1.0, unit="goods per efficiency unit", doc="Smoothed output per efficiency unit of labour."
    )
    price: F64 = column(1.0, unit="USD/good", doc="Posted price before product taxes.")
    mark_up: F64 = column(1.6, unit="ratio", doc="Price over unit labour cost.", source="Lengnick 2013; prototype")
    wage: F64 = column(1.0, unit="USD/month per efficiency unit", doc="Posted wage at full time.")
    months_since_review: I16 = column(0, unit="months", doc="Months since the wage was last reviewed.")
    unfilled: F32 = column(
        0.0, unit="share", doc="Smoothed share of posts left unfilled.", source="BLS JOLTS: job openings"
    )
    quits: F32 = column(
        0.03,
        unit="share/month",
        doc="Smoothed share of staff that leaves by itself: the posts to refill.",
        source="BLS JOLTS: quits and other separations",
    )
    expected_demand: F64 = column(0.0, unit="goods/month", doc="Demand expected next month.")
    long_demand: F64 = column(0.0, unit="goods/month", doc="Demand expected over the life of machines.")

    staff: I32 = column(0, unit="people", kind="flow", doc="People at work this month.")
    labour: F64 = column(
        0.0, unit="efficiency units", kind="flow", doc="Skill times hours of the staff at normal hours of the firm."
    )
    base_pay: F64 = column(0.0, unit="USD/month", kind="flow", doc="Wages of the staff at normal hours of the firm.")
    hours: F32 = column(1.0, unit="ratio to normal", kind="flow", doc="Hours worked by the staff.")
    vacancies: I32 = column(0, unit="posts", kind="flow", doc="Posts still open after matching.")
    opened: I32 = column(0, unit="posts", kind="flow", doc="Posts opened this month.")
    wage_bill: F64 = column(0.0, unit="USD/month", kind="flow", doc="Wages paid.")
    output: F64 = column(0.0, unit="goods/month", kind="flow", doc="Goods produced.")
    demand: F64 = column(0.0, unit="goods/month", kind="flow", doc="Goods asked for, first requests only.")
    sold: F64 = column(0.0, unit="goods/month", kind="flow", doc="Goods sold.")
    revenue: F64 = column(0.0, unit="USD/month", kind="flow", doc="Sales including product taxes.")
    taxed_sales: F64 = column(0.0, unit="USD/month", kind="flow", doc="Part of revenue that bears product tax.")
    profit: F64 = column(
        0.0,
        unit="USD/month",
        kind="flow",
        doc="Profit before corporate tax: sales, less product tax, cost of goods sold, depreciation, interest.",
        source="BEA NIPA 1.12: profits before tax",
    )
    dividend: F64 = column(0.0, unit="USD/month", kind="flow", doc="Dividend paid.")
    expenses: F64 = column(
        0.0,
        unit="USD/month",
        kind="flow",
        doc="Paid this month beyond wages for what is used up: services of other firms, taxes on production.",
        source="SNA 2008: intermediate consumption and other taxes on production",
    )
    extra_cost: F64 = column(
        0.0, unit="USD/good", kind="flow", doc="Cost of a good beyond labour (carbon tax, AI services): part of prices."
    )

    supplier: I32 = column(NO_ROW, unit="row", ref="firms", doc="Capital-goods firm that the firm orders from.")
    on_order: F64 = column(0.0, unit="goods", doc="Machines ordered and not yet delivered.")
    backlog: F64 = column(0.0, unit="goods", doc="Orders that a capital-goods firm has to deliver.")
    wear: F64 = column(0.0, unit="USD/month", kind="flow", doc="Depreciation of machines.")
    delivered: F64 = column(0.0, unit="goods/month", kind="flow", doc="Machines received this month.")


class ManagerDecisions(Table):
    """What each firm's manager decides for the month (role firm_manager)."""

    name = "manager_decisions"
    row_name = "decision"
    role = "firm_manager"
    alongside = "firms"
    code = 22

    price: F64 = decision(
        1.0, unit="USD/good", lower=0.2, upper=5.0, scale="price_anchor", doc="Price before product taxes."
    )
    wage: F64 = decision(
        1.0, unit="USD/month per efficiency unit", lower=0.2, upper=5.0, scale="wage_anchor", doc="Posted wage."
    )
    output: F64 = decision(0.0, unit="goods/month", lower=0.0, upper=20.0, scale="mean_output", doc="Output planned.")
    vacancies: I32 = decision(0, unit="posts", lower=0, upper=20, doc="Posts opened.")
    layoffs: F32 = decision(
        0.0, unit="share of staff", lower=0.0, upper=1.0, doc="Chance of each worker to be dismissed."
    )
    investment: F64 = decision(
        0.0, unit="goods/month", lower=0.0, upper=20.0, scale="mean_output", doc="Machines ordered."
    )
    research: F32 = decision(
        0.0, unit="share of labour", lower=0.0, upper=0.2, doc="Part of labour that does research."
    )
    payout: F32 = decision(0.0, unit="share", lower=0.0, upper=1.0, doc="Part of spare cash paid as dividend.")
