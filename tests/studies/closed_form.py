"""Societies of which public economics knows the best tax rate, and the search that has to find it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from wildsim.core.table import F64
from wildsim.engine.parallel import Workers
from wildsim.engine.watcher import Watcher
from wildsim.scenario.load import load
from wildsim.society import Society
from wildsim.studies.optimise import study
from wildsim.studies.optimise.levers import check_levers, read_levers
from wildsim.studies.optimise.study import Optimising, Options

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


def found(where: tuple[str, str], settings: Sequence[str], workers: Workers, folder: Path) -> float:
    """Return the rate that `wildsim optimise` settles on, its candidates lived by `workers`, which many searches share.

    Nothing in these societies is left to chance but who is how able, so that one world scores a candidate.
    """
    scenario, lever = where
    story = load(scenario, settings)
    levers = read_levers([f"{lever}={BOUNDS[0]}:{BOUNDS[1]}"])
    options = Options(seeds=1, validation=0, size=12, jobs=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(study, "Workers", lambda jobs: nullcontext(workers))
        done = Optimising(story, levers, *check_levers(story, levers), options, folder, Watcher()).run()
    return done.point[lever]
