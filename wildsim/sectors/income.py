"""Wages, benefits, pensions, transfers and interest are paid; income is taxed."""

from __future__ import annotations

import numpy as np

from wildsim.behaviour.household_member import brackets
from wildsim.core.table import F64, sum_by
from wildsim.kernels.income import household_income
from wildsim.state.firms import PUBLIC
from wildsim.state.ownership import household_wealth
from wildsim.state.step import step
from wildsim.state.world import WorldView


@step(households="income gross_income", government="tax_shift")
def earn(world: WorldView) -> None:
    """Pay everybody and collect income, payroll and wealth tax."""
    households, firms, law, ledger = world.households, world.firms, world.law, world.ledger
    count = len(households)
    interest = households.deposits * (world.officer_decisions.deposit_rate[households.bank] / 12.0)
    interest = np.maximum(interest, 0.0)
    wages, public, benefits, pensions, subsidies, tax = (np.empty(count) for _ in range(6))
    _assess(
        world, interest, wages, public, benefits, pensions, subsidies, tax, households.gross_income, households.income
    )
    bill = firms.wage_bill
    agencies = firms.kind == PUBLIC
    private_bill = np.where(agencies, 0.0, bill)
    ledger.pay("wages", ("firms", private_bill), ("households", wages))
    ledger.pay("public_wages", "government", ("households", public))
    ledger.pay("payroll_tax", ("firms", private_bill * law("government.payroll_tax")), "government")
    ledger.pay("benefits", "government", ("households", benefits))
    ledger.pay("pensions", "government", ("households", pensions))
    if (world.laws.subsidy_in > 0.0).any():
        ledger.pay("wage_subsidy", "government", ("households", subsidies))
    paid_by = sum_by(households.bank, interest, len(world.banks))
    ledger.pay("deposit_interest_households", ("banks", paid_by), ("households", interest))
    extra = np.zeros(count)
    for account, payer, amounts in world.transfers:
        ledger.pay(account, payer, ("households", amounts))
        extra += amounts
    levied = np.minimum(np.maximum(tax, 0.0), np.maximum(households.deposits, 0.0))  # at most what is there
    ledger.pay("income_tax", ("households", levied), "government")
    households.income[:] += np.maximum(tax, 0.0) - levied
    if (tax < 0.0).any():  # a schedule with negative rates pays out
        ledger.pay("transfers", "government", ("households", np.maximum(-tax, 0.0)))
    households.income[:] += extra - _wealth_tax(world)


def _assess(world: WorldView, interest: F64, *out: F64) -> None:
    households, people, firms, laws, law = world.households, world.people, world.firms, world.laws, world.law
    world.government.tax_shift[:] = world.cabinet_decisions.tax_shift + world.law.extra_tax
    starts, rates, _ = brackets(world)
    mean_wage = float(world.macro.mean_wage[0])
    world.tiles.run(
        household_income,
        world.tiles.households,
        households.first_member,
        households.members,
        households.dividends,
        interest,
        people.age,
        people.employer,
        people.wage,
        people.last_wage,
        people.months_out,
        people.participates,
        people.law,
        np.divide(firms.wage_bill, firms.base_pay, out=np.ones(len(firms)), where=firms.base_pay > 0.0),
        (firms.kind == PUBLIC).astype(np.int8),
        laws.replacement,
        laws.months,
        laws.cap * mean_wage,
        laws.subsidy_in,
        laws.subsidy_until * mean_wage,
        laws.subsidy_out,
        starts,
        rates,
        law("government.pension") * mean_wage,
        law("government.assistance") * mean_wage,
        *out,
    )


def _wealth_tax(world: WorldView) -> F64:
    """Tax net wealth above the exemption, as far as deposits allow; return what each household paid, USD."""
    law, households = world.law, world.households
    rate = law("government.wealth_tax")
    if rate <= 0.0:
        return np.zeros(len(households))
    base = np.maximum(household_wealth(world) - law("government.wealth_tax_above"), 0.0)
    tax = np.minimum(base * rate / 12.0, np.maximum(households.deposits, 0.0))
    world.ledger.pay("wealth_tax", ("households", tax), "government")
    return np.asarray(tax)
