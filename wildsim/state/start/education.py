"""The first pupils and students: schooling that fits their age."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from wildsim.core.keys import Keys
from wildsim.core.table import F64, U64
from wildsim.kernels.ages import WORKING_AGE
from wildsim.state.education import AT_SCHOOL, HIGHER, LEFT, NOT_YET
from wildsim.state.law import Law
from wildsim.state.people import HOME, SCHOOL
from wildsim.state.start.people import draws, experience_of, log_skill
from wildsim.state.world import World


def draw_traits(law: Law, keys: Keys, ids: U64, ability: NDArray[np.float32]) -> tuple[F64, F64]:
    """Return talent and taste, functions of the id (and of ability, with which talent is correlated)."""
    own, taste = ndtri(draws(keys, "education.traits", "people", ids, 2))
    link = law("education.talent_link")
    return link * ability + np.sqrt(1.0 - link**2) * own, np.asarray(taste)


def start_education(world: World, law: Law, keys: Keys) -> None:
    """Send everybody young enough to school or higher education; their schooling and skill follow.

    Students at the start are those who are past school and short of the schooling that they are destined to.
    """
    people, pupils = world.tables["people"], world.tables["pupils"]
    ids, age, schooling = people.base("id"), people.base("age"), people.base("schooling")
    talent, taste = draw_traits(law, keys, ids, people.base("ability"))
    pupils.base("known")[:] = 1
    pupils.base("talent")[:], pupils.base("taste")[:] = talent, taste
    begun, done = school_years(law, world.clock.month, age)
    secondary = law("education.secondary_years")
    at_school = begun & (done < secondary)
    destined = _destined(world, law, keys, talent)
    student = (done >= secondary) & (done < destined)
    stage = pupils.base("stage")
    stage[:] = np.where(at_school, AT_SCHOOL, np.where(student, HIGHER, np.where(begun, LEFT, NOT_YET)))
    pupils.base("years_left")[student] = (destined - done)[student].astype(np.int8)
    _learn(world, law, np.where(at_school | student | ~begun, done, np.minimum(schooling, done)))
    away = people.base("away")
    away[away == SCHOOL] = HOME
    away[(at_school | student) & (age >= WORKING_AGE)] = SCHOOL


def _destined(world: World, law: Law, keys: Keys, talent: F64) -> F64:
    """Return the schooling that students of the start will complete: demography's, else by talent and luck."""
    if world.has("demography"):
        return np.floor(world.tables["lives"].base("destined").astype(np.float64))
    weight = law.array("education.score_weights")
    luck = ndtri(draws(keys, "education.start", "people", world.tables["people"].base("id"), 1)[0])
    standing = (weight[0] * talent + weight[2] * luck) / np.hypot(weight[0], weight[2])
    chosen = standing > ndtri(np.clip(1.0 - law("education.seats"), 1e-9, 1.0 - 1e-9))
    secondary = law("education.secondary_years")
    return np.where(chosen, secondary + law("education.higher_years"), secondary)


def school_years(law: Law, month: int, age: NDArray[np.float32]) -> tuple[NDArray[np.bool_], F64]:
    """Return who has begun school when `month` begins, and the years completed by someone who never left, (people)."""
    starts, ends = law("education.school_starts"), law("education.school_ends")
    since_start, since_end = (month - 1 - starts) % 12, (month - 1 - ends) % 12
    before_start = age - law("population.school_age") - since_start / 12.0
    began_then = age - law("population.school_age") - (since_end + (ends - starts) % 12) / 12.0
    done = np.where(began_then >= 0.0, np.floor(began_then) + 1.0, 0.0)
    return before_start >= 0.0, done


def _learn(world: World, law: Law, learnt: F64) -> None:
    """Put new years of schooling in, and change skill by what they and the experience that fits them make of it."""
    people = world.tables["people"]
    age, schooling, experience = people.base("age"), people.base("schooling"), people.base("experience")
    ability = people.base("ability")
    worked = np.where(learnt != schooling, experience_of(law, age, learnt), experience)
    before = log_skill(law, schooling, experience, ability)
    people.base("skill")[:] *= np.exp(log_skill(law, learnt, worked, ability) - before)
    schooling[:], experience[:] = learnt, worked
