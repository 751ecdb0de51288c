"""Aggregate shocks and trend growth."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from wildsim.state.step import step
from wildsim.state.world import WorldView

#: Name in a scenario -> column of macro that carries the shock.
SHOCKS = {
    "productivity": "tfp",
    "demand": "demand",
    "sentiment": "sentiment",
    "matching": "matching",
    "credit_spread": "credit_spread",
    "government_spending": "government_shock",
    "policy_rate": "rate_shock",
}


@step(macro="trend tfp demand habit_demand sentiment matching credit_spread government_shock rate_shock")
def draw(world: WorldView) -> None:
    """Move every shock that is on one month on: x = a x(-1) + s e, e standard normal; trend productivity grows."""
    macro, law = world.macro, world.law
    for name, column in SHOCKS.items():
        persistence, spread = law.array(f"shocks.{name}")
        value = getattr(macro, column)
        news = float(ndtri(world.uniform(f"shock.{name}", "macro")[0, 0])) if law.on(name) else 0.0
        value[0] = persistence * value[0] + spread * news
    macro.habit_demand[0] += law("households.habit") * (macro.demand[0] - macro.habit_demand[0])
    macro.trend[0] *= float(np.exp(law("shocks.growth") / 12.0))
