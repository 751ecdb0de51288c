"""Households shop."""

from __future__ import annotations

import numpy as np

from wildsim.core.table import I32
from wildsim.kernels.goods import shop
from wildsim.state.step import step
from wildsim.state.world import WorldView


@step(households="shop spending necessities prepaid", firms="inventories demand sold revenue taxed_sales")
def buy(world: WorldView) -> None:
    """Let every household spend its budget at its shops in its region (Lengnick 2013), necessities first."""
    households, firms, law = world.households, world.firms, world.law
    takings = np.zeros(len(firms))
    basic = law("households.subsistence") * law("labour.mean_wage") * float(world.macro.necessity_price[0])
    basic = basic * float(world.macro.trend[0]) * float(world.macro.technology[0])
    basic = basic / float(world.macro.start_price[0])
    world.tiles.run(
        shop,
        world.tiles.households,
        world.tiles.firms,
        world.regions.shop_slots,
        households.id,
        households.first_member,
        households.members,
        households.deposits,
        households.prepaid,
        world.member_decisions.consumption,
        firms.id,
        firms.kind,
        _entries(world),
        firms.price,
        law("government.product_tax"),
        basic,
        law("households.necessity_share"),
        law("households.shop_swap"),
        1.0 - law("households.shop_cheaper"),
        world.key("shopping", "households"),
        world.key("shop_list", "firms"),
        world.month,
        households.shop,
        households.spending,
        households.necessities,
        firms.inventories,
        firms.demand,
        firms.sold,
        takings,
    )
    firms.revenue[:] += takings
    firms.taxed_sales[:] += takings
    world.ledger.pay("consumption", ("households", households.spending), ("firms", takings))
    households.spending[:] += households.prepaid
    households.prepaid[:] = 0.0


def _entries(world: WorldView) -> I32:
    """Return how many entries each seller has in its region's list: large shops are known, new ones talked about."""
    firms, law = world.firms, world.law
    planned = np.minimum(firms.expected_demand / np.maximum(firms.productivity, 1e-300), 10_000.0).astype(np.int32)
    entries = 2 + np.maximum(firms.staff, planned) // int(law("firms.staff_an_entry"))
    new = (firms.age < int(law("firms.new_months"))) & (firms.founder >= 0)
    return np.asarray(np.where(new, int(law("firms.new_factor")) * entries, entries), dtype=np.int32)
