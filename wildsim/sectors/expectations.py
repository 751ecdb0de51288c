"""Everybody looks back on the month: prices, wages, demand, incomes."""

from __future__ import annotations

import math

import numpy as np

from wildsim.core.table import F64
from wildsim.state.distribution import groups
from wildsim.state.firms import CAPITAL_GOODS, NECESSITIES, OTHER_GOODS, PUBLIC
from wildsim.state.identities import gdp
from wildsim.state.step import step
from wildsim.state.world import WorldView


@step(firms="expected_demand long_demand mark_up")
def plan_ahead(world: WorldView) -> None:
    """Adapt expected demand; move the mark-up with stocks, back to its norm, within its band."""
    firms, law = world.firms, world.law
    # a firm that waits for its first machines has learned nothing about demand yet
    open_ = (firms.kind != PUBLIC) & ((firms.capital > 0.0) | (firms.kind == CAPITAL_GOODS))
    lost = np.maximum(firms.demand - firms.sold, 0.0)
    for column, speed, seen in (
        (firms.expected_demand, "firms.expectation_speed", firms.demand),
        (firms.long_demand, "firms.long_expectation_speed", _demand_for_machines(world, lost)),
    ):
        column[:] = np.where(open_, column + law(speed) * (seen - column), column)
    months = np.where(
        firms.kind == CAPITAL_GOODS, law("firms.inventory_target_machines"), law("firms.inventory_target")
    )
    target = months * firms.expected_demand
    stock = firms.inventories - lost  # asked for and not there: less than an empty shelf
    excess = np.divide(stock, target, out=np.ones(len(firms)), where=target > 0.0) - 1.0
    late = firms.backlog / np.maximum(firms.expected_demand, 1e-300) / law("firms.delivery_months") - 1.0
    excess = np.where(firms.kind == CAPITAL_GOODS, -late, excess)
    norm = law("firms.mark_up")
    move = law("firms.mark_up_pull") * (norm - firms.mark_up) - law("firms.mark_up_stock") * np.clip(
        excess, -law("firms.shortage_limit"), 1.0
    )
    firms.mark_up[:] = np.clip(firms.mark_up + move, *law.array("firms.mark_up_band"))


def _demand_for_machines(world: WorldView, lost: F64) -> F64:
    """Return the demand that machines are ordered for: what is lost while they stand idle needs hands, not machines."""
    firms, law = world.firms, world.law
    used = firms.output / np.maximum(law("firms.capital_productivity") * firms.capital, 1e-300)
    idle = (firms.kind <= OTHER_GOODS) & (used < law("firms.normal_use"))
    return np.asarray(firms.demand - np.where(idle, (1.0 - law("firms.idle_orders")) * lost, 0.0))


@step(households="permanent_income income_12m")
def smooth_incomes(world: WorldView) -> None:
    """Adapt permanent income to income, indexed to trend and expected inflation."""
    households, macro, law = world.households, world.macro, world.law
    growth = law("shocks.growth") + float(macro.innovation[0]) + float(macro.expected_inflation[0])
    column, speed = households.permanent_income, law("households.income_memory")
    column[:] = np.maximum(column * ((1.0 - speed) * math.exp(growth / 12.0)) + speed * households.income, 0.0)
    households.income_12m[:] += (households.income - households.income_12m) / 12.0


