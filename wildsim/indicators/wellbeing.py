"""How people judge their lives, and how far below the poverty line they live.

    w = level + income ln(y / y0) + unemployment U + general_unemployment u + inflation pi + partner C + ...

between 0 and 10: y real equivalised income, U searching without work, u and pi of the economy, C living as a couple;
health, crime and close ties count where their sectors run. Source: Stevenson, Wolfers 2008 (income); Di Tella,
MacCulloch, Oswald 2001 (unemployment, inflation); Clark 2008; each number in parameters/us/wellbeing.yaml.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from wildsim.core.table import F64, NO_ROW
from wildsim.indicators import indicator, sample
from wildsim.indicators.inequality import equivalised_income
from wildsim.kernels.ages import ADULT_AGE, WORKING_AGE
from wildsim.state.distribution import groups
from wildsim.state.world import WorldView

#: Ends of the ladder (Cantril 1965), and the poverty line as a share of the median (Eurostat).
WORST, BEST = 0.0, 10.0
POVERTY_LINE = 0.6
_LADDER = "Cantril ladder as in the World Happiness Report; coefficients of Stevenson, Wolfers 2008 and others"


@sample("wellbeing", unit="points, 0 to 10", doc="Life evaluation of people of 15 and over.")
def life_evaluation(view: WorldView) -> F64:
    """Return the life evaluation of everybody of 15 and over."""
    found: F64 | None = view.__dict__.get("life_evaluation")
    if found is None:
        asked = view.people.age >= WORKING_AGE
        value = _at_home(view)[view.people.household] + _own(view)
        found = view.__dict__["life_evaluation"] = np.clip(value[asked], WORST, BEST)
    return found


def _at_home(view: WorldView) -> F64:
    """Return what all members of a household share: real income, and what the whole society lives through."""
    households, macro, law = view.households, view.macro, view.law
    size = np.sqrt(np.maximum(households.members, 1))
    real = households.income_12m / size / float(macro.price_level[0])
    real = np.maximum(real, law("wellbeing.least_income")) / law("wellbeing.reference_income")
    everybody = law("wellbeing.level")
    everybody += law("wellbeing.general_unemployment") * float(macro.unemployment[0])
    everybody += law("wellbeing.inflation") * float(macro.inflation[0])
    crime = view.history.last("crime_rate")
    if math.isfinite(crime):
        everybody += law("wellbeing.crime") * crime
    return np.asarray(everybody + law("wellbeing.income") * np.log(real))


def _own(view: WorldView) -> F64:
    """Return what is a person's own: work, partner, health, close ties."""
    people, law = view.people, view.law
    searching = (people.participates == 1) & (people.employer == NO_ROW)
    value = law("wellbeing.unemployment") * searching
    value += law("wellbeing.partner") * _partnered(view)
    if view.has("demography"):
        value += law("wellbeing.health") * view.lives.health
    if view.has("network"):
        usual = math.log1p(law("wellbeing.usual_ties"))
        value += law("wellbeing.ties") * (np.log1p(view.acquaintances.ties) - usual)
    return np.asarray(value)


def _partnered(view: WorldView) -> NDArray[np.bool_]:
    """Return who lives with a partner; without demography every home of two adults is a couple's."""
    if view.has("demography"):
        return np.asarray(view.lives.partner != NO_ROW)
    people = view.people
    adult = people.age >= ADULT_AGE
    adults = np.bincount(people.household[adult], minlength=len(view.households))
    return np.asarray(adult & (adults[people.household] > 1))


@indicator("wellbeing", unit="points, 0 to 10", source=_LADDER, direction=1, doc="Mean life evaluation from age 15.")
def wellbeing(view: WorldView) -> float:
    """Return the mean life evaluation; NaN where nobody is asked."""
    values = life_evaluation(view)
    return float(values.mean()) if len(values) else math.nan


@indicator(
    "wellbeing_p10",
    unit="points, 0 to 10",
    source=_LADDER,
    direction=1,
    doc="Life evaluation below which a tenth of people from age 15 live.",
)
def wellbeing_p10(view: WorldView) -> float:
    """Return the first decile of life evaluation."""
    return groups(life_evaluation(view)).quantile(0.1)


@indicator(
    "poverty_gap",
    unit="share",
    source="Foster, Greer, Thorbecke 1984: index of order 1; line as in poverty_rate",
    direction=-1,
    doc="Mean distance of people's income from the poverty line as a share of it, 0 for those above.",
)
def poverty_gap(view: WorldView) -> float:
    """Return the mean shortfall of income; NaN where there is no positive line."""
    income = equivalised_income(view)
    line = POVERTY_LINE * income.quantile(0.5)
    if not line > 0.0:
        return math.nan
    short = np.clip((line - income.value) / line, 0.0, 1.0)
    return float((short * income.weight).sum() / income.weight.sum())


@indicator(
    "child_poverty_rate",
    unit="share",
    source="OECD: people under 18 in households below the poverty line; line as in poverty_rate",
    direction=-1,
    doc="Children in households below the poverty line.",
    sector="demography",
)
def child_poverty_rate(view: WorldView) -> float:
    """Return the share of children below 60 % of the median; NaN where there are none."""
    people, households = view.people, view.households
    children = people.household[people.age < ADULT_AGE]
    if not len(children):
        return math.nan
    line = POVERTY_LINE * equivalised_income(view).quantile(0.5)
    income = households.income / np.sqrt(np.maximum(households.members, 1))
    return float((income[children] < line).mean())
