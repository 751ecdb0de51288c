"""Everybody grows a month older: health, schooling and experience change; some die, some bear children."""

from __future__ import annotations

import math

import numpy as np

from wildsim.core.table import F32, F64, I64
from wildsim.kernels.ages import ADULT_AGE
from wildsim.kernels.lives import live_a_month
from wildsim.state.functions import spending_ratio
from wildsim.state.step import step
from wildsim.state.world import WorldView

#: Ages at which the groups begin within which incomes are ranked; the last one ends the ranking: as in Chetty et al.
#: 2016 those of 62 and over keep the rank that they had before they retired.
RANK_AGES = (18.0, 30.0, 40.0, 50.0, 62.0)
MONTHS_A_YEAR = 12
#: Age groups of the life table: below 1, 1-4, 5-9, ..., 80-84, 85 and over.
GROUPS = 19


@step(
    sector="demography",
    people="age schooling experience skill away participates",
    lives="health rank dies bears",
)
def age(world: WorldView) -> None:
    """Let everybody live a month: the kernel `live_a_month` says in which order.

    Mortality is Gompertz-Makeham with health and ability (Chetty et al. 2016 for its gradient); health follows income
    rank, care, insurance and unemployment (De Nardi, French, Jones 2010).
    """
    people, lives, law = world.people, world.lives, world.law
    if world.month % MONTHS_A_YEAR == 0:
        lives.rank[:] = income_ranks(world)
    tally = np.zeros((world.tiles.count, 4, GROUPS))
    spent = max(spending_ratio(world, "health"), law("demography.spending_floor"))
    care = law("demography.health_care") * math.log(spent)
    world.tiles.run(
        live_a_month,
        world.tiles.people,
        people.id,
        people.female,
        people.ability,
        people.employer,
        _frozen(lives.rank),
        lives.partner,
        lives.destined,
        law.array("demography.hazard_level"),
        law.array("demography.hazard_slope"),
        law.array("demography.hazard_background"),
        law.array("demography.hazard_infant"),
        law.array("demography.hazard_child"),
        law("demography.hazard_health"),
        law("demography.hazard_ability"),
        law("demography.health_income"),
        care,
        law("demography.health_insurance"),
        law("demography.coverage"),
        law("demography.coverage_rank"),
        law("demography.health_unemployment"),
        law("demography.health_speed"),
        law("demography.health_noise"),
        law.array("demography.fertility_bands"),
        law.array("demography.fertility"),
        law.array("demography.fertility_partnered"),
        law("population.school_age"),
        0 if world.has("education") else 1,
        law("population.return_to_schooling"),
        law.array("population.return_to_experience"),
        law("population.experience_most"),
        world.key("lives", "people"),
        world.keys.stream("insurance", "people", 0),
        world.month,
        people.age,
        people.schooling,
        people.experience,
        people.skill,
        people.away,
        people.participates,
        lives.health,
        lives.dies,
        lives.bears,
        tally,
    )
    world.history.add(counts(tally.sum(axis=0)))


def counts(tally: F64) -> dict[str, float]:
    """Return the series of who lives and who dies by sex and age group, under the names that the life table reads."""
    named = zip(("alive.m", "alive.f", "deaths.m", "deaths.f"), tally, strict=True)
    return {f"{name}.{group}": float(number) for name, row in named for group, number in enumerate(row)}


def _frozen(values: F32) -> F32:
    """Return a read-only view of a column that this step writes, for a kernel that only reads it."""
    view = values.view()
    view.flags.writeable = False
    return view


def income_ranks(world: WorldView) -> F32:
    """Return everybody's rank (0 to 1) of equivalised income of 12 months among adults of their age group.

    Children and those of 62 and over keep the rank that they had.
    """
    people, households, lives = world.people, world.households, world.lives
    equivalised = households.income_12m / np.sqrt(np.maximum(households.members, 1))
    income = equivalised[people.household]
    group = np.searchsorted(RANK_AGES, people.age, "right")
    rank: F64 = lives.rank.astype(np.float64)
    for number in range(1, len(RANK_AGES)):
        rows: I64 = np.flatnonzero(group == number)
        order = np.lexsort((people.id[rows], income[rows]))  # members of a household tie
        rank[rows[order]] = (np.arange(len(rows)) + 0.5) / max(len(rows), 1)
    return rank.astype(np.float32)


assert RANK_AGES[0] == ADULT_AGE
