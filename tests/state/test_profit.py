"""Profit is what the books say: the change of a firm's equity before tax and dividends."""

from __future__ import annotations

import numpy as np

from wildsim.scenario.schema import Scenario
from wildsim.society import Society
from wildsim.state.ownership import firm_equity


def test_change_of_equity_is_profit_less_tax_and_dividend() -> None:
    data = {"name": "t", "months": 8, "burn_in": 0, "society": {"people": 600, "regions": 1}}
    made = Society(Scenario.model_validate(data))
    made.run_for(4)
    view = made.world.view()
    before = dict(zip(view.firms.id.tolist(), firm_equity(view), strict=True))
    made.step()
    view = made.world.view()
    firms, rate = view.firms, made.world.law("government.corporate_tax")
    tax = rate * np.maximum(firms.profit, 0.0)
    expected = firms.profit - tax - firms.dividend
    change = firm_equity(view) - np.array([before.get(i, np.nan) for i in firms.id.tolist()])
    settled = (firms.kind != 3) & (firms.age > 0) & np.isfinite(change) & (firms.deposits > 0.0)
    assert settled.sum() > 20
    np.testing.assert_allclose(change[settled], expected[settled], rtol=1e-6, atol=1e-3)
    made.close()


def test_base_prices_are_those_of_all_arms_even_if_a_policy_starts_in_month_0() -> None:
    data = {"name": "t", "months": 3, "burn_in": 3, "society": {"people": 300, "regions": 1}}
    policies = [{"kind": "payroll_tax", "rate": 0.3}, {"kind": "vat", "rate": 0.2}]
    found = []
    for more in ({}, {"policies": policies}):
        made = Society(Scenario.model_validate(data | more))
        made.burn_in()
        made.run_for(2)
        macro = made.macro
        names = ("base_goods", "base_machines", "base_wage", "base_level")
        found.append([float(getattr(macro, name)[0]) for name in names])
        made.close()
    assert found[0] == found[1]
