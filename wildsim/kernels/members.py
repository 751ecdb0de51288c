"""The rule of household members, for all of them in one pass."""

from __future__ import annotations

import numpy as np

from wildsim.core.table import F32, F64, I8, I16, I32, I64, U64
from wildsim.kernels.ages import RETIREMENT_AGE, WORKING_AGE
from wildsim.kernels.compiled import inlined, kernel
from wildsim.kernels.philox import unit, words


@inlined
def income_tax(income, starts, rates):  # type: ignore[no-untyped-def]
    """Return the tax on a monthly income: marginal `rates` apply above `starts`, both (brackets)."""
    tax = 0.0
    for k in range(starts.size):
        if income <= starts[k]:
            break
        top = income if k + 1 == starts.size or income < starts[k + 1] else starts[k + 1]
        tax += rates[k] * (top - starts[k])
    return tax


@inlined
def hours_offered(full_pay, starts, hours_at, step, stops):  # type: ignore[no-untyped-def]
    """Return the hours offered by somebody who earns `full_pay` at full time, USD/month, as a ratio to full time.

    They are those of the tax bracket of full-time pay; where `stops` is 1, of the bracket that pay at these hours lies
    in, and pay stops at the threshold where it lies in neither bracket. See wildsim.behaviour.household_member.
    """
    bracket = 0
    while bracket + 1 < starts.size and full_pay * (hours_at[bracket] if stops > 0.0 else 1.0) > starts[bracket + 1]:
        bracket += 1
    hours = hours_at[bracket]
    if stops > 0.0 and full_pay * hours < starts[bracket]:
        hours = starts[bracket] / full_pay
    if step > 0.0:
        hours = np.floor(hours / step + 0.5) * step
    return hours


@inlined
def benefit_of(last_wage, months_out, law, replacement, longest, cap):  # type: ignore[no-untyped-def]
    """Return the unemployment benefit of a searcher, USD/month."""
    if months_out >= longest[law]:
        return 0.0
    return min(replacement[law] * last_wage, cap[law])


@inlined
def wage_subsidy(pay, law, subsidy_in, subsidy_until, subsidy_out):  # type: ignore[no-untyped-def]
    """Return the subsidy on a monthly wage, USD/month: it rises to `subsidy_until`, then is withdrawn."""
    if subsidy_in[law] <= 0.0:
        return 0.0
    top = subsidy_in[law] * min(pay, subsidy_until[law])
    return max(0.0, top - subsidy_out[law] * max(0.0, pay - subsidy_until[law]))


@kernel()
def decide_members(
    first: int,
    last: int,
    household_starts: I64,
    # households
    first_member: I32,
    members: I8,
    deposits: F64,
    loans: F64,
    permanent_income: F64,
    target_months: F32,
    # people
    ids: U64,
    age: F32,
    skill: F32,
    work_cost: F32,
    employer: I32,
    wage: F64,
    last_wage: F64,
    months_out: I16,
    participates: I8,
    away: I8,
    law: I8,
    # the law
    replacement: F64,
    longest: F64,
    cap: F64,
    subsidy_in: F64,
    subsidy_until: F64,
    subsidy_out: F64,
    tax_starts: F64,
    tax_rates: F64,
    hours_at: F64,
    # the economy and the rule
    key: int,
    month: int,
    demand_factor: float,
    wealth_pull: float,
    impatience: float,
    target_factor: float,
    wage_unit: float,
    search_base: float,
    search_drop: float,
    job_search: float,
    reservation_start: float,
    reservation_fall: float,
    review: float,
    hours_step: float,
    threshold_stop: float,
    spending_floor: float,
    search_floor: float,
    better_wage: float,
    # decisions
    out_consumption: F64,
    out_hours: F32,
    out_participate: I8,
    out_search: F32,
    out_reservation: F64,
) -> None:
    """Fill the decisions of every person in the tiles `first` to `last`.

    Money is in USD and USD/month, rates are shares, `hours_at` gives the hours in each tax bracket as a ratio to full
    time. See wildsim.behaviour.household_member for the equations and their sources.
    """
    for h in range(household_starts[first], household_starts[last]):
        income = permanent_income[h]
        wealth = deposits[h] - loans[h]
        pull = wealth_pull + (1.0 - wealth_pull) * np.exp(-target_months[h] / impatience)
        wanted = income * demand_factor + pull * (wealth - target_factor * target_months[h] * income)
        wanted = min(max(wanted, spending_floor * income), deposits[h] + income)
        each = max(wanted, 0.0) / members[h]
        for p in range(first_member[h], first_member[h] + members[h]):
            out_consumption[p] = each
            full_pay = skill[p] * wage_unit
            hours = hours_offered(full_pay, tax_starts, hours_at, hours_step, threshold_stop)
            out_hours[p] = hours
            if away[p] > 0:
                out_participate[p] = 0
                out_search[p] = 0.0
                out_reservation[p] = 0.0
                continue
            if employer[p] >= 0 and age[p] < RETIREMENT_AGE:
                out_participate[p] = 1
                out_search[p] = job_search
                out_reservation[p] = wage[p] * better_wage
                continue
            out_search[p] = 0.0
            out_reservation[p] = 0.0
            if age[p] >= RETIREMENT_AGE or age[p] < WORKING_AGE:
                out_participate[p] = 0
                continue
            benefit = 0.0
            if participates[p] == 1:
                benefit = benefit_of(last_wage[p], months_out[p] + 1, law[p], replacement, longest, cap)
            takes_part = participates[p]
            w0, _, _, _ = words(key, month, ids[p], 0)
            if unit(w0) < review:
                gain = full_pay * hours - income_tax(full_pay * hours, tax_starts, tax_rates)
                gain += wage_subsidy(full_pay * hours, law[p], subsidy_in, subsidy_until, subsidy_out)
                takes_part = 1 if gain > work_cost[p] * wage_unit else 0
            out_participate[p] = takes_part
            if takes_part == 1:
                share = benefit / full_pay if full_pay > 0.0 else 0.0
                out_search[p] = min(1.0, search_base * max(search_floor, 1.0 - search_drop * share))
                floor = last_wage[p] if last_wage[p] > 0.0 else full_pay
                fallen = reservation_start * floor * reservation_fall ** min(months_out[p], 60)
                out_reservation[p] = max(fallen, benefit)
