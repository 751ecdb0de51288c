"""The first people and households."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr, ndtri

from wildsim.core.keys import Keys, start_ids
from wildsim.core.table import F64, I64, U64
from wildsim.kernels.ages import RETIREMENT_AGE
from wildsim.kernels.philox import fill_uniform
from wildsim.state.households import Households
from wildsim.state.law import Law
from wildsim.state.people import People


def draws(keys: Keys, stream: str, table: str, ids: U64, count: int) -> F64:
    """Return keyed uniform draws for the start of a society, shape (count, rows)."""
    out = np.empty((len(ids), count))
    ids = ids.view()
    ids.flags.writeable = False
    fill_uniform(keys.stream(stream, table, -(2**30)), -(2**30), ids, out)
    return np.ascontiguousarray(out.T)


def group_sizes(keys: Keys, people: int, partnered: float) -> I64:
    """Return the number of adults of each household, one or two, adding up to `people`."""
    couples = partnered / 2.0 / (partnered / 2.0 + (1.0 - partnered))
    u = draws(keys, "start.couples", "households", start_ids(Households.code, people), 1)[0]
    sizes = np.where(u < couples, 2, 1)
    last = int(np.searchsorted(np.cumsum(sizes), people))
    sizes = sizes[: last + 1]
    sizes[-1] -= int(sizes.sum()) - people
    return sizes.astype(np.int64)


def start_people(people: People, households: Households, sizes: I64, regions: int, keys: Keys, law: Law) -> None:
    """Fill both tables; rows come out sorted by region, then household.

    Regions hold equal numbers of households. Pairs are of similar age, one woman and one man.
    """
    count = len(sizes)
    households.base("region")[:] = (np.arange(count) * regions) // count
    households.base("members")[:] = sizes
    households.base("first_member")[:] = np.cumsum(sizes) - sizes
    home = np.repeat(np.arange(count), sizes)
    people.base("household")[:] = home
    second = np.arange(len(people)) - households.base("first_member")[home]
    u = draws(keys, "start.people", "people", people.base("id"), 6)
    head = draws(keys, "start.heads", "households", households.base("id"), 2)
    female = np.where(sizes[home] == 2, (head[1, home] < 0.5) ^ (second == 1), u[0] < 0.5)
    people.base("female")[:] = female
    gap = law("population.partner_age")
    age = draw_ages(law, head[0, home]) + np.where(second == 1, 2.0 * gap * u[1] - gap, 0.0)
    people.base("age")[:] = np.clip(age, law.array("population.age_bounds")[0], None)
    people.base("schooling")[:] = draw_schooling(law, u[2], people.base("age"))
    people.base("ability")[:] = ndtri(u[3])
    people.base("experience")[:] = experience_of(law, people.base("age"), people.base("schooling"))
    people.base("skill")[:] = _skill(people, law)
    people.base("work_cost")[:] = draw_work_cost(law, u[4])


def adults_working_share(law: Law) -> float:
    """Return the share of adults who are of working age."""
    return float(law.array("population.age_shares")[:-2].sum())


def draw_ages(law: Law, u: F64, below: float = np.inf) -> F64:
    """Return ages from uniform draws, all of them less than `below`."""
    bounds, shares = law.array("population.age_bounds"), law.array("population.age_shares")
    steps = np.concatenate([[0.0], np.cumsum(shares / shares.sum())])
    part = 1.0 if below == np.inf else np.interp(below, bounds, steps)
    return np.interp(u * part, steps, bounds)


def draw_schooling(law: Law, u: F64, age: NDArray[Any]) -> F64:
    """Return completed years of schooling from uniform draws; nobody has been to school longer than they live."""
    steps = np.cumsum(law.array("population.schooling_shares"))
    level = np.minimum(np.searchsorted(steps, u), len(steps) - 1)
    years = law.array("population.schooling_years")[level]
    return np.minimum(years, np.floor(age - law("population.school_age")))


def experience_of(law: Law, age: NDArray[Any], schooling: NDArray[Any]) -> NDArray[Any]:
    """Return years of experience of people who have worked since school."""
    years = age - schooling - law("population.school_age")
    return np.asarray(np.clip(years, 0.0, law("population.experience_most")))


def draw_work_cost(law: Law, u: F64) -> F64:
    """Return the fixed cost of working from uniform draws, share of the mean wage."""
    cost, spread = law("population.work_cost_median"), law("population.work_cost_spread")
    return np.asarray(cost * np.exp(spread * ndtri(u)))


def log_skill(law: Law, schooling: NDArray[Any], experience: NDArray[Any], ability: NDArray[Any]) -> F64:
    """Return log skill but for a constant (Mincer 1974)."""
    linear, square = law.array("population.return_to_experience")
    years = np.asarray(experience, dtype=np.float64)
    found = law("population.return_to_schooling") * np.asarray(schooling, dtype=np.float64)
    found = found + linear * years + square * years**2
    found += log_ability(law, ability)
    return np.asarray(found)


def log_ability(law: Law, ability: NDArray[Any]) -> NDArray[Any]:
    """Return what innate ability adds to log skill: s times ability, with a Pareto tail where the scenario has one.

    Above the quantile q the part of skill that is ability, X, is Pareto, exponent a: P(X > x) = (1 - q) (x_q / x)^a.
    Schooling and experience multiply it by bounded factors, which move the level of the tail and leave its exponent.

    Args:
        ability: Standard normal, any shape.

    Source: Atkinson, Piketty, Saez 2011, Journal of Economic Literature 49(1): the upper tail of incomes is Pareto.
    """
    spread, exponent = law("population.ability_spread"), law("population.ability_tail")
    plain = spread * ability
    if exponent == 0.0:
        return np.asarray(plain)
    share = law("population.ability_tail_share")
    start = -float(ndtri(share))  # 1 - q is the share, so that a small one keeps its digits
    beyond = (np.log(share) - log_ndtr(-np.asarray(ability, dtype=np.float64))) / exponent
    return np.asarray(np.where(ability > start, spread * start + beyond, plain))


def _skill(people: People, law: Law) -> F64:
    """Return skill relative to the mean of working age (Mincer 1974); give_jobs makes the mean worker its unit."""
    logs = log_skill(law, people.base("schooling"), people.base("experience"), people.base("ability"))
    skill = np.exp(logs - logs.mean())
    working = people.base("age") < RETIREMENT_AGE
    return np.asarray(skill / skill[working].mean())
