"""What carbon costs and weighs: numbers that several steps of the climate sector share."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtri

from wildsim.core.table import F64
from wildsim.state.climate import FOSSIL
from wildsim.state.firms import PUBLIC
from wildsim.state.world import WorldView

#: Month to which draws of lasting traits belong: they depend on the id alone.
BIRTH = -(2**30)
KG_A_TONNE = 1000.0


def years(world: WorldView) -> float:
    """Return the years since month 0; 0 during burn-in, when the calendar of the climate stands still."""
    return max(world.month, 0) / 12.0


def worth(world: WorldView) -> float:
    """Return what a USD of the parameters (2019) is today: wage-indexed until month 0, then price-indexed.

    As for amounts in policies, 50 USD a tonne stay the same share of the mean wage through burn-in.
    """
    air = world.atmosphere
    wages = float(air.wage[0]) / float(world.law.start["labour.mean_wage"])
    return wages * float(world.macro.price_level[0]) / float(air.price[0])


def backstop(world: WorldView) -> float:
    """Return the marginal cost of avoiding the last tonne, USD/tCO2 of the start (DICE: p_backstop)."""
    return world.law("climate.backstop") * math.exp(-world.law("climate.backstop_decline") * years(world))


def abatement_that_pays(world: WorldView) -> float:
    """Return the share of carbon of which avoiding costs less than the tax: backstop * mu^(theta - 1) = tax."""
    ratio = world.law("climate.carbon_tax") / backstop(world)
    return float(min(ratio, 1.0) ** (1.0 / (world.law("climate.abatement_exponent") - 1.0)))


def carbon_of_power(world: WorldView) -> float:
    """Return the carbon of power relative to the start: fossil plants alone emit."""
    return float(world.atmosphere.mix[0, FOSSIL]) / float(world.law.array("climate.power_mix")[FOSSIL])


def renewable_cost(world: WorldView) -> float:
    """Return the cost of renewable power relative to the start: falls with experience (Wright's law)."""
    slope = math.log2(1.0 - world.law("climate.learning_rate"))
    return math.exp(slope * math.log(float(world.atmosphere.experience[0])))


def plant_intensity(world: WorldView) -> F64:
    """Return the intensity of every firm's plant: lognormal with mean about 1, a function of the firm's id alone."""
    luck = world.uniform_at("climate.intensity", "firms", BIRTH)
    spread = world.law("climate.intensity_spread")
    normal = np.clip(ndtri(luck), *world.law.array("climate.intensity_bounds").tolist())
    return np.asarray(np.exp(spread * normal - spread**2 / 2.0))


def kind_intensity(world: WorldView) -> F64:
    """Return the intensity of every firm's kind; public agencies buy goods and burn nothing themselves."""
    by_kind = np.append(world.law.array("climate.kind_intensity"), 0.0)
    return np.asarray(np.where(world.firms.kind == PUBLIC, 0.0, by_kind[world.firms.kind]))


def energy_per_good(world: WorldView) -> F64:
    """Return the energy that a good of each firm takes, as the tCO2 that it would emit with the power of the start."""
    air = world.atmosphere
    scale = float(air.carbon_per_good[0]) * float(air.efficiency[0])
    return np.asarray(scale * kind_intensity(world) * world.emitters.intensity)
