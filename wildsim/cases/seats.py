"""Ten per cent more seats in higher education: the cut-off is an order statistic, so that the answer is exact."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from wildsim.cases import ESTIMATE, Bite, case
from wildsim.cases.groups import SHOCKS
from wildsim.cases.record import Arms, Array, Seen, ratio
from wildsim.sectors.exam import CUTOFF
from wildsim.state.world import WorldView

CHANGE = 0.10
#: Month of the first exam (education.school_ends); the policy begins in it, so that everybody sits the same exam.
EXAM = 5


def eve(view: WorldView) -> Mapping[str, Array]:
    """Return how many seats there will be without and with the policy: a share of those of the usual age."""
    age = view.people.age + np.float32(1.0 / 12.0)  # everybody grows a month older before the exam
    usual = view.law("education.cohort_age")
    cohort = int(((age >= usual) & (age < usual + 1.0)).sum())
    share = view.law.start["education.seats"]
    return {"seats": np.array([math.floor(part * cohort + 0.5) for part in (share, share + CHANGE * share)])}


def see(view: WorldView, eve: Seen) -> Mapping[str, Array | float]:
    """Return the cut-off, and the score of all who applied in this month, best first."""
    sat = (view.pupils.exam_month == view.month - 1) & (view.study_decisions.study == 1)
    scores = np.full(len(view.people), -np.inf)
    scores[: sat.sum()] = np.sort(view.pupils.score[sat])[::-1]
    return {"cutoff": view.history.last(CUTOFF), "applied": scores[: max(int(sat.sum()), 1)]}


def estimate(arms: Arms) -> Mapping[str, float]:
    """Return the fall of the cut-off, per cent of the fall that the baseline's scores predict."""
    scores = arms.base["applied"][0]
    before, after = (float(scores[min(int(n), len(scores)) - 1]) for n in arms.base.eve["seats"])
    fall = float(arms.base["cutoff"][0] - arms.policy["cutoff"][0])
    return {
        ESTIMATE: 100.0 * ratio(fall, before - after),
        "falls": float(fall > 0.0),
        "baseline_error": abs(before - float(arms.base["cutoff"][0])),
        "fall": fall,
    }


SEATS = case(
    name="seats",
    title="Seats given by exam",
    policy="10 % more seats in higher education.",
    published="exact: the cut-off falls to the order statistic of the same scores",
    source="Arithmetic: seats go to the best scores, so that the cut-off is the score of the last seat",
    measured="Fall of the cut-off of the next exam, per cent of the fall predicted from the baseline's scores",
    low=99.9,
    high=100.1,
    unit="%",
    scenario={
        "society": {"country": "us", "people": 10_000, "regions": 4},
        "sectors": {"demography": True, "education": True},
        "burn_in": 24,
        "shocks": SHOCKS,
    },
    policies=({"kind": "school_seats", "from": EXAM, "change": CHANGE},),
    months=1,
    eve=eve,
    see=see,
    estimate=estimate,
    bites=(
        Bite("falls", "the cut-off falls on every seed", "share of seeds", 1.0),
        Bite(
            "baseline_error",
            "the baseline's cut-off is the order statistic of its own scores",
            "points",
            0.0,
            0.0,
            float("nan"),
        ),
    ),
    notes={"fall": "fall of the cut-off, points"},
    counted=False,
)
