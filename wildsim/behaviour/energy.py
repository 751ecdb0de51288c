"""Rule of firm managers for carbon: avoid what costs less than the tax, a part of the gap each month."""

from __future__ import annotations

import numpy as np

from wildsim.state.carbon import abatement_that_pays
from wildsim.state.firms import PUBLIC
from wildsim.state.step import step
from wildsim.state.world import WorldView


@step(sector="climate", energy_decisions="abatement")
def decide(world: WorldView) -> None:
    """Move abatement towards the share at which its marginal cost equals the tax (Nordhaus 2017)."""
    now, target = world.emitters.abatement, abatement_that_pays(world)
    wanted = now + world.law("climate.abatement_speed") * (target - now)
    world.energy_decisions.abatement[:] = np.where(world.firms.kind == PUBLIC, 0.0, wanted)
