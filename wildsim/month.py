"""A month, from top to bottom: the page to read first.

Rules decide for everybody at the start of the month, knowing the end of the last one; then what was decided is done.
A new sector is one file in `sectors` and one line here.
"""

from __future__ import annotations

from collections.abc import Callable

from wildsim.behaviour import bank_officer, central_banker, firm_manager, government, guard, household_member, offender
from wildsim.policies.enact import enact
from wildsim.sectors import (
    banking,
    central_bank,
    credit,
    crime,
    demography,
    expectations,
    finance,
    goods,
    household_credit,
    income,
    innovation,
    investment,
    labour,
    population,
    production,
    public_demand,
    shocks,
    treasury,
    turnover,
)
from wildsim.state.world import World

MONTH: tuple[Callable[[World], None], ...] = (
    enact,
    shocks.draw,
    # everybody decides
    central_banker.decide,
    government.decide,
    bank_officer.decide,
    firm_manager.decide,
    household_member.decide,
    offender.decide,
    guard.apply,
    # what was decided is done
    central_bank.set_rate,
    labour.work,
    production.produce,
    credit.borrow,
    income.earn,
    investment.invest,
    public_demand.buy,
    crime.keep_prisoners,
    household_credit.borrow,
    goods.buy,
    crime.live,
    # the month is settled
    finance.settle,
    innovation.innovate,
    turnover.turnover,
    banking.settle,
    treasury.finance,
    banking.put_reserves_right,
    # everybody looks back
    expectations.plan_ahead,
    expectations.smooth_incomes,
    expectations.look_back,
    # people grow older; rows of people move last, so that all of the month above speaks of the same people
    demography.age,
    population.turnover,
)
