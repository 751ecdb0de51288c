"""The exam at the end of school and the seats that it gives: a cut-off is an order statistic."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from wildsim.core.table import F64, I64
from wildsim.kernels.philox import fill_uniform
from wildsim.state.world import WorldView


def sit(world: WorldView, rows: I64) -> F64:
    """Let pupils (rows) sit the exam and return draws that part equal scores, (rows).

    z = .6 talent + .3 ln family income (std) + spending effect + luck, on the scale of the SAT. Luck is a function of
    the person's id and the month of the exam.
    """
    people, pupils, law = world.people, world.pupils, world.law
    talent_weight, income_weight, luck_weight = law.array("education.score_weights")
    luck = draws_now(world, "education.exam", rows)
    middle, spread = law.array("education.family_income")
    income = world.households.income_12m[people.household[rows]] / float(world.macro.mean_wage[0])
    family = (np.log(np.maximum(income, law("education.family_income_floor"))) - middle) / spread
    z = talent_weight * pupils.talent[rows] + income_weight * family + luck_weight * ndtri(luck[0])
    z = z + law("education.score_spending") * pupils.funding[rows]
    mean, sd = law.array("education.score_scale")
    pupils.score[rows] = mean + sd * z
    order = np.lexsort((luck[1], income))
    pupils.family_rank[rows[order]] = (np.arange(len(rows)) + 0.5) / max(len(rows), 1)
    pupils.exam_month[rows] = world.month
    return np.asarray(luck[1])


def seats_now(world: WorldView) -> int:
    """Return the seats of the society: a share of everybody of the age at which school usually ends."""
    age, law = world.people.age, world.law
    usual = law("education.cohort_age")
    cohort = int(((age >= usual) & (age < usual + 1.0)).sum())
    return math.floor(law("education.seats") * cohort + 0.5)


def admit(world: WorldView, rows: I64, ties: F64) -> NDArray[np.bool_]:
    """Give the seats to the best of those pupils (rows) who applied; return who has one, (rows).

    The cut-off, the lowest score that was enough, goes into the history; NaN if nobody was admitted.
    """
    applied = np.flatnonzero(world.study_decisions.study[rows] == 1)
    score = world.pupils.score[rows]
    order = applied[np.lexsort((ties[applied], -score[applied]))]
    best = order[: seats_now(world)]
    got = np.zeros(len(rows), dtype=bool)
    got[best] = True
    world.history.add({CUTOFF: float(score[best[-1]]) if len(best) else math.nan})
    return got


#: Series of the history in which the cut-off is kept from exam to exam.
CUTOFF = "education.cutoff"


def hold_cutoff(world: WorldView) -> None:
    """Keep the cut-off of the last exam for another month."""
    world.history.add({CUTOFF: world.history.last(CUTOFF)})


def draws_now(world: WorldView, stream: str, rows: I64) -> F64:
    """Return two draws of this month for some people, shape (2, rows)."""
    ids = world.people.id[rows]
    ids.flags.writeable = False
    out = np.empty((len(rows), 2))
    fill_uniform(world.key(stream, "people"), world.month, ids, out)
    return np.ascontiguousarray(out.T)
