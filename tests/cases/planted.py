"""Records of both arms with an effect planted in them, one builder a case; what else moves must not disturb it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from wildsim.cases.record import Arms, Array, Record

#: What moves everywhere in the policy's arm alike, and must not be taken for an effect of the policy, share.
COMMON = 0.05


def flat(months: int, **values: float) -> dict[str, Array]:
    """Return constant series."""
    return {name: np.full(months, value) for name, value in values.items()}


def arms(base: dict[str, Array], policy: dict[str, Array], **eve: object) -> Arms:
    """Return both arms with the same eve."""
    known = {name: np.asarray(value) for name, value in eve.items()}
    return Arms(Record(known, base), Record(known, policy))


def minimum_wage(effect: float) -> Arms:
    base = flat(12, low_jobs_here=100, low_jobs_there=300, jobs_here=500, jobs_there=1500, wages_here=9, wages_there=9)
    here = 1.0 + effect / 100 + COMMON
    policy = base | flat(12, low_jobs_here=100 * here, low_jobs_there=300 * (1 + COMMON), wages_here=10)
    return arms(base, policy)


def spending(effect: float) -> Arms:
    base = flat(24, gdp_real=1000, goods=100, unemployment_rate=0.06)
    return arms(base, base | flat(24, gdp_real=1000 + 10 * effect, goods=110), gdp=1000.0)


def dividend(effect: float) -> Arms:
    base = flat(36, employment=70, income=3000, consumption=2500)
    return arms(base, base | flat(36, employment=70 + effect, income=3150, consumption=2550))


def rebate(effect: float) -> Arms:
    """Everybody spends 50 USD more a month for another reason; the poor spend .1 more of the rebate than the mean."""
    number = np.arange(720)
    turn, poor = 1 + number % 6, (number // 6) % 3 == 0
    months = np.arange(6)[:, None]
    share = np.where(poor, effect + 0.10, effect - 0.05)
    due = (months >= turn - 1) & (months < turn + 2)
    base = np.full((6, 720), 1000.0) + 7.0 * number
    policy = base + 50.0 + due * share * 900.0 / 3.0
    found = {"spending": base, "necessities": base / 3}, {"spending": policy, "necessities": policy / 3}
    return arms(*found, id=number.astype(np.uint64), turn=turn, poor=poor, usd=900.0)


def benefits(effect: float) -> Arms:
    base = flat(
        30, on_benefit_high=90, on_benefit_low=150, found_high=30, found_low=50, benefit_high=45, benefit_low=40
    )
    longer = (1 + COMMON) * (1 + effect / 100)
    raised = flat(30, on_benefit_high=90 * longer, on_benefit_low=150 * (1 + COMMON), benefit_high=45 * longer * 1.4)
    return arms(base, base | raised)


def boatlift(effect: float) -> Arms:
    names = ("idle_here", "idle_there", "idle_natives_here", "idle_natives_there")
    base = flat(36, low_force=250, wage_here=2000, wage_there=2000, **dict.fromkeys(names, 5.0))
    here = 1 + effect / 100 + COMMON
    policy = base | flat(36, low_force=320, wage_here=2000 * here, wage_there=2000 * (1 + COMMON), idle_here=6)
    return arms(base, policy, force=1000.0)


def wage_subsidy(effect: float) -> Arms:
    base = flat(36, met=60, others=70, work_met=55, work_others=65, income=1500)
    return arms(base, base | flat(36, met=61 + effect, others=71, income=1650))


def training(effect: float) -> Arms:
    """Winners would earn 300 USD more anyway; the baseline lists the same people in another order."""
    ids = np.arange(200, dtype=np.uint64)
    won = ids % 2 == 0
    base = np.full((33, 200), 5000.0) + 300.0 * won
    policy = base + 5000.0 * effect / 100 * won
    outside = np.full(33, 20_000.0)
    before = Record({"id": ids[::-1], "won": won[::-1]}, {"pay": base[:, ::-1], "outside": outside})
    return Arms(before, Record({"id": ids, "won": won}, {"pay": policy, "outside": outside}))


def schooling(effect: float) -> Arms:
    """A fifth of the young would leave at 17; pay of everybody grows alike in the policy's arm."""
    number = np.arange(300)
    treated = number % 5 == 0
    age = 14.0 + np.arange(96)[:, None] / 12.0 + np.zeros(300)
    base = {
        "age": age,
        "left": (age >= np.where(treated, 17.1, 18.1)).astype(float),
        "schooling": np.full((96, 300), 12.0),
        "young": np.full((96, 300), 8.0),
        "old": np.full((96, 300), 9.0),
    }
    base["young"][:, 7] = np.nan  # never works
    policy = base | {
        "schooling": base["schooling"] + treated,
        "young": base["young"] + COMMON + treated * effect / 100 * (299 / 300),  # over those with pay
        "old": base["old"] + COMMON,
    }
    return arms(base, policy)


def seats(effect: float) -> Arms:
    """44 seats, 48 with the policy: the cut-off is the score of the last seat; scores lie 2 points apart."""
    scores = 700.0 - 2.0 * np.arange(100)
    base = {"cutoff": np.array([scores[43]]), "applied": scores[None]}
    policy = base | {"cutoff": np.array([scores[43] - 8.0 * effect / 100])}
    return arms(base, policy, seats=np.array([44, 48]))


PLANTED: dict[str, Callable[[float], Arms]] = {
    one.__name__: one
    for one in (
        benefits,
        boatlift,
        dividend,
        minimum_wage,
        rebate,
        schooling,
        seats,
        spending,
        training,
        wage_subsidy,
    )
}
