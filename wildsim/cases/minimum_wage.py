"""New Jersey raises its minimum wage (Card, Krueger 1994)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from wildsim.cases import ESTIMATE, Bite, case
from wildsim.cases.groups import BURN_IN, HERE, SHOCKS, at_work, lowest, of_working_age, region_of
from wildsim.cases.record import Arms, Array, Seen
from wildsim.state.world import WorldView

#: Second interviews were held in November and December; the law came into force in April.
LATER = slice(6, 12)
#: People of low skill, whom the floor can bind: the lowest quarter of the region of working age.
LOW = 0.25
#: The wages that the bite is about.
TENTH = 0.10


def eve(view: WorldView) -> Mapping[str, Array]:
    """Return the skill below which people are of low skill."""
    return {"low_skill": np.quantile(view.people.skill[of_working_age(view)], LOW)}


def see(view: WorldView, eve: Seen) -> Mapping[str, float]:
    """Return jobs of the low-skilled, all jobs, and the wages of the lowest tenth, in the region and elsewhere."""
    works, here = at_work(view), region_of(view) == HERE
    low = view.people.skill < eve["low_skill"]
    found = {}
    for name, place in (("here", here), ("there", ~here)):
        found[f"low_jobs_{name}"] = float((works & low & place).sum())
        found[f"jobs_{name}"] = float((works & place).sum())
        found[f"wages_{name}"] = lowest(view.people.wage[works & place], TENTH)
    return found


def estimate(arms: Arms) -> Mapping[str, float]:
    """Return changes in the region less changes elsewhere, per cent of the baseline.

    Before the policy both arms are one, so that the first difference of the paper is that between the arms.
    """

    def gap(name: str) -> float:
        return 100.0 * (arms.relative(f"{name}_here", LATER) - arms.relative(f"{name}_there", LATER))

    return {ESTIMATE: gap("low_jobs"), "low_wages": gap("wages"), "all_jobs": gap("jobs")}


MINIMUM_WAGE = case(
    name="minimum_wage",
    title="Minimum wage in New Jersey, 1992",
    policy="The wage floor rises by 19 % in one region of four; it was 40 % of the median wage.",
    published="+2.75 jobs [0.86, 4.62] on 20.4 a restaurant (+13 % [4, 23]); wages up. Contested: not below -3 %",
    source="Card, Krueger 1994, AER 84(4); answered by Neumark, Wascher 2000, AER 90(5). Figures from memory",
    measured="Jobs of low-skilled people 6-11 months later, the region less the others, policy less baseline",
    low=-3.0,
    high=100.0 * 4.62 / 20.4,
    unit="%",
    scenario={
        "society": {"country": "us", "people": 10_000, "regions": 4},
        "burn_in": BURN_IN,
        "shocks": SHOCKS,
        # OECD: the US federal minimum was about 40 % of the median wage of full-time workers in 1992 (from memory)
        "parameters": {"labour.minimum_wage": 0.40},
    },
    policies=({"kind": "minimum_wage", "from": 0, "raise": 0.19, "where": {"region": HERE}},),
    months=12,
    eve=eve,
    see=see,
    estimate=estimate,
    bites=(Bite("low_wages", "wages of the lowest tenth there rise by 5 % or more", "%", 5.0),),
    notes={"all_jobs": "all jobs of the region, %"},
)
