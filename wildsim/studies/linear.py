"""Moments as a linear function of parameters around a point, and the step that it expects most of.

Places in the searched ranges are the coordinates: 0 the low end, 1 the high end. Worlds that share a seed share their
luck, so a slope is taken seed by seed, and what seeds disagree on is its doubt. What a step is expected to give counts
both the luck of a world and the doubt of the slopes: the farther it goes, the less is sure.

Source:
    Simulated moments: McFadden 1989, Econometrica 57. Variances drawn to their mean over parameters: Smyth 2004.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import ndtr

from wildsim.studies.targets import Target

Numbers = NDArray[np.float64]

#: Share of moments that a step must promise for each squared range that it goes.
RIDGE = 0.02
#: Degrees of freedom that the mean over parameters counts in the variance of one slope.
PRIOR = 4.0
#: Share of ranges that counts as much as 1 of loss (studies/loss.py), so that what is out of reach is approached.
NEAR = 0.02
#: Points that the search for the best step begins at: no step at all, and others by chance.
STARTS = 8
#: Factors of the standard deviations, one after the other: wide ones see farther.
WIDENED = (3.0, 1.0)
#: Least standard deviation of a moment over worlds, in half-ranges.
LEAST_SD = 1e-3


@dataclass(frozen=True)
class Aims:
    """Ranges and weights of the moments, in their order."""

    low: Numbers
    high: Numbers
    weight: Numbers

    @classmethod
    def of(cls, targets: Sequence[Target]) -> Aims:
        """Return those of targets; weights add up to 1."""
        columns = np.array([(target.low, target.high, target.weight) for target in targets]).T
        return cls(columns[0], columns[1], columns[2] / columns[2].sum())

    def least(self, sd: Numbers) -> Numbers:
        """Return standard deviations that can be divided by."""
        return np.maximum(sd, LEAST_SD * (self.high - self.low) / 2)


@dataclass(frozen=True)
class Linear:
    """A linear model around a point. Unknown moments are NaN in `mean` and still.

    Attributes:
        mean: At the point. known: Share of its worlds that have a value. sd: Over worlds. error: Of `mean`.
        slope: Change of each moment over the range of each parameter. doubt: Standard deviation of `slope`.
        free: Which parameters may be moved; the others have no slope, because worlds fall apart beside the point.

    Shapes:
        mean, known, sd, error: moments. slope, doubt: moments x parameters. free: parameters.
    """

    mean: Numbers
    known: Numbers
    sd: Numbers
    error: Numbers
    slope: Numbers
    doubt: Numbers
    free: NDArray[np.bool_]


def spread(points: Numbers) -> Numbers:
    """Return the standard deviation of each moment over the worlds of a point, pooled over points.

    Shapes:
        points: points x worlds x moments, NaN where a world has no value.
    """
    known = np.isfinite(points)
    worlds = known.sum(axis=1, keepdims=True)
    centre = np.where(known, points, 0.0).sum(axis=1, keepdims=True) / np.maximum(worlds, 1)
    squares = np.where(known, points - centre, 0.0) ** 2
    freedom = np.maximum(worlds - 1, 0).sum(axis=(0, 1))
    return np.asarray(np.sqrt(squares.sum(axis=(0, 1)) / np.maximum(freedom, 1)))


def fit(base: Numbers, begins: Numbers, ends: Numbers, ways: Numbers) -> Linear:
    """Return the linear model around a point.

    Args:
        base: Moments of its worlds. begins, ends: Moments of the same worlds before and after each parameter alone was
            moved. ways: How far each was moved, in ranges.

    Shapes:
        base: worlds x moments. begins, ends: parameters x worlds x moments. ways: parameters.
    """
    worlds, moments = base.shape
    count = np.isfinite(base).sum(axis=0)
    known = count >= 2
    mean = np.where(known, np.where(np.isfinite(base), base, 0.0).sum(axis=0) / np.maximum(count, 1), np.nan)
    sd = spread(np.concatenate([base[None], ends]))
    apart = np.where(known, ends - begins, 0.0)
    pairs = np.isfinite(apart).sum(axis=1)
    free = (pairs >= 2).all(axis=1)
    slope, doubt = np.zeros((2, moments, len(ways)))
    if free.any():
        slope[:, free], doubt[:, free] = _slopes(apart[free], pairs[free], ways[free])
    error = sd / np.sqrt(np.maximum(count, 1))
    return Linear(mean, count / worlds, sd, error, slope, doubt, free)


def _slopes(apart: Numbers, pairs: NDArray[np.int64], ways: Numbers) -> tuple[Numbers, Numbers]:
    """Return slopes and their standard deviations, moments x parameters, from differences between worlds of one seed.

    A few seeds say little of how much they disagree on one slope, and more of how much on all slopes of a moment: the
    variance of differences is drawn to its mean over parameters.
    """
    mean = np.nanmean(apart, axis=1)
    own = np.nanvar(apart, axis=1, ddof=1)
    variance = (PRIOR * own.mean(axis=0) + (pairs - 1) * own) / (PRIOR + pairs - 1) / pairs
    return (mean / ways[:, None]).T, (np.sqrt(variance) / np.abs(ways[:, None])).T


def share(aims: Aims, mean: Numbers, sd: Numbers, known: Numbers | float = 1.0) -> float:
    """Return the weighted share of moments expected in their ranges, each normal; an unknown one is in none."""
    sd = aims.least(sd)
    each = ndtr((aims.high - mean) / sd) - ndtr((aims.low - mean) / sd)
    return float(aims.weight @ np.where(np.isfinite(mean), each * known, 0.0))


def lived_share(aims: Aims, worlds: Numbers, sd: Numbers) -> float:
    """Return the share expected of a point from worlds that it lived, worlds x moments, with the spread `sd`."""
    known = np.isfinite(worlds)
    mean = np.where(known, worlds, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return share(aims, np.where(known.any(axis=0), mean, np.nan), sd, known.mean(axis=0))


def promised(model: Linear, aims: Aims, step: Numbers, widened: float = 1.0) -> tuple[float, Numbers]:
    """Return the share expected after a step, and its gradient.

    Args:
        step: In ranges, one number a parameter. widened: Factor of every standard deviation.
    """
    sure = np.isfinite(model.mean)
    mean = np.where(sure, model.mean, 0.0) + model.slope @ step
    steady = aims.least(model.sd) ** 2 + model.error**2
    sd = widened * np.sqrt(steady + model.doubt**2 @ step**2)
    low, high = (aims.low - mean) / sd, (aims.high - mean) / sd
    weight = np.where(sure, aims.weight * model.known, 0.0)
    at_low, at_high = np.exp(-(np.vstack([low, high]) ** 2) / 2) / np.sqrt(2 * np.pi)
    by_mean = weight * (at_low - at_high) / sd
    by_sd = weight * (at_low * low - at_high * high) / sd
    # the standard deviation moves by widened^2 x doubt^2 x step / sd
    gradient = by_mean @ model.slope + widened**2 * (by_sd / sd) @ model.doubt**2 * step
    return float(weight @ (ndtr(high) - ndtr(low))), gradient


def best_step(model: Linear, aims: Aims, least: Numbers, most: Numbers, luck: int) -> tuple[Numbers, float]:
    """Return the step that promises most, less RIDGE for each squared range and NEAR for the loss, and its share.

    Args:
        least, most: Bounds of the step, in ranges; what is not free stays. luck: Seed of the starts.
    """
    least, most = np.where(model.free, least, 0.0), np.where(model.free, most, 0.0)
    draws = np.random.Generator(np.random.Philox(luck)).uniform(size=(STARTS - 1, len(least)))
    bounds = list(zip(least, most, strict=True))
    found = []
    for start in (np.zeros(len(least)), *(least + draws * (most - least))):
        step = minimize(_loss, start, (model, aims), method="L-BFGS-B", jac=True, bounds=bounds).x
        for widened in WIDENED:
            step = minimize(_cost, step, (model, aims, widened), method="L-BFGS-B", jac=True, bounds=bounds).x
        found.append(np.clip(step, least, most))
    best = min(found, key=lambda step: _cost(step, model, aims, 1.0)[0])
    return best, promised(model, aims, best)[0]


def _cost(step: Numbers, model: Linear, aims: Aims, widened: float) -> tuple[float, Numbers]:
    """Return what the best step has least of, and its gradient."""
    value, gradient = promised(model, aims, step, widened)
    loss, by_loss = _loss(step, model, aims)
    return RIDGE * float(step @ step) - value + NEAR * loss, 2 * RIDGE * step - gradient + NEAR * by_loss


def _loss(step: Numbers, model: Linear, aims: Aims) -> tuple[float, Numbers]:
    """Return the loss of studies/loss.py at the mean: it has a slope where the share, far from all ranges, has none."""
    sure = np.isfinite(model.mean)
    half = (aims.high - aims.low) / 2
    far = np.where(sure, model.mean - (aims.low + aims.high) / 2, 0.0) + model.slope @ step
    far, weight = far / half, np.where(sure, aims.weight, 0.0)
    return float(weight @ np.log1p(far**2)), (weight * 2 * far / (1 + far**2) / half) @ model.slope
