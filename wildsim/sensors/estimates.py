"""What a sample says of everybody: weights that restore the frame, ratios, and their standard errors.

Sources: Cochran 1977, Sampling Techniques (ratios; post-stratification, section 5A.9); Sarndal, Swensson, Wretman 1992,
Model Assisted Survey Sampling, section 15.6 (groups within which everybody answers with one chance).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from wildsim.core.table import F64, I64

#: Fewest answers of a cell that stands on its own; one with fewer is joined with its neighbour.
FEWEST = 5


@dataclass(frozen=True)
class Estimate:
    """An estimate from a sample.

    Attributes:
        value: Of everybody. se: Its standard error. answers: How many it rests on.
    """

    value: float
    se: float
    answers: int


NOTHING = Estimate(math.nan, math.nan, 0)


@dataclass(frozen=True)
class Weights:
    """For how many of the frame each answer stands.

    Attributes:
        each: Weight of each answer, shape (answers). cells: Cell of each answer, from 0, shape (answers).
        frame: People of the frame in each cell, shape (cells).
    """

    each: F64
    cells: I64
    frame: F64


def equal_weights(answers: int, frame: int) -> Weights:
    """Return weights that know nothing of who answers: all the same."""
    weight = frame / answers if answers else math.nan
    return Weights(np.full(answers, weight), np.zeros(answers, dtype=np.int64), np.array([float(frame)]))


def post_stratified(cells: I64, frame: I64) -> Weights:
    """Return weights by which each cell counts as much as in the frame, whoever of it answered.

    Args:
        cells: Cell of each answer, shape (answers). frame: People of the frame in each cell, shape (cells); their order
            says which are neighbours.
    """
    joined = _joined(np.bincount(cells, minlength=len(frame)))
    cells = joined[cells]
    totals: F64 = np.bincount(joined, frame.astype(np.float64), int(joined.max(initial=0)) + 1).astype(np.float64)
    answered = np.bincount(cells, minlength=len(totals))
    each = totals[cells] / answered[cells]
    return Weights(each, cells, totals)


def _joined(answered: I64) -> I64:
    """Return a new number for each cell, so that no cell has fewer than FEWEST answers, unless all together have."""
    numbers, number, held = np.zeros(len(answered), dtype=np.int64), 0, 0
    for cell, count in enumerate(answered.tolist()):
        numbers[cell] = number
        held += count
        if held >= FEWEST:
            number, held = number + 1, 0
    if held < FEWEST and number > 0:  # the last ones join those before
        numbers[numbers == number] = number - 1
    return numbers


def reach_of_one(below: F64 | NDArray[np.bool_], weights: Weights, most: float) -> float:
    """Return by how much one person's answer can move a ratio at most, the others' as they are.

    Args:
        below: As in `ratio`. most: Largest value of an answer above where it counts 1 below.
    """
    total = float((weights.each * np.asarray(below, dtype=np.float64)).sum())
    largest = float(weights.each.max(initial=0.0))
    return most * largest / (total - largest) if total > largest else math.inf


def laplace(luck: float, size: float) -> float:
    """Return a draw of the Laplace distribution with scale `size`, of a uniform draw in (0, 1)."""
    apart = luck - 0.5
    return -size * math.copysign(math.log1p(-2.0 * abs(apart)), apart)


@lru_cache
def gaussian_scale(epsilon: float, delta: float) -> float:
    """Return the standard deviation of normal noise that hides any one answer with a reach of 1.

    The smallest with which no outcome is more than e^epsilon times as likely as with another answer, but for a chance
    of delta. Source: Balle, Wang 2018, Improving the Gaussian mechanism for differential privacy, theorem 8.
    """
    from scipy import optimize, special

    def beyond(log_size: float) -> float:
        size = math.exp(log_size)
        high, low = 0.5 / size - epsilon * size, -0.5 / size - epsilon * size
        return float(special.ndtr(high) - math.exp(epsilon + special.log_ndtr(low))) - delta

    return math.exp(optimize.brentq(beyond, -20.0, 20.0, xtol=1e-12))


def ratio(above: F64 | NDArray[np.bool_], below: F64 | NDArray[np.bool_], weights: Weights) -> Estimate:
    """Return the ratio of two totals of everybody, from answers; a mean where `below` is 1, or who is meant.

    The variance is that of the linearised ratio, cell by cell, drawn without replacement.

    Args:
        above, below: What each answer adds to the two totals, shape (answers).
    """
    y, x, w = np.asarray(above, dtype=np.float64), np.asarray(below, dtype=np.float64), weights.each
    total = float((w * x).sum())
    if not total > 0.0:
        return NOTHING
    value = float((w * y).sum()) / total
    rest = (y - value * x) / total
    answers = np.bincount(weights.cells, minlength=len(weights.frame)).astype(np.float64)
    sums = np.bincount(weights.cells, weights=rest, minlength=len(weights.frame))
    squares = np.bincount(weights.cells, weights=rest * rest, minlength=len(weights.frame))
    known = answers >= 2
    n, size = answers[known], weights.frame[known]
    spread = (squares[known] - sums[known] ** 2 / n) / (n - 1.0)
    variance = float((size * size * np.maximum(1.0 - n / size, 0.0) * np.maximum(spread, 0.0) / n).sum())
    return Estimate(value, math.sqrt(variance) if known.any() else math.nan, len(y))
