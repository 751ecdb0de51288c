"""Schools, schooling and the cut-off of the exam."""

from __future__ import annotations

import math

import numpy as np

from wildsim.core.table import F64, NO_ROW
from wildsim.indicators import indicator, sample
from wildsim.indicators.accounts import ratio
from wildsim.state.education import AT_SCHOOL, HIGHER
from wildsim.state.world import WorldView

#: Ages of statistics: attainment is that of adults of 25 and over, enrolment that of youth.
_ADULT, _YOUNG, _YOUTH_ENDS = 25.0, 15.0, 25.0
#: Years of schooling with which a degree begins (CPS: bachelor's degree).
_DEGREE = 16.0
#: Months over which seats are counted by family income.
_RECENT = 60
#: Series of the history in which the education sector keeps the cut-off.
_CUTOFF = "education.cutoff"


@indicator(
    "cutoff_score",
    unit="points (mean 500, sd 100)",
    source="Lowest score that was admitted, as universities and ministries publish it",
    direction=0,
    doc="Cut-off of the last exam: the score of the last who got a seat in higher education.",
    sector="education",
)
def cutoff_score(view: WorldView) -> float:
    """Return the cut-off of the last exam; NaN before the first, or if nobody was admitted."""
    return view.history.last(_CUTOFF)


@indicator(
    "schooling_years",
    unit="years",
    source="UNESCO UIS: mean years of schooling of adults of 25 and over",
    direction=1,
    doc="Mean completed years of schooling of those aged 25 and over.",
    sector="education",
)
def schooling_years(view: WorldView) -> float:
    """Return the mean years of schooling of adults."""
    years = view.people.schooling[view.people.age >= _ADULT]
    return float(years.mean(dtype=np.float64)) if len(years) else math.nan


@indicator(
    "enrolment_rate",
    unit="share",
    source="OECD Education at a Glance: enrolment by age",
    direction=1,
    doc="People aged 15-24 at school or in higher education.",
    sector="education",
)
def enrolment_rate(view: WorldView) -> float:
    """Return the share of those aged 15-24 who are at school or in higher education."""
    age, stage = view.people.age, view.pupils.stage
    youth = (age >= _YOUNG) & (age < _YOUTH_ENDS)
    enrolled = youth & ((stage == AT_SCHOOL) | (stage == HIGHER))
    return ratio(float(enrolled.sum()), float(youth.sum()))


@indicator(
    "pupils",
    unit="people",
    source="NCES: enrolment in elementary and secondary schools",
    direction=0,
    doc="Pupils at school, students in higher education apart.",
    sector="education",
)
def pupils(view: WorldView) -> float:
    """Return the number of pupils."""
    return float((view.pupils.stage == AT_SCHOOL).sum())


@sample("exam_score", unit="points (mean 500, sd 100)", doc="Scores of the last exam.", sector="education")
def exam_score(view: WorldView) -> F64:
    """Return the scores of everybody who sat an exam in the last twelve months."""
    table = view.pupils
    return np.asarray(table.score[table.exam_month > view.month - 12].astype(np.float64))


@sample(
    "seat_family",
    unit="share",
    doc="Rank of family income, among those who sat the exam with them, of those given a seat in the last five years.",
    sector="education",
)
def seat_family(view: WorldView) -> F64:
    """Return the rank of family income of everybody admitted in the last five years."""
    table = view.pupils
    recent = (table.admitted == 1) & (table.exam_month > view.month - _RECENT)
    return np.asarray(table.family_rank[recent].astype(np.float64))


@sample(
    "wage_school",
    unit="USD/month",
    doc="Gross wages of people at work with less than 16 years of schooling.",
    sector="education",
)
def wage_school(view: WorldView) -> F64:
    """Return the wages of workers without a degree."""
    people = view.people
    return np.asarray(people.wage[(people.employer != NO_ROW) & (people.schooling < _DEGREE)])


@sample(
    "wage_degree",
    unit="USD/month",
    doc="Gross wages of people at work with 16 years of schooling or more.",
    sector="education",
)
def wage_degree(view: WorldView) -> F64:
    """Return the wages of workers with a degree."""
    people = view.people
    return np.asarray(people.wage[(people.employer != NO_ROW) & (people.schooling >= _DEGREE)])
