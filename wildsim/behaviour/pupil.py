"""Rule of pupils: stay at school or leave, apply for higher education or not."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from wildsim.core.table import F64, I64
from wildsim.kernels.ages import RETIREMENT_AGE
from wildsim.state.education import AT_SCHOOL
from wildsim.state.step import step
from wildsim.state.world import WorldView


@step(sector="education", study_decisions="study stay")
def decide(world: WorldView) -> None:
    """Compare lifetime incomes with and without more schooling (Becker 1964; Card 1999), liking for study counted in.

    With r the return to a year, T the years of schooling, R the years to retirement and A(a, b) the discounted years
    from a to b, schooling is worth `ln[(e^{rT} A(T, R) - fees) / ((1 - u) A(0, T) + A(T, R))]`: while at school one
    forgoes earnings, but for unemployment u. Liking for study is added; who likes it enough stays, or applies if the
    family can pay the fees out of a share of its income and its deposits (credit constraint). Chances in the exam are
    not known to pupils.
    """
    out, law = world.study_decisions, world.law
    out.study[:] = 0
    out.stay[:] = 1
    rows = np.flatnonzero((world.pupils.stage == AT_SCHOOL) & (world.people.schooling >= _first_year(world)))
    if not len(rows):
        return
    years = law("education.higher_years")
    likes = law("education.taste_spread") * liking(world, rows)
    value = _value(world, rows, years, fees=law("education.tuition"))
    out.study[rows] = (value + likes > 0.0) & _can_pay(world, rows)
    year = _value(world, rows, 1.0, fees=0.0) + law("education.diploma")
    out.stay[rows] = year + likes / years > 0.0


def _first_year(world: WorldView) -> float:
    """Return the completed years before which nobody can leave or sit the exam when the school year ends."""
    law = world.law
    years = math.floor(law("education.leaving_age") - law("population.school_age"))
    return min(years, law("education.secondary_years")) - 1.0


def liking(world: WorldView, rows: I64) -> F64:
    """Return the liking for study in standard deviations; the talented like it more."""
    pupils, link = world.pupils, world.law("education.taste_talent")
    return np.asarray(link * pupils.talent[rows] + np.sqrt(1.0 - link**2) * pupils.taste[rows], dtype=np.float64)


def _value(world: WorldView, rows: I64, years: float, fees: float) -> F64:
    """Return the gain in log lifetime income of `years` more of schooling.

    Args:
        fees: Fee of each year as a share of the mean wage.
    """
    people, macro, law = world.people, world.macro, world.law
    rate = law("education.discount")

    def discounted(first: F64 | float, last: F64 | float) -> F64:
        return np.asarray((np.exp(-rate * np.asarray(first)) - np.exp(-rate * np.asarray(last))) / rate)

    career = np.maximum(RETIREMENT_AGE - people.age[rows].astype(np.float64), years + 1.0)
    pay = people.skill[rows] * (float(macro.wage_unit[0]) / float(macro.mean_wage[0]))  # multiples of the mean wage
    later = discounted(years, career)
    early = discounted(0.0, years)
    idle = min(max(float(macro.unemployment[0]), 0.0), 1.0)
    with_schooling = np.exp(law("population.return_to_schooling") * years) * later - fees / pay * early
    without = (1.0 - idle) * early + later
    return np.asarray(np.log(np.maximum(with_schooling / without, 1e-9)))


def _can_pay(world: WorldView, rows: I64) -> NDArray[np.bool_]:
    households, law = world.households, world.law
    home = world.people.household[rows]
    fee = law("education.tuition") * float(world.macro.mean_wage[0])
    months = 12.0 * law("education.higher_years")
    means = law("education.family_share") * households.income_12m[home] + households.deposits[home] / months
    return np.asarray(fee <= means)
