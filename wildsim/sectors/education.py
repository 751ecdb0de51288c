"""Schools: pupils come, learn, sit the exam, study and leave; fees and allowances are paid; training ends."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from wildsim.behaviour.pupil import liking
from wildsim.core.table import I64, sum_by
from wildsim.kernels.ages import WORKING_AGE
from wildsim.sectors.exam import admit, hold_cutoff, sit
from wildsim.state.education import AT_SCHOOL, HIGHER, LEFT, NEVER, NOT_YET
from wildsim.state.functions import spending_ratio
from wildsim.state.people import HOME, PRISON, SCHOOL
from wildsim.state.start.education import draw_traits
from wildsim.state.step import step
from wildsim.state.world import WorldView


@step(sector="education", households="income", pupils="funding")
def attend(world: WorldView) -> None:
    """Live a month of school: spending reaches pupils, households pay fees, people in training get their benefit on.

    Fees are paid as far as deposits go. They go to the government, which runs the colleges: its output is counted at
    cost already, so that they are no part of consumption.
    """
    _reach_pupils(world)
    people, pupils, households, laws = world.people, world.pupils, world.households, world.laws
    mean_wage, count = float(world.macro.mean_wage[0]), len(households)
    home = people.household
    students = sum_by(home, (pupils.stage == HIGHER).astype(np.float64), count)
    owed = world.law("education.tuition") * mean_wage * students
    world.ledger.pay("tuition", ("households", np.clip(households.deposits, 0.0, owed)), "government")
    trainees = np.flatnonzero(pupils.training > 0)
    group = people.law[trainees]
    each = np.minimum(laws.replacement[group] * people.last_wage[trainees], laws.cap[group] * mean_wage)
    allowance = sum_by(home[trainees], each, count)
    world.ledger.pay("training_allowance", "government", ("households", allowance))
    households.income[:] += allowance


@step(
    sector="education",
    people="schooling skill away participates months_out last_wage",
    pupils="known talent taste stage years_left funding score exam_month family_rank admitted training",
)
def teach(world: WorldView) -> None:
    """End the month: once a year pupils come; once a year they complete a year, sit the exam, and leave."""
    _meet_newcomers(world)
    law, pupils = world.law, world.pupils
    if world.month % 12 == law("education.school_ends"):
        _end_year(world)
    else:
        hold_cutoff(world)
    if world.month % 12 == law("education.school_starts"):
        _enrol(world)
    _end_training(world)
    at_school = (pupils.stage == AT_SCHOOL) | (pupils.stage == HIGHER)
    world.people.away[at_school & (world.people.age >= WORKING_AGE) & (world.people.away == HOME)] = SCHOOL


def _reach_pupils(world: WorldView) -> None:
    """Let this month's spending count for everybody at school, in log points of its norm over all years of school."""
    law, pupils = world.law, world.pupils
    ratio = spending_ratio(world, "education")
    if ratio != 1.0:
        months = 12.0 * law("education.secondary_years")
        exposure = math.log(max(ratio, law("education.spending_floor"))) / months
        pupils.funding[:] += np.where(pupils.stage == AT_SCHOOL, np.float32(exposure), np.float32(0.0))


def _meet_newcomers(world: WorldView) -> None:
    """Draw talent and taste of those born or arrived since; who is past school age has left school elsewhere."""
    people, pupils = world.people, world.pupils
    new = np.flatnonzero(pupils.known == 0)
    if len(new):
        talent, taste = draw_traits(world.law, world.keys, people.id[new], people.ability[new])
        pupils.talent[new], pupils.taste[new], pupils.known[new] = talent, taste, 1
    pupils.stage[(pupils.stage == NOT_YET) & (people.age >= world.law("education.leaving_age"))] = LEFT


def _enrol(world: WorldView) -> None:
    people, pupils = world.people, world.pupils
    pupils.stage[(pupils.stage == NOT_YET) & (people.age >= world.law("population.school_age"))] = AT_SCHOOL


def _end_year(world: WorldView) -> None:
    """End the school year: another year of schooling, the exam, seats, and leaving.

    Those without a seat leave when they have finished school, or no longer wish to stay, and the law allows it. Who is
    in prison completes no year, gives up school at the first chance, and loses the seat.
    """
    people, pupils, law = world.people, world.pupils, world.law
    at_school, higher = pupils.stage == AT_SCHOOL, pupils.stage == HIGHER
    absent = people.away == PRISON
    _learn_a_year(world, (at_school | higher) & ~absent)
    pupils.years_left[higher] -= 1
    finished = people.schooling >= law("education.secondary_years")
    candidates = np.flatnonzero(at_school & ~absent & finished & (pupils.exam_month == NEVER))
    got = candidates[admit(world, candidates, sit(world, candidates))]
    leaves = at_school & (people.age >= law("education.leaving_age"))
    leaves &= finished | absent | (world.study_decisions.stay == 0)
    leaves[got] = False
    pupils.stage[got], pupils.admitted[got] = HIGHER, 1
    more, beyond = law.array("education.graduate")
    years = law("education.higher_years") + np.where(liking(world, got) > beyond, more, 0.0)
    pupils.years_left[got] = years.astype(np.int8)
    _leave(world, np.flatnonzero(leaves | (higher & (absent | (pupils.years_left <= 0)))))


def _learn_a_year(world: WorldView, learners: NDArray[np.bool_]) -> None:
    """Add a year of schooling and its return in skill (Mincer 1974)."""
    people = world.people
    rows = np.flatnonzero(learners)
    people.schooling[rows] += 1.0
    people.skill[rows] *= math.exp(world.law("population.return_to_schooling"))


def _leave(world: WorldView, rows: I64) -> None:
    """Let pupils and students (rows) go; the quality of their school shows in their skill from now on."""
    people, pupils = world.people, world.pupils
    people.skill[rows] *= np.exp(world.law("education.spending_return") * pupils.funding[rows])
    pupils.funding[rows] = 0.0
    pupils.stage[rows] = LEFT
    _go_home(world, rows)
    people.last_wage[rows] = 0.0  # no claim to benefits from before


def _go_home(world: WorldView, rows: I64) -> None:
    """Let people (rows) look for work from now on; who is in prison stays there."""
    people = world.people
    free = rows[people.away[rows] == SCHOOL]
    people.away[free] = HOME
    people.participates[free] = 1  # who leaves school looks for work; later reviews tell whether it pays
    people.months_out[free] = 0


def _end_training(world: WorldView) -> None:
    """Bring training forward by a month; those who complete it are worth more at work. Prison ends it."""
    people, pupils = world.people, world.pupils
    pupils.training[people.away == PRISON] = 0
    rows = np.flatnonzero(pupils.training > 0)
    if not len(rows):
        return
    pupils.training[rows] -= 1
    done = rows[pupils.training[rows] == 0]
    people.skill[done] *= math.exp(world.law("education.training_return"))
    _go_home(world, done)
