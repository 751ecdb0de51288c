"""The social network: whom people feel close to, and where they live and meet.

A tie is kept once, in a slot of the one who made it, and holds both ways: it ends with either of the two by the usual
repair of references, and by how many somebody is liked is limited by nothing. Members of a household are close without
a slot.
"""

from __future__ import annotations

from wildsim.core.table import F32, F64, I8, I16, I32, I64, NO_ROW, Table, column

#: Ties that one person may have made; those that others made with the same person come on top.
SLOTS = 10


class Acquaintances(Table):
    """One row per person, as in people: close ties outside the household, and what they bring."""

    name = "acquaintances"
    row_name = "circle"
    code = 95
    sector = "network"
    alongside = "people"

    friend: I32 = column(
        NO_ROW,
        unit="row",
        ref="people",
        width=SLOTS,
        doc="Close ties that this person made, in slots; each holds both ways and is kept here only.",
        source="Hill, Dunbar 2003: sympathy group",
    )
    wanted: I8 = column(0, unit="ties", doc="Sociability: ties that this person keeps up by itself; 0: not known yet.")
    ties: I16 = column(0, unit="people", doc="Close ties at the end of the month, those at home included.")
    contacts: I16 = column(0, unit="people", doc="Close ties that are at work.", source="Granovetter 1974")
    news: F32 = column(
        1.0,
        unit="ratio",
        doc="Job information of those out of work: visits to employers relative to the mean searcher of the region.",
        source="Calvo-Armengol, Jackson 2004",
    )


class Addresses(Table):
    """One row per household, as in households: where it lives."""

    name = "addresses"
    row_name = "address"
    code = 96
    sector = "network"
    alongside = "households"

    block: I32 = column(NO_ROW, unit="number", doc="Neighbourhood within the region, those of low income first.")


class Quarters(Table):
    """One row per region, as in regions: how its neighbourhoods are numbered; fixed at the start."""

    name = "quarters"
    row_name = "quarter"
    code = 97
    sector = "network"
    alongside = "regions"

    blocks: I32 = column(1, unit="neighbourhoods", doc="Neighbourhoods of the region.")
    seats: I64 = column(
        16, unit="slots", doc="Capacity of the list of meeting places; fixed so that no meeting depends on a count."
    )
    income_level: F64 = column(0.0, unit="log", doc="Mean log income at the start, relative to the mean wage.")
    income_spread: F64 = column(1.0, unit="log points", doc="Standard deviation of log income at the start.")
