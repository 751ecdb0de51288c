"""Rule of household members: spending, hours, taking part, search, reservation wage."""

from __future__ import annotations

import math

import numpy as np

from wildsim.core.table import F64
from wildsim.kernels.members import decide_members
from wildsim.state.step import step
from wildsim.state.world import WorldView


@step(member_decisions="consumption hours participate search reservation_wage")
def decide(world: WorldView) -> None:
    """Fill the decisions of every person.

    Spending of a household is `Y exp(d) (1 - s g) + k (W - w* Y)`, at most its means: Y permanent income, d the demand
    shock smoothed by habit, g the real-rate gap, W liquid wealth, w* target months, longer when unemployment is high
    (buffer stock, Carroll 1997), k = c + (1 - c) exp(-w* / impatience): who aims at little spends a windfall at once
    (Kaplan, Violante, Weidner 2014). Each member decides on an equal part.

    Hours are isoelastic in the net-of-tax rate, relative to the start of the run, in the tax bracket of full-time pay.
    With `labour.threshold_stop` they are those of the bracket that pay lies in, and pay stops at the threshold where
    the hours of the bracket below lead above it and those of the one above lead below it (Saez 2010): the best hours
    where rates rise with income; where they fall, those of the lowest bracket that suits.

    A person without work reviews at times whether the net gain of working, wage subsidy included (Eissa, Liebman 1996),
    exceeds its cost. Search falls with the benefit; the reservation wage falls with every month out of work, to the
    benefit (Lengnick 2013; Krueger, Meyer 2002).
    """
    people, households, laws = world.people, world.households, world.laws
    law, macro, out = world.law, world.macro, world.member_decisions
    starts, rates, hours_at = brackets(world)
    gap = rate_gap(world)
    unemployment = float(macro.unemployment[0])
    excess = unemployment - law("banks.unemployment_norm")
    demand = math.exp(float(macro.habit_demand[0])) * (1.0 - law("households.rate_response") * gap)
    mean_wage = float(macro.mean_wage[0])
    world.tiles.run(
        decide_members,
        world.tiles.households,
        households.first_member,
        households.members,
        households.deposits,
        households.loans,
        households.permanent_income,
        households.target_months,
        people.id,
        people.age,
        people.skill,
        people.work_cost,
        people.employer,
        people.wage,
        people.last_wage,
        people.months_out,
        people.participates,
        people.away,
        people.law,
        laws.replacement,
        laws.months,
        laws.cap * mean_wage,
        laws.subsidy_in,
        laws.subsidy_until * mean_wage,
        laws.subsidy_out,
        starts,
        rates,
        hours_at,
        world.key("members", "people"),
        world.month,
        demand,
        law("households.wealth_pull"),
        law("households.impatience"),
        max(law("households.precaution_floor"), 1.0 + law("households.precaution") * excess),
        float(macro.wage_unit[0]),
        law("labour.search_effort"),
        law("labour.search_drop"),
        law("labour.job_search"),
        law("labour.reservation_start"),
        law("labour.reservation_fall"),
        law("labour.participation_review"),
        law("labour.hours_step"),
        law("labour.threshold_stop"),
        law("households.spending_floor"),
        law("labour.search_floor"),
        law("labour.better_wage"),
        out.consumption,
        out.hours,
        out.participate,
        out.search,
        out.reservation_wage,
    )


def brackets(world: WorldView) -> tuple[F64, F64, F64]:
    """Return income tax brackets: starts (USD/month), marginal rates with the shift in force, hours offered in each.

    Hours are ((1 - rate) / (1 - rate at the start of the run)) ** elasticity (Chetty 2012).
    """
    law = world.law
    starts = law.array("government.income_tax_starts") * float(world.macro.mean_wage[0])
    base = law.array("government.income_tax_rates")
    shift = float(world.government.tax_shift[0])
    rates = np.clip(base + shift, np.minimum(base, 0.0), 1.0)
    first_starts = np.asarray(law.start["government.income_tax_starts"])
    first_rates = np.asarray(law.start["government.income_tax_rates"])
    at = np.searchsorted(first_starts, law.array("government.income_tax_starts"), side="right") - 1
    before = np.clip(1.0 - first_rates[np.maximum(at, 0)], 0.01, 1.0)
    hours = (np.maximum(1.0 - rates, 0.01) / before) ** law("labour.hours_elasticity")
    return starts, rates, np.minimum(hours, 1.5)


def rate_gap(world: WorldView) -> float:
    """Return the real policy rate less the natural one, annual share, kept within 10 points."""
    real = float(world.central_bank.rate[0]) - float(world.macro.expected_inflation[0])
    return float(np.clip(real - world.law("banks.real_rate"), -0.1, 0.1))
