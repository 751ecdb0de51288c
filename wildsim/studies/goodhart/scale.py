"""Proxy and gold in one unit: standard deviations between worlds that nobody pushes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from wildsim.core.errors import RunError
from wildsim.core.table import F64
from wildsim.studies.goodhart.mechanism import Arm
from wildsim.studies.optimise.world import REWARD


@dataclass(frozen=True)
class Raw:
    """An arm in its own units.

    Attributes:
        proxy, anew: The sensed reward, measured twice, shape (worlds). gold: Indicators, shape (worlds, indicators).
    """

    proxy: F64
    anew: F64
    gold: F64


@dataclass(frozen=True)
class Scale:
    """What arms are measured in.

    Attributes:
        observed: Worlds that nobody pushes. directions: 1 or -1 for each indicator of gold: which way is better.
    """

    observed: Raw
    directions: tuple[int, ...]

    def __post_init__(self) -> None:
        """Check that worlds differ.

        Raises:
            RunError: The reward, or an indicator, is the same in every world.
        """
        spreads = [self.proxy_sd, *np.std(self.observed.gold, axis=0)]
        if not all(spread > 0.0 for spread in spreads):
            raise RunError(
                "the reward or what was meant is the same in every world: gains have no unit. Use more people."
            )

    @property
    def proxy_sd(self) -> float:
        """Standard deviation of the sensed reward between worlds, in its unit."""
        return float(np.std(self.observed.proxy, ddof=1))

    def arm(self, raw: Raw) -> Arm:
        """Return an arm in standard deviations; gold is the mean of its indicators, better upwards."""
        mean = self.observed.proxy.mean()
        usual, spread = self.observed.gold.mean(axis=0), self.observed.gold.std(axis=0, ddof=1)
        gold = (np.array(self.directions) * (raw.gold - usual) / spread).mean(axis=1)
        return Arm((raw.proxy - mean) / self.proxy_sd, (raw.anew - mean) / self.proxy_sd, np.asarray(gold))


def rewards_of(rows: Sequence[Mapping[str, float]]) -> F64:
    """Return the sensed rewards among the values of worlds, shape (worlds)."""
    return np.array([row[REWARD] for row in rows])
