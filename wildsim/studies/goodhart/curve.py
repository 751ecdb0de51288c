"""Proxy and gold along an optimisation: the gap, how far gold falls from its peak, and where to stop.

Source: Gao, Schulman, Hilton 2023, Scaling laws for reward model overoptimization: gold rises and falls while the proxy
goes on rising; pressure is measured by the distance from where one began.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from wildsim.core.errors import InputError
from wildsim.core.table import F64
from wildsim.planning.selection import Stopped, stop_early


def pressure_of_best(n: int) -> float:
    """Return how far choosing the best of n moves from choosing at random, as Kullback-Leibler divergence in nats.

    Source: ln n - (n - 1) / n (Stiennon et al. 2020; Gao et al. 2023).

    Raises:
        InputError: n is below 1.
    """
    if n < 1:
        raise InputError(f"the best of {n} is nobody.")
    return math.log(n) - (n - 1) / n


@dataclass(frozen=True)
class Curve:
    """What an optimisation did to both.

    Attributes:
        pressure: Of each step, rising; step numbers where nothing else is known. proxy, gold: Gains over the first
            step, shape (steps), proxy times `slope`, so that both are in gold's unit.
        gap: proxy - gold. peak: Step with the most gold.
        drop: Fall of gold from its peak to the last step, over its rise to the peak: 0 where it never falls, 1 where
            all is lost again, more where it ends below the start; NaN where it never rose.
        falls: Whether the fall is more than errors of gold make of the best of so many steps.
        stopped: Where validation says stop, and how much regret that saves; see `wildsim.planning.selection`.
    """

    pressure: F64
    proxy: F64
    gold: F64
    gap: F64
    peak: int
    drop: float
    falls: bool
    stopped: Stopped

    def __str__(self) -> str:
        """Return it in a sentence."""
        drop = "gold never rose" if math.isnan(self.drop) else f"gold falls by {self.drop:.0%} of its rise"
        chance = "" if self.falls or not self.drop > 0.0 else " (may be chance)"
        return f"gap {self.gap[-1]:.3g} at the end; {drop}{chance}; stop at step {self.stopped.step}"


def curve_of(
    proxy: F64,
    gold: F64,
    *,
    pressure: F64 | None = None,
    slope: float = 1.0,
    gold_error: F64 | None = None,
    validation: F64 | None = None,
) -> Curve:
    """Return what a trace says.

    Args:
        proxy, gold: Of the plan of each step, shape (steps), the first before anything was optimised.
        pressure: Of each step, rising. slope: Gold per unit of proxy where nothing is pushed (`Mechanism.slope`).
        gold_error: Standard error of each gold; none where left out. validation: What may stop the optimisation; the
            gold itself where left out, which no optimiser knows.

    Raises:
        InputError: The series do not go together, are shorter than two steps, have gaps, or pressure does not rise.
    """
    steps = len(gold)
    along = np.arange(steps, dtype=np.float64) if pressure is None else np.asarray(pressure, dtype=np.float64)
    error = np.zeros(steps) if gold_error is None else np.asarray(gold_error, dtype=np.float64)
    judged = np.asarray(gold if validation is None else validation, dtype=np.float64)
    series = [np.asarray(proxy, dtype=np.float64), np.asarray(gold, dtype=np.float64), along, error, judged]
    if steps < 2 or any(one.shape != (steps,) for one in series):
        raise InputError("a curve needs two steps or more, and every series as long as gold.")
    if not all(np.isfinite(one).all() for one in series):
        raise InputError("a step has no number; leave it out of every series.")
    if not (np.diff(along) > 0.0).all():
        raise InputError("pressure must rise from step to step.")
    of_proxy, of_gold = slope * (series[0] - series[0][0]), series[1] - series[1][0]
    peak = int(of_gold.argmax())
    rise, fall = float(of_gold[peak]), float(of_gold[peak] - of_gold[-1])
    # the largest of n errors lies near sqrt(2 ln n) of them above the truth
    chance = math.sqrt(2.0 * math.log(steps)) * math.hypot(float(error[peak]), float(error[-1]))
    drop = fall / rise if rise > 0.0 else math.nan
    stopped = stop_early(judged, series[1])
    return Curve(along, of_proxy, of_gold, of_proxy - of_gold, peak, drop, fall > chance, stopped)
