"""The first people and households."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from wildsim.core.keys import Keys, start_ids
from wildsim.core.table import F64, I64, U64
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
    age = _ages(head[0, home], law) + np.where(second == 1, 6.0 * u[1] - 3.0, 0.0)
    people.base("age")[:] = np.clip(age, law.array("population.age_bounds")[0], None)
    steps = np.cumsum(law.array("population.schooling_shares"))
    level = np.minimum(np.searchsorted(steps, u[2]), len(steps) - 1)
    years = law.array("population.schooling_years")[level]
    people.base("schooling")[:] = np.minimum(
        years, np.floor(people.base("age") - 6.0)
    )  # nobody is older in school years
    people.base("ability")[:] = ndtri(u[3])
    experience = np.clip(people.base("age") - people.base("schooling") - 6.0, 0.0, 45.0)
    people.base("experience")[:] = experience
    people.base("skill")[:] = _skill(people, law)
    cost, spread = law("population.work_cost_median"), law("population.work_cost_spread")
    people.base("work_cost")[:] = cost * np.exp(spread * ndtri(u[4]))


def _ages(u: F64, law: Law) -> F64:
    bounds, shares = law.array("population.age_bounds"), law.array("population.age_shares")
    steps = np.concatenate([[0.0], np.cumsum(shares / shares.sum())])
    return np.interp(u, steps, bounds)


def _skill(people: People, law: Law) -> F64:
    """Return skill relative to the mean of working age (Mincer 1974); give_jobs makes the mean worker its unit."""
    linear, square = law.array("population.return_to_experience")
    experience = people.base("experience").astype(np.float64)
    log_skill = law("population.return_to_schooling") * people.base("schooling").astype(np.float64)
    log_skill = log_skill + linear * experience + square * experience**2
    log_skill += law("population.ability_spread") * people.base("ability")
    skill = np.exp(log_skill - log_skill.mean())
    working = people.base("age") < 65.0
    return np.asarray(skill / skill[working].mean())
