"""Pupils: what school, higher education and training know of each person."""

from __future__ import annotations

from wildsim.core.table import F32, I8, I16, I32, Table, column, decision

#: Values of the column `stage`.
NOT_YET, AT_SCHOOL, HIGHER, LEFT = 0, 1, 2, 3
#: Month of the exam of those who never sat one.
NEVER = -(2**30)


class Pupils(Table):
    """One row a person, pupil or not; row i is the same person as in people."""

    name = "pupils"
    row_name = "pupil"
    sector = "education"
    alongside = "people"
    code = 51

    known: I8 = column(0, unit="0 or 1", doc="1 once talent and taste are drawn; they are a function of the id alone.")
    talent: F32 = column(
        0.0,
        unit="standard deviations",
        doc="Talent at school, unobserved; correlated with ability at work.",
        source="Neal, Johnson 1996: what test scores measure",
    )
    taste: F32 = column(
        0.0,
        unit="standard deviations",
        doc="Liking for study, unobserved.",
        source="Heckman, Lochner, Todd 2006: psychic costs",
    )
    stage: I8 = column(
        NOT_YET, unit="code", doc="0 not yet at school, 1 at school, 2 in higher education, 3 left education."
    )
    years_left: I8 = column(0, unit="years", doc="Years of higher education that are still to come.")
    funding: F32 = column(
        0.0,
        unit="log points",
        doc="Log of spending over its norm, averaged over all years of school; years to come count 0.",
        source="Jackson, Johnson, Persico 2016: exposure to spending",
    )
    score: F32 = column(0.0, unit="points", doc="Exam score; 0 for those who never sat the exam.")
    exam_month: I32 = column(NEVER, unit="month", doc="Month in which the exam was sat; far in the past for never.")
    family_rank: F32 = column(
        0.0, unit="share", doc="Rank of family income (0 to 1) among those who sat the exam in the same month."
    )
    admitted: I8 = column(0, unit="0 or 1", doc="1 for those who were given a seat.")
    training: I16 = column(0, unit="months", doc="Months of training that are still to come (policy training_places).")
    trained: I8 = column(0, unit="0 or 1", doc="1 for those who were given a place in training.")


class StudyDecisions(Table):
    """What each person decides on education for the month (role household_member)."""

    name = "study_decisions"
    row_name = "decision"
    sector = "education"
    role = "household_member"
    alongside = "people"
    code = 52

    study: I8 = decision(0, unit="0 or 1", lower=0, upper=1, doc="Apply for a seat in higher education.")
    stay: I8 = decision(1, unit="0 or 1", lower=0, upper=1, doc="Stay at school once the law allows to leave.")
