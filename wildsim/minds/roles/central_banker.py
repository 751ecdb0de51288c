"""The central banker: sets the policy rate."""

from __future__ import annotations

from wildsim.minds.roles import ROLES
from wildsim.minds.roles.role import Item, Role
from wildsim.minds.roles.sums import growth

ROLES.register("central_banker", __name__)(
    Role(
        name="central_banker",
        title="You are the central banker.",
        deciders="central_bank",
        decides=("rate",),
        sees=(
            Item("policy rate in force", "own.central_bank.rate"),
            Item("inflation over 12 months", "sensed.inflation", "share a year"),
            Item("inflation over 12 months, three months before", "sensed.inflation.3", "share a year"),
            Item("inflation over 12 months, a year before", "sensed.inflation.12", "share a year"),
            Item("inflation target", "law.banks.inflation_target", "share a year"),
            Item("unemployment rate", "sensed.unemployment_rate", "share of the labour force"),
            Item("unemployment rate three months before", "sensed.unemployment_rate.3", "share of the labour force"),
            Item("unemployment rate a year before", "sensed.unemployment_rate.12", "share of the labour force"),
            Item("unemployment rate held for normal", "law.banks.unemployment_norm", "share of the labour force"),
            Item("real rate held for natural", "law.banks.real_rate", "share a year"),
            Item(
                "growth of real GDP over 12 months",
                "sensed.gdp_real",
                "share a year",
                also=("sensed.gdp_real.12",),
                work=growth,
            ),
            Item(
                "growth of wages over 12 months",
                "sensed.wage_mean",
                "share a year",
                also=("sensed.wage_mean.12",),
                work=growth,
            ),
            Item(
                "growth of bank loans over 12 months",
                "sensed.credit",
                "share a year",
                also=("sensed.credit.12",),
                work=growth,
            ),
            Item("vacancy rate", "sensed.vacancy_rate", "share of all posts"),
            Item("firms that fail", "sensed.bankruptcy_rate", "of all firms a year"),
        ),
        prompt="central_banker.md",
        goal="You want prices to rise at the target and as many people at work as that allows.",
        about={"rate": "Policy rate: what banks pay for money; all other rates follow it."},
    )
)
