"""Best of n: what is gained in truth where candidates are chosen by a proxy with noise, and where to stop.

Sources: Gao, Schulman, Hilton 2023, Scaling laws for reward model overoptimization; for normal noise the regression to
the mean of order statistics (David, Nagaraja 2003, Order Statistics).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import integrate, stats

from wildsim.core.errors import InputError
from wildsim.core.table import F64


@dataclass(frozen=True)
class Selected:
    """What the best of n by a proxy is worth.

    Attributes:
        n: How many candidates. proxy, gold: Mean of both for the chosen one, over repetitions. error: Standard error of
            the mean of gold.
    """

    n: int
    proxy: float
    gold: float
    error: float


def best_of(proxy: F64, gold: F64, n: int) -> Selected:
    """Return what choosing the best of n by the proxy gives, over all groups of n candidates in a row.

    Args:
        proxy, gold: Of each candidate, shape (candidates); what is left over after the last whole group is not used.

    Raises:
        InputError: There are fewer than two groups.
    """
    groups = len(proxy) // n if n > 0 else 0
    if groups < 2:
        raise InputError(f"{len(proxy)} candidates make no two groups of {n}.")
    by_group = np.asarray(proxy)[: groups * n].reshape(groups, n)
    first = by_group.argmax(axis=1) + n * np.arange(groups)
    chosen = np.asarray(gold)[first]
    error = float(chosen.std(ddof=1)) / math.sqrt(groups)
    return Selected(n, float(np.asarray(proxy)[first].mean()), float(chosen.mean()), error)


def expected_best(n: int) -> float:
    """Return the expected largest of n standard normal draws."""

    def weighed(x: float) -> float:
        return float(x * n * stats.norm.pdf(x) * stats.norm.cdf(x) ** (n - 1))

    return float(integrate.quad(weighed, -8.0, 12.0, limit=200)[0])


def expected_gold(n: int, noise: float) -> float:
    """Return the expected gold of the best of n by gold + noise: E[max] / sqrt(1 + s^2), both normal, gold standard."""
    return expected_best(n) / math.sqrt(1.0 + noise**2)


@dataclass(frozen=True)
class Stopped:
    """Where to stop optimising.

    Attributes:
        step: Which step is taken. regret_removed: Part of the loss of going on to the end that is avoided; NaN where
            going on loses nothing.
    """

    step: int
    regret_removed: float


def stop_early(validation: F64, gold: F64) -> Stopped:
    """Return the step with the best validation, and how much of the regret of the last step that saves.

    Args:
        validation: Score of each step on data that the optimiser does not see, shape (steps). gold: What was meant.
    """
    step = int(np.argmax(validation))
    best, last = float(np.max(gold)), float(gold[-1])
    lost = best - last
    return Stopped(step, math.nan if lost <= 0.0 else 1.0 - (best - float(gold[step])) / lost)
