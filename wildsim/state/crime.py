"""Crime: who offends, what each region's police clears, and what people think of it."""

from __future__ import annotations

from wildsim.core.table import F32, F64, I8, I16, I64, Table, column, decision

#: Kinds of offences, in the order of every column and parameter that has one entry a kind.
KINDS = ("property", "violent")
PROPERTY, VIOLENT = 0, 1


class Offending(Table):
    """What crime knows of a person; row i is the person of row i."""

    name = "offending"
    row_name = "offender"
    sector = "crime"
    alongside = "people"
    code = 41

    known: I8 = column(0, unit="0 or 1", doc="1 once the person's propensity has been drawn.")
    propensity: F32 = column(
        0.0,
        unit="standard deviations",
        doc="Lasting inclination to offend, of any kind; its spread makes offending heavy-tailed.",
        source="Wolfgang, Figlio, Sellin 1972; Gottfredson, Hirschi 1990: one trait behind all offences",
    )
    record: F32 = column(
        0.0, unit="0 to 1", doc="Weight of the criminal record with employers; fades.", source="Pager 2003"
    )
    months_left: I16 = column(0, unit="months", doc="Months of the prison term that are left.")
    career: I16 = column(0, unit="offences", doc="Offences so far.")
    year: I16 = column(0, unit="offences", doc="Offences since the year of the clock began.")
    since: I8 = column(100, unit="months", doc="Months since the last offence; 100 stands for 100 or more, or never.")
    victim: I8 = column(0, unit="0 or 1", kind="flow", doc="1 for the victim of a violent offence of this month.")
    suffered: I16 = column(
        0,
        unit="offences",
        kind="flow",
        width=2,
        doc="Offences of this month against the person, by KINDS; thefts from a household at one of its members.",
        source="BJS, National Crime Victimization Survey: one respondent reports property crime for the household",
    )
    peers: F32 = column(
        0.0, unit="share", doc="Friends who offended lately, less the share of all people; 0 without network."
    )


class CrimeDecisions(Table):
    """What each person decides about crime for the month (role household_member)."""

    name = "crime_decisions"
    row_name = "decision"
    sector = "crime"
    role = "household_member"
    alongside = "people"
    code = 42

    property_crime: F32 = decision(
        0.0, unit="chance a month", lower=0.0, upper=1.0, doc="Chance of a property offence this month."
    )
    violent_crime: F32 = decision(
        0.0, unit="chance a month", lower=0.0, upper=1.0, doc="Chance of a violent offence this month."
    )


class Policing(Table):
    """Offences, police and what people think of them by region; row i is region i. Columns of width 2: see KINDS."""

    name = "policing"
    row_name = "policing"
    sector = "crime"
    alongside = "regions"
    code = 43

    slots: I64 = column(0, unit="slots", doc="Capacity of the list of victims; fixed at the start.")
    perceived: F64 = column(
        0.0,
        unit="chance",
        width=2,
        doc="Chance of arrest for an offence that people of the region reckon with.",
        source="Sah 1991: perceived from what one sees",
    )
    seen: F64 = column(0.0, unit="offences", width=2, doc="Offences of the past that people remember.")
    seen_cleared: F64 = column(0.0, unit="offences", width=2, doc="Those of them that led to an arrest.")
    offences: F64 = column(0.0, unit="offences/month", kind="flow", width=2, doc="Offences, known to anybody or not.")
    known: F64 = column(0.0, unit="offences/month", kind="flow", width=2, doc="Offences that the police know of.")
    recorded: F64 = column(
        0.0, unit="offences/month", kind="flow", width=2, doc="Offences that enter the statistics.", source="FBI UCR"
    )
    cleared: F64 = column(
        0.0, unit="offences/month", kind="flow", width=2, doc="Offences that led to an arrest.", source="FBI UCR"
    )
    loot: F64 = column(0.0, unit="USD/month", kind="flow", doc="Money taken by property offences.")
