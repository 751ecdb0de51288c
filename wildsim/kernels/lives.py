"""A month of everybody's life: age, schooling and experience into skill, health, death, birth."""

from __future__ import annotations

import numpy as np

from wildsim.core.table import F32, F64, I8, I32, I64, U64
from wildsim.kernels.ages import ADULT_AGE, RETIREMENT_AGE, WORKING_AGE
from wildsim.kernels.compiled import inlined, kernel
from wildsim.kernels.philox import mix, unit, words

#: Standard deviation of the sum of two uniform draws.
_TWO_DRAWS = 0.408248290463863
#: Room for rounding in a bound on the hazard.
ROUNDING = 1e-6


@inlined
def hazard(age, aged, weakness, level, background, infant, child):  # type: ignore[no-untyped-def]
    """Return deaths a person and year: Gompertz-Makeham for adults, constants for infants and children.

    Args:
        aged: What age adds to the log of the hazard `level` at 65. weakness: What health and ability add to it.
    """
    if age < 1.0:
        return infant
    if age < WORKING_AGE:
        return child
    return background + level * np.exp(aged) * np.exp(weakness)


@inlined
def dies_now(luck, step, age, aged, weakness, level, background, infant, child):  # type: ignore[no-untyped-def]
    """Say whether a person dies within `step` years; the rest is as in `hazard`.

    Most adults are so far from it by their luck that no exponential is needed: their hazard is below that at 65.
    """
    most = (background + (1.0 + ROUNDING) * level) * step
    if age >= WORKING_AGE and aged + weakness < 0.0 and luck > most:
        return False
    risk = hazard(age, aged, weakness, level, background, infant, child)
    return luck < 1.0 - np.exp(-risk * step)


@inlined
def insured(person, age, rank, coverage, follows_rank, key):  # type: ignore[no-untyped-def]
    """Say whether a person has health insurance: the old all have, others by rank of income and a fixed lot."""
    if age >= RETIREMENT_AGE:
        return True
    lot = unit(mix(person, key) >> np.uint64(32))
    # the weighted sum of two uniform numbers has the distribution function of a trapezium
    score = follows_rank * rank + (1.0 - follows_rank) * lot
    small = min(follows_rank, 1.0 - follows_rank)
    large = 1.0 - small
    if small <= 0.0:
        place = score
    elif score < small:
        place = score * score / (2.0 * small * large)
    elif score < large:
        place = (score - 0.5 * small) / large
    else:
        place = 1.0 - (1.0 - score) * (1.0 - score) / (2.0 * small * large)
    return place >= 1.0 - coverage


@kernel(sector="demography")
def live_a_month(
    first: int,
    last: int,
    starts: I64,
    ids: U64,
    female: I8,
    ability: F32,
    employer: I32,
    rank: F32,
    partner: I32,
    destined: F32,
    # the law and the sector's numbers
    level: F64,
    slope: F64,
    background: F64,
    infant: F64,
    child: F64,
    with_health: float,
    with_ability: float,
    income: float,
    care: float,
    insurance: float,
    coverage: float,
    follows_rank: float,
    unemployment: float,
    speed: float,
    noise: float,
    fertile: F64,
    fertility: F64,
    by_partner: F64,
    school_age: float,
    schools_itself: int,
    to_schooling: float,
    to_experience: F64,
    most_experience: float,
    key: np.uint64,
    lot_key: np.uint64,
    month: int,
    # state
    age: F32,
    schooling: F32,
    experience: F32,
    skill: F32,
    away: I8,
    participates: I8,
    health: F32,
    dies: I8,
    bears: I8,
    tally: F64,
) -> None:
    """Let everybody in the tiles grow a month older; say who dies and who bears a child.

    Args:
        female: Indexes the pairs (men, women) `level`, `slope`, `background`, `infant`, `child`.
        care: Health that public spending adds. fertile: Bounds of the ages of `fertility` (births a year);
            by_partner: Factors on it without and with a partner.
        schools_itself: 1 where no education sector runs: the young then complete the schooling they are destined to.
        away: 1 at school, as in state.people. dies, bears: Out, 0 or 1.
        tally: Out, (tiles, 4, groups): men and women who live, men and women who die, by age group: below 1, 1-4, then
            five years each, the last one open.
    """
    step = 1.0 / 12.0
    tile = first
    for p in range(starts[first], starts[last]):
        while p >= starts[tile + 1]:
            tile += 1
        w0, w1, w2, w3 = words(key, month, ids[p], 0)
        sex = female[p]
        aged = slope[sex] * (age[p] - RETIREMENT_AGE)
        weakness = -with_health * health[p] - with_ability * ability[p]
        dies[p] = dies_now(unit(w0), step, age[p], aged, weakness, level[sex], background[sex], infant[sex], child[sex])
        years = int(age[p])
        among = 0 if years < 1 else min(years // 5 + 1, tally.shape[2] - 1)
        tally[tile, int(female[p]), among] += 1.0
        tally[tile, 2 + int(female[p]), among] += dies[p]
        bears[p] = 0
        if female[p] == 1 and fertile[0] <= age[p] < fertile[fertile.size - 1]:
            group = 0
            while age[p] >= fertile[group + 1]:
                group += 1
            bears[p] = unit(w3) < fertility[group] * by_partner[int(partner[p] >= 0)] * step
        age[p] += np.float32(step)
        if age[p] >= ADULT_AGE:
            aim = income * (rank[p] - 0.5) + care
            if not insured(ids[p], age[p], rank[p], coverage, follows_rank, lot_key):
                aim -= insurance
            if participates[p] == 1 and employer[p] < 0:
                aim -= unemployment
            shock = (unit(w1) + unit(w2) - 1.0) / _TWO_DRAWS
            health[p] += np.float32(speed * (aim - health[p]) + noise * shock)
        if employer[p] >= 0 and experience[p] < most_experience:
            x = experience[p]
            gain = to_experience[0] * step + to_experience[1] * ((x + step) * (x + step) - x * x)
            experience[p] += np.float32(step)
            skill[p] *= np.float32(np.exp(gain))
        if schools_itself == 1:
            ends = school_age + destined[p]
            if school_age <= age[p] < ends:
                away[p] = 1 if away[p] == 0 else away[p]
                if schooling[p] < destined[p]:
                    schooling[p] += np.float32(step)
                    skill[p] *= np.float32(np.exp(to_schooling * step))
            elif away[p] == 1:
                away[p] = 0
                participates[p] = 1
