"""The earned income tax credit grows (expansion of 1993; Eissa, Liebman 1996; Meyer, Rosenbaum 2001)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from wildsim.cases import ESTIMATE, Bite, case
from wildsim.cases.groups import BURN_IN, SHOCKS, at_work, of_working_age, pay, weighted
from wildsim.cases.record import Arms, Array, Seen
from wildsim.policies.schedules import Schedule
from wildsim.state.world import WorldView

#: Law of 1996 for two children: 40 % up to 8,890 USD a year, withdrawn at 21 %; the median wage was about 24,000 USD.
PHASE_IN, UNTIL, PHASE_OUT = 0.40, 0.37, 0.21
#: Who is met: women with at most a high-school diploma, as near as this society has to single mothers.
MOST_SCHOOLING = 12.0
YEARS = 3


def eve(view: WorldView) -> Mapping[str, Array]:
    """Return nothing: who is met does not change."""
    return {}


def see(view: WorldView, eve: Seen) -> Mapping[str, float]:
    """Return participation of those met and of men like them, and the net income of low earners among those met."""
    people, works, working = view.people, at_work(view), of_working_age(view)
    low = people.schooling <= MOST_SCHOOLING
    met, others = working & low & (people.female == 1), working & low & (people.female == 0)
    return {
        "met": 100.0 * weighted(people.participates, met),
        "others": 100.0 * weighted(people.participates, others),
        "work_met": 100.0 * weighted(works, met),
        "work_others": 100.0 * weighted(works, others),
        "income": _income(view, met & works),
    }


def _income(view: WorldView, chosen: Array) -> float:
    """Return the mean net income from work of those chosen who earn less than the median wage, month-0 prices."""
    wages, group = pay(view), view.people.law
    chosen = chosen & (wages < float(view.macro.median_wage[0]))
    mean_wage = float(view.macro.mean_wage[0])
    laws = view.laws
    until = laws.subsidy_until[group] * mean_wage
    subsidy = laws.subsidy_in[group] * np.minimum(wages, until)
    subsidy = np.maximum(subsidy - laws.subsidy_out[group] * np.maximum(wages - until, 0.0), 0.0)
    starts = view.law.array("government.income_tax_starts") * mean_wage
    rates = view.law.array("government.income_tax_rates") + float(view.government.tax_shift[0])
    tax = Schedule(starts, rates).tax(wages[chosen])
    prices = float(view.macro.price_level[0]) / float(view.macro.base_level[0])
    return float(np.mean(wages[chosen] + subsidy[chosen] - tax)) / prices if chosen.any() else float("nan")


def estimate(arms: Arms) -> Mapping[str, float]:
    """Return the change of participation of those met less that of men like them, points."""
    return {
        ESTIMATE: arms.change("met") - arms.change("others"),
        "income": 100.0 * arms.relative("income"),
        "work": arms.change("work_met") - arms.change("work_others"),
    }


WAGE_SUBSIDY = case(
    name="wage_subsidy",
    title="Earned income tax credit, 1993",
    policy="Women with at most 12 years of schooling are paid 40 % on low wages, withdrawn at 21 %.",
    published="participation 0 to +7 points, disputed",
    source="Eissa, Liebman 1996, QJE 111(2); Meyer, Rosenbaum 2001, QJE 116(3); Kleven 2024, JPubE. From memory",
    measured="Participation of those met over three years, less men of the same schooling, policy less baseline",
    low=0.0,
    high=7.0,
    reaches=0.0,
    unit="points",
    scenario={"society": {"country": "us", "people": 10_000, "regions": 4}, "burn_in": BURN_IN, "shocks": SHOCKS},
    policies=(
        {
            "kind": "wage_subsidy",
            "from": 0,
            "phase_in": PHASE_IN,
            "until_wage": UNTIL,
            "phase_out": PHASE_OUT,
            "where": {"schooling": [0, 12], "sex": 1},
        },
    ),
    months=12 * YEARS,
    eve=eve,
    see=see,
    estimate=estimate,
    bites=(Bite("income", "net income of the eligible who work rises by 5 % or more", "%", 5.0),),
    notes={"work": "employment of those met, points"},
)
