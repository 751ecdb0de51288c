"""Homes: who owns them, who lives in them, what they cost, and what is owed on them."""

from __future__ import annotations

from wildsim.core.table import F32, F64, I8, I16, I32, NO_ROW, U64, Table, column, decision, money

SECTOR = "homes"


class Homes(Table):
    """One row per home, sorted by region; the stock is that of the start."""

    name = "homes"
    row_name = "home"
    code = 31
    sector = SECTOR
    sorted_by = "region"

    id: U64 = column(0, unit="id", doc="Identity, as in people.")
    region: I16 = column(0, unit="row", ref="regions", doc="Region in which it stands.")
    quality: F64 = column(
        1.0, unit="ratio to the mean home", doc="Units of housing: size, equipment and place.", source="Muth 1969"
    )
    owner: I32 = column(NO_ROW, unit="row", ref="households", doc="Household that owns it; NO_ROW for a moment only.")
    occupant: I32 = column(NO_ROW, unit="row", ref="households", doc="Household that lives in it; NO_ROW if vacant.")
    value: F64 = money(
        "Market value: quality times the going price of the region.", source="Federal Reserve Z.1, B.101"
    )
    mortgage: F64 = money("Owed on it by its owner to `lender`.", source="Federal Reserve Z.1, L.218: home mortgages")
    lender: I16 = column(0, unit="row", ref="banks", doc="Bank that holds the mortgage.")
    rate: F64 = column(0.0, unit="annual share", doc="Rate of the mortgage, fixed when it was given.")
    term: I16 = column(0, unit="months", doc="Months until the mortgage is paid off.")
    arrears: I8 = column(0, unit="months", doc="Months of missed service in a row.")
    rent: F64 = column(
        0.0,
        unit="USD/month",
        doc="Rent agreed, asked, or (of owners in their own home) imputed.",
        source="SNA 2008, 6.117",
    )
    base_rent: F64 = column(0.0, unit="USD/month", doc="Going rent in month 0: weight of its services in real GDP.")
    asked: F64 = column(0.0, unit="USD", doc="Asking price while it is on sale; 0 if it is not.")
    listed: I16 = column(0, unit="months", doc="Months on sale.")


class Tenures(Table):
    """How each household lives; row i is household i."""

    name = "tenures"
    row_name = "tenure"
    code = 33
    sector = SECTOR
    alongside = "households"

    home: I32 = column(
        NO_ROW,
        unit="row",
        ref="homes",
        doc="Home it lives in; a lodger's belongs to another occupant; NO_ROW: none yet.",
    )
    rent: F64 = column(0.0, unit="USD/month", kind="flow", doc="Rent paid this month.")
    received: F64 = column(0.0, unit="USD/month", kind="flow", doc="Rents received this month.")
    service: F64 = column(0.0, unit="USD/month", kind="flow", doc="Interest and repayment of mortgages this month.")
    missed: I8 = column(0, unit="months", doc="Months in a row in which the rent was not paid in full.")


class HomeMarkets(Table):
    """What everybody knows about the homes of a region; row i is region i."""

    name = "home_markets"
    row_name = "home-market"
    code = 34
    sector = SECTOR
    alongside = "regions"

    price: F64 = column(1.0, unit="USD", doc="Going price of a home of quality 1.", source="As a repeat-sales index")
    base_price: F64 = column(1.0, unit="USD", doc="Going price in month 0.")
    rent: F64 = column(1.0, unit="USD/month", doc="Going rent of a home of quality 1 that is let anew.")
    growth: F64 = column(0.0, unit="annual share", doc="Growth of the price, smoothed over a year.")
    time: F64 = column(3.0, unit="months", doc="Time on the market of homes sold and on sale, smoothed.")
    sold: F64 = column(0.0, unit="homes/month", kind="flow", doc="Homes sold this month, auctions apart.")
    foreclosed: F64 = column(0.0, unit="homes/month", kind="flow", doc="Homes auctioned after default this month.")


class HomeDecisions(Table):
    """What each person decides about homes (role household_member).

    A household bids and invests the sum of what its members say, and sells by the mean of theirs.
    """

    name = "home_decisions"
    row_name = "decision"
    code = 32
    sector = SECTOR
    role = "household_member"
    alongside = "people"

    bid: F64 = decision(
        0.0, unit="USD", lower=0.0, upper=200.0, scale="wage_anchor", doc="Most offered for a home to live in; 0: none."
    )
    invest: F64 = decision(
        0.0, unit="USD", lower=0.0, upper=1000.0, scale="wage_anchor", doc="Cash offered for a home to let; 0: none."
    )
    sell: F32 = decision(0.0, unit="share", lower=0.0, upper=1.0, doc="Chance to put the own home up for sale.")
    sell_let: F32 = decision(
        0.0, unit="share", lower=0.0, upper=1.0, doc="Chance to put each home that is let up for sale."
    )
    ask: F32 = decision(1.0, unit="ratio", lower=0.5, upper=2.0, doc="First asking price relative to the going price.")
