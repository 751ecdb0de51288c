"""Kentucky raises the cap on benefits, which only high earners reach (Meyer, Viscusi, Durbin 1995)."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from wildsim.cases import ESTIMATE, Bite, case
from wildsim.cases.groups import BURN_IN, SHOCKS
from wildsim.cases.record import Arms, Array, Seen
from wildsim.core.table import NO_ROW
from wildsim.state.people import HOME
from wildsim.state.world import WorldView

#: The cap before, and after: the highest weekly benefit of Kentucky rose from 131 to 217 USD, by 66 %.
CAP, RAISED = 0.50, 0.83
#: Low earners stay clear of the cap by so much.
CLEAR = 0.9
MONTHS, SETTLED = 30, 6


def eve(view: WorldView) -> Mapping[str, Array]:
    """Return nothing: who is a high earner depends on the last wage of each spell."""
    return {}


def see(view: WorldView, eve: Seen) -> Mapping[str, float]:
    """Return how many high and low earners are on benefit, how many of them found work, and their benefits."""
    people, mean_wage = view.people, float(view.macro.mean_wage[0])
    replacement = view.law.start["government.benefit_replacement"]
    reached = CAP * mean_wage / replacement
    high = people.last_wage > reached
    low = (people.last_wage > 0.0) & (people.last_wage < CLEAR * reached)
    out = (people.employer == NO_ROW) & (people.participates == 1) & (people.away == HOME)
    group = people.law
    # people whose benefit has run out have nothing to gain from the cap: the paper counts weeks on benefit, too
    eligible = out & (people.months_out < view.laws.months[group])
    found = (people.spell > 0) & (people.spell <= view.laws.months[group])
    benefit = np.minimum(view.laws.replacement[group] * people.last_wage, view.laws.cap[group] * mean_wage) / mean_wage
    seen = {}
    for name, who in (("high", high), ("low", low)):
        seen[f"on_benefit_{name}"] = float((who & eligible).sum())
        seen[f"found_{name}"] = float((who & found).sum())
        seen[f"benefit_{name}"] = float(benefit[who & eligible].sum())
    return seen


def estimate(arms: Arms) -> Mapping[str, float]:
    """Return the change of duration of high earners less that of low earners, per cent.

    Duration is the months on benefit of all spells together over those that end with a job: one over the hazard.
    """

    def change(above: str, below: str) -> float:
        logs = []
        for arm in (arms.policy, arms.base):
            over, under = arm[above][SETTLED:].sum(), arm[below][SETTLED:].sum()
            logs.append(math.log(over / under) if over > 0.0 and under > 0.0 else math.nan)
        return logs[0] - logs[1]

    high, low = change("on_benefit_high", "found_high"), change("on_benefit_low", "found_low")
    return {
        ESTIMATE: 100.0 * math.expm1(high - low),
        "benefit": 100.0 * math.expm1(change("benefit_high", "on_benefit_high")),
        "high": high,
        "low": low,
    }


BENEFITS = case(
    name="benefits",
    title="Benefit cap in Kentucky, 1980",
    policy="The highest benefit rises from 50 to 83 % of the mean wage; only high earners reach it.",
    published="log duration +0.19 [0.09, 0.31]",
    source="Meyer, Viscusi, Durbin 1995, AER 85(3): workers' compensation, high earners against low ones",
    measured="Months on benefit per job found, high earners less low earners, policy less baseline",
    low=8.0,
    high=35.0,
    unit="%",
    scenario={
        "society": {"country": "us", "people": 10_000, "regions": 4},
        "burn_in": BURN_IN,
        "shocks": SHOCKS,
        "parameters": {"government.benefit_cap": CAP},
    },
    policies=({"kind": "unemployment_benefit", "from": 0, "cap": RAISED},),
    months=MONTHS,
    eve=eve,
    see=see,
    estimate=estimate,
    bites=(Bite("benefit", "the benefit of high earners rises by 10 % or more", "%", 10.0),),
    notes={"high": "log duration of high earners", "low": "log duration of low earners"},
)
