"""Firms innovate and imitate."""

from __future__ import annotations

import numpy as np

from wildsim.kernels.picks import pick_rival
from wildsim.state.firms import PUBLIC
from wildsim.state.step import step
from wildsim.state.world import WorldView


@step(firms="technology")
def innovate(world: WorldView) -> None:
    """Research finds a step with chance 1 - exp(-z R); steps are Beta(3,3) on [-s, s], only gains are kept.

    R is full-time researchers. At times a firm also meets a rival of its kind and closes half of the gap to a better
    one.
    Source: Dosi, Fagiolo, Roventini 2010, Journal of Economic Dynamics and Control.
    """
    firms, law = world.firms, world.law
    private = firms.kind != PUBLIC
    luck = world.uniform("innovation", "firms", 7)
    researchers = world.manager_decisions.research * firms.labour
    found = private & (luck[0] < -np.expm1(-law("firms.innovation") * researchers))
    # the third smallest of five uniform draws is Beta(3,3)
    step_size = law("firms.innovation_range") * (2.0 * np.median(luck[1:6], axis=0) - 1.0)
    better = np.where(found, np.maximum(step_size, 0.0), 0.0)
    choosing = (private & (luck[6] < law("firms.imitation"))).astype(np.int8)
    picked = np.empty(len(firms), dtype=np.int32)
    arguments = (firms.id, firms.kind, firms.kind, choosing, world.key("imitation", "firms"), world.month, picked)
    world.tiles.run(pick_rival, world.tiles.firms, *arguments)
    rival = firms.technology[np.maximum(picked, 0)]
    gap = np.where(picked >= 0, np.maximum(rival / firms.technology - 1.0, 0.0), 0.0)
    firms.technology[:] = firms.technology * (1.0 + better) * (1.0 + law("firms.imitation_gap") * gap)
