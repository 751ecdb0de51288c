"""Carbon, power, temperature."""

from __future__ import annotations

import math

from wildsim.indicators import indicator
from wildsim.indicators.accounts import ratio
from wildsim.state.climate import RENEWABLE
from wildsim.state.world import WorldView


@indicator(
    "emissions",
    unit="tCO2/month",
    source="EPA, Inventory of US Greenhouse Gas Emissions: CO2 from fossil fuel combustion",
    direction=-1,
    doc="Carbon dioxide of the society's firms: of fuel burnt or sold, and of power used.",
    sector="climate",
)
def emissions(view: WorldView) -> float:
    """Return the emissions of all firms."""
    return float(view.atmosphere.emissions[0])


@indicator(
    "emissions_per_person",
    unit="tCO2 a year and person",
    source="Global Carbon Project: territorial emissions a head; here per simulated person",
    direction=-1,
    doc="Yearly emissions of the society over its people (adults only, where no demography sector runs).",
    sector="climate",
)
def emissions_per_person(view: WorldView) -> float:
    """Return emissions over people, at a year's rate."""
    return ratio(12.0 * float(view.atmosphere.emissions[0]), float(len(view.people)))


@indicator(
    "world_emissions",
    unit="GtCO2/month",
    source="Global Carbon Budget: fossil CO2 and land-use change",
    direction=-1,
    doc="Carbon dioxide of the whole world: the society, scaled to its share, and the rest.",
    sector="climate",
)
def world_emissions(view: WorldView) -> float:
    """Return the world's emissions; NaN before month 0, when they are not counted."""
    return float(view.atmosphere.world_emissions[0]) if view.month >= 0 else math.nan


@indicator(
    "temperature",
    unit="°C above 1850-1900",
    source="IPCC AR6 WG1: global mean surface temperature",
    direction=-1,
    doc="Warming of the planet.",
    sector="climate",
)
def temperature(view: WorldView) -> float:
    """Return the temperature."""
    return float(view.atmosphere.temperature[0])


@indicator(
    "climate_damage",
    unit="share",
    source="Nordhaus 2017, DICE-2016R",
    direction=-1,
    doc="Output of labour lost to warming since month 0.",
    sector="climate",
)
def climate_damage(view: WorldView) -> float:
    """Return the share of output lost."""
    return 1.0 - float(view.macro.climate[0])


@indicator(
    "carbon_price",
    unit="USD/tCO2",
    source="World Bank, State and Trends of Carbon Pricing",
    direction=0,
    doc="Carbon tax in force.",
    sector="climate",
)
def carbon_price(view: WorldView) -> float:
    """Return the carbon tax."""
    return float(view.atmosphere.carbon_price[0])


@indicator(
    "energy_price",
    unit="ratio to the start",
    source="BLS: CPI energy relative to all items",
    direction=0,
    doc="Price of energy relative to other goods, carbon tax apart.",
    sector="climate",
)
def energy_price(view: WorldView) -> float:
    """Return the relative price of energy."""
    return float(view.atmosphere.energy_price[0])


@indicator(
    "renewable_share",
    unit="share",
    source="EIA Electric Power Monthly: generation by source",
    direction=0,
    doc="Power made by renewables, water included.",
    sector="climate",
)
def renewable_share(view: WorldView) -> float:
    """Return the share of renewable power."""
    return float(view.atmosphere.mix[0, RENEWABLE])


@indicator(
    "abatement_share",
    unit="share",
    source="DICE: emissions control rate",
    direction=0,
    doc="Emissions that firms avoided, of those with the same output and power.",
    sector="climate",
)
def abatement_share(view: WorldView) -> float:
    """Return what was avoided over what would have been emitted; NaN where that is nothing."""
    air = view.atmosphere
    return ratio(float(air.unabated[0] - air.emissions[0]), float(air.unabated[0]))
