"""Rule of firm managers: price, wage, output, posts, dismissals, machines, research, dividends."""

from __future__ import annotations

import math

import numpy as np

from wildsim.behaviour.household_member import rate_gap
from wildsim.core.table import F64
from wildsim.state.firms import CAPITAL_GOODS, OTHER_GOODS, PUBLIC
from wildsim.state.step import step
from wildsim.state.world import WorldView


@step(manager_decisions="price wage output vacancies layoffs investment research payout")
def decide(world: WorldView) -> None:
    """Fill the decisions of every manager, and those of public agencies as far as they have any."""
    luck = world.uniform("managers", "firms", 4)
    _wage(world, luck)
    _price(world, luck)
    wanted = _output(world)
    _staff(world, luck, wanted)
    _investment(world)
    out, law = world.manager_decisions, world.law
    private = world.firms.kind != PUBLIC
    out.research[:] = np.where(private, law("firms.research"), 0.0)
    out.payout[:] = np.where(private, law("firms.payout"), 0.0)


def _wage(world: WorldView, luck: F64) -> None:
    """Review wages at times: trend and prices since the last review, pressure of unfilled posts, drift to the market.

    Cuts are carried out with the chance `labour.wage_cut` only. Agencies pay the market wage of their region.
    """
    firms, law, macro = world.firms, world.law, world.macro
    market = world.regions.market_wage[firms.region]
    years = (firms.months_since_review + 1.0) / 12.0
    trend = (law("shocks.growth") + float(macro.innovation[0]) + float(macro.expected_inflation[0])) * years
    norm = law("labour.unfilled_norm")
    low, high = law.array("labour.tension_band").tolist()
    tension = law("labour.wage_pressure") * np.clip((firms.unfilled - norm) / norm, low, high)
    change = trend + tension + law("labour.wage_drift") * np.log(market / firms.wage)
    reviewed = luck[0] < law("labour.wage_review")
    done = reviewed & ((change >= 0.0) | (luck[1] < law("labour.wage_cut")))
    wage = np.where(done, firms.wage * np.exp(np.clip(change, *law.array("labour.wage_step").tolist())), firms.wage)
    wage = np.where(firms.kind == PUBLIC, market, wage)
    world.manager_decisions.wage[:] = wage


def _price(world: WorldView, luck: F64) -> None:
    """Mark up normal unit labour cost; the mark-up has been moved by stocks (see sectors.expectations)."""
    firms, law = world.firms, world.law
    cost = firms.wage * (1.0 + law("government.payroll_tax")) / np.maximum(firms.productivity, 1e-12) + firms.extra_cost
    changed = luck[2] < law("firms.price_change")
    world.manager_decisions.price[:] = np.where(changed, firms.mark_up * cost, firms.price)


def _output(world: WorldView) -> F64:
    """Plan expected demand plus part of the stock gap; makers of machines plan to deliver their backlog."""
    firms, law = world.firms, world.law
    expected = firms.expected_demand
    gap = law("firms.inventory_target") * expected - firms.inventories
    goods = np.minimum(expected + law("firms.inventory_speed") * gap, law("firms.capital_productivity") * firms.capital)
    spare = np.maximum(firms.inventories - law("firms.inventory_target_machines") * expected, 0.0)
    machines = firms.backlog / law("firms.delivery_months") - law("firms.inventory_speed_machines") * spare
    plan = np.where(firms.kind <= OTHER_GOODS, goods, machines)
    plan = np.where(firms.kind == PUBLIC, 0.0, np.maximum(plan, 0.0))
    world.manager_decisions.output[:] = plan
    return plan


def labour_productivity(world: WorldView) -> F64:
    """Return output of an efficiency unit at normal hours by firm, goods/month."""
    macro = world.macro
    now = world.law("firms.labour_productivity") * float(macro.trend[0]) * math.exp(float(macro.tfp[0]))
    return np.asarray(now * float(macro.climate[0]) * world.firms.technology * world.firms.automation)


def _staff(world: WorldView, luck: F64, plan: F64) -> None:
    """Open posts for part of the gap to the staff wanted and for expected leavers; dismiss part of a surplus."""
    firms, law, out = world.firms, world.law, world.manager_decisions
    units = plan / (labour_productivity(world) * (1.0 - law("firms.research")))
    people = np.maximum(firms.staff, 1)
    skill = np.where(firms.staff > 0, firms.labour / people, 1.0)
    wanted = units / np.maximum(skill, 0.05)
    agencies = firms.kind == PUBLIC
    target = float(world.cabinet_decisions.staff[0]) / max(1, int(agencies.sum()))
    wanted = np.where(agencies, target, wanted)
    leavers = firms.quits * firms.staff
    gap = law("labour.hiring_speed") * (wanted - firms.staff) + leavers
    posts = np.maximum(gap, 0.0)
    out.vacancies[:] = np.floor(np.minimum(posts, 20.0) + luck[3])
    surplus = np.maximum(-gap, 0.0) / people
    out.layoffs[:] = np.minimum(law("labour.layoff_share") * surplus, 1.0)


def _investment(world: WorldView) -> None:
    """Order machines: wear, growth and part of the gap to the machines wanted, moved by sentiment, demand, the rate.

    Of what is on order, the part beyond a usual backlog counts as machines already there (Sterman 1989).
    """
    firms, law, macro = world.firms, world.law, world.macro
    mood = float(macro.sentiment[0]) + law("firms.investment_demand") * float(macro.demand[0])
    rate = max(0.0, 1.0 - law("firms.investment_rate") * (rate_gap(world) + float(macro.credit_spread[0])))
    wanted = firms.long_demand / (law("firms.capital_productivity") * law("firms.normal_use"))
    growth = (law("shocks.growth") + float(macro.innovation[0])) / 12.0
    order = (law("firms.depreciation") + growth) * firms.capital
    late = firms.on_order - law("firms.delivery_months") * order
    order = order + law("firms.investment_speed") * (wanted - firms.capital - law("firms.supply_line") * late)
    order = np.maximum(order, 0.0) * math.exp(float(np.clip(mood, -1.0, 1.0))) * rate
    order = np.where(
        (firms.capital == 0.0) & (firms.on_order == 0.0), wanted, order
    )  # a new firm equips itself at once
    buys = (firms.kind != PUBLIC) & (firms.kind != CAPITAL_GOODS)
    world.manager_decisions.investment[:] = np.where(buys, order, 0.0)
