"""What each household earns, receives and owes in taxes."""

from __future__ import annotations

from wildsim.core.table import F32, F64, I8, I16, I32, I64
from wildsim.kernels.ages import ADULT_AGE, RETIREMENT_AGE
from wildsim.kernels.compiled import kernel
from wildsim.kernels.members import benefit_of, income_tax, wage_subsidy


@kernel()
def household_income(
    first: int,
    last: int,
    starts: I64,
    first_member: I32,
    members: I8,
    dividends: F64,
    interest: F64,
    # people
    age: F32,
    employer: I32,
    wage: F64,
    last_wage: F64,
    months_out: I16,
    participates: I8,
    law: I8,
    # firms
    hours_pay: F64,
    public: I8,
    # the law
    replacement: F64,
    longest: F64,
    cap: F64,
    subsidy_in: F64,
    subsidy_until: F64,
    subsidy_out: F64,
    tax_starts: F64,
    tax_rates: F64,
    pension: float,
    assistance: float,
    # results
    wages: F64,
    public_wages: F64,
    benefits: F64,
    pensions: F64,
    subsidies: F64,
    tax: F64,
    gross: F64,
    income: F64,
) -> None:
    """Fill wages, benefits, pensions, subsidies, tax, taxable and disposable income of each household, USD/month.

    Args:
        hours_pay: Pay for the hours worked relative to normal hours, by firm. public: 1 for public agencies.
        cap: Highest benefit, USD/month. subsidy_until: USD/month. pension: USD/month a retired person.
        assistance: Income, in USD/month and person, up to which those without enough are topped up.

    Income is split evenly between the adults of a household before it is taxed (joint filing).
    Those below ADULT_AGE are not among them; a household of children alone counts one.
    """
    for h in range(starts[first], starts[last]):
        earned = 0.0
        earned_public = 0.0
        benefit = 0.0
        retired = 0.0
        subsidy = 0.0
        adults = 0
        for p in range(first_member[h], first_member[h] + members[h]):
            adults += age[p] >= ADULT_AGE
            f = employer[p]
            if f >= 0:
                pay = wage[p] * hours_pay[f]
                if public[f] == 1:
                    earned_public += pay
                else:
                    earned += pay
                subsidy += wage_subsidy(pay, law[p], subsidy_in, subsidy_until, subsidy_out)
            elif participates[p] == 1:
                benefit += benefit_of(last_wage[p], months_out[p], law[p], replacement, longest, cap)
            if age[p] >= RETIREMENT_AGE:
                retired += pension
        taxable = earned + earned_public + benefit + retired + dividends[h] + interest[h]
        short = assistance * members[h] - taxable
        if short > 0.0:
            benefit += short
        wages[h] = earned
        public_wages[h] = earned_public
        benefits[h] = benefit
        pensions[h] = retired
        subsidies[h] = subsidy
        gross[h] = taxable
        adults = max(adults, 1)
        tax[h] = min(adults * income_tax(taxable / adults, tax_starts, tax_rates), taxable)
        income[h] = taxable + max(short, 0.0) + subsidy - tax[h]
