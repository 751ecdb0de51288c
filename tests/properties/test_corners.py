"""Corners that an attacker found: each once gave a wrong number in silence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from wildsim.core.errors import BooksError, InputError
from wildsim.scenario.schema import Scenario
from wildsim.society import Society
from wildsim.state.accounts import SECTORS
from wildsim.state.identities import COUNTED


def society(people: int = 300, **more: Any) -> Society:
    data = {"name": "t", "months": 12, "burn_in": 0, "society": {"people": people, "regions": 1}} | more
    return Society(Scenario.model_validate(data))


def test_a_median_wage_survives_a_month_in_which_everybody_loses_the_job() -> None:
    parameters = {"population.work_cost_median": 10, "government.payroll_tax": 1}
    made = society(40, parameters=parameters)
    made.run_for(40)
    assert np.isfinite(made.macro.median_wage[0])
    made.close()


def test_the_balance_of_the_government_is_that_of_its_flows_even_without_debt() -> None:
    high = {"government.income_tax_rates": [0.6] * 4, "government.payroll_tax": 0.6, "government.product_tax": 0.6}
    lean = {"government.corporate_tax": 0.6, "government.debt": 0.0, "government.purchases": 0.0, "firms.payout": 0.3}
    made = society(parameters=high | lean)
    column = SECTORS.index("government")
    debts = []
    for _ in range(60):
        made.step()
        debts.append(made.indicators["government_debt"])
        ledger = made.world.ledger
        flows = (ledger.all_received - ledger.all_paid)[COUNTED][:, column].sum()
        assert made.indicators["government_balance"] == pytest.approx(flows, rel=1e-9, abs=1e-6)
    assert min(debts) == pytest.approx(0.0, abs=1.0), "months without debt are the case that was wrong"
    made.close()


def test_no_tax_makes_a_household_overdraw_its_account() -> None:
    made = society(parameters={"government.income_tax_rates": [1, 1, 1, 1], "government.wealth_tax": 1})
    for _ in range(18):
        made.step()
        assert made.households.deposits.min() > -1e-6
        assert made.households.permanent_income.min() >= 0.0
    made.close()


def test_a_number_that_everybody_knows_must_be_finite() -> None:
    made = society()
    made.step()

    def poison(world: Any, role: str, name: str, rule: Any) -> None:
        world.tables["macro"].base("trend")[0] = np.nan

    made.world.minds.append(poison)
    with pytest.raises(BooksError, match=r"macro\.|not a number"):
        made.step()
    made.close()


def test_a_society_in_which_nobody_can_work_is_refused() -> None:
    with pytest.raises(InputError, match="nobody works"):
        society(40, parameters={"population.work_cost_median": 10, "population.work_cost_spread": 0.01})


def test_the_luck_of_being_listed_differs_between_seeds() -> None:
    """Fill rates of the same firm must not be alike in two worlds (they were: r = .35)."""
    rates = []
    for seed in (1, 2, 3, 4):
        made = Society(
            Scenario.model_validate({"name": "t", "burn_in": 0, "society": {"people": 1200, "regions": 1}}), seed=seed
        )
        opened = filled = np.zeros(0)
        first = {int(i): k for k, i in enumerate(made.firms.id)}
        opened, filled = np.zeros(len(first)), np.zeros(len(first))
        for _ in range(12):
            made.step()
            rows = np.array([first.get(int(i), -1) for i in made.firms.id])
            known = rows >= 0
            np.add.at(opened, rows[known], made.firms.opened[known])
            np.add.at(filled, rows[known], (made.firms.opened - made.firms.vacancies)[known])
        rates.append(np.where(opened > 0, filled / np.maximum(opened, 1), np.nan))
        made.close()
    pairs = [(a, b) for i, a in enumerate(rates) for b in rates[:i]]
    correlations = []
    for a, b in pairs:
        both = np.isfinite(a) & np.isfinite(b)
        correlations.append(np.corrcoef(a[both], b[both])[0, 1])
    assert abs(np.mean(correlations)) < 0.2  # 6 pairs of about 90 firms: standard error about .05
