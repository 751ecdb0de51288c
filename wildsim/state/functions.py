"""What the government spends on each of its functions, and how that compares with the norm."""

from __future__ import annotations

from wildsim.state.world import WorldView

#: Functions of government in a scenario; "general" is everything else.
FUNCTIONS = ("general", "health", "police", "education", "research")


def function_norm(world: WorldView, function: str) -> float:
    """Return normal real spending on a function (not "general"), goods/month.

    It grows with productivity as all purchases do, and with the people where a demography sector runs.
    """
    law, macro = world.law, world.macro
    share = law(f"government.spending_on_{function}") / law.start["government.purchases"]
    norm = float(world.government.purchases_norm[0]) * float(macro.trend[0]) * float(macro.technology[0])
    return float(share * norm)


def spending_ratio(world: WorldView, function: str) -> float:
    """Return real spending on a function this month relative to its norm: 1 where no policy changes it, never below 0.

    Policies change it through `Law.spend`; it is ordered spending, whether or not sellers had the goods.
    """
    extra = world.law.function_goods.get(function, 0.0)
    return max(0.0, 1.0 + extra / function_norm(world, function)) if extra != 0.0 else 1.0
