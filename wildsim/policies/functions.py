"""More or less of one function of government, paid for."""

from __future__ import annotations

from wildsim.policies.funding import fund
from wildsim.state.functions import function_norm
from wildsim.state.world import World


def change_function(world: World, function: str, change: float, funding: str = "debt") -> None:
    """Spend a relative `change` more on a function than its norm this month (-.1: 10 % less).

    Args:
        function: "health", "police", "education" or "research". funding: See wildsim.policies.funding.
    """
    view = world.view()
    goods = max(change, -1.0) * function_norm(view, function)
    world.law.spend(function, goods)
    fund(world, goods * float(view.macro.goods_price[0]), funding)
