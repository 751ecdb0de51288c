"""Moments of quarterly macroeconomic series: the same functions for a country's data and for a simulated run.

Cycles are deviations from the trend of Hodrick and Prescott 1997 (lambda = 1600): of 100 x log levels (percent of
trend) for output, consumption and investment, of the rate itself (points) for unemployment and inflation.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.linalg import solveh_banded
from scipy.sparse import diags_array

Values = NDArray[np.float64]

#: Lambda of Hodrick and Prescott for quarters.
SMOOTHING = 1600.0
#: Columns of a quarterly table, and how the names of moments call them.
COLUMNS = {"realgdp": "gdp", "realcons": "cons", "realinv": "inv", "unemp": "unemp", "infl": "infl"}
LEVELS = ("gdp", "cons", "inv")
#: Quarters by which a cycle is moved against that of output; +k: k quarters later than output.
SHIFTS = range(-4, 5)
QUARTERS = 4
#: A correlation of fewer pairs, or a slope of fewer rows, is NaN.
LEAST_PAIRS, LEAST_ROWS = 9, 10


def hp_cycle(series: Values) -> Values:
    """Return the deviation of a series from its Hodrick-Prescott trend; NaN all over where a value is missing.

    The trend solves (I + lambda D'D) trend = series with lambda = SMOOTHING and D the second differences.
    """
    size = len(series)
    if size < 3 or not np.isfinite(series).all():
        return np.full(size, math.nan)
    second_differences: Any = diags_array([1.0, -2.0, 1.0], offsets=[0, 1, 2], shape=(size - 2, size))
    penalty = second_differences.T @ second_differences
    bands = np.zeros((3, size))  # of a symmetric matrix: its diagonals, the main one last
    for offset in range(3):
        bands[2 - offset, offset:] = penalty.diagonal(offset)
    bands *= SMOOTHING
    bands[2] += 1.0
    trend: Values = solveh_banded(bands, series)
    return series - trend


def shifted(series: Values, ahead: int) -> Values:
    """Return the series `ahead` quarters later (earlier where negative); NaN where there is none."""
    moved = np.full(len(series), math.nan)
    if abs(ahead) < len(series):
        if ahead >= 0:
            moved[: len(series) - ahead] = series[ahead:]
        else:
            moved[-ahead:] = series[:ahead]
    return moved


def change(series: Values, quarters: int = 1) -> Values:
    """Return the change over some quarters; NaN where there was none before."""
    return series - shifted(series, -quarters)


def correlation(one: Values, other: Values) -> float:
    """Return Pearson's correlation over pairs that are known; NaN with fewer than 9, or where one is constant."""
    known = ~(np.isnan(one) | np.isnan(other))
    x, y = one[known], other[known]
    if len(x) < LEAST_PAIRS or x.std() == 0.0 or y.std() == 0.0:
        return math.nan
    return float(np.corrcoef(x, y)[0, 1])


def regression(outcome: Values, *causes: Values) -> Values:
    """Return constant and slopes of least squares over complete rows; NaN with fewer than 10 of them."""
    rows = np.column_stack([outcome, np.ones(len(outcome)), *causes])
    rows = rows[~np.isnan(rows).any(axis=1)]
    if len(rows) < LEAST_ROWS:
        return np.full(len(causes) + 1, math.nan)
    found: Values = np.linalg.lstsq(rows[:, 1:], rows[:, 0], rcond=None)[0]
    return found


def macro_moments(quarters: pd.DataFrame) -> dict[str, float]:
    """Return every moment of a quarterly table by name; NaN where the table does not allow it.

    Args:
        quarters: Columns realgdp, realcons, realinv, unemp (percent), infl (percent, annualised). Quarters in which
            one is missing drop out.

    Units:
        sd_*: percent of trend, points for unemp and infl. okun_*: points per percent. growth_*: percent.
    """
    with np.errstate(over="ignore", invalid="ignore"):  # prices of a control may leave what a float can hold
        return _moments(quarters[list(COLUMNS)].astype(np.float64).dropna())


def _moments(table: pd.DataFrame) -> dict[str, float]:
    series = {name: table[column].to_numpy() for column, name in COLUMNS.items()}
    logs = {name: _log(series[name]) for name in LEVELS}
    cycles = {name: hp_cycle(logs[name] if name in logs else values) for name, values in series.items()}
    growth = {name: change(values) for name, values in logs.items()}
    output = np.where(series["gdp"] > 0.0, series["gdp"], math.nan)
    return {
        **_cyclical(cycles),
        **_okun(series["unemp"], change(logs["gdp"], QUARTERS), growth["gdp"], cycles),
        **_inflation(series["infl"], series["unemp"], cycles),
        **_unemployment(series["unemp"]),
        **_growth(growth["gdp"]),
        "cons_share": _mean(series["cons"] / output),
        "inv_share": _mean(series["inv"] / output),
        "dcons_on_dgdp": float(regression(growth["cons"], growth["gdp"])[1]),
    }


def _cyclical(cycles: Mapping[str, Values]) -> dict[str, float]:
    """Return sizes of the cycles, their persistence, and correlations with output at leads and lags."""
    spread = {name: _sd(cycle) for name, cycle in cycles.items()}
    found = {f"sd_{name}{'_pp' if name in ('unemp', 'infl') else ''}": value for name, value in spread.items()}
    found |= {f"rel_sd_{name}": _ratio(spread[name], spread["gdp"]) for name in ("cons", "inv", "unemp")}
    found |= {f"ac1_{name}": _persistence(cycle) for name, cycle in cycles.items()}
    for name in ("cons", "inv", "unemp", "infl"):
        for k in SHIFTS:
            found[f"xcorr_{name}_{k:+d}"] = correlation(shifted(cycles[name], k), cycles["gdp"])
    return found


def _okun(unemp: Values, growth_4q: Values, growth: Values, cycles: Mapping[str, Values]) -> dict[str, float]:
    """Return Okun's law (1962) in differences over a quarter and a year, and in gaps."""
    constant, slope = regression(change(unemp, QUARTERS), growth_4q).tolist()
    return {
        "okun_diff_q": float(regression(change(unemp), growth)[1]),
        "okun_diff_4q": slope,
        "okun_gap": float(regression(cycles["unemp"], cycles["gdp"])[1]),
        "okun_zero_growth": _ratio(-constant, slope),
    }


def _inflation(infl: Values, unemp: Values, cycles: Mapping[str, Values]) -> dict[str, float]:
    """Return Phillips curves in levels, against the mean of the last year, and in gaps; persistence of inflation."""
    before = [shifted(infl, -k) for k in range(1, QUARTERS + 1)]
    lagged_mean = np.mean(before, axis=0)
    return {
        "phillips_level": float(regression(infl, unemp)[1]),
        "phillips_accel": float(regression(infl - lagged_mean, unemp)[1]),
        "phillips_gap": float(regression(cycles["infl"], cycles["unemp"])[1]),
        "infl_ac1": _persistence(infl),
        "infl_sumAR4": float(regression(infl, *before)[1:].sum()),
        "infl_mean": _mean(infl),
        "infl_sd": _sd(infl),
    }


def _unemployment(unemp: Values) -> dict[str, float]:
    return {
        "unemp_mean": _mean(unemp),
        "unemp_sd": _sd(unemp),
        "unemp_min": float(unemp.min()) if len(unemp) else math.nan,
        "unemp_max": float(unemp.max()) if len(unemp) else math.nan,
        "unemp_ac1": _persistence(unemp),
    }


def _growth(growth: Values) -> dict[str, float]:
    """Return moments of quarterly growth in percent; a recession begins with two quarters of falling output."""
    falls = growth < 0.0
    double = falls & np.append([False], falls[:-1])[: len(falls)]
    begins = double & ~np.append([False], double[:-1])[: len(double)]
    known = growth[~np.isnan(growth)]
    skewness, kurtosis = shape(known)
    return {
        "growth_mean_ann": QUARTERS * _mean(growth),
        "growth_sd_q": _sd(growth),
        "growth_ac1": _persistence(growth),
        "growth_skew": skewness,
        "growth_exkurt": kurtosis,
        "share_neg_quarters": _mean(falls[~np.isnan(growth)]),
        "recessions_per_100q": 100.0 * _mean(begins),
    }


def shape(values: Values) -> tuple[float, float]:
    """Return skewness and excess kurtosis (population moments); NaN for no values, 0 and -3 for constant ones."""
    if not len(values):
        return math.nan, math.nan
    spread = values.std()
    standard = (values - values.mean()) / spread if spread > 0.0 else np.zeros(len(values))
    return float((standard**3).mean()), float((standard**4).mean() - 3.0)


def _log(levels: Values) -> Values:
    """Return 100 x log, NaN where a level is not positive."""
    return 100.0 * np.log(np.where(levels > 0.0, levels, math.nan))


def _persistence(series: Values) -> float:
    return correlation(series, shifted(series, -1))


def _sd(values: Values) -> float:
    known = values[~np.isnan(values)]
    return float(known.std(ddof=1)) if len(known) > 1 else math.nan


def _mean(values: NDArray[Any]) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else math.nan


def _ratio(top: float, bottom: float) -> float:
    return top / bottom if bottom != 0.0 else math.nan
