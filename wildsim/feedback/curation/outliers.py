"""Values far from the others: distance from the median in units of the median absolute deviation.

Source: Leys et al. 2013, Detecting outliers: do not use standard deviation around the mean, use absolute deviation
around the median, Journal of Experimental Social Psychology. How far is too far is found by simulation for the size of
the group, as deviations of few values are noisy themselves.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np
from scipy.special import ndtri

from wildsim.core.table import F64
from wildsim.feedback.curation.pipeline import Vetted
from wildsim.feedback.curation.records import Records

#: Standard deviation of normal values over their median absolute deviation.
NORMAL = 1.4826
#: Fewest values of a group of which anything is said; largest group whose limit is simulated; groups simulated.
FEWEST, LARGEST, GROUPS = 8, 2_000, 2_000
#: Seed of the simulation of limits: any will do, and always the same gives the same limit.
_SEED = 20_130


@dataclass(frozen=True)
class Outliers:
    """Drops values far from the median of their source, indicator and period.

    Attributes:
        rate: Chance that anything of a group of honest normal values is dropped. log: Compare logarithms: for amounts,
            which spread by factors; what is not above zero is then dropped.
    """

    name: ClassVar[str] = "outliers"
    doc: ClassVar[str] = "Values far from the median of the others."

    rate: float = 0.05
    log: bool = False

    def vet(self, records: Records) -> Vetted:
        """Return the reason for each; suspicion is the distance in robust standard deviations."""
        reasons, suspicion = [""] * len(records), np.zeros(len(records))
        for group in records.groups("source", "indicator", "period"):
            far = distance(records.value[group], log=self.log)
            suspicion[group] = far
            if len(group) < FEWEST:
                continue
            most = limit(_near(len(group)), self.rate)
            for place, how in zip(group[far > most].tolist(), far[far > most].tolist(), strict=True):
                reasons[place] = f"{how:.1f} robust standard deviations from the median; {most:.1f} are allowed"
        return Vetted(suspicion, tuple(reasons))


def distance(values: F64, *, log: bool = False) -> F64:
    """Return how far each value is from the median, in robust standard deviations; 0 where they do not spread."""
    with np.errstate(divide="ignore", invalid="ignore"):
        points = np.log(values) if log else values
    known = np.isfinite(points)
    if not known.any():
        return np.full(len(values), math.inf if log else 0.0)
    apart = np.abs(points - np.median(points[known]))
    spread = NORMAL * float(np.median(apart[known]))
    far = apart / spread if spread > 0.0 else np.zeros(len(values))
    return np.asarray(np.where(known, far, math.inf))


def _near(size: int) -> int:
    """Return a size so near that the limit is the same, of few, so that few need be simulated: two digits of it."""
    unit = int(10 ** max(len(str(size)) - 2, 0))
    return size // unit * unit


@lru_cache(maxsize=256)
def limit(size: int, rate: float) -> float:
    """Return the distance that the farthest of `size` honest normal values exceeds with chance `rate`."""
    if size > LARGEST:  # the deviation is hardly noisy any more
        return float(-ndtri(0.5 * -math.expm1(math.log1p(-rate) / size)))
    rng = np.random.Generator(np.random.Philox(_SEED + size))
    apart = rng.standard_normal((GROUPS, size))
    apart = np.abs(apart - np.median(apart, axis=1, keepdims=True))
    farthest = apart.max(axis=1) / (NORMAL * np.median(apart, axis=1))
    return float(np.quantile(farthest, 1.0 - rate))
