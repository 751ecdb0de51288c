"""Figures of AI adoption, estimated from simulated data the way the papers do, on paired seeds."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from wildsim.scenario.schema import Scenario
from wildsim.society import Society

pytestmark = pytest.mark.slow

SEEDS = (1, 2, 3, 4, 5, 6)
MONTHS = 120
NAMES = (
    "ai_adoption",
    "ai_exposure",
    "ai_tasks",
    "ai_productivity",
    "employment_rate",
    "gdp_real",
    "displaced_share",
    "displaced_earnings",
    "labour_share",
)
ARMS: dict[str, tuple[dict[str, float], tuple[dict[str, Any], ...]]] = {
    "off": ({"adoption.speed": 0.0}, ()),
    "on": ({}, ()),
    "tax": ({}, ({"kind": "ai_tax", "rate": 1.0, "from": 12},)),
}


@cache
def arm(name: str) -> NDArray[np.float64]:
    """Return (seed, month, indicator) of an arm of 2,000 people."""
    parameters, policies = ARMS[name]
    found = np.empty((len(SEEDS), MONTHS, len(NAMES)))
    for i, seed in enumerate(SEEDS):
        story = {
            "seed": seed,
            "burn_in": 60,
            "months": MONTHS,
            "society": {"country": "us", "people": 2000, "regions": 2},
            "sectors": {"adoption": True},
            "parameters": parameters,
            "policies": list(policies),
        }
        society = Society(Scenario.model_validate(story))
        society.burn_in()
        for month in range(MONTHS):
            society.step()
            found[i, month] = [society.indicators[n] for n in NAMES]
        assert society.largest_error <= 1e-9
    return found


def series(name: str, indicator: str) -> NDArray[np.float64]:
    return arm(name)[:, :, NAMES.index(indicator)]


def effect(one: str, other: str, indicator: str, first: int, last: int) -> tuple[float, float, float]:
    """Return the mean difference other - one over months `first` to `last` with its 95 % interval over seeds."""
    change = series(other, indicator)[:, first:last].mean(axis=1) - series(one, indicator)[:, first:last].mean(axis=1)
    half = stats.t.ppf(0.975, len(change) - 1) * change.std(ddof=1) / math.sqrt(len(change))
    return float(change.mean()), float(change.mean() - half), float(change.mean() + half)


def test_a_twentieth_of_firms_uses_ai_at_month_zero() -> None:
    """Bonney et al. 2024 (Census BTOS): 5.4 % in February 2024; larger firms more often than small ones."""
    firms, staff = (series("on", n)[:, :3].mean() for n in ("ai_adoption", "ai_exposure"))
    assert 0.04 < firms < 0.075
    assert staff > firms


def test_adoption_is_an_s_curve() -> None:
    """Griliches 1957: the logit of adoption is a line in time; BTOS as remembered: .5 a year in 2023-25."""
    share = series("on", "ai_adoption").mean(axis=0)[::6]
    fit = stats.linregress(np.arange(len(share)) * 0.5, np.log(share / (1.0 - share)))
    assert 0.4 < fit.slope < 0.7
    assert fit.rvalue**2 > 0.98


def test_ai_raises_productivity_and_output_and_displaces() -> None:
    """Signs as found: output of labour and real GDP rise, the labour share and employment fall."""
    late = (96, 120)
    assert effect("off", "on", "ai_productivity", *late)[1] > 0.05
    assert effect("off", "on", "gdp_real", *late)[1] > 0.0
    assert effect("off", "on", "labour_share", *late)[2] < 0.0
    employment = effect("off", "on", "employment_rate", 48, 120)
    assert employment[2] < 0.0
    assert employment[1] > -0.04
    assert series("on", "displaced_share")[:, 96:].mean() > 0.002


def test_the_displaced_earn_less_than_before() -> None:
    """Jacobson, LaLonde, Sullivan 1993: losses of about a quarter over years; here up to three years are pooled."""
    ratio = np.nanmean(series("on", "displaced_earnings")[:, 60:])
    assert 0.6 < ratio < 0.95


def test_a_tax_slows_adoption_and_costs_output() -> None:
    for name in ("ai_adoption", "ai_tasks", "ai_productivity"):
        assert effect("on", "tax", name, 48, 120)[2] < 0.0, name
    assert effect("on", "tax", "gdp_real", 96, 120)[2] < 0.0
