"""Households shop."""

from __future__ import annotations

from wildsim.kernels.goods import shop
from wildsim.state.step import step
from wildsim.state.world import WorldView


@step(households="shop spending necessities", firms="inventories demand sold revenue taxed_sales")
def buy(world: WorldView) -> None:
    """Let every household spend its budget at its shops in its region (Lengnick 2013), necessities first."""
    households, firms, law = world.households, world.firms, world.law
    before = firms.revenue.copy()
    basic = law("households.subsistence") * law("labour.mean_wage") * float(world.macro.necessity_price[0])
    basic = basic * float(world.macro.trend[0]) / float(world.macro.start_necessity_price[0])
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
        firms.staff,
        firms.price,
        law("government.product_tax"),
        basic,
        law("households.necessity_share"),
        law("households.shop_swap"),
        1.0 - law("households.shop_cheaper"),
        world.key("shopping", "households"),
        world.month,
        households.shop,
        households.spending,
        households.necessities,
        firms.inventories,
        firms.demand,
        firms.sold,
        firms.revenue,
    )
    takings = firms.revenue - before
    firms.taxed_sales[:] = takings
    world.ledger.pay("consumption", ("households", households.spending), ("firms", takings))
