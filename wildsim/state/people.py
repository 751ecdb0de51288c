"""People: one row per person."""

from __future__ import annotations

from wildsim.core.table import F32, F64, I8, I16, I32, NO_ROW, U64, Table, column, decision

#: Values of the column `away`.
HOME, SCHOOL, PRISON = 0, 1, 2


class People(Table):
    """One row per person, sorted by region, then household; row i of every column is the same person."""

    name = "people"
    row_name = "person"
    code = 1
    sorted_by = "household"

    id: U64 = column(0, unit="id", doc="Identity: start rows are table code * 2^56 + k, later ones a keyed hash.")
    household: I32 = column(NO_ROW, unit="row", ref="households", doc="Household the person lives in.")
    age: F32 = column(40.0, unit="years", doc="Age; constant as long as no demography sector runs.")
    female: I8 = column(0, unit="0 or 1", doc="1 for women.")
    schooling: F32 = column(13.0, unit="years", doc="Completed years of schooling.", source="Mincer 1974")
    ability: F32 = column(
        0.0, unit="standard deviations", doc="Innate ability.", source="Mincer 1974: residual of the wage equation"
    )
    experience: F32 = column(
        20.0, unit="years", doc="Years of work experience.", source="Mincer 1974: potential experience"
    )
    skill: F32 = column(
        1.0, unit="efficiency units", doc="Output and pay relative to the mean worker (Mincer).", source="Mincer 1974"
    )
    work_cost: F32 = column(
        0.0,
        unit="share of the mean wage",
        doc="Fixed cost of working; those whose net gain is below it stay home.",
        source="Chetty, Guren, Manoli, Weber 2012: fixed cost",
    )
    employer: I32 = column(NO_ROW, unit="row", ref="firms", doc="Row in firms; NO_ROW if not employed.")
    wage: F64 = column(
        0.0,
        unit="USD/month",
        kind="state",
        doc="Gross wage of the current job at normal hours of the firm.",
        source="Gross wages as in BLS OES",
    )
    last_wage: F64 = column(
        0.0,
        unit="USD/month",
        doc="Gross wage of the last job, the base of benefits.",
        source="Base wage of state unemployment insurance",
    )
    months_out: I16 = column(
        0,
        unit="months",
        doc="Months since the last job ended; 0 while employed.",
        source="Definition of the BLS Current Population Survey: duration of unemployment",
    )
    participates: I8 = column(
        1,
        unit="0 or 1",
        doc="1 if in the labour force: at work or searching.",
        source="Definition of the BLS Current Population Survey: labour force",
    )
    away: I8 = column(
        0, unit="code", doc="Why the person cannot work: 0 nothing, 1 at school, 2 in prison (HOME, SCHOOL, PRISON)."
    )
    employability: F32 = column(
        1.0, unit="ratio", doc="Chance that a post suits, relative to others; below 1 for those with a criminal record."
    )
    law: I8 = column(0, unit="row of laws", doc="Which group of the law applies (policies with `where`).")
    spell: I16 = column(
        0,
        unit="months",
        doc="Length of the last finished unemployment spell that ended this month, else 0.",
        source="Completed spells as in Shimer 2012",
    )


class MemberDecisions(Table):
    """What each person decides for the month (role household_member)."""

    name = "member_decisions"
    row_name = "decision"
    role = "household_member"
    alongside = "people"
    code = 21

    consumption: F64 = decision(
        0.0,
        unit="USD/month",
        lower=0.0,
        upper=20.0,
        scale="wage_anchor",
        doc="Spending on goods wanted, product taxes included.",
    )
    hours: F32 = decision(1.0, unit="share of full time", lower=0.0, upper=1.5, doc="Hours offered.")
    participate: I8 = decision(1, unit="0 or 1", lower=0, upper=1, doc="Be in the labour force.")
    search: F32 = decision(
        0.0,
        unit="share",
        lower=0.0,
        upper=1.0,
        doc="Search effort: chance that each possible visit to an employer is made.",
    )
    reservation_wage: F64 = decision(
        0.0, unit="USD/month", lower=0.0, upper=10.0, scale="wage_anchor", doc="Lowest wage accepted."
    )
