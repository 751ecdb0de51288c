"""The government buys goods."""

from __future__ import annotations

import numpy as np

from wildsim.state.firms import OTHER_GOODS
from wildsim.state.step import step
from wildsim.state.world import WorldView


@step(firms="inventories demand sold revenue", government="purchases")
def buy(world: WorldView) -> None:
    """Buy what the cabinet decided and what policies add."""
    planned = max(float(world.cabinet_decisions.purchases[0]) + world.law.extra_purchases, 0.0)
    world.government.purchases[:] = purchase(world, planned)


def purchase(world: WorldView, planned: float) -> float:
    """Buy `planned` goods of all sellers of consumption goods, in proportion to the demand they expect; return goods.

    Stocks may not allow all of it.
    """
    firms = world.firms
    weight = np.where(firms.kind <= OTHER_GOODS, firms.expected_demand, 0.0)
    total = float(weight.sum())
    if total <= 0.0:
        return 0.0
    wanted = planned * weight / total
    goods = np.minimum(wanted, firms.inventories)
    cost = goods * firms.price
    world.ledger.pay("government_purchases", "government", ("firms", cost))
    firms.inventories[:] -= goods
    firms.demand[:] += wanted
    firms.sold[:] += goods
    firms.revenue[:] += cost
    return float(goods.sum())