@step(
    macro=(
        "price_level goods_price necessity_price capital_price inflation expected_inflation price_anchor wage_anchor "
        "mean_wage median_wage wage_unit unemployment labour_force mean_output private_output gdp gdp_12m "
        "income_tax_base taxed_sales technology innovation base_goods base_machines base_wage base_level"
    ),
    regions="market_wage",
)
def look_back(world: WorldView) -> None:
    """Compute the economy-wide numbers that everybody knows next month."""
    _prices(world)
    _labour(world)
    _move_anchors(world)
    firms, macro, law = world.firms, world.macro, world.law
    private = firms.kind != PUBLIC
    output = float(firms.output.sum())
    macro.private_output[:] = output
    macro.mean_output[:] = output / max(1, int(private.sum()))
    macro.gdp[:] = gdp(world.ledger).production
    macro.gdp_12m[:] += (macro.gdp - macro.gdp_12m) / 12.0
    macro.income_tax_base[:] = world.households.gross_income.sum()
    tax = law("government.product_tax")
    macro.taxed_sales[:] = firms.taxed_sales.sum() / (1.0 + tax)
    weight = np.where(private, firms.labour, 0.0)
    if weight.sum() > 0.0:
        before = float(macro.technology[0])
        macro.technology[:] = (weight * firms.technology).sum() / weight.sum()
        growth = 12.0 * math.log(float(macro.technology[0]) / before)
        macro.innovation[:] += law("shocks.innovation_memory") * (np.clip(growth, -0.2, 0.2) - macro.innovation)


def _move_anchors(world: WorldView) -> None:
    """Let the references of legal prices and wages follow slowly: absurd decisions must not feed on themselves."""
    macro, speed = world.macro, world.law("shocks.anchor_speed")
    for anchor, value in ((macro.price_anchor, macro.goods_price), (macro.wage_anchor, macro.mean_wage)):
        anchor[:] = anchor * np.exp(speed * np.log(value / anchor))


def _base_is_open(world: WorldView) -> bool:
    """Return whether base prices still move: until month 0 begins, so that all arms of a seed share one base."""
    return world.month < 0 or not math.isfinite(world.history.last("cpi"))


def _mean_price(sold: np.ndarray, price: np.ndarray, chosen: np.ndarray) -> float:
    """Return the mean price weighted by sales; NaN where nothing was sold."""
    quantity = float(sold[chosen].sum())
    return float((sold[chosen] * price[chosen]).sum()) / quantity if quantity > 0.0 else math.nan


def _prices(world: WorldView) -> None:
    firms, macro, law = world.firms, world.macro, world.law
    gross = 1.0 + law("government.product_tax")
    goods = firms.kind <= OTHER_GOODS
    for column, chosen, factor in (
        ("goods_price", goods, 1.0),
        ("necessity_price", firms.kind == NECESSITIES, gross),
        ("capital_price", firms.kind == CAPITAL_GOODS, 1.0),
    ):
        value = _mean_price(firms.sold, firms.price, chosen) * factor
        if math.isfinite(value):
            getattr(macro, column)[:] = value
    macro.price_level[:] = macro.goods_price * gross
    ago = world.history.last("cpi", 11)
    if math.isfinite(ago):
        macro.inflation[:] = float(macro.price_level[0]) / ago - 1.0
    weight = law("shocks.inflation_weight")
    recent = float(np.clip(macro.inflation[0], -0.1, 0.3))
    macro.expected_inflation[:] = weight * law("banks.inflation_target") + (1.0 - weight) * recent
    if _base_is_open(world):
        macro.base_goods[:], macro.base_machines[:] = macro.goods_price, macro.capital_price
        macro.base_level[:] = macro.price_level


def _labour(world: WorldView) -> None:
    macro, regions, firms = world.macro, world.regions, world.firms
    counts = regions.counts
    total = counts.sum(axis=0)
    regions.market_wage[:] = np.where(
        counts[:, 6] > 0.0, counts[:, 5] / np.maximum(counts[:, 6], 1e-300), regions.market_wage
    )
    if total[6] > 0.0:
        macro.mean_wage[:] = total[5] / total[0]
        macro.wage_unit[:] = total[5] / total[6]
        paid = world.people.wage[world.people.employer >= 0]
        if len(paid):  # all who were paid may have lost their job since
            macro.median_wage[:] += world.law("labour.median_memory") * (groups(paid).quantile(0.5) - macro.median_wage)
    macro.labour_force[:] = total[2]
    macro.unemployment[:] = 1.0 - total[0] / total[2] if total[2] > 0.0 else 0.0
    agencies = firms.kind == PUBLIC
    staff = float(firms.staff[agencies].sum())
    if _base_is_open(world) and staff > 0.0:
        macro.base_wage[:] = firms.wage_bill[agencies].sum() / staff
