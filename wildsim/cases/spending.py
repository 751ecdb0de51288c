"""Government purchases rise by 1 % of GDP, paid by debt (Ramey 2019)."""

from __future__ import annotations

from collections.abc import Mapping

from wildsim.cases import ESTIMATE, Bite, case
from wildsim.cases.groups import BURN_IN, SHOCKS
from wildsim.cases.record import Arms, Seen, mean, ratio
from wildsim.state.world import WorldView

#: Relative to mean GDP of the year before.
SIZE = 0.01
#: Multipliers are cumulated over two years.
YEARS = 2


def eve(view: WorldView) -> Mapping[str, float]:
    """Return mean GDP of the year before, USD a month of month 0."""
    return {"gdp": view.history.mean("gdp_real", 12)}


def see(view: WorldView, eve: Seen) -> Mapping[str, float]:
    """Return real GDP and what the government bought, USD a month of month 0."""
    from wildsim.indicators import INDICATORS

    return {name: INDICATORS[name].measure(view) for name in ("gdp_real", "unemployment_rate")} | {
        "goods": float(view.government.purchases[0]) * float(view.macro.base_goods[0])
    }


def estimate(arms: Arms) -> Mapping[str, float]:
    """Return GDP gained a dollar that was to be spent, both summed over two years (cumulative multiplier)."""
    nominal = SIZE * float(arms.base.eve["gdp"])
    gained = mean(arms.policy["gdp_real"]) - mean(arms.base["gdp_real"])
    bought = mean(arms.policy["goods"]) - mean(arms.base["goods"])
    first = slice(0, 12)
    early = arms.change("gdp_real", first)
    return {
        ESTIMATE: ratio(gained, nominal),
        "first_year": ratio(early, nominal),
        "bought": ratio(bought, nominal),
        "unemployment": 100.0 * arms.change("unemployment_rate"),
    }


SPENDING = case(
    name="spending",
    title="Government spending",
    policy="The government buys goods worth 1 % of GDP more, for good, and borrows for it.",
    published="multiplier 0.6 to 1.5",
    source="Ramey 2019, JEP 33(2): range of estimates for deficit-financed purchases",
    measured="Real GDP gained over two years, per dollar of purchases announced",
    low=0.6,
    high=1.5,
    unit="USD per USD",
    scenario={"society": {"country": "us", "people": 10_000, "regions": 4}, "burn_in": BURN_IN, "shocks": SHOCKS},
    policies=({"kind": "public_spending", "from": 0, "change": SIZE, "funding": "debt"},),
    months=12 * YEARS,
    eve=eve,
    see=see,
    estimate=estimate,
    bites=(Bite("bought", "the government buys 0.9 or more of what was announced", "USD per USD", 0.9),),
    notes={
        "first_year": "multiplier of the first year",
        "unemployment": "unemployment rate, points",
    },
)
