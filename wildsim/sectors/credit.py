"""Firms borrow what they lack for wages and machines."""

from __future__ import annotations

import numpy as np

from wildsim.core.table import F64, I64, sum_by
from wildsim.state.firms import PUBLIC
from wildsim.state.ownership import bank_equity, firm_equity
from wildsim.state.step import step
from wildsim.state.world import WorldView


@step()
def borrow(world: WorldView) -> None:
    """Ask two banks, take the cheaper; banks lend up to the firm's leverage limit and their own capital (BAM)."""
    firms, law = world.firms, world.law
    machines = np.where(firms.supplier >= 0, firms.on_order / law("firms.delivery_months"), 0.0)
    bill = firms.wage_bill * (1.0 + law("government.payroll_tax")) + machines * float(world.macro.capital_price[0])
    need = np.where(firms.kind == PUBLIC, 0.0, np.maximum(bill - firms.deposits, 0.0))
    rows = np.flatnonzero(need > 0.0)
    if not len(rows):
        return
    _choose_lender(world, rows)
    lender = firms.lender
    limit = world.officer_decisions.leverage[lender] * firm_equity(world) - firms.loans
    loan = np.minimum(need, np.maximum(limit, 0.0))
    room = bank_room(world)
    asked = sum_by(lender, loan, len(room))
    granted = np.divide(np.minimum(asked, room), asked, out=np.zeros(len(room)), where=asked > 0.0)
    world.ledger.lend("lending_firms", "firms", loan * granted[lender])


def _choose_lender(world: WorldView, rows: I64) -> None:
    """Let firms ask one more bank; the number of banks never changes, so a plain pick depends on no count."""
    firms, rate = world.firms, world.officer_decisions.firm_rate
    luck = world.uniform("second_bank", "firms")[0, rows]
    other = (luck * len(world.banks)).astype(np.int16)
    cheaper = rate[other] < rate[firms.lender[rows]]
    if cheaper.any():
        world.ledger.refinance("refinancing", rows[cheaper], other[cheaper])


def bank_room(world: WorldView) -> F64:
    """Return how much each bank may still lend: equity / capital ratio less its loans, mortgages weighted, USD."""
    banks = world.banks
    loans = banks.firm_loans + banks.household_loans + world.law("homes.risk_weight") * banks.mortgages
    return np.asarray(np.maximum(bank_equity(world) / world.law("banks.capital_ratio") - loans, 0.0))
