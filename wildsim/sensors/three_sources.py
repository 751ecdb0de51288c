"""Three sources of one number: do they agree but for noise, and if not, which of them is off.

The differences between sources have mean zero where none is biased: the test of Hotelling 1931 on their mean.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from wildsim.core.errors import InputError
from wildsim.core.table import F64

#: Fewest periods from which anything is said.
FEWEST = 6


@dataclass(frozen=True)
class ThreeSources:
    """What three sources say together.

    Attributes:
        value: Their best common value each period: the mean of those that are not off, shape (periods).
        p: Chance of differences as large if no source were biased. alarm: Whether that is below the level.
        guilty: Place of the source that is off; -1 without alarm. biases: Mean of each less that of the others, (3).
    """

    value: F64
    p: float
    alarm: bool
    guilty: int
    biases: F64


def reconcile(sources: F64, level: float = 0.05) -> ThreeSources:
    """Return whether three sources agree, and their common value.

    Args:
        sources: Relative values (logs, or growth), shape (3, periods). level: Rate of false alarms.

    Raises:
        InputError: There are not three, or too few periods.
    """
    if sources.shape[0] != 3 or sources.shape[1] < FEWEST:
        raise InputError(f"three sources and {FEWEST} periods are needed; there are {sources.shape}.")
    apart = np.stack([sources[0] - sources[1], sources[1] - sources[2]])
    p = _same_mean(apart)
    others = (sources.sum(axis=0) - sources) / 2.0
    biases = (sources - others).mean(axis=1)
    alarm = p < level
    guilty = int(np.abs(biases).argmax()) if alarm else -1
    kept = [k for k in range(3) if k != guilty]
    return ThreeSources(sources[kept].mean(axis=0), p, alarm, guilty, biases)


def _same_mean(apart: F64) -> float:
    """Return the chance of means as far from zero, shape (2, periods); Hotelling's T squared is F(2, periods - 2)."""
    periods = apart.shape[1]
    centre = apart.mean(axis=1)
    spread = np.cov(apart)
    if not np.isfinite(spread).all() or abs(np.linalg.det(spread)) < 1e-300:
        return 1.0 if np.abs(centre).max() == 0.0 else 0.0
    squared = periods * float(centre @ np.linalg.solve(spread, centre))
    return float(special.fdtrc(2.0, periods - 2.0, squared * (periods - 2.0) / (2.0 * (periods - 1.0))))
