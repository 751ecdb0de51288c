"""Proxy and gold along an optimisation: the gap between them, how far gold falls, and where to stop."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from wildsim.core.table import F64
from wildsim.planning.selection import stop_early


@dataclass(frozen=True)
class Curve:
    """Gains over the start, by step of an optimisation; the first step is the start.

    Attributes:
        shown: Mean gain of the proxy as the optimiser saw it, shape (steps). proxy, gold: Gains in worlds that nothing
            was selected on, shape (steps, worlds); all in standard deviations of the start between worlds.
    """

    shown: F64
    proxy: F64
    gold: F64

    @property
    def gap(self) -> F64:
        """Mean gain of the proxy as shown less that of gold, by step."""
        return np.asarray(self.shown - self.gold.mean(axis=1))

    @property
    def drop(self) -> float:
        """Fall of gold from its peak to the end, in parts of its rise to the peak; NaN where it never rose."""
        means = self.gold.mean(axis=1)
        rise = float(means.max() - means[0])
        return float(means.max() - means[-1]) / rise if rise > 0.0 else math.nan

    @property
    def stop(self) -> int:
        """The step to stop at: where gold is best in half of the worlds (those with even numbers)."""
        return stop_early(self.gold[:, ::2].mean(axis=1), self.gold[:, 1::2].mean(axis=1)).step

    @property
    def regret_removed(self) -> float:
        """Part of the regret of going on to the end that this saves, in the other worlds; NaN where there is none."""
        return stop_early(self.gold[:, ::2].mean(axis=1), self.gold[:, 1::2].mean(axis=1)).regret_removed
