"""Societies of which public economics knows the best tax rate, and the search that has to find it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wildsim.core.table import F64
from wildsim.planning.cross_entropy import CrossEntropy, Lever
from wildsim.scenario.load import load
from wildsim.society import Society

#: Scenario and lever of the flat tax, and of the tax above a threshold.
FLAT = ("laffer", "policies.0.rate")
TOP = ("top_rate", "policies.0.brackets.1.1")
#: Rates that may be tried.
BOUNDS = (0.0, 0.95)
#: How near the best rate must be.
NEAR = 0.02
#: Threshold of scenarios/top_rate.yaml, USD/month: 53,520 USD a year.
THRESHOLD = 4460.0


@dataclass(frozen=True)
class Pair:
    """A truth to plant. Attributes: e: Elasticity of hours. a: Pareto exponent of top incomes."""

    e: float
    a: float

    @property
    def settings(self) -> list[str]:
        """What the scenario is told."""
        return [f"parameters.labour.hours_elasticity={self.e!r}", f"parameters.population.ability_tail={self.a!r}"]


def pairs(seed: int, count: int) -> list[Pair]:
    """Return pairs from uniform draws: e .1 to 1.5, a 1.5 to 3 (Saez 2001: e about .25 to 1, a about 2)."""
    rng = np.random.Generator(np.random.Philox(seed))
    return [Pair(float(rng.uniform(0.1, 1.5)), float(rng.uniform(1.5, 3.0))) for _ in range(count)]


def lived(scenario: str, settings: Sequence[str], months: int = 1) -> Society:
    """Return a society after some months; close it."""
    society = Society(load(scenario, settings))
    society.run_for(months)
    return society


def revenue(scenario: str, settings: Sequence[str]) -> float:
    """Return the income tax of the first month, USD."""
    society = lived(scenario, settings)
    paid = society.indicators["income_tax_revenue"]
    society.close()
    return paid


def wages(scenario: str, settings: Sequence[str]) -> F64:
    """Return the gross wages of the first month of all at work, USD/month."""
    society = lived(scenario, settings)
    found = society.distributions()["wage"]
    society.close()
    return found


def tail_of(pay: F64, threshold: float = THRESHOLD) -> float:
    """Return a = z/(z - z*) of a sample, z the mean of what lies above z* (Saez 2001); who stops at z* is not above."""
    mean = float(pay[pay > threshold * (1.0 + 1e-6)].mean())
    return mean / (mean - threshold)


def found(where: tuple[str, str], settings: Sequence[str], generations: int = 7) -> float:
    """Return the rate that a search for the largest sensed reward settles on."""
    scenario, lever = where
    search = CrossEntropy((Lever(lever, *BOUNDS),), seed=1, size=12)
    for _ in range(generations):
        asked = search.ask()
        search.tell(
            asked, np.array([_reward(scenario, [*settings, f"{lever}={rate!r}"]) for rate in asked[:, 0].tolist()])
        )
    return float(search.best[0])


def _reward(scenario: str, settings: Sequence[str]) -> float:
    society = lived(scenario, settings)
    value = society.rewarded()[0].value
    society.close()
    return value
