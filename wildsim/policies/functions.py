"""More or less of one function of government, paid for."""

from __future__ import annotations

import numpy as np

from wildsim.policies.funding import fund
from wildsim.state.functions import function_norm
from wildsim.state.world import World


def change_function(world: World, function: str, change: float, funding: str = "debt") -> None:
    """Spend a relative `change` more on a function than its norm this month (-.1: 10 % less).

    Args:
        function: "health", "police", "education" or "research". funding: See wildsim.policies.funding.
    """
    buy(world, function, max(change, -1.0) * function_norm(world.view(), function), funding)


def buy(world: World, function: str, goods: float, funding: str) -> None:
    """Order `goods` a month more (or, below 0, less) for a function of government and let somebody pay for them."""
    cost = goods * float(world.view().macro.goods_price[0])
    world.law.spend(function, goods)
    fund(world, cost, funding)
    if funding == "outside" and cost > 0.0:
        world.ledger.pay("transfers_from_abroad", ("abroad", np.array([cost])), "government")
