"""Rule of the central banker: a Taylor rule."""

from __future__ import annotations

import numpy as np

from wildsim.state.step import step
from wildsim.state.world import WorldView


@step(banker_decisions="rate")
def decide(world: WorldView) -> None:
    """Set r = rho r(-1) + (1 - rho) (r* + pi* + a (pi - pi*) - b (u - u*)), at least zero.

    Source: Taylor 1993; Poledna et al. 2023.
    """
    law, macro = world.law, world.macro
    target = law("banks.inflation_target")
    wanted = law("banks.real_rate") + target
    wanted += law("banks.inflation_response") * (float(macro.inflation[0]) - target)
    wanted -= law("banks.unemployment_response") * (float(macro.unemployment[0]) - law("banks.unemployment_norm"))
    rho = law("banks.smoothing")
    before = float(world.central_bank.rule_rate[0])
    world.banker_decisions.rate[:] = np.clip(rho * before + (1.0 - rho) * wanted, 0.0, 0.25)
