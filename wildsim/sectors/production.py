"""Firms produce with their staff, for as many hours as the plan needs."""

from __future__ import annotations

import numpy as np

from wildsim.behaviour.firm_manager import labour_productivity
from wildsim.state.firms import OTHER_GOODS, PUBLIC
from wildsim.state.step import step
from wildsim.state.world import WorldView


@step(
    firms=(
        "price hours output wage_bill inventories productivity demand sold revenue taxed_sales delivered age "
        "expenses extra_cost"
    )
)
def produce(world: WorldView) -> None:
    """Produce min(hours x labour x productivity, machines, plan); book goods at labour cost, at most at price.

    Hours vary within `labour.hours_band` and are paid with elasticity `labour.hours_pay`.
    """
    firms, law, plan = world.firms, world.law, world.manager_decisions
    firms.age[:] += 1
    for name in ("demand", "sold", "revenue", "taxed_sales", "delivered", "expenses", "extra_cost"):
        getattr(firms, name)[:] = 0.0
    firms.price[:] = plan.price
    each = labour_productivity(world) * (1.0 - plan.research)
    normal = each * firms.labour
    low, high = law.array("labour.hours_band")
    private = firms.kind != PUBLIC
    wanted = np.divide(plan.output, normal, out=np.ones(len(firms)), where=normal > 0.0)
    hours = np.where(private, np.clip(wanted, low, high), 1.0)
    firms.hours[:] = hours
    output = np.minimum(hours * normal, plan.output)
    machines = law("firms.capital_productivity") * firms.capital
    output = np.where(firms.kind <= OTHER_GOODS, np.minimum(output, machines), output)
    output = np.where(private, output, 0.0)
    firms.output[:] = output
    firms.inventories[:] += output
    firms.wage_bill[:] = firms.base_pay * (1.0 + law("labour.hours_pay") * (firms.hours - 1.0))
    firms.productivity[:] += law("firms.productivity_memory") * (each - firms.productivity)
    cost = np.where(private, firms.wage_bill, 0.0) * (1.0 + law("government.payroll_tax"))
    world.ledger.revalue("production", "inventory_value", np.minimum(cost, output * firms.price))
