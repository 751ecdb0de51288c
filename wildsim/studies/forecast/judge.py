"""Compare the errors of two forecasters: ratio of root mean squared errors, its interval, a test of equal accuracy."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from wildsim.core.table import F64

DRAWS = 2_000
#: Quarters of a block: twice the longest horizon, so that overlapping errors stay together.
BLOCK = 8
LEVEL = 0.95
LEAST = 8
#: The stated aim: errors at most this multiple of the AR(1)'s.
WITHIN = 1.25


@dataclass(frozen=True)
class Score:
    """Errors of one forecaster beside a rival's, of one variable and horizon.

    Attributes:
        n: Forecasts judged. rmse, rival: Root mean squared errors, in the variable's unit.
        ratio: rmse / rival. low, high: 95 % interval of the ratio (block bootstrap over origins).
        p: Of equal squared errors, two-sided (Diebold & Mariano 1995, corrected as in Harvey et al. 1997).
    """

    n: int
    rmse: float
    rival: float
    ratio: float
    low: float
    high: float
    p: float

    @property
    def words(self) -> str:
        """What the ratio says, in words."""
        if not math.isfinite(self.ratio):
            return "no forecast"
        side = "better" if self.ratio < 1 else "worse"
        if not math.isfinite(self.low):
            return side
        return f"{side}, clearly" if self.high < 1 or self.low > 1 else f"{side}, may be chance"

    def plain(self) -> dict[str, Any]:
        """Return it as plain data, words and the stated aim included."""
        return asdict(self) | {"words": self.words, f"within_{WITHIN}": self.ratio <= WITHIN}


def compare(errors: F64, rivals: F64, horizon: int) -> Score:
    """Judge errors (a row an origin, in order) against a rival's; origins where either is missing drop out."""
    both = np.isfinite(errors) & np.isfinite(rivals)
    mine, other = errors[both], rivals[both]
    n = int(both.sum())
    if n == 0:
        return Score(0, *[math.nan] * 6)
    rmse, rival = _root(mine), _root(other)
    ratio = rmse / rival if rival > 0 else math.nan
    low, high = _interval(mine, other) if n >= LEAST else (math.nan, math.nan)
    return Score(n, rmse, rival, ratio, low, high, diebold_mariano(mine, other, horizon))


def _root(errors: F64) -> float:
    return math.sqrt(float(np.mean(errors**2)))


def _interval(mine: F64, other: F64) -> tuple[float, float]:
    """Return the interval of the ratio: circular blocks of successive origins, drawn with the same key always."""
    n = len(mine)
    length = min(BLOCK, n // 2)
    luck = np.random.Generator(np.random.Philox(key=n))
    starts = luck.integers(0, n, size=(DRAWS, math.ceil(n / length)))
    rows = ((starts[:, :, None] + np.arange(length)) % n).reshape(DRAWS, -1)[:, :n]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.sqrt((mine[rows] ** 2).mean(axis=1) / (other[rows] ** 2).mean(axis=1))
    low, high = np.quantile(ratios, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def diebold_mariano(mine: F64, other: F64, horizon: int) -> float:
    """Return the two-sided p of equal mean squared errors of `horizon`-step forecasts; NaN where undefined.

    The long-run variance sums horizon - 1 autocovariances with Bartlett's weights, which keep it positive.
    """
    from scipy.stats import t as student

    difference = mine**2 - other**2
    n = len(difference)
    if n < LEAST:
        return math.nan
    spread = difference - difference.mean()
    variance = float(spread @ spread) / n
    for lag in range(1, horizon):
        variance += 2 * (1 - lag / horizon) * float(spread[lag:] @ spread[:-lag]) / n
    if not variance > 0:
        return math.nan
    correction = (n + 1 - 2 * horizon + horizon * (horizon - 1) / n) / n
    statistic = float(difference.mean()) / math.sqrt(variance / n) * math.sqrt(correction)
    return float(2 * student.sf(abs(statistic), n - 1))
