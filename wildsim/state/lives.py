"""Lives: what the demography sector knows of people, of regions and of the society as a whole."""

from __future__ import annotations

from wildsim.core.table import F32, F64, I8, I32, NO_ROW, U64, Table, column


class Lives(Table):
    """One row per person, as in people."""

    name = "lives"
    row_name = "life"
    code = 30
    sector = "demography"
    alongside = "people"

    health: F32 = column(
        0.0,
        unit="index",
        doc="Health: log odds that mortality is below that of others of the same age and sex, before the weight on it.",
        source="AR(1) health index, as in De Nardi, French, Jones 2010",
    )
    rank: F32 = column(
        0.5,
        unit="share",
        doc="Rank of the household's equivalised income of 12 months in the age group, renewed yearly until 62.",
        source="Chetty et al. 2016, JAMA",
    )
    mother: I32 = column(NO_ROW, unit="row", ref="people", doc="Mother, while she lives.")
    father: I32 = column(NO_ROW, unit="row", ref="people", doc="Father, while he lives.")
    partner: I32 = column(NO_ROW, unit="row", ref="people", doc="Partner in the same household.")
    destined: F32 = column(
        0.0,
        unit="years",
        doc="Schooling that a young person completes where no education sector decides it.",
    )
    dies: I8 = column(0, unit="0 or 1", kind="flow", doc="1 for those who die this month.")
    bears: I8 = column(0, unit="0 or 1", kind="flow", doc="1 for those who bear a child this month.")


class Vital(Table):
    """One row: the society's vital statistics and what the newborn start from."""

    name = "vital"
    row_name = "vital"
    code = 29
    sector = "demography"

    id: U64 = column(0, unit="id", doc="Identity.")
    skill_level: F64 = column(0.0, unit="log", doc="Constant of log skill: the mean worker of the start has skill 1.")
    births: F64 = column(0.0, unit="people/month", kind="flow", doc="Births of the month.")
    deaths: F64 = column(0.0, unit="people/month", kind="flow", doc="Deaths of the month.")
    norm_people: F64 = column(0.0, unit="people", doc="People to whom the government's norms were last fitted.")


class Settlements(Table):
    """One row per region: what it started with."""

    name = "settlements"
    row_name = "settlement"
    code = 28
    sector = "demography"
    alongside = "regions"

    people_start: F64 = column(0.0, unit="people", doc="People at the start.")
    firms_start: I32 = column(0, unit="firms", width=3, doc="Firms of each kind at the start.")
