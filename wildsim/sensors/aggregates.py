"""One number from many reports, some of which may be lies: how far a minority can move it differs.

Sources: Huber, Ronchetti 2009, Robust Statistics, chapter 1 (breakdown); Vardi, Zhang 2000, PNAS (geometric median);
Lugosi, Mendelson 2019 (median of means). A robust number ignores an honest minority as well as a dishonest one.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.stats import trim_mean

from wildsim.core.errors import InputError
from wildsim.core.table import F64

#: Share that `trimmed_mean` leaves out at each end, and blocks of `median_of_means`.
TRIMMED, BLOCKS = 0.1, 11
_STEPS, _NEAR = 1_000, 1e-12


def mean(reports: F64) -> float:
    """Return the mean: one report is enough to move it anywhere."""
    return float(np.mean(reports))


def trimmed_mean(reports: F64, share: float = TRIMMED) -> float:
    """Return the mean without the lowest and the highest `share`: holds up to that share of lies."""
    return float(trim_mean(reports, share))


def median(reports: F64) -> float:
    """Return the median: holds below one half of lies."""
    return float(np.median(reports))


def median_of_means(reports: F64, blocks: int = BLOCKS) -> float:
    """Return the median of the means of blocks, in the order of the reports: holds while half of the blocks are clean.

    Raises:
        InputError: There are fewer reports than blocks.
    """
    if len(reports) < blocks:
        raise InputError(f"{len(reports)} reports make no {blocks} blocks.")
    return float(np.median([part.mean() for part in np.array_split(np.asarray(reports), blocks)]))


def geometric_median(reports: F64) -> F64:
    """Return the point with the least sum of distances to all reports, (dimensions): holds below one half of lies.

    Args:
        reports: One a row, shape (reports, dimensions).
    """
    points = np.asarray(reports, dtype=np.float64)
    here = np.median(points, axis=0)
    size = float(np.abs(points - here).max()) or 1.0
    for _ in range(_STEPS):
        apart = np.linalg.norm(points - here, axis=1)
        away = apart > _NEAR * size
        if not away.any():
            return here
        pulls = 1.0 / apart[away]
        target = (points[away] * pulls[:, None]).sum(axis=0) / pulls.sum()
        force = float(np.linalg.norm(((points[away] - here) * pulls[:, None]).sum(axis=0)))
        stay = float(min(1.0, float((~away).sum()) / force)) if force > 0.0 else 1.0
        there = (1.0 - stay) * target + stay * here
        if float(np.linalg.norm(there - here)) <= _NEAR * size:
            return np.asarray(there)
        here = there
    return np.asarray(here)


#: Ways to make one number of many, by name.
AGGREGATES: dict[str, Callable[[F64], float]] = {
    "mean": mean,
    "trimmed_mean": trimmed_mean,
    "median": median,
    "median_of_means": median_of_means,
}
