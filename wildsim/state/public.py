"""Banks, government, central bank, abroad, the law, regions and the economy-wide numbers."""

from __future__ import annotations

from wildsim.core.table import F64, I32, I64, U64, Table, column, decision, money


class Banks(Table):
    """One row per bank."""

    name = "banks"
    row_name = "bank"
    code = 4

    id: U64 = column(0, unit="id", doc="Identity, as in people.")
    reserves: F64 = money("Deposits at the central bank.", source="Federal Reserve H.3")
    bonds: F64 = money("Government bonds held.", source="Federal Reserve H.8: Treasury securities")
    firm_loans: F64 = money("Loans to firms.", source="Federal Reserve H.8: commercial and industrial loans")
    household_loans: F64 = money("Loans to households.", source="Federal Reserve H.8: consumer loans")
    mortgages: F64 = money(
        "Loans on homes; 0 without a sector of homes.", source="Federal Reserve H.8: residential real estate"
    )
    deposits: F64 = money("Deposits of households and firms: a liability.", source="Federal Reserve H.8: deposits")
    advances: F64 = money("Borrowed from the central bank: a liability.")
    profit: F64 = column(
        0.0, unit="USD/month", kind="flow", doc="Change of equity before tax, dividends and bail-outs."
    )
    last_equity: F64 = column(0.0, unit="USD", doc="Equity at the end of last month.")
    tightness: F64 = column(0.0, unit="annual share", doc="Own part of the spread, fixed at the start.")


class OfficerDecisions(Table):
    """What each bank's officer decides for the month (role bank_officer)."""

    name = "officer_decisions"
    row_name = "decision"
    role = "bank_officer"
    alongside = "banks"
    code = 23

    firm_rate: F64 = decision(
        0.05, unit="annual share", lower=0.0, upper=0.5, doc="Rate on loans to firms without debt; leverage adds to it."
    )
    household_rate: F64 = decision(0.10, unit="annual share", lower=0.0, upper=0.5, doc="Rate on consumer loans.")
    deposit_rate: F64 = decision(0.0, unit="annual share", lower=0.0, upper=0.3, doc="Rate on deposits.")
    leverage: F64 = decision(
        3.0, unit="loan / equity", lower=0.0, upper=20.0, doc="Largest debt of a borrowing firm relative to its equity."
    )
    debt_service: F64 = decision(
        0.4, unit="share of income", lower=0.0, upper=1.0, doc="Largest debt service of a borrowing household."
    )
    payout: F64 = decision(
        1.0, unit="share", lower=0.0, upper=1.0, doc="Part of equity above the target paid as dividend."
    )


class Government(Table):
    """One row: the government."""

    name = "government"
    row_name = "government"
    code = 5

    id: U64 = column(0, unit="id", doc="Identity.")
    treasury: F64 = money("Account at the central bank.")
    bonds: F64 = money("Bonds issued: a liability.")
    tax_shift: F64 = column(
        0.0, unit="share", doc="Points added to every income tax rate by the tax rule and by funded policies."
    )
    rule_shift: F64 = column(0.0, unit="share", doc="Tax shift of the rule, before funded policies.")
    purchases: F64 = column(
        0.0,
        unit="goods/month",
        kind="flow",
        doc="Goods bought.",
        source="BEA NIPA 3.10.5: intermediate goods and investment",
    )
    purchases_norm: F64 = column(
        0.0, unit="goods/month", doc="Goods bought per unit of trend productivity, before policies."
    )
    staff_norm: F64 = column(0.0, unit="people", doc="Public staff aimed at, before policies.")
    deficit: F64 = column(
        0.0, unit="USD/month", kind="flow", doc="Spending less revenue.", source="SNA 2008: net borrowing"
    )


class CabinetDecisions(Table):
    """What the government decides for the month (role government)."""

    name = "cabinet_decisions"
    row_name = "decision"
    role = "government"
    alongside = "government"
    code = 24

    tax_shift: F64 = decision(0.0, unit="share", lower=-0.2, upper=0.3, doc="Points added to every income tax rate.")
    purchases: F64 = decision(
        0.0, unit="goods/month", lower=0.0, upper=1.0, scale="private_output", doc="Goods bought."
    )
    staff: F64 = decision(0.0, unit="people", lower=0.0, upper=0.5, scale="labour_force", doc="Public staff aimed at.")


