"""Machines are delivered and paid, wear, and are ordered."""

from __future__ import annotations

import numpy as np

from wildsim.core.table import F64, NO_ROW, sum_by
from wildsim.kernels.picks import pick_rival
from wildsim.state.firms import CAPITAL_GOODS, OTHER_GOODS
from wildsim.state.step import step
from wildsim.state.world import WorldView

#: Months; a maker that stands still delivers some day.
LONGEST_WAIT = 120.0


@step(firms="capital wear inventories on_order backlog delivered supplier demand sold revenue")
def invest(world: WorldView) -> None:
    """Wear machines, deliver part of each backlog, place new orders (Assenza et al. 2015)."""
    firms, worn = world.firms, world.law("firms.depreciation")
    firms.wear[:] = worn * firms.capital_value
    world.ledger.revalue("depreciation", "capital_value", firms.wear, -1.0)
    _deliver(world)
    firms.capital[:] = firms.capital * (1.0 - worn) + firms.delivered
    _choose_maker(world)
    order = np.where(firms.supplier != NO_ROW, world.manager_decisions.investment, 0.0)
    firms.on_order[:] += order
    placed = _by_maker(world, order)
    firms.backlog[:] += placed
    firms.demand[:] = np.where(firms.kind == CAPITAL_GOODS, placed, firms.demand)


def _by_maker(world: WorldView, amounts: F64) -> F64:
    firms = world.firms
    buys = np.flatnonzero(firms.supplier != NO_ROW)
    return sum_by(firms.supplier[buys], amounts[buys], len(firms))


def _deliver(world: WorldView) -> None:
    firms, law = world.firms, world.law
    ready = np.minimum(firms.backlog / law("firms.delivery_months"), firms.inventories)
    share = np.divide(ready, firms.backlog, out=np.zeros(len(firms)), where=firms.backlog > 0.0)
    maker = np.maximum(firms.supplier, 0)
    buys = firms.supplier != NO_ROW
    goods = np.where(buys, firms.on_order * np.minimum(share[maker], 1.0), 0.0)
    price = firms.price[maker]
    cost = goods * price
    afford = np.divide(np.clip(firms.deposits, 0.0, cost), cost, out=np.ones(len(firms)), where=cost > 0.0)
    goods = goods * afford
    cost = goods * price
    sold = _by_maker(world, goods)
    takings = _by_maker(world, cost)
    world.ledger.pay("investment", ("firms", cost), ("firms", takings))
    world.ledger.revalue("capital_formation", "capital_value", cost)
    firms.delivered[:] = goods
    firms.on_order[:] = np.maximum(firms.on_order - goods, 0.0)
    firms.backlog[:] = np.maximum(firms.backlog - sold, 0.0)
    firms.inventories[:] = np.maximum(firms.inventories - sold, 0.0)
    firms.sold[:] += sold
    firms.revenue[:] += takings


def _choose_maker(world: WorldView) -> None:
    """Firms without a maker find one; some others swap for a cheaper one, taking their orders along.

    Dearer is also who delivers later (Zarnowitz 1962).
    """
    firms = world.firms
    needs = firms.kind <= OTHER_GOODS
    luck = world.uniform("compare_makers", "firms")[0]
    choosing = needs & ((firms.supplier == NO_ROW) | (luck < world.law("firms.compare_makers")))
    picked = np.empty(len(firms), dtype=np.int32)
    wanted = np.full(len(firms), CAPITAL_GOODS, dtype=np.int8)
    wanted.flags.writeable = False
    arguments = (
        firms.id,
        firms.kind,
        wanted,
        choosing.astype(np.int8),
        world.key("makers", "firms"),
        world.month,
        picked,
    )
    world.tiles.run(pick_rival, world.tiles.firms, *arguments)
    cost = firms.price * (1.0 + world.law("firms.waiting_cost") * _months_to_wait(world))
    enough = (1.0 - world.law("firms.maker_cheaper")) * cost[np.maximum(firms.supplier, 0)]
    better = choosing & (picked >= 0) & ((firms.supplier == NO_ROW) | (cost[np.maximum(picked, 0)] < enough))
    leave = np.where(better, firms.on_order, 0.0)
    firms.backlog[:] = np.maximum(firms.backlog - _by_maker(world, leave), 0.0)
    firms.supplier[:] = np.where(better, picked, firms.supplier)
    firms.backlog[:] += _by_maker(world, leave)


def _months_to_wait(world: WorldView) -> F64:
    """Return how many months of its output each maker's orders exceed its stock by."""
    firms = world.firms
    short = np.maximum(firms.backlog - firms.inventories, 0.0)
    return np.asarray(np.minimum(short / np.maximum(firms.output, 1e-300), LONGEST_WAIT))
