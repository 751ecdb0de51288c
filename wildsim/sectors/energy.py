"""Power plants are built where power is cheapest; the price of energy and of carbon for the month."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtri

from wildsim.core.table import F64
from wildsim.state.carbon import abatement_that_pays, plant_intensity, renewable_cost, worth, years
from wildsim.state.climate import FOSSIL, NUCLEAR, RENEWABLE
from wildsim.state.firms import PUBLIC
from wildsim.state.step import step
from wildsim.state.world import WorldView


@step(
    sector="climate",
    emitters="known intensity abatement",
    atmosphere="efficiency mix experience energy_shock energy_price wage price tax_rate carbon_price",
)
def supply(world: WorldView) -> None:
    """Set the prices of carbon and energy for the month; from month 0 on plants are built and renewables get cheaper.

    Until month 0 a good takes energy in inverse proportion to productivity, so that emissions of the start are those
    of month 0 too; then efficiency improves at the rate of the country's history.
    """
    air, macro, law = world.atmosphere, world.macro, world.law
    _equip_newcomers(world)
    if world.month < 0:
        air.wage[:], air.price[:] = macro.mean_wage, macro.price_level
        air.efficiency[:] = 1.0 / (macro.trend * macro.technology)
    else:
        air.efficiency[:] *= math.exp(-law("climate.efficiency_growth") / 12.0)
        _build(world)
        _learn(world)
    _require_renewables(air.mix[0], law("climate.renewable_floor"))
    air.tax_rate[:] = law("climate.carbon_tax")
    air.carbon_price[:] = air.tax_rate * worth(world)
    persistence, spread = law.array("climate.energy_price")
    news = float(ndtri(world.uniform("shock.energy_price", "macro")[0, 0])) if law.on("energy_price") else 0.0
    air.energy_shock[:] = persistence * air.energy_shock + spread * news
    generation = float((air.mix[0] * _costs(world)).sum()) / _first_cost(world)
    air.energy_price[:] = np.exp(air.energy_shock) * (1.0 + law("climate.power_spending") * (generation - 1.0))


def _equip_newcomers(world: WorldView) -> None:
    """Draw the plants of new firms; they are built for the carbon tax in force."""
    emitters = world.emitters
    new = emitters.known == 0
    if not new.any():
        return
    private = world.firms.kind != PUBLIC
    emitters.intensity[:] = np.where(new, plant_intensity(world), emitters.intensity)
    emitters.abatement[:] = np.where(new & private, abatement_that_pays(world), emitters.abatement)
    emitters.known[:] = 1


def _costs(world: WorldView) -> F64:
    """Return the cost of power by kind of plant, carbon tax apart, USD/MWh of the start."""
    costs = world.law.array("climate.power_cost").copy()
    costs[RENEWABLE] *= renewable_cost(world)
    return costs


def _first_cost(world: WorldView) -> float:
    """Return the mean cost of the mix of the start, USD/MWh."""
    mix = world.law.array("climate.power_mix")
    return float((mix * world.law.array("climate.power_cost")).sum() / mix.sum())


def _build(world: WorldView) -> None:
    """Replace 1 / life of all plants a year by what is cheapest, carbon tax included: a logit of relative costs.

    Source: the form is GCAM's (Clarke, Edmonds 1993; Calvin et al. 2019); builders look through shocks.
    """
    air, law = world.atmosphere, world.law
    costs = _costs(world)
    costs[FOSSIL] += law("climate.carbon_tax") * law("climate.power_carbon")
    relative = costs / law.array("climate.power_cost")
    built = law.array("climate.power_built") * relative ** -law("climate.power_choice")
    air.mix[0] += (built / built.sum() - air.mix[0]) / (12.0 * law("climate.power_life"))


def _learn(world: WorldView) -> None:
    """Add the month's renewable power, of this society and of the rest of the world, to what was ever made."""
    air, law = world.atmosphere, world.law
    own = float(air.mix[0, RENEWABLE]) / max(float(law.array("climate.power_mix")[RENEWABLE]), 1e-9)
    rest = math.exp(law("climate.experience_growth") * years(world))
    part = law("climate.world_share")
    air.experience[:] += (part * own + (1.0 - part) * rest) / (12.0 * law("climate.experience_start"))


def _require_renewables(mix: F64, floor: float) -> None:
    """Raise renewables to the share that the law requires; fossil plants make room first."""
    lack = floor - mix[RENEWABLE]
    if lack > 0.0:
        from_fossil = min(lack, float(mix[FOSSIL]))
        mix[FOSSIL] -= from_fossil
        mix[NUCLEAR] -= min(lack - from_fossil, float(mix[NUCLEAR]))
        mix[RENEWABLE] = floor
