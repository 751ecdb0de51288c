"""The government: a package of taxes, purchases and public staff."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wildsim.minds.roles import ROLES
from wildsim.minds.roles.economy import GROWTH, INFLATION, POLICY_RATE, UNEMPLOYMENT
from wildsim.minds.roles.role import Item, Role

Values = NDArray[Any]


def _of_year(debt: Values, gdp: Values) -> Values:
    """Return a sum of money in GDPs of a year."""
    return np.asarray(debt / (12.0 * gdp))


ROLES.register("government", __name__)(
    Role(
        name="government",
        title="You are the government.",
        deciders="government",
        decides=("tax_shift", "purchases", "staff"),
        sees=(
            Item("points added to every rate of income tax", "own.government.tax_shift", "(0.01 is one point)"),
            Item("rates of income tax by bracket, before that", "law.government.income_tax_rates"),
            Item("where the brackets begin, in mean wages", "law.government.income_tax_starts"),
            Item("sales tax", "law.government.product_tax", "of the price"),
            Item("payroll tax", "law.government.payroll_tax", "of wages"),
            Item("tax on profits", "law.government.corporate_tax", "of profit"),
            Item("unemployment benefit", "law.government.benefit_replacement", "of the last wage"),
            Item("goods you bought", "own.government.purchases"),
            Item("public staff usually aimed at", "own.government.staff_norm"),
            Item("your deficit", "own.government.deficit"),
            Item("your debt", "own.government.bonds", "years of GDP", also=("sensed.gdp",), work=_of_year),
            Item("debt held for normal", "law.government.debt", "years of GDP"),
            Item("GDP", "sensed.gdp"),
            GROWTH,
            UNEMPLOYMENT,
            INFLATION,
            POLICY_RATE,
            Item("mean wage", "sensed.wage_mean"),
            Item("people in poverty", "sensed.poverty_rate", "share of all"),
            Item("Gini of incomes", "sensed.gini_income", "(0 equal, 1 all with one)"),
            Item("how people rate their lives", "sensed.wellbeing", "of 10 points"),
            Item("recorded crime", "sensed.crime_recorded_rate"),
            Item("life expectancy", "sensed.life_expectancy"),
            Item("carbon emitted", "sensed.emissions"),
        ),
        outcomes=("your deficit",),
        prompt="government.md",
        goal="You want people to live well, now and later, with public finances that last.",
        about={
            "tax_shift": "Points to add to every rate of income tax (0.01 is one point).",
            "purchases": "Goods to buy for public services.",
            "staff": "People to employ in public agencies.",
        },
    )
)
