"""Households: the unit of account."""

from __future__ import annotations

from wildsim.core.table import F32, F64, I8, I16, I32, NO_ROW, U64, Table, column, money

#: How many shops a household knows (Lengnick 2013: 7); the first NECESSITY_SHOPS sell necessities.
NECESSITY_SHOPS = 3
SHOPS = 7


class Households(Table):
    """One row per household, sorted by region; its members are consecutive rows of people."""

    name = "households"
    row_name = "household"
    code = 2
    sorted_by = "region"

    id: U64 = column(0, unit="id", doc="Identity, as in people.")
    region: I16 = column(0, unit="row", ref="regions", doc="Region the household lives in.")
    first_member: I32 = column(0, unit="row", ref="people", doc="First row of the members in people.")
    members: I8 = column(1, unit="people", doc="Number of members.")
    bank: I16 = column(0, unit="row", ref="banks", doc="Bank that holds deposits and loans.")
    deposits: F64 = money("Deposits at the household's bank.", source="Federal Reserve Z.1, L.101: deposits")
    loans: F64 = money("Consumer loans from the household's bank.", source="Federal Reserve G.19: consumer credit")
    shares: F64 = column(
        0.0, unit="shares", doc="Units of the fund that holds all firms and banks, the founders' parts apart."
    )
    permanent_income: F64 = column(
        0.0, unit="USD/month", doc="Smoothed disposable income, indexed to trend and prices.", source="Friedman 1957"
    )
    income: F64 = column(
        0.0,
        unit="USD/month",
        kind="flow",
        doc="Disposable income of the month: after taxes, with transfers, interest, dividends.",
        source="BEA NIPA 2.1: disposable personal income",
    )
    gross_income: F64 = column(
        0.0,
        unit="USD/month",
        kind="flow",
        doc="Taxable income of the month.",
        source="IRS: taxable income, without exemptions",
    )
    dividends: F64 = column(
        0.0, unit="USD/month", kind="flow", doc="Dividends and rents received last month, taxed and spent this month."
    )
    income_12m: F64 = column(
        0.0, unit="USD/month", doc="Smoothed disposable income with a mean memory of 12 months, for deciles."
    )
    spending: F64 = column(
        0.0,
        unit="USD/month",
        kind="flow",
        doc="Spending on goods this month, product taxes included.",
        source="BEA NIPA 2.1: personal consumption expenditures",
    )
    prepaid: F64 = column(
        0.0,
        unit="USD/month",
        kind="flow",
        doc="Paid this month before shopping and not to be spent again: rent, mortgage service, titles.",
    )
    necessities: F64 = column(0.0, unit="USD/month", kind="flow", doc="Part of spending that went to necessities.")
    target_months: F32 = column(
        8.9,
        unit="months",
        doc="Liquid wealth aimed at, in months of permanent income.",
        source="Carroll 1997: buffer stock",
    )
    arrears: I8 = column(0, unit="months", doc="Months of missed debt service.")
    barred: I8 = column(
        0,
        unit="months",
        doc="Months for which no new credit is given after a default.",
        source="Fair Credit Reporting Act",
    )
    shop: I32 = column(
        NO_ROW,
        unit="row",
        ref="firms",
        width=SHOPS,
        doc="Known shops: first those of necessities, then others.",
        source="Lengnick 2013",
    )
