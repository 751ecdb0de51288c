"""The culture platform: its titles, everybody's tastes, the recommender."""

from __future__ import annotations

from wildsim.core.table import F32, F64, I8, I16, I32, NO_ROW, U64, Table, column, decision

#: Attributes of a title and tastes of a person (d).
ATTRIBUTES = 8
#: Titles last bought that a person remembers and does not buy again.
REMEMBERED = 3
#: Longest slate that a platform may show.
LONGEST_SLATE = 20
#: Ranking rules, in the order of their codes.
RULES = ("popular", "personal", "diverse", "random")
POPULAR, PERSONAL, DIVERSE, RANDOM = range(4)


class Titles(Table):
    """One row a place of the catalogue; the title in it changes. Rows never move, so picks depend on no count.

    A place without a title has no firm and life 0.
    """

    name = "titles"
    row_name = "title"
    sector = "culture"
    code = 71

    id: U64 = column(0, unit="id", doc="Identity of the title in this place, a keyed hash of its firm and month.")
    firm: I32 = column(NO_ROW, unit="row", ref="firms", doc="Firm that released it; NO_ROW if it closed or none did.")
    genre: I16 = column(0, unit="row", doc="Genre around which its attributes lie.")
    attributes: F32 = column(0.0, unit="unit vector", width=ATTRIBUTES, doc="What it is like.")
    quality: F32 = column(0.0, unit="utility", doc="What everybody likes alike.", source="Salganik, Dodds, Watts 2006")
    price: F64 = column(0.0, unit="USD/title", doc="Price with product tax.")
    age: I16 = column(0, unit="months", doc="Months since release.")
    life: I16 = column(0, unit="months", doc="Months after which it leaves the catalogue; 0 for an empty place.")
    following: F64 = column(0.0, unit="titles/month", doc="Smoothed sales, which others see.")
    sales: F64 = column(0.0, unit="titles/month", kind="flow", doc="Bought this month.")
    exposures: F64 = column(0.0, unit="people/month", kind="flow", doc="People to whom it was shown this month.")
    takings: F64 = column(0.0, unit="USD/month", kind="flow", doc="Paid for it this month, product tax included.")
    box_office: F64 = column(0.0, unit="USD", doc="Paid for it since release, product tax included.")


class Tastes(Table):
    """What each person likes; row i is the person in row i of people."""

    name = "tastes"
    row_name = "taste"
    sector = "culture"
    alongside = "people"
    code = 72

    taste: F32 = column(0.0, unit="unit vector", width=ATTRIBUTES, doc="Liking of each attribute of titles.")
    genre: I16 = column(-1, unit="row", doc="Genre in which the platform puts the person; -1: tastes not drawn yet.")
    recent: I16 = column(
        NO_ROW,
        unit="mark",
        width=REMEMBERED,
        doc="Titles bought last, newest first: last 15 bits of their ids; -1: none.",
    )


class Platform(Table):
    """One row: the platform."""

    name = "platform"
    row_name = "platform"
    sector = "culture"
    code = 73

    id: U64 = column(0, unit="id", doc="Identity.")
    audience: F64 = column(0.0, unit="people/month", kind="flow", doc="People who looked at a slate this month.")
    variety: F64 = column(
        0.0, unit="cosine distance", kind="flow", doc="Mean distance between titles on a slate, over the audience."
    )
    catalogue_variety: F64 = column(
        0.0, unit="cosine distance", kind="flow", doc="Mean distance between titles of the catalogue."
    )


class PlatformDecisions(Table):
    """What the platform decides for the month (role platform)."""

    name = "platform_decisions"
    row_name = "decision"
    sector = "culture"
    role = "platform"
    alongside = "platform"
    code = 74

    rule: I8 = decision(
        1, unit="code", lower=0, upper=3, doc="Ranking rule: 0 popular, 1 personal, 2 diverse, 3 random."
    )
    slate: I8 = decision(10, unit="titles", lower=1, upper=LONGEST_SLATE, doc="Titles that a person is shown.")
    trial_rule: I8 = decision(1, unit="code", lower=0, upper=3, doc="Ranking rule of the trial group.")
    trial_slate: I8 = decision(10, unit="titles", lower=1, upper=LONGEST_SLATE, doc="Titles shown to the trial group.")
    trial_share: F64 = decision(
        0.0, unit="share", lower=0.0, upper=1.0, doc="People in the trial group, drawn once; a larger group holds it."
    )
