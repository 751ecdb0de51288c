"""A society of four numbers: the engine's own tests need no economy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from wildsim.scenario.schema import Scenario


class FakeSociety:
    """Autoregressive numbers keyed by (seed, month); a policy shifts the second one."""

    #: Called before every month with (seed, month); tests raise in it.
    before: Callable[[int, int], None] = staticmethod(lambda seed, month: None)

    def __init__(self, scenario: Scenario, *, seed: int, threads: int = 1):
        self.scenario, self.seed, self.month = scenario, seed, -scenario.burn_in
        self.numbers = np.zeros(4)
        self.largest_error = 1e-14

    def step(self) -> None:
        type(self).before(self.seed, self.month)
        draws = np.random.default_rng([self.seed, self.month + 10**6]).normal(size=4)
        self.numbers = 0.9 * self.numbers + draws
        for policy in self.scenario.policies:
            if policy.active(self.month) and policy.kind != "no_change":
                self.numbers[1] += 0.1 * policy.size * abs(draws[2])
        self.month += 1

    @property
    def indicators(self) -> dict[str, float]:
        a, b, c, d = self.numbers
        real = 1e8 * np.exp(0.01 * b)
        return {
            "gdp": real * (1 + 0.001 * self.month),
            "gdp_real": real,
            "consumption_real": 0.7 * real,
            "investment_real": 0.2 * real * np.exp(0.01 * d),
            "unemployment_rate": 0.05 + 0.002 * a,
            "inflation": 0.02 + 0.001 * c if self.month > 12 else float("nan"),
            "vacancy_rate": 0.03 - 0.001 * a + 0.0005 * d,
            "gini_wealth": 0.8,
        }

    def flows(self) -> list[tuple[str, str, str, float]]:
        return [
            ("wages", "firms", "households", 6e7 + float(self.numbers[0])),
            ("investment", "firms", "firms", 1e7),
            ("income_tax", "households", "government", 1e7),
            ("benefits", "government", "households", 3e6),
        ]

    def balance_sheet(self) -> dict[str, dict[str, float]]:
        return {"households": {"deposits": 1e9}, "banks": {"deposits": -1e9 - float(self.numbers[1])}}

    def distributions(self) -> dict[str, np.ndarray[Any, Any]]:
        draws = np.random.default_rng(self.seed)
        wealth = np.where(draws.random(500) < 0.1, -500.0, draws.lognormal(11, 1.5, 500))
        return {"wealth": wealth, "wage": draws.lognormal(8, 1, 500), "firm_size": np.floor(draws.pareto(1.1, 50) + 1)}

    def panel(self) -> pd.DataFrame:
        return pd.DataFrame({"id": ["person-0"], "wage": [float(self.numbers[3])]})

    def snapshot(self) -> dict[str, np.ndarray[Any, Any]]:
        return {"numbers": self.numbers.copy(), "month": np.array(self.month)}

    def restore(self, snapshot: dict[str, np.ndarray[Any, Any]]) -> None:
        self.numbers, self.month = snapshot["numbers"].copy(), int(snapshot["month"])

    def minds_report(self) -> dict[str, Any]:
        """Nobody but the rules decides here."""
        return {}

    def close(self) -> None:
        pass
