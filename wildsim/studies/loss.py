"""How far moments are from their ranges: the loss that a calibration lowers, and the share inside that it reports."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from wildsim.studies.lives import Outcome, Values
from wildsim.studies.targets import Target

#: Half-ranges from the middle that a moment without a value counts: far, and finite, so that a search goes on.
NO_VALUE = 100.0


def distance(target: Target, value: float) -> float:
    """Return how far a value is from the middle of its range, in half-ranges: 1 is the edge."""
    if not math.isfinite(value):
        return NO_VALUE
    return min(abs(value - (target.low + target.high) / 2) / ((target.high - target.low) / 2), NO_VALUE)


def loss(targets: Sequence[Target], outcome: Outcome) -> float:
    """Return the weighted mean over moments of log(1 + distance^2).

    It is the negative log density of a Cauchy distribution around the middle of each range with half the range as its
    scale: quadratic inside, so that the middle is better than the edge; log .69 at the edge; and so slow outside that
    one moment far off cannot outweigh the others. A world that collapsed has the loss of NO_VALUE, 9.21, in every one.
    """
    weights = np.array([target.weight for target in targets])
    far = np.array([distance(target, outcome.values.get(target.name, math.nan)) for target in targets])
    return float(weights @ np.log1p(far**2) / weights.sum())


def inside(target: Target, values: Values) -> bool:
    """Return whether a moment lies in its range; one without a value does not."""
    return target.low <= values.get(target.name, math.nan) <= target.high


def share_inside(targets: Sequence[Target], outcome: Outcome) -> float:
    """Return the share of moments inside their ranges in one world, each counted once."""
    return float(np.mean([inside(target, outcome.values) for target in targets]))


def no_values(targets: Sequence[Target], outcome: Outcome) -> list[str]:
    """Return the moments that a world has no value for."""
    return [target.name for target in targets if not math.isfinite(outcome.values.get(target.name, math.nan))]
