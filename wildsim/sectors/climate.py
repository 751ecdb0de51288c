"""The world's carbon warms the planet, and warming lowers what labour makes."""

from __future__ import annotations

import math

from wildsim.state.carbon import years
from wildsim.state.step import step
from wildsim.state.world import WorldView

GT = 1000.0
"""The response of temperature is per 1000 GtCO2."""


@step(sector="climate", atmosphere="norm world_emissions cumulative temperature", macro="climate")
def warm(world: WorldView) -> None:
    """Add the world's emissions of the month; temperature follows their sum, output the temperature.

    T = T0 + TCRE * cumulative emissions; output relative to that at T0 is (1 - d T^2) / (1 - d T0^2). Burn-in has no
    calendar: until month 0 the society only learns how much it emits, of which month 0 is its share of the world.
    Source: IPCC AR6 WG1, SPM D.1.1; Nordhaus 2017 (DICE-2016R).
    """
    air, law = world.atmosphere, world.law
    if world.month < 0:
        air.norm[:] += (air.emissions - air.norm) / 12.0
        return
    share = law("climate.world_share")
    own = float(air.emissions[0] / air.norm[0]) if air.norm[0] > 0.0 else 0.0
    rest = math.exp(law("climate.rest_growth") * years(world))
    fossil = law("climate.world_emissions") * (share * own + (1.0 - share) * rest)
    air.world_emissions[:] = (fossil + law("climate.land_use")) / 12.0
    air.cumulative[:] += air.world_emissions
    first = law("climate.temperature_start")
    air.temperature[:] = first + law("climate.response") / GT * air.cumulative
    damage = law("climate.damage")
    left = 1.0 - damage * float(air.temperature[0]) ** 2
    world.macro.climate[:] = max(left, 0.0) / (1.0 - damage * first**2)
