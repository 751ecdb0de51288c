"""The first plants, the first mix of power, and emissions that match those of the country."""

from __future__ import annotations

from wildsim.core.keys import Keys
from wildsim.state.carbon import KG_A_TONNE, kind_intensity, plant_intensity
from wildsim.state.law import Law
from wildsim.state.world import World


def start_climate(world: World, law: Law, keys: Keys) -> None:
    """Draw plants and scale their carbon so that the society emits per dollar of GDP what the country does."""
    view = world.view()
    emitters, air = world.tables["emitters"], world.tables["atmosphere"]
    emitters.base("intensity")[:] = plant_intensity(view)
    emitters.base("known")[:] = 1
    macro, output = view.macro, view.firms.output
    goods = float(macro.gdp[0]) / float(macro.goods_price[0])
    emitted = law("climate.carbon_intensity") * goods / KG_A_TONNE
    weight = float((output * kind_intensity(view) * emitters.base("intensity")).sum())
    air.base("carbon_per_good")[0] = emitted / weight if weight > 0.0 else 0.0
    mix = law.array("climate.power_mix")
    air.base("mix")[0] = mix / mix.sum()
    air.base("wage")[0], air.base("price")[0] = law("labour.mean_wage"), float(macro.price_level[0])
    air.base("emissions")[0] = air.base("unabated")[0] = air.base("norm")[0] = emitted
    air.base("temperature")[0] = law("climate.temperature_start")
