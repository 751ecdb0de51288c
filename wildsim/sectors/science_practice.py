"""Discoveries come into use and raise productivity."""

from __future__ import annotations

import numpy as np

from wildsim.state.step import step
from wildsim.state.world import WorldView


@step(sector="science", knowledge="tested developed level", macro="trend")
def use(world: WorldView) -> None:
    """Pass discoveries through two stages of half the lag each, and move productivity by what comes out.

    Science at normal spending is a part of trend growth g, so only the difference counts: level' = g (f e^(-b level)
    - 1), where f is the flow out of the stages relative to the norm and b how fast ideas get harder to find. A
    permanently higher f gives a permanently higher level, log(f) / b, not growth for good.
    Source: Adams 1990, JPE (lag); Jones 1995, JPE; Bloom, Jones, Van Reenen, Webb 2020, AER (semi-endogenous growth).
    """
    knowledge, law = world.knowledge, world.law
    norm = float(knowledge.posts[0]) * law("science.papers_norm") / 12.0 * law("science.discovery")
    made = float(knowledge.found[0, -1]) / norm if norm > 0.0 else 0.0
    stage = max(law("science.lag") / 2.0, 1.0)
    tested, ready = float(knowledge.tested[0]) / stage, float(knowledge.developed[0]) / stage
    knowledge.tested[:] += made - tested
    knowledge.developed[:] += tested - ready
    harder = np.exp(-law("science.fishing_out") * knowledge.level)
    change = law("science.growth") / 12.0 * (ready * harder - 1.0)
    knowledge.level[:] += change
    world.macro.trend[:] *= np.exp(change)
