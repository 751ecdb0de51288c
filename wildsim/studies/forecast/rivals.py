"""Forecasts that know nothing of the society: an AR(1), and no change. Both use data up to the origin alone."""

from __future__ import annotations

import numpy as np

from wildsim.core.table import F64
from wildsim.studies.forecast.quarters import GDP, HORIZONS, INFLATION, UNEMPLOYMENT


def ar1(series: F64) -> tuple[float, float]:
    """Return intercept and slope of y(t) = a + b y(t-1) + e by least squares.

    Where y(t-1) never moves, no slope can be told from another; it is 0, the least that fits, and the mean is forecast.
    """
    before, after = series[:-1], series[1:]
    if np.ptp(before) == 0.0:
        return float(after.mean()), 0.0
    spread = before - before.mean()
    slope = float(spread @ after) / float(spread @ spread)
    return float(after.mean() - slope * before.mean()), slope


def ar1_ahead(series: F64, steps: int) -> F64:
    """Return forecasts 1 .. `steps` quarters ahead, iterated from the last value."""
    intercept, slope = ar1(series)
    path, last = [], float(series[-1])
    for _ in range(steps):
        last = intercept + slope * last
        path.append(last)
    return np.array(path)


def ar1_forecasts(values: F64, origins: list[int]) -> F64:
    """Return AR(1) forecasts, estimated anew at every origin on all quarters up to it.

    Returns:
        origins x HORIZONS x VARIABLES: growth of GDP since the origin, level of unemployment and of inflation.
    """
    found = np.empty((len(origins), len(HORIZONS), values.shape[1]))
    for row, origin in enumerate(origins):
        for variable in range(values.shape[1]):
            path = ar1_ahead(values[: origin + 1, variable], max(HORIZONS))
            path = path.cumsum() if variable == GDP else path
            found[row, :, variable] = path[[ahead - 1 for ahead in HORIZONS]]
    return found


def no_change(values: F64, origins: list[int]) -> F64:
    """Return random-walk forecasts: the last value stays, GDP keeps its mean growth up to the origin."""
    found = np.empty((len(origins), len(HORIZONS), values.shape[1]))
    for row, origin in enumerate(origins):
        found[row, :, GDP] = values[: origin + 1, GDP].mean() * np.array(HORIZONS)
        for variable in (UNEMPLOYMENT, INFLATION):
            found[row, :, variable] = values[origin, variable]
    return found


def outcomes(values: F64, origins: list[int]) -> F64:
    """Return what came, in the form of a forecast; NaN where the data end before."""
    found = np.full((len(origins), len(HORIZONS), values.shape[1]), np.nan)
    for row, origin in enumerate(origins):
        for column, ahead in enumerate(HORIZONS):
            if origin + ahead < len(values):
                found[row, column] = values[origin + ahead]
                found[row, column, GDP] = values[origin + 1 : origin + ahead + 1, GDP].sum()
    return found
