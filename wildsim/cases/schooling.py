"""The age up to which everybody stays at school rises by a year (Oreopoulos 2006; Devereux, Hart 2010)."""

from __future__ import annotations

import warnings
from collections.abc import Mapping

import numpy as np

from wildsim.cases import ESTIMATE, Bite, case
from wildsim.cases.groups import BURN_IN, SHOCKS, pay
from wildsim.cases.record import Arms, Array, Seen, find, mean, of, ratio
from wildsim.core.table import NO_ROW
from wildsim.state.education import LEFT
from wildsim.state.world import WorldView

#: Age up to which everybody stays, before and after.
LEAVING, RAISED = 17.0, 18.0
#: Ages on the eve of the cohorts that may be met (at school, and of the old age within four years), and of those to
#: whom they are compared, who left long before.
YOUNG, OLD = (13.0, 17.0), (25.0, 40.0)
YEARS, LATER = 8, slice(60, 96)


def eve(view: WorldView) -> Mapping[str, Array]:
    """Return the cohorts that may be met, and older ones to compare."""
    age, ids = view.people.age, view.people.id
    chosen = [np.sort(ids[(age >= low) & (age < high)]) for low, high in (YOUNG, OLD)]
    return {"young": chosen[0], "old": chosen[1]}


def see(view: WorldView, eve: Seen) -> Mapping[str, Array]:
    """Return log pay of those of the cohorts who work; age, schooling, whether school is over, of the young."""
    people = view.people
    wages = pay(view)
    logs = np.log(wages, out=np.full(len(wages), np.nan), where=(people.employer != NO_ROW) & (wages > 0.0))
    young, old = find(people.id, eve["young"]), find(people.id, eve["old"])
    return {
        "young": of(young, logs),
        "old": of(old, logs),
        "age": of(young, people.age.astype(np.float64)),
        "schooling": of(young, people.schooling.astype(np.float64)),
        "left": of(young, (view.pupils.stage == LEFT).astype(np.float64), 0.0),
    }


def estimate(arms: Arms) -> Mapping[str, float]:
    """Return the gain in log pay of the young cohorts less that of the old ones, a year of schooling added, per cent.

    The law adds a year to those who would have left between the old age and the new one: its nominal size is their
    part of the cohorts in the baseline. The gain of all is divided by it (intention to treat, as the papers do by
    cohort): those people alone would not do, since chance made them leave, and they differ when chance does.
    """
    base, policy = arms.base, arms.policy
    treated = ((base["left"] == 1.0) & (base["age"] < RAISED)).any(axis=0)
    nominal = (RAISED - LEAVING) * float(treated.mean())
    gained = _gain(arms, "young") - _gain(arms, "old")
    added = policy["schooling"][-1] - base["schooling"][-1]
    return {
        ESTIMATE: 100.0 * ratio(gained, nominal),
        "schooling": ratio(mean(added), nominal),
        "part": 100.0 * float(treated.mean()),
    }


def _gain(arms: Arms, cohort: str) -> float:
    """Return the change of mean log pay, years later, of those who have some in both arms."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # some never work: NaN is what is meant
        after, before = (np.nanmean(arm[cohort][LATER], axis=0) for arm in (arms.policy, arms.base))
    return mean(after - before)


SCHOOLING = case(
    name="schooling",
    title="School leaving age",
    policy="Everybody stays in education until 18 instead of 17.",
    published="men's earnings +4 to +7 % a year of schooling (Devereux, Hart), +10 to +14 % (Oreopoulos)",
    source="Oreopoulos 2006, AER 96(1); Devereux, Hart 2010, Economic Journal 120. Figures from memory",
    measured="Log pay 5-8 years later, cohorts met less older ones, per year of schooling that the law adds",
    low=3.0,
    high=15.0,
    unit="% a year",
    scenario={
        "society": {"country": "us", "people": 10_000, "regions": 4},
        "sectors": {"demography": True, "education": True},
        "burn_in": BURN_IN,
        "shocks": SHOCKS,
        "parameters": {"education.leaving_age": LEAVING},
    },
    policies=({"kind": "school_leaving_age", "from": 0, "change": RAISED - LEAVING},),
    months=12 * YEARS,
    eve=eve,
    see=see,
    estimate=estimate,
    bites=(Bite("schooling", "schooling rises by 0.7 of the years that the law adds, or more", "ratio", 0.7),),
    notes={"part": "part of the cohorts that would have left before 18, %"},
)
