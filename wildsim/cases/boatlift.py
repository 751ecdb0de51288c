"""The Mariel boatlift: low-skilled people arrive in one region (Card 1990)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from wildsim.cases import ESTIMATE, Bite, case
from wildsim.cases.groups import BURN_IN, HERE, SHOCKS, at_work, of_working_age, region_of, weighted
from wildsim.cases.record import Arms, Array, Seen
from wildsim.state.world import WorldView

#: Newcomers relative to the labour force of the region (Card 1990: 7 %).
SHARE = 0.07
YEARS = 3
#: Months in which newcomers are counted: later some give up looking for work, as natives do.
FIRST = slice(0, 6)


def eve(view: WorldView) -> Mapping[str, Array]:
    """Return the natives, the skill below which people are of low skill (as the policy has it), the labour force."""
    working = of_working_age(view)
    low = np.quantile(view.people.skill[working], view.law("population.low_skill"))
    force = ((view.people.participates == 1) & (region_of(view) == HERE)).sum()
    return {"id": np.sort(view.people.id), "low_skill": low, "force": np.float64(force)}


def see(view: WorldView, eve: Seen) -> Mapping[str, float]:
    """Return wages of low-skilled natives and unemployment, in the region and elsewhere, and who is of low skill."""
    people, works, here = view.people, at_work(view), region_of(view) == HERE
    low = people.skill < eve["low_skill"]
    native = eve["id"][np.minimum(np.searchsorted(eve["id"], people.id), len(eve["id"]) - 1)] == people.id
    takes_part = people.participates == 1
    found = {"low_force": float((low & takes_part & here).sum())}
    for name, place in (("here", here), ("there", ~here)):
        found[f"wage_{name}"] = weighted(people.wage, works & low & native & place)
        found[f"idle_{name}"] = 100.0 * weighted(~works, takes_part & place)
        found[f"idle_natives_{name}"] = 100.0 * weighted(~works, takes_part & native & low & place)
    return found


def estimate(arms: Arms) -> Mapping[str, float]:
    """Return changes in the region less changes elsewhere: wages in per cent, unemployment in points."""
    added = arms.change("low_force", FIRST)
    return {
        ESTIMATE: 100.0 * (arms.relative("wage_here") - arms.relative("wage_there")),
        "unemployment": arms.change("idle_here") - arms.change("idle_there"),
        "newcomers": 100.0 * added / float(arms.base.eve["force"]),
        "low_skilled": 100.0 * arms.relative("low_force", FIRST),
        "natives": arms.change("idle_natives_here") - arms.change("idle_natives_there"),
    }


BOATLIFT = case(
    name="boatlift",
    title="Mariel boatlift to Miami, 1980",
    policy="Low-skilled people arrive in one region of four, 7 % of its labour force.",
    published="wages of the low-skilled: about 0 (Card), -10 to -30 % (Borjas), contested; unemployment about 0",
    source="Card 1990, ILR Review 43(2); Borjas 2017, ILR Review 70(5); Peri, Yasenov 2019, JHR 54(2). From memory",
    measured="Wages of low-skilled natives over three years, the region less the others, policy less baseline",
    low=-30.0,
    high=10.0,
    unit="%",
    scenario={"society": {"country": "us", "people": 10_000, "regions": 4}, "burn_in": BURN_IN, "shocks": SHOCKS},
    policies=({"kind": "migration", "from": 0, "share": SHARE, "skill": "low", "where": {"region": HERE}},),
    months=12 * YEARS,
    eve=eve,
    see=see,
    estimate=estimate,
    bites=(
        Bite("newcomers", "the low-skilled labour force grows by 6-8 % of the region's labour force", "%", 6.0, 8.0),
        Bite("unemployment", "unemployment of the region rises by 3 points at most", "points", -3.0, 3.0, float("nan")),
    ),
    notes={
        "low_skilled": "growth of the low-skilled labour force of the region relative to itself, %",
        "natives": "unemployment of low-skilled natives, points",
    },
)
