"""Households shop."""

from __future__ import annotations

import numpy as np

from wildsim.core.table import I32
from wildsim.kernels.goods import shop
from wildsim.state.step import step
from wildsim.state.world import WorldView

#: A seller has one entry in its region's list for every so many at work, and two in any case: large shops are known.
STAFF_AN_ENTRY = 4
#: A new shop is talked about: for so many months it has so many times the entries.
NEW_MONTHS, NEW_FACTOR = 24, 4


@step(households="shop spending necessities", firms="inventories demand sold revenue taxed_sales")
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
    firms.taxed_sales[:] = takings
    world.ledger.pay("consumption", ("households", households.spending), ("firms", takings))


def _entries(world: WorldView) -> I32:
    """Return how many entries each seller has in its region's list."""
    firms = world.firms
    planned = np.minimum(firms.expected_demand / np.maximum(firms.productivity, 1e-300), 10_000.0).astype(np.int32)
    entries = 2 + np.maximum(firms.staff, planned) // STAFF_AN_ENTRY
    new = (firms.age < NEW_MONTHS) & (firms.founder >= 0)
    return np.asarray(np.where(new, NEW_FACTOR * entries, entries), dtype=np.int32)