class CentralBank(Table):
    """One row: the central bank."""

    name = "central_bank"
    row_name = "central-bank"
    code = 6

    id: U64 = column(0, unit="id", doc="Identity.")
    reserves: F64 = money("Reserves of the banks: a liability.")
    treasury: F64 = money("Account of the government: a liability.")
    bonds: F64 = money("Government bonds held.")
    advances: F64 = money("Lent to banks.")
    foreign: F64 = money("Claims on abroad.")
    rate: F64 = column(0.03, unit="annual share", doc="Policy rate in force.")
    rule_rate: F64 = column(0.03, unit="annual share", doc="Policy rate decided, before shocks and policies.")


class CentralBankerDecisions(Table):
    """What the central banker decides for the month (role central_banker)."""

    name = "banker_decisions"
    row_name = "decision"
    role = "central_banker"
    alongside = "central_bank"
    code = 25

    rate: F64 = decision(0.03, unit="annual share", lower=0.0, upper=0.25, doc="Policy rate.")


class Abroad(Table):
    """One row: the rest of the world, which only pays when a policy says so."""

    name = "abroad"
    row_name = "abroad"
    code = 7

    id: U64 = column(0, unit="id", doc="Identity.")
    foreign: F64 = money("Owed to the central bank: a liability.")


class Regions(Table):
    """One row per region: an economic place and a tile of parallel work."""

    name = "regions"
    row_name = "region"
    code = 8

    id: U64 = column(0, unit="id", doc="Identity.")
    job_slots: I64 = column(
        0, unit="slots", doc="Capacity of the list of posts; fixed at the start so that picks never depend on counts."
    )
    shop_slots: I64 = column(0, unit="slots", doc="Capacity of each list of sellers; fixed at the start.")
    firms_norm: I32 = column(
        0, unit="firms", width=3, doc="Number of firms of each kind at the start, refilled by entry."
    )
    counts: F64 = column(
        0.0,
        unit="see doc",
        kind="flow",
        width=8,
        doc="At work, at work aged 15-64, participants, participants and people aged 15-64, USD of wages, "
        "efficiency units, people aged 15+.",
        source="Definition of the BLS Current Population Survey; ages 15-64 as OECD",
    )
    market_wage: F64 = column(
        0.0, unit="USD/month per efficiency unit", doc="Mean wage per efficiency unit paid in the region."
    )


class Laws(Table):
    """One row per group of people for whom the law differs; row 0 is everybody else."""

    name = "laws"
    row_name = "law"
    code = 9

    replacement: F64 = column(0.0, unit="share of the last wage", doc="Unemployment benefit.")
    months: F64 = column(0.0, unit="months", doc="Longest duration of the benefit.")
    cap: F64 = column(0.0, unit="share of the mean wage", doc="Highest benefit.")
    minimum_wage: F64 = column(
        0.0,
        unit="share of the median wage",
        doc="Lowest wage at full time.",
        source="OECD: minimum relative to median wage",
    )
    subsidy_in: F64 = column(
        0.0,
        unit="share",
        doc="Wage subsidy per dollar earned up to `subsidy_until`.",
        source="As the Earned Income Tax Credit (IRS)",
    )
    subsidy_until: F64 = column(0.0, unit="share of the mean wage", doc="Wage at which the subsidy stops growing.")
    subsidy_out: F64 = column(0.0, unit="share", doc="Subsidy withdrawn per dollar earned above `subsidy_until`.")


