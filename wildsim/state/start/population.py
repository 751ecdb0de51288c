"""The first people where a demography sector runs: both sexes, every age, in families."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from wildsim.core.keys import Keys, start_ids
from wildsim.core.table import F64, I64, NO_ROW
from wildsim.kernels.ages import ADULT_AGE, RETIREMENT_AGE
from wildsim.state.law import Law
from wildsim.state.people import SCHOOL, People
from wildsim.state.start.fitting import fit, whole
from wildsim.state.start.people import draw_schooling, draw_work_cost, draws, experience_of, log_skill
from wildsim.state.world import World

GROUP_YEARS, FIFTHS = 5.0, 5
#: Ages at which young adults may still live with a parent at the start.
YOUNG_UNTIL = 25.0
#: So many neighbours in age share the children that are looking for a mother of one age.
NEIGHBOURS = 40
#: Weight of women with a partner among possible mothers: a whole number near the ratio of birth rates.
PARTNERED_TWICE = 2
#: Ages between which the mothers of adults are dead with a chance that rises from 0 to 1.
MOTHERS_DIE = (60.0, 95.0)


@dataclass(frozen=True)
class Plan:
    """Who the first people are, one entry a person, sorted by household.

    Attributes:
        household: Household. age: Years. female: 1 for women. income: Rank of income among all, 0 to 1.
        standing: Rank of income among people of the age group and sex, 0 to 1.
        mother, partner: Rows, -1 for none. households: Number of households.
    """

    household: I64
    age: F64
    female: I64
    income: F64
    standing: F64
    mother: I64
    partner: I64
    households: int

    @property
    def working_share(self) -> float:
        """Share of the people who are of working age."""
        return float(((self.age >= ADULT_AGE) & (self.age < RETIREMENT_AGE)).mean())


def joint_shares(law: Law) -> F64:
    """Return shares of people by age group, sex and fifth of income, shape (18, 2, 5), from their margins."""
    counts, female = law.array("demography.age_counts"), law.array("demography.female_shares")
    by_age = counts / counts.sum()
    age_sex = by_age[:, None] * np.column_stack([1.0 - female, female])
    band = np.searchsorted(law.array("demography.income_bands"), GROUP_YEARS * np.arange(len(counts)), "right") - 1
    age_income = by_age[:, None] * law.array("demography.income_by_age")[band]
    totals = [((0,), age_sex.sum(axis=0)), ((1,), age_income.sum(axis=0))]
    sex_income = fit(law.array("demography.income_by_sex"), totals)
    margins = [((0, 1), age_sex), ((0, 2), age_income), ((1, 2), sex_income)]
    return fit(np.ones((len(counts), 2, FIFTHS)), margins)


def plan_population(people: int, keys: Keys, law: Law) -> Plan:
    """Return who the first `people` people are: margins as in the data, then couples, children, households."""
    shares = joint_shares(law)
    cell = np.repeat(np.arange(shares.size), whole(shares, people).reshape(-1))
    u = draws(keys, "start.plan", "people", start_ids(People.code, people), 8)
    cell = cell[np.argsort(u[0], kind="stable")]
    group, female, fifth = cell // (2 * FIFTHS), cell // FIFTHS % 2, cell % FIFTHS
    age = GROUP_YEARS * (group + u[1])
    last = GROUP_YEARS * 17
    age = np.where(group == 17, last + (law("demography.oldest") - last) * u[1] ** 2, age)
    partner = _couples(age, female, u[2], u[3], law)
    lives_at_home = (age < ADULT_AGE) | ((age < YOUNG_UNTIL) & (partner < 0) & (u[4] < law("demography.at_home")))
    mother = _mothers(age, female, partner, lives_at_home, u[5], u[6], law)
    home = _homes(age, partner, mother, lives_at_home)
    below = np.cumsum(shares, axis=2) - shares
    standing = (below[group, female, fifth] + u[4] * shares[group, female, fifth]) / shares.sum(axis=2)[group, female]
    return _sorted(home, u[7], age, female, (fifth + u[4]) / FIFTHS, standing, mother, partner)


def _couples(age: F64, female: I64, luck: F64, noise: F64, law: Law) -> I64:
    """Return everybody's partner (-1: none): those with one are paired by age, he a little older, with some spread."""
    bands, shares = law.array("demography.partnered_bands"), law.array("demography.partnered_by_age")
    band = np.maximum(np.searchsorted(bands, age, "right") - 1, 0)
    share = np.where(age >= bands[0], shares[female, band], 0.0)
    gap, spread = law.array("demography.partner_age_gap").tolist()
    wants = luck < share
    women, men = np.flatnonzero(wants & (female == 1)), np.flatnonzero(wants & (female == 0))
    count = min(len(women), len(men))
    women = np.sort(women[np.argsort(noise[women], kind="stable")][:count])
    men = np.sort(men[np.argsort(noise[men], kind="stable")][:count])
    women = women[np.argsort(age[women] + gap + spread * ndtri(noise[women]), kind="stable")]
    men = men[np.argsort(age[men], kind="stable")]
    partner = np.full(len(age), NO_ROW, dtype=np.int64)
    partner[women], partner[men] = men, women
    return partner


