"""Real series: what an office of the real world published, in place of what the society would show."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from wildsim.core.errors import InputError
from wildsim.core.table import F64
from wildsim.indicators import INDICATORS
from wildsim.sensors import SENSORS
from wildsim.sensors.reading import MEASURED, NOT_YET, UNDEFINED, Past, PublishedOnce, Reading
from wildsim.state.world import WorldView

#: What a value of the file is worth in the indicator's unit.
UNITS = {"": 1.0, "share": 1.0, "percent": 0.01, "thousand": 1e3, "million": 1e6, "billion": 1e9}
#: A value above this is hardly a share.
_SURELY_PERCENT = 1.0
#: Fewest months of which anything is said.
FEWEST = 3


@SENSORS.register("series")
@dataclass(frozen=True)
class Series(PublishedOnce):
    """Publishes numbers from elsewhere, whatever happens in the society.

    Attributes:
        values: One a month, as given. first: Month of the society that the first one stands for.
        unit: Of the values: see UNITS; "" for the indicator's own. error: Their relative standard error, as said by
            their office. lag: Months from the month a value speaks of to its publication.
    """

    name: ClassVar[str] = "series"
    doc: ClassVar[str] = "A series of the real world from a CSV or parquet file, in place of what the society shows."
    measures: ClassVar[str] = "every indicator"
    keeps: ClassVar[tuple[str, ...]] = ()

    values: tuple[float, ...]
    first: int = 0
    unit: str = ""
    error: float = 0.0
    lag: int = 1

    def check(self, indicator: str) -> None:
        """Raise if the unit of the series cannot be that of an indicator.

        Raises:
            InputError: Percent of what is no share, or shares that are so large that they look like percent.
        """
        unit = INDICATORS[indicator].unit
        share = unit.startswith("share")
        if self.unit in ("percent", "share") and not share:
            raise InputError(
                f"the series is in {self.unit}, '{indicator}' in {unit}; leave out unit, or convert the file."
            )
        largest = max(map(abs, self.values), default=0.0)
        if share and not self.unit and largest > _SURELY_PERCENT:
            told = f"'{indicator}' is a {unit}, and the series has values up to {largest:g}"
            raise InputError(f"{told}. Write unit: percent, or unit: share if that is meant.")

    def observe(self, view: WorldView, indicator: str) -> Mapping[str, float]:
        """Return nothing: the society is not looked at."""
        return {}

    def known(self, past: Past, indicator: str, period: int) -> tuple[float, float]:
        """Return the value that stands for a month and its standard error; NaN before the series begins and after."""
        place = period - self.first
        if not 0 <= place < len(self.values):
            return math.nan, math.nan
        value = self.values[place] * UNITS[self.unit]
        return value, abs(value) * self.error

    def read(self, past: Past, indicator: str, month: int, period: int | None) -> Reading:
        """Return the value of `period` if it was published by `month`; beyond the end none is yet."""
        wanted = month - self.lag if period is None else period
        value, error = self.known(past, indicator, wanted) if wanted + self.lag <= month else (math.nan, math.nan)
        quality = MEASURED if math.isfinite(value) else UNDEFINED if wanted < self.first else NOT_YET
        return Reading(indicator, wanted, wanted + self.lag, value, error, self.name, quality)


@dataclass(frozen=True)
class Comparison:
    """How far a society's indicator is from a real series, over the months that both have.

    Attributes:
        months: How many. bias: Mean of simulated less real. mae, rmse: Mean absolute and root mean square difference.
        correlation: Of the two; NaN where one does not move. trend: Difference of their slopes, per year.
    """

    months: int
    bias: float
    mae: float
    rmse: float
    correlation: float
    trend: float


def compare(simulated: F64, series: Series, first: int = 0) -> Comparison:
    """Compare an indicator of a society with a series.

    Args:
        simulated: True or published values by month, NaN where there is none, shape (months). first: Their first month.

    Raises:
        InputError: They have fewer than three months in common.
    """
    months = np.arange(first, first + len(simulated))
    place = months - series.first
    inside = (place >= 0) & (place < len(series.values)) & np.isfinite(simulated)
    if inside.sum() < FEWEST:
        raise InputError(
            f"the series and the months simulated have {inside.sum()} months in common; {FEWEST} are needed."
        )
    real = np.asarray(series.values)[place[inside]] * UNITS[series.unit]
    ours, years = np.asarray(simulated)[inside], months[inside] / 12.0
    apart = ours - real
    moves = np.ptp(ours) > 0.0 and np.ptp(real) > 0.0
    return Comparison(
        months=int(inside.sum()),
        bias=float(apart.mean()),
        mae=float(np.abs(apart).mean()),
        rmse=float(np.sqrt((apart**2).mean())),
        correlation=float(np.corrcoef(ours, real)[0, 1]) if moves else math.nan,
        trend=float(np.polyfit(years, apart, 1)[0]),
    )