class Macro(Table):
    """One row: economy-wide numbers that agents know, all of last month unless said."""

    name = "macro"
    row_name = "macro"
    code = 10

    id: U64 = column(0, unit="id", doc="Identity.")

    trend: F64 = column(1.0, unit="index", doc="Trend productivity, month -burn_in = 1.")
    innovation: F64 = column(0.0, unit="annual share", doc="Growth of firms' own productivity, smoothed over years.")
    technology: F64 = column(1.0, unit="index", doc="Mean of firms' own productivity, weighted by labour.")
    climate: F64 = column(1.0, unit="ratio", doc="Output of labour relative to that without climate damage.")
    tfp: F64 = column(0.0, unit="log points", doc="Productivity shock.")
    demand: F64 = column(0.0, unit="log points", doc="Demand shock.")
    habit_demand: F64 = column(0.0, unit="log points", doc="Demand shock smoothed by habit.")
    sentiment: F64 = column(0.0, unit="log points", doc="Investors' sentiment.")
    matching: F64 = column(0.0, unit="log points", doc="Shock to the share of suitable posts.")
    credit_spread: F64 = column(0.0, unit="annual share", doc="Shock to the spread on loans.")
    government_shock: F64 = column(0.0, unit="log points", doc="Shock to government purchases.")
    rate_shock: F64 = column(0.0, unit="annual share", doc="Shock to the policy rate.")

    spoken: F64 = column(
        0.0,
        unit="decisions",
        kind="flow",
        doc="Decisions by a language model, or by the script that stands in for one.",
    )
    fallible: F64 = column(
        0.0, unit="decisions", kind="flow", doc="Decisions asked of a mind that may fail to answer: a model, a person."
    )
    fallbacks: F64 = column(0.0, unit="decisions", kind="flow", doc="Of these, made by the rule for want of an answer.")

    price_level: F64 = column(
        1.0,
        unit="USD/good",
        doc="Mean price of consumption goods sold, with product tax.",
        source="As a deflator: weighted by what was sold",
    )
    goods_price: F64 = column(1.0, unit="USD/good", doc="Mean price of consumption goods sold, before product taxes.")
    necessity_price: F64 = column(1.0, unit="USD/good", doc="Mean price of necessities with product taxes.")
    start_price: F64 = column(1.0, unit="USD of the start/good", doc="Consumer prices at the start of burn-in.")
    capital_price: F64 = column(1.0, unit="USD/good", doc="Mean price of machines sold.")
    inflation: F64 = column(
        0.02,
        unit="annual share",
        doc="Change of the price level over 12 months.",
        source="As published by BLS: 12 months",
    )
    expected_inflation: F64 = column(0.02, unit="annual share", doc="Inflation expected by everybody.")
    price_anchor: F64 = column(
        1.0, unit="USD/good", doc="Price of goods, smoothed over years: what legal prices refer to."
    )
    wage_anchor: F64 = column(1.0, unit="USD/month", doc="Mean wage, smoothed over years: what legal wages refer to.")
    mean_wage: F64 = column(1.0, unit="USD/month", doc="Mean gross wage.", source="BLS OES: mean wage")
    median_wage: F64 = column(1.0, unit="USD/month", doc="Median gross wage, smoothed.", source="BLS OES: median wage")
    wage_unit: F64 = column(1.0, unit="USD/month per efficiency unit", doc="Mean wage per efficiency unit.")
    unemployment: F64 = column(
        0.06, unit="share", doc="Unemployment rate.", source="Definition of the BLS Current Population Survey: U-3"
    )
    labour_force: F64 = column(
        0.0,
        unit="people",
        doc="People at work or searching.",
        source="Definition of the BLS Current Population Survey: labour force",
    )
    mean_output: F64 = column(1.0, unit="goods/month", doc="Mean output of private firms.")
    private_output: F64 = column(1.0, unit="goods/month", doc="Output of all private firms.")
    gdp: F64 = column(0.0, unit="USD/month", doc="Gross domestic product.", source="SNA 2008: production approach")
    gdp_12m: F64 = column(0.0, unit="USD/month", doc="Mean GDP of the last 12 months.")
    income_tax_base: F64 = column(0.0, unit="USD/month", doc="Taxable income of all households.")
    taxed_sales: F64 = column(0.0, unit="USD/month", doc="Sales that bear product tax, net of it.")
    exits: F64 = column(
        0.0, unit="firms/month", kind="flow", doc="Firms that ended this month, closed or sold to new owners."
    )
    failures: F64 = column(
        0.0, unit="firms/month", kind="flow", doc="Firms that ended this month with a loss to their creditors."
    )
    base_goods: F64 = column(
        1.0,
        unit="USD/good",
        doc="Mean price of consumption goods in month 0, before product tax; that of the month before.",
    )
    base_machines: F64 = column(1.0, unit="USD/good", doc="Mean price of machines in month 0.")
    base_wage: F64 = column(1.0, unit="USD/month", doc="Mean pay of public staff in month 0.")
    base_level: F64 = column(1.0, unit="USD/good", doc="Consumer prices in month 0 at the scenario's own tax.")
