"""Do two sources of one number still agree as they used to: the ratio between them against its reference level.

A source that always sees 40 % of what happens agrees with one that sees all, as long as it is always 40 %. Both
measure the same truth, so that the truth drops out of the ratio of their totals; what is left is the error of each,
which is known. Compared are cross products of totals rather than logarithms of ratios, so that a total may be zero
(Fieller 1954, Some problems in interval estimation, Journal of the Royal Statistical Society B).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from wildsim.core.table import F64


@dataclass(frozen=True)
class Total:
    """Two sources, summed over some periods that both speak of.

    Attributes:
        first, second: Sums of their values. first_se, second_se: Standard errors of the sums.
    """

    first: float
    second: float
    first_se: float
    second_se: float


@dataclass(frozen=True)
class Agreement:
    """Whether a ratio is what it used to be.

    Attributes:
        change: Relative change of first / second since the reference; NaN where a total is zero.
        p: Chance of a change as large if there were none.
    """

    change: float
    p: float


def thinning_error(value: float, ratio: float, per: float, people: float) -> float:
    """Return the standard error of a rate of cases of which a source sees each with one chance: binomial thinning.

    A record that sees four offences in ten sees three or five of some ten: its ratio to the truth moves by chance.

    Args:
        value: Cases seen per `per` people. ratio: Share of cases that is usually seen; no error from 1 on. per: People
            that the rate is per. people: How many there are.
    """
    return math.sqrt(max(value * (1.0 - ratio), 0.0) * per / people) if people > 0.0 else math.nan


def sum_error(errors: F64, memory: int = 1) -> float:
    """Return the standard error of a sum of consecutive values.

    Args:
        errors: Standard error of each, shape (periods). memory: Periods that an error lasts: values are moving means
            over so many periods, so that errors k periods apart correlate with 1 - k / memory.
    """
    apart = np.abs(np.subtract.outer(np.arange(len(errors)), np.arange(len(errors))))
    together = np.maximum(1.0 - apart / memory, 0.0)
    return math.sqrt(float(errors @ together @ errors))


def agreement(now: Total, reference: Total) -> Agreement:
    """Return whether first / second is now what it was in the reference.

    Both periods' errors count. The test is normal, two-sided: z = (s1 b2 - s2 b1) / its standard error, s now, b then.
    """
    gap = now.first * reference.second - now.second * reference.first
    error = math.sqrt(
        (now.first_se * reference.second) ** 2
        + (now.first * reference.second_se) ** 2
        + (now.second_se * reference.first) ** 2
        + (now.second * reference.first_se) ** 2
    )
    if error > 0.0:
        p = float(special.erfc(abs(gap) / error / math.sqrt(2.0)))
    else:
        p = 1.0 if gap == 0.0 else 0.0
    usual = now.second * reference.first
    return Agreement(gap / usual if usual != 0.0 else math.nan, p)