def _mothers(age: F64, female: I64, partner: I64, at_home: np.ndarray, luck: F64, spread: F64, law: Law) -> I64:
    """Return everybody's mother (-1: dead): a woman whose age at the birth was drawn from the birth rates."""
    bounds, rates = law.array("demography.fertility_bands"), law.array("demography.fertility")
    steps = np.concatenate([[0.0], np.cumsum(rates * np.diff(bounds))])
    wanted = age + np.interp(luck * steps[-1], steps, bounds)
    women = np.flatnonzero((female == 1) & ~at_home & (age >= ADULT_AGE))
    mother = np.full(len(age), NO_ROW, dtype=np.int64)
    if not len(women):
        return mother
    women = np.concatenate([women] + [women[partner[women] >= 0]] * (PARTNERED_TWICE - 1))
    women = women[np.argsort(age[women], kind="stable")]
    place = np.searchsorted(age[women], wanted)
    near = np.rint((spread - 0.5) * min(NEIGHBOURS, len(women))).astype(np.int64)
    chosen = women[np.clip(place + near, 0, len(women) - 1)]
    old, dead = MOTHERS_DIE
    alive = spread < np.clip((dead - wanted) / (dead - old), 0.0, 1.0)
    fits = (age[chosen] - age >= bounds[0] - 1.0) & (alive | at_home)
    oldest_fits = at_home & (age[women[-1]] > age)
    return np.where(fits, chosen, np.where(oldest_fits, women[-1], NO_ROW))


def _homes(age: F64, partner: I64, mother: I64, at_home: np.ndarray) -> I64:
    """Return a number that people of one household share: that of the first partner, or of the mother's home."""
    row = np.arange(len(age))
    own = np.where(partner >= 0, np.minimum(row, partner), row)
    orphan = at_home & (mother < 0)
    grown = np.flatnonzero(~at_home)
    if len(grown):  # children without a mother live with somebody of the society
        own = np.where(orphan, own[grown[row % len(grown)]], own)
    return np.where(at_home & (mother >= 0), own[np.maximum(mother, 0)], own)


def _sorted(home: I64, luck: F64, age: F64, female: I64, income: F64, standing: F64, mother: I64, partner: I64) -> Plan:
    """Number households in an order drawn by lot and sort people by household, the oldest first."""
    names, number = np.unique(home, return_inverse=True)
    place = np.empty(len(names), dtype=np.int64)
    place[np.argsort(luck[names], kind="stable")] = np.arange(len(names))
    household = place[number]
    order = np.lexsort((-age, household))
    moved = np.empty(len(age), dtype=np.int64)
    moved[order] = np.arange(len(age))
    mother, partner = (np.where(who >= 0, moved[np.maximum(who, 0)], NO_ROW)[order] for who in (mother, partner))
    return Plan(
        household[order], age[order], female[order], income[order], standing[order], mother, partner, len(names)
    )


def start_population(world: World, plan: Plan, regions: int, keys: Keys, law: Law) -> None:
    """Fill people, households and lives; rows come out sorted by region, then household."""
    people, households, lives = world.tables["people"], world.tables["households"], world.tables["lives"]
    members = np.bincount(plan.household, minlength=plan.households)
    households.base("region")[:] = (np.arange(plan.households) * regions) // plan.households
    households.base("members")[:] = members
    households.base("first_member")[:] = np.cumsum(members) - members
    people.base("household")[:], people.base("age")[:], people.base("female")[:] = plan.household, plan.age, plan.female
    u = draws(keys, "start.people", "people", people.base("id"), 5)
    with_ability, with_schooling, with_work = law.array("demography.income_traits").tolist()
    income = ndtri(np.clip(plan.standing, 1e-9, 1.0 - 1e-9))
    ability = with_ability * income + np.sqrt(1.0 - with_ability**2) * ndtri(u[0])
    learns = ndtr(with_schooling * income + np.sqrt(1.0 - with_schooling**2) * ndtri(u[1]))
    destined = draw_schooling(law, learns, np.full(len(people), np.inf))
    schooling = np.clip(np.floor(plan.age - law("population.school_age")), 0.0, destined)
    people.base("ability")[:], people.base("schooling")[:] = ability, schooling
    people.base("experience")[:] = experience_of(law, plan.age, schooling)
    logs = log_skill(law, schooling, people.base("experience"), ability)
    people.base("skill")[:] = np.exp(logs - logs.mean())
    # who is poor among all works less: this gives work by age its shape; its level is that of the generations to come
    among_all = ndtri(np.clip(plan.income, 1e-9, 1.0 - 1e-9))
    working = (plan.age >= ADULT_AGE) & (plan.age < RETIREMENT_AGE)
    among_all -= among_all[working].mean() if working.any() else 0.0
    people.base("work_cost")[:] = draw_work_cost(
        law, ndtr(-with_work * among_all + np.sqrt(1.0 - with_work**2) * ndtri(u[2]))
    )
    begins = law("population.school_age")
    people.base("away")[:] = np.where((plan.age >= begins) & (plan.age < begins + destined), SCHOOL, 0)
    lives.base("destined")[:], lives.base("rank")[:] = destined, plan.standing
    lives.base("mother")[:], lives.base("partner")[:] = plan.mother, plan.partner
    lives.base("father")[:] = np.where(plan.mother >= 0, plan.partner[np.maximum(plan.mother, 0)], NO_ROW)
    lives.base("health")[:] = _long_run_noise(law) * ndtri(u[3])


def _long_run_noise(law: Law) -> float:
    """Return the standard deviation of health that its causes do not explain, in the long run of the AR(1)."""
    kept = 1.0 - law("demography.health_speed")
    return float(law("demography.health_noise") / np.sqrt(1.0 - kept**2))


def start_vital(world: World, law: Law, keys: Keys) -> None:
    """Remember what the newborn and the government's norms refer to."""
    people, vital, settlements = (world.tables[name] for name in ("people", "vital", "settlements"))
    traits = (people.base(name)[:1] for name in ("schooling", "experience", "ability"))
    vital.base("skill_level")[:] = np.log(people.base("skill")[0].astype(np.float64)) - log_skill(law, *traits)[0]
    vital.base("norm_people")[:] = len(people)
    settlements.base("people_start")[:] = np.diff(world.tiles.people)
    settlements.base("firms_start")[:] = world.tables["regions"].base("firms_norm")
