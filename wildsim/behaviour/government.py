"""Rule of the government: tax shift, purchases, public staff."""

from __future__ import annotations

import math

import numpy as np

from wildsim.state.step import step
from wildsim.state.world import WorldView


@step(cabinet_decisions="tax_shift purchases staff")
def decide(world: WorldView) -> None:
    """Follow debt with the income tax (Bohn 1998), and trend productivity with purchases; keep public staff.

    Extra purchases and staff, and the tax that pays for funded policies, come from the law in force.
    """
    law, state, macro, out = world.law, world.government, world.macro, world.cabinet_decisions
    debt_ratio = (float(state.bonds[0]) - float(state.treasury[0])) / (12.0 * max(float(macro.gdp_12m[0]), 1e-300))
    wanted = law("government.tax_rule") * (debt_ratio - law("government.debt"))
    speed = law("government.tax_speed")
    rule = float(state.rule_shift[0]) * (1.0 - speed) + speed * wanted
    out.tax_shift[:] = np.clip(rule, -0.2, 0.3)
    norm = float(state.purchases_norm[0]) * float(macro.trend[0]) * float(macro.technology[0])
    out.purchases[:] = norm * math.exp(float(macro.government_shock[0]))
    out.staff[:] = float(state.staff_norm[0]) + law.extra_staff
