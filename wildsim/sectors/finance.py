"""Firms settle the month: product tax, interest, corporate tax, repayment, dividends."""

from __future__ import annotations

import numpy as np

from wildsim.core.table import F64, sum_by
from wildsim.state.firms import CAPITAL_GOODS, PUBLIC
from wildsim.state.ownership import firm_equity, split
from wildsim.state.step import step
from wildsim.state.world import WorldView


@step(firms="profit dividend", households="dividends")
def settle(world: WorldView) -> None:
    """Book the goods that were sold at their cost, then pay taxes, interest, debt and owners, in this order."""
    firms, ledger = world.firms, world.ledger
    goods_sold = _cost_of_goods(world)
    ledger.revalue("goods_sold", "inventory_value", goods_sold, -1.0)
    tax = world.law("government.product_tax")
    product_tax = firms.taxed_sales * (tax / (1.0 + tax))
    ledger.pay("product_tax", ("firms", product_tax), "government")
    earned = _interest(world)
    cost = np.where(firms.kind == PUBLIC, 0.0, firms.wage_bill) * (1.0 + world.law("government.payroll_tax"))
    expensed = np.maximum(cost - firms.output * firms.price, 0.0)
    profit = firms.revenue - product_tax - goods_sold - expensed - firms.wear + earned - firms.expenses
    firms.profit[:] = np.where(firms.kind == PUBLIC, 0.0, profit)
    corporate = world.law("government.corporate_tax") * np.maximum(firms.profit, 0.0)
    corporate = np.minimum(corporate, np.maximum(firms.deposits, 0.0))
    ledger.pay("corporate_tax", ("firms", corporate), "government")
    _repay(world)
    _dividends(world, cost)


def _cost_of_goods(world: WorldView) -> F64:
    """Return the cost of the goods sold, at the mean unit cost of the stock they came from, USD."""
    firms = world.firms
    before = firms.inventories + firms.sold
    share = np.divide(firms.sold, before, out=np.zeros(len(firms)), where=before > 0.0)
    return np.asarray(firms.inventory_value * np.minimum(share, 1.0))


def _interest(world: WorldView) -> F64:
    """Pay interest on loans and deposits of firms; return what each firm earned net, USD."""
    firms, ledger, officer, law = world.firms, world.ledger, world.officer_decisions, world.law
    count = len(world.banks)
    leverage = np.minimum(firms.loans / np.maximum(firm_equity(world), 1e-9), law("banks.leverage_cap"))
    rate = officer.firm_rate[firms.lender] + law("banks.leverage_spread") * leverage
    paid = firms.loans * rate / 12.0
    to_banks = sum_by(firms.lender, paid, count)
    ledger.pay("loan_interest_firms", ("firms", paid), ("banks", to_banks))
    received = np.maximum(firms.deposits, 0.0) * officer.deposit_rate[firms.bank] / 12.0
    from_banks = sum_by(firms.bank, received, count)
    ledger.pay("deposit_interest_firms", ("banks", from_banks), ("firms", received))
    return np.asarray(received - paid)


def _repay(world: WorldView) -> None:
    """Repay a fixed part of the debt, as far as cash goes."""
    firms = world.firms
    due = firms.loans / world.law("banks.loan_term")
    world.ledger.repay("repayment_firms", "firms", np.minimum(due, np.maximum(firms.deposits, 0.0)))


def _dividends(world: WorldView, cost: F64) -> None:
    """Pay owners part of the cash beyond some months of costs and the machines on order."""
    firms, law, plan = world.firms, world.law, world.manager_decisions
    months = np.where(firms.kind == CAPITAL_GOODS, law("firms.cash_months_machines"), law("firms.cash_months"))
    keep = months * cost + firms.on_order * float(world.macro.capital_price[0]) / law("firms.delivery_months")
    spare = np.where(firms.kind == PUBLIC, 0.0, np.maximum(firms.deposits - keep, 0.0))
    firms.dividend[:] = plan.payout * spare
    received = split(world, firms.dividend)
    world.ledger.pay("firm_dividends", ("firms", firms.dividend), ("households", received))
    world.households.dividends[:] = received
