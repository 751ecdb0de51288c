"""Estimators of micro facts, as papers estimate them; each is NaN where the data do not allow an estimate."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from wildsim.facts.moments import shape
from wildsim.state.distribution import groups

F64 = NDArray[np.float64]

#: Fewer values give no estimate.
LEAST = 30
#: Size classes of firms grow by this factor; one counts with so many firms at or above it, and so many are needed.
SIZE_STEP, LEAST_LARGE, LEAST_CLASSES = 3.0, 5, 4


def mean(values: F64) -> float:
    """Return the mean of what is known."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else math.nan


def excess_kurtosis(values: F64) -> float:
    """Return the excess kurtosis: 0 of a normal distribution, 3 of Laplace's."""
    return shape(values)[1] if len(values) >= LEAST else math.nan


def gini(values: F64) -> float:
    """Return the Gini coefficient; above 1 where many values are negative."""
    return groups(np.asarray(values, dtype=np.float64)).gini() if len(values) >= LEAST else math.nan


def sd_of_logs(values: F64) -> float:
    """Return the standard deviation of the logs of positive values."""
    positive = values[values > 0.0]
    return float(np.log(positive).std(ddof=1)) if len(positive) >= LEAST else math.nan


def mincer_return(wage: F64, schooling: F64, experience: F64) -> float:
    """Return the slope of log wages on years of schooling, given experience and its square (Mincer 1974)."""
    paid = wage > 0.0
    if paid.sum() < LEAST or np.ptp(schooling[paid]) == 0.0:
        return math.nan
    years = experience[paid]
    rows = np.column_stack([np.ones(len(years)), schooling[paid], years, years**2])
    return float(np.linalg.lstsq(rows, np.log(wage[paid]), rcond=None)[0][1])


def zipf_exponent(sizes: F64) -> float:
    """Return the exponent of P(size >= s) ~ s^-a: slope of its log on log s at the sizes 1, 3, 9, 27, ...

    Sizes that fewer than LEAST_LARGE reach are left out; NaN with fewer than LEAST_CLASSES sizes.

    Source: Axtell 2001, Science 293: least squares over size classes that grow in powers of three.
    """
    known = sizes[sizes >= 1.0]
    if len(known) < LEAST:
        return math.nan
    classes = SIZE_STEP ** np.arange(np.log(known.max()) / np.log(SIZE_STEP) + 1.0)
    reach = np.array([(known >= size).sum() for size in classes], dtype=np.float64)
    classes, reach = classes[reach >= LEAST_LARGE], reach[reach >= LEAST_LARGE]
    if len(classes) < LEAST_CLASSES:
        return math.nan
    return -float(np.polyfit(np.log(classes), np.log(reach), 1)[0])


def grouped_median(counts: F64, width: float) -> float:
    """Return the median of values counted in groups of equal `width` from 0 on, by interpolation in its group."""
    total = float(counts.sum())
    if total < LEAST:
        return math.nan
    below = np.cumsum(counts)
    group = int(np.searchsorted(below, total / 2.0))
    before = float(below[group - 1]) if group else 0.0
    return width * (group + (total / 2.0 - before) / float(counts[group]))


def fixed_effects_slope(outcome: F64, cause: F64) -> float:
    """Return the slope of least squares with an effect of each column (a region); rows are times."""
    known = np.isfinite(outcome) & np.isfinite(cause)
    if known.sum() < LEAST:
        return math.nan
    counts = np.maximum(known.sum(axis=0), 1)
    y, x = (np.where(known, values, 0.0) for values in (outcome, cause))
    y, x = (np.where(known, values - values.sum(axis=0) / counts, 0.0) for values in (y, x))
    spread = float((x * x).sum())
    return float((x * y).sum()) / spread if spread > 0.0 else math.nan


def gompertz_slope(ages: F64, deaths: F64, years: F64) -> float:
    """Return the growth of log mortality with age, log points a year, weighted by deaths (Gompertz 1825)."""
    known = (deaths > 0.0) & (years > 0.0)
    if deaths.sum() < LEAST or known.sum() < 3:
        return math.nan
    rate = np.log(deaths[known] / years[known])
    return float(np.polyfit(ages[known], rate, 1, w=np.sqrt(deaths[known]))[0])
