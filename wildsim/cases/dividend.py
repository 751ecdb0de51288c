"""Alaska pays everybody a dividend of its oil fund (Jones, Marinescu 2022)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from wildsim.cases import ESTIMATE, Bite, case
from wildsim.cases.groups import BURN_IN, SHOCKS
from wildsim.cases.record import Arms, Array, Seen
from wildsim.state.world import WorldView

#: USD of 2019 a head and year; the mean of 1982-2014 was about that in dollars of 2014.
USD = 1600.0
YEARS = 3


def eve(view: WorldView) -> Mapping[str, Array]:
    """Return nothing: everybody is met."""
    return {}


def see(view: WorldView, eve: Seen) -> Mapping[str, float]:
    """Return employment, the income of households and what they buy, the latter two at prices of month 0."""
    from wildsim.indicators import INDICATORS

    prices = INDICATORS["price_level"].measure(view)
    return {
        "employment": 100.0 * INDICATORS["employment_rate"].measure(view),
        "income": float(np.mean(view.households.income)) / prices,
        "consumption": INDICATORS["consumption_real"].measure(view),
    }


def estimate(arms: Arms) -> Mapping[str, float]:
    """Return the change of employment in points, of real household income and consumption in per cent."""
    return {
        ESTIMATE: arms.change("employment"),
        "income": 100.0 * arms.relative("income"),
        "consumption": 100.0 * arms.relative("consumption"),
    }


DIVIDEND = case(
    name="dividend",
    title="Permanent Fund Dividend of Alaska",
    policy="Everybody is paid 1,600 USD a year (133 a month), funded from outside.",
    published="employment +0.1 points [-3.0, 3.2], that is none; part-time work +1.8 points",
    source="Jones, Marinescu 2022, AEJ: Economic Policy 14(2). Figures from memory",
    measured="Employment rate of ages 15-64 over three years, policy less baseline (their synthetic control)",
    low=-3.0,
    high=3.0,
    unit="points",
    scenario={"society": {"country": "us", "people": 10_000, "regions": 4}, "burn_in": BURN_IN, "shocks": SHOCKS},
    policies=({"kind": "basic_income", "from": 0, "usd_per_month": USD / 12.0, "funding": "outside", "who": "all"},),
    months=12 * YEARS,
    eve=eve,
    see=see,
    estimate=estimate,
    bites=(
        Bite("income", "real household income rises by 1.5 % or more", "%", 1.5),
        Bite("consumption", "consumption rises by 0.5 % or more", "%", 0.5),
    ),
)
