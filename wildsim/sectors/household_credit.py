"""Households serve their consumer loans, default, and borrow."""

from __future__ import annotations

import numpy as np

from wildsim.core.table import sum_by
from wildsim.kernels.borrowing import consumer_credit
from wildsim.sectors.credit import bank_room
from wildsim.state.step import step
from wildsim.state.world import WorldView


@step(households="arrears barred")
def borrow(world: WorldView) -> None:
    """Collect debt service, write off loans in default, lend within the law's and the banks' limits."""
    households, law, ledger, officer = world.households, world.law, world.ledger, world.officer_decisions
    interest, repaid, lost, lent = (np.empty(len(households)) for _ in range(4))
    months = min(law("households.loan_months"), law("banks.loan_to_income"))
    world.tiles.run(
        consumer_credit,
        world.tiles.households,
        households.first_member,
        households.members,
        households.bank,
        households.deposits,
        households.loans,
        households.permanent_income,
        world.member_decisions.consumption,
        officer.household_rate,
        officer.debt_service,
        law("households.loan_term"),
        months,
        int(law("households.default_months")),
        int(law("households.barred_months")),
        households.arrears,
        households.barred,
        interest,
        repaid,
        lost,
        lent,
    )
    count = len(world.banks)
    by_bank = sum_by(households.bank, interest, count)
    ledger.pay("loan_interest_households", ("households", interest), ("banks", by_bank))
    ledger.repay("repayment_households", "households", repaid)
    if lost.any():
        ledger.write_off("write_off_households", "households", lost)
    room = bank_room(world)
    asked = sum_by(households.bank, lent, count)
    granted = np.divide(np.minimum(asked, room), asked, out=np.ones(count), where=asked > 0.0)
    if (granted < 1.0).any():
        lent *= granted[households.bank]
    ledger.lend("lending_households", "households", lent)
