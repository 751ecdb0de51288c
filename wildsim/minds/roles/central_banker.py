"""The central banker: sets the policy rate."""

from __future__ import annotations

from wildsim.minds.roles import ROLES
from wildsim.minds.roles.economy import FAILURES, GROWTH, INFLATION, UNEMPLOYMENT, grown
from wildsim.minds.roles.role import Item, Role

ROLES.register("central_banker", __name__)(
    Role(
        name="central_banker",
        title="You are the central banker.",
        deciders="central_bank",
        decides=("rate",),
        sees=(
            Item("policy rate in force", "own.central_bank.rate"),
            INFLATION,
            Item("inflation over 12 months, three months before", "sensed.inflation.3", "share a year"),
            Item("inflation over 12 months, a year before", "sensed.inflation.12", "share a year"),
            Item("inflation target", "law.banks.inflation_target", "share a year"),
            UNEMPLOYMENT,
            Item("unemployment rate three months before", "sensed.unemployment_rate.3", "share of the labour force"),
            Item("unemployment rate a year before", "sensed.unemployment_rate.12", "share of the labour force"),
            Item("unemployment rate held for normal", "law.banks.unemployment_norm", "share of the labour force"),
            Item("real rate held for natural", "law.banks.real_rate", "share a year"),
            GROWTH,
            grown("wages", "wage_mean"),
            grown("bank loans", "credit"),
            Item("vacancy rate", "sensed.vacancy_rate", "share of all posts"),
            FAILURES,
        ),
        prompt="central_banker.md",
        goal="You want prices to rise at the target and as many people at work as that allows.",
        about={"rate": "Policy rate: what banks pay for money; all other rates follow it."},
    )
)
