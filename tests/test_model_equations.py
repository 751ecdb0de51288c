"""The equations of docs/model.md, section 7, written out anew and compared with what a living society does.

Where a rule is meant to change, change the page and this file with it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.worlds import live, small_world
from wildsim.state.firms import CAPITAL_GOODS, OTHER_GOODS, PUBLIC
from wildsim.state.world import World

BEFORE = ("people", "households", "firms", "banks", "regions", "macro", "government", "central_bank")
DECIDED = ("member_decisions", "manager_decisions", "officer_decisions", "cabinet_decisions", "banker_decisions")
MONTHS = 40


def copy(world: World, tables: tuple[str, ...]) -> SimpleNamespace:
    """Return copies of the columns of some tables; those of one row as plain numbers."""
    found = {}
    for name in tables:
        state = world.tables[name].state()
        if name in ("macro", "government", "central_bank", "cabinet_decisions", "banker_decisions"):
            found[name] = SimpleNamespace(**{column: values[0].item() for column, values in state.items()})
        else:
            found[name] = SimpleNamespace(**state)
    return SimpleNamespace(**found)


@pytest.fixture(scope="module")
def month() -> SimpleNamespace:
    """Live some years, then return a month: the law, and states at its start, when all have decided, and later."""
    # causes that are off by default are on here, so that their terms can fail
    on: dict[str, Any] = {
        "households.impatience": 0.5,
        "labour.reservation_start": 0.85,
        "labour.duration_fade": 0.45,
        "firms.supply_line": 0.7,
        "firms.waiting_cost": 0.02,
        "firms.idle_orders": 0.3,
        "firms.shortage_limit": 10,
        "firms.mark_up_band": [1.4, 3.0],
    }
    world = small_world(people=600, parameters=on)
    live(world, MONTHS)
    seen = SimpleNamespace(law=world.law, start=copy(world, BEFORE))

    def watch(world: World, step: str) -> None:
        if step == "sectors.shocks.draw":
            seen.drawn = copy(world, BEFORE)
            seen.luck = world.view().uniform("managers", "firms", 4)
        elif step == "sectors.public_demand.buy":  # whatever comes after the decisions leaves them as they are
            seen.decided = copy(world, DECIDED)
        elif step == "sectors.production.produce":
            seen.produced = copy(world, BEFORE)
        elif step == "sectors.treasury.finance":
            seen.sold = copy(world, BEFORE)

    live(world, 1, watch)
    seen.end = copy(world, BEFORE)
    return seen


def growth(month: SimpleNamespace) -> float:
    """g."""
    return float(month.law("shocks.growth") + month.drawn.macro.innovation)


def gap(month: SimpleNamespace) -> float:
    """The real-rate gap, 7.2."""
    real = month.start.central_bank.rate - month.drawn.macro.expected_inflation
    return float(np.clip(real - month.law("banks.real_rate"), -0.1, 0.1))


def of_labour(month: SimpleNamespace) -> Any:
    """y: output of an efficiency unit at normal hours, 7.5."""
    macro, firms = month.drawn.macro, month.drawn.firms
    aggregate = month.law("firms.labour_productivity") * macro.trend * math.exp(macro.tfp) * macro.climate
    return aggregate * firms.technology * firms.automation


def same(found: Any, wanted: Any) -> None:
    """Compare to single precision, which some columns have."""
    np.testing.assert_allclose(found, wanted, rtol=2e-6, atol=1e-9)


def test_7_1_shocks(month: SimpleNamespace) -> None:
    law, old, new = month.law, month.start.macro, month.drawn.macro
    same(new.habit_demand, old.habit_demand + law("households.habit") * (new.demand - old.habit_demand))
    same(new.trend, old.trend * math.exp(law("shocks.growth") / 12))
    same(new.matching, law.array("shocks.matching")[0] * old.matching)  # it is off


def test_7_2_central_banker(month: SimpleNamespace) -> None:
    law, macro = month.law, month.drawn.macro
    target, rho = law("banks.inflation_target"), law("banks.smoothing")
    wanted = law("banks.real_rate") + target
    wanted += law("banks.inflation_response") * (macro.inflation - target)
    wanted -= law("banks.unemployment_response") * (macro.unemployment - law("banks.unemployment_norm"))
    rule = min(max(rho * month.start.central_bank.rule_rate + (1 - rho) * wanted, 0.0), 0.25)
    same(month.decided.banker_decisions.rate, rule)
    same(month.produced.central_bank.rate, min(max(rule + macro.rate_shock, 0.0), 0.5))


def test_7_3_government(month: SimpleNamespace) -> None:
    law, state, macro, decided = month.law, month.start.government, month.drawn.macro, month.decided.cabinet_decisions
    debt = (state.bonds - state.treasury) / (12 * macro.gdp_12m)
    speed = law("government.tax_speed")
    shift = (1 - speed) * state.rule_shift + speed * law("government.tax_rule") * (debt - law("government.debt"))
    same(decided.tax_shift, min(max(shift, -0.2), 0.3))
    same(decided.purchases, state.purchases_norm * macro.trend * macro.technology * math.exp(macro.government_shock))
    same(decided.staff, state.staff_norm)


def test_7_4_bank_officers(month: SimpleNamespace) -> None:
    law, rate, banks, decided = month.law, month.start.central_bank.rate, month.drawn.banks, month.decided
    spread = banks.tightness + month.drawn.macro.credit_spread
    same(decided.officer_decisions.firm_rate, rate + law("banks.loan_spread") + spread)
    same(decided.officer_decisions.household_rate, rate + law("banks.household_spread") + spread)
    same(decided.officer_decisions.deposit_rate, max(0.0, rate - law("banks.deposit_spread")))


def test_7_5_wage(month: SimpleNamespace) -> None:
    law, firms = month.law, month.drawn.firms
    market = month.drawn.regions.market_wage[firms.region]
    years = (firms.months_since_review + 1) / 12
    norm = law("labour.unfilled_norm")
    tension = np.clip((firms.unfilled - norm) / norm, *law.array("labour.tension_band"))
    change = (growth(month) + month.drawn.macro.expected_inflation) * years + law("labour.wage_pressure") * tension
    change += law("labour.wage_drift") * np.log(market / firms.wage)
    done = (month.luck[0] < law("labour.wage_review")) & ((change >= 0) | (month.luck[1] < law("labour.wage_cut")))
    wage = np.where(done, firms.wage * np.exp(np.clip(change, *law.array("labour.wage_step"))), firms.wage)
    same(month.decided.manager_decisions.wage, np.where(firms.kind == PUBLIC, market, wage))
    assert done.any()


def test_7_5_price(month: SimpleNamespace) -> None:
    law, firms = month.law, month.drawn.firms
    unit_cost = firms.wage * (1 + law("government.payroll_tax")) / firms.productivity + firms.extra_cost
    changed = month.luck[2] < law("firms.price_change")
    same(month.decided.manager_decisions.price, np.where(changed, firms.mark_up * unit_cost, firms.price))
    assert changed.any()


def test_7_5_output(month: SimpleNamespace) -> None:
    law, f = month.law, month.drawn.firms
    gap_of_stock = law("firms.inventory_target") * f.expected_demand - f.inventories
    goods = f.expected_demand + law("firms.inventory_speed") * gap_of_stock
    goods = np.clip(goods, 0, law("firms.capital_productivity") * f.capital)
    spare = np.maximum(0, f.inventories - law("firms.inventory_target_machines") * f.expected_demand)
    machines = f.backlog / law("firms.delivery_months") - law("firms.inventory_speed_machines") * spare
    plan = np.where(f.kind == CAPITAL_GOODS, np.maximum(0, machines), goods)
    same(month.decided.manager_decisions.output, np.where(f.kind == PUBLIC, 0, plan))


def test_7_5_staff(month: SimpleNamespace) -> None:
    law, f, plan = month.law, month.drawn.firms, month.decided.manager_decisions
    units = plan.output / (of_labour(month) * (1 - law("firms.research")))
    skill = np.where(f.staff > 0, f.labour / np.maximum(f.staff, 1), 1.0)
    agencies = f.kind == PUBLIC
    wanted = np.where(agencies, month.decided.cabinet_decisions.staff / agencies.sum(), units / np.maximum(skill, 0.05))
    gap_of_staff = law("labour.hiring_speed") * (wanted - f.staff) + f.quits * f.staff
    same(plan.vacancies, np.floor(np.clip(gap_of_staff, 0, 20) + month.luck[3]))
    surplus = np.maximum(-gap_of_staff, 0) / np.maximum(f.staff, 1)
    same(plan.layoffs, np.minimum(law("labour.layoff_share") * surplus, 1))
    assert plan.vacancies.any()
    assert plan.layoffs.any()


def test_7_6_machines(month: SimpleNamespace) -> None:
    law, f, macro = month.law, month.drawn.firms, month.drawn.macro
    wanted = f.long_demand / (law("firms.capital_productivity") * law("firms.normal_use"))
    order = (law("firms.depreciation") + growth(month) / 12) * f.capital
    late = f.on_order - law("firms.delivery_months") * order
    missing = wanted - f.capital - law("firms.supply_line") * late
    order = np.maximum(order + law("firms.investment_speed") * missing, 0)
    mood = macro.sentiment + law("firms.investment_demand") * macro.demand
    order = order * math.exp(min(max(mood, -1), 1))
    order = order * max(0, 1 - law("firms.investment_rate") * (gap(month) + macro.credit_spread))
    order = np.where((f.capital == 0) & (f.on_order == 0), wanted, order)
    same(month.decided.manager_decisions.investment, np.where(f.kind <= OTHER_GOODS, order, 0))


def test_7_7_spending(month: SimpleNamespace) -> None:
    law, h, macro = month.law, month.drawn.households, month.drawn.macro
    income, excess = h.permanent_income, macro.unemployment - law("banks.unemployment_norm")
    longer = max(law("households.precaution_floor"), 1 + law("households.precaution") * excess)
    wanted = income * math.exp(macro.habit_demand) * (1 - law("households.rate_response") * gap(month))
    slow = law("households.wealth_pull")
    pull = slow + (1 - slow) * np.exp(-h.target_months.astype(float) / law("households.impatience"))
    wanted = wanted + pull * (h.deposits - h.loans - longer * h.target_months * income)
    wanted = np.minimum(np.maximum(wanted, law("households.spending_floor") * income), h.deposits + income)
    each = np.maximum(wanted, 0) / h.members
    same(month.decided.member_decisions.consumption, each[month.drawn.people.household])


def test_7_8_hours_search_and_reservation(month: SimpleNamespace) -> None:
    law, people, macro = month.law, month.drawn.people, month.drawn.macro
    base, starts = law.array("government.income_tax_rates"), law.array("government.income_tax_starts")
    rates = np.clip(base + month.start.government.tax_shift, 0, 1)
    pay = people.skill * macro.wage_unit
    bracket = np.searchsorted(starts * macro.mean_wage, pay, side="left") - 1
    hours = np.minimum(1.5, ((1 - rates) / (1 - base)) ** law("labour.hours_elasticity"))[bracket]
    decided = month.decided.member_decisions
    same(decided.hours, hours)
    out = (people.employer < 0) & (people.age < 65) & (decided.participate == 1)
    insured = (people.participates == 1) & (people.months_out + 1 < law("government.benefit_months"))
    most = law("government.benefit_cap") * macro.mean_wage
    benefit = np.where(insured, np.minimum(law("government.benefit_replacement") * people.last_wage, most), 0)
    less = np.maximum(law("labour.search_floor"), 1 - law("labour.search_drop") * benefit / pay)
    same(decided.search[out], np.minimum(1, law("labour.search_effort") * less)[out])
    asked = law("labour.reservation_start") * people.last_wage
    fallen = asked * law("labour.reservation_fall") ** np.minimum(people.months_out, 60)
    same(decided.reservation_wage[out], np.maximum(fallen, benefit)[out])
    at_work = (people.employer >= 0) & (people.age < 65)
    same(decided.search[at_work], law("labour.job_search"))
    same(decided.reservation_wage[at_work], law("labour.better_wage") * people.wage[at_work])
    assert out.sum() > 5


def test_7_10_production(month: SimpleNamespace) -> None:
    law, plan, f = month.law, month.decided.manager_decisions, month.produced.firms
    each, private = of_labour(month) * (1 - law("firms.research")), f.kind != PUBLIC
    normal = each * f.labour
    with np.errstate(divide="ignore", invalid="ignore"):
        hours = np.where(normal > 0, np.clip(plan.output / normal, *law.array("labour.hours_band")), 1.0)
    hours = np.where(private, np.where(normal > 0, hours, np.clip(1.0, *law.array("labour.hours_band"))), 1.0)
    output = np.minimum(hours * normal, plan.output)
    machines = law("firms.capital_productivity") * f.capital
    output = np.where(f.kind == CAPITAL_GOODS, output, np.minimum(output, machines))
    same(f.output[private], output[private])
    same(f.wage_bill, f.base_pay * (1 + law("labour.hours_pay") * (hours - 1)))
    old = month.drawn.firms.productivity
    same(f.productivity[private], (old + law("firms.productivity_memory") * (each - old))[private])


def _firms_look_back(month: SimpleNamespace) -> None:
    law, f, new = month.law, month.sold.firms, month.end.firms
    open_ = (f.kind != PUBLIC) & ((f.capital > 0) | (f.kind == CAPITAL_GOODS))
    expected = f.expected_demand + law("firms.expectation_speed") * (f.demand - f.expected_demand)
    same(new.expected_demand[open_], expected[open_])
    lost = np.maximum(f.demand - f.sold, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        idle = f.output / (law("firms.capital_productivity") * f.capital) < law("firms.normal_use")
    idle &= f.kind <= OTHER_GOODS
    for losers in (idle, ~idle & (f.kind <= OTHER_GOODS)):
        assert (lost[losers] > 0).any(), "both kinds of loss occur"
    seen = f.demand - np.where(idle, 1 - law("firms.idle_orders"), 0) * lost
    distant = f.long_demand + law("firms.long_expectation_speed") * (seen - f.long_demand)
    same(new.long_demand[open_], distant[open_])
    with np.errstate(divide="ignore", invalid="ignore"):  # agencies expect no demand
        stock = (f.inventories - lost) / (law("firms.inventory_target") * expected) - 1
        orders = 1 - f.backlog / (expected * law("firms.delivery_months"))
    excess = np.clip(np.where(f.kind == CAPITAL_GOODS, orders, stock), -law("firms.shortage_limit"), 1)
    move = law("firms.mark_up_pull") * (law("firms.mark_up") - f.mark_up) - law("firms.mark_up_stock") * excess
    same(new.mark_up[open_], np.clip(f.mark_up + move, *law.array("firms.mark_up_band"))[open_])


def _households_look_back(month: SimpleNamespace) -> None:
    speed, h = month.law("households.income_memory"), month.sold.households
    rise = math.exp((growth(month) + month.drawn.macro.expected_inflation) / 12)
    wanted = h.permanent_income * (1 - speed) * rise + speed * h.income
    same(month.end.households.permanent_income, np.maximum(wanted, 0))


def _everybody_looks_back(month: SimpleNamespace) -> None:
    law, macro = month.law, month.end.macro
    weight = law("shocks.inflation_weight")
    recent = min(max(macro.inflation, -0.1), 0.3)
    same(macro.expected_inflation, weight * law("banks.inflation_target") + (1 - weight) * recent)
    same(macro.price_level, macro.goods_price * (1 + law("government.product_tax")))


@pytest.mark.parametrize("look_back", [_firms_look_back, _households_look_back, _everybody_looks_back])
def test_7_17_looking_back(month: SimpleNamespace, look_back: Callable[[SimpleNamespace], None]) -> None:
    look_back(month)
