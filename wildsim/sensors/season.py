"""Seasons: a pattern over the year that a published level carries, and its adjustment with what is known at the time.

The society has no seasons; the pattern is put on what is published. The office sees the published series alone, and
takes from it what it finds: the ratio to a centred moving average of 12 months, averaged by month of the year. Sources:
Ladiray, Quenneville 2001, Seasonal Adjustment with the X-11 Method (its first step); Eurostat 2015, ESS Guidelines on
Seasonal Adjustment (concurrent adjustment, revised a year later).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from scipy.special import ndtri

from wildsim.core.errors import InputError
from wildsim.core.table import F64
from wildsim.sensors import SENSORS
from wildsim.sensors.reading import MEASURED, NOT_KEPT, NOT_YET, UNDEFINED, Past, Reading, Sensor
from wildsim.state.world import WorldView

YEAR = 12
#: Months up to a period from which factors are estimated at first, at most and at least; half a year at each end has no
#: moving average. A year later there are twelve more.
MOST, LEAST = 36, 30
#: Indicators that may be negative, of which no ratio can be made.
NO_LEVELS = ("cocoon_index", "government_balance", "health", "inflation", "profit", "profit_rate")
#: The pattern is drawn in this month, whenever it is asked for.
_ALWAYS = -(2**30)
#: Weights of the moving average: the months half a year before and after are the same month, each counts half.
_CENTRED = np.array([0.5, *([1.0] * (YEAR - 1)), 0.5]) / YEAR


@SENSORS.register("season")
@dataclass(frozen=True)
class Season:
    """Puts a fixed keyed pattern of 12 factors on what another sensor publishes, and may adjust for it.

    Adjusted values are published with the raw ones and, once a year has passed, a second time, for good.

    Attributes:
        inner: The other sensor. amplitude: Standard deviation of the factors, whose mean is 1.
        adjusted: Whether what is published is adjusted.
    """

    name: ClassVar[str] = "season"
    doc: ClassVar[str] = "A pattern over the year on what another sensor publishes, raw or adjusted by the office."
    measures: ClassVar[str] = "levels above 0, with any other sensor"

    inner: Sensor
    amplitude: float
    adjusted: bool = False

    @property
    def keeps(self) -> tuple[str, ...]:
        """What the other sensor remembers."""
        return self.inner.keeps

    @property
    def delay(self) -> int:
        """Months from a period to its first publication."""
        return self.inner.delay

    @property
    def reach(self) -> int:
        """How many months back the oldest period may lie that it can speak of."""
        return self.inner.reach + 1 - self._window if self.adjusted else self.inner.reach

    @property
    def _window(self) -> int:
        """Months up to a period that are used: so many that a value a year old can still be told as it was."""
        return min(MOST, self.inner.reach - self.inner.delay - YEAR + 1)

    def check(self, indicator: str) -> None:
        """Raise if the other sensor cannot measure an indicator, or it has no ratios.

        Raises:
            InputError: With the reason.
        """
        self.inner.check(indicator)
        if indicator in NO_LEVELS:
            raise InputError(f"a season is a ratio, and '{indicator}' may be negative; leave out season.")
        if self.adjusted and self._window < LEAST:
            raise InputError(
                f"adjustment needs {LEAST} months; of a sensor that publishes after {self.inner.delay} months and "
                f"speaks of {self.inner.reach}, {max(self._window, 0)} are there. Leave out adjusted."
            )

    def observe(self, view: WorldView, indicator: str) -> Mapping[str, float]:
        """Return what the other sensor remembers."""
        return self.inner.observe(view, indicator)

    def factors(self, past: Past, indicator: str) -> F64:
        """Return the pattern: a factor for each month of the year, mean 1, shape (12)."""
        drawn: F64 = ndtri(past.luck(f"season.{indicator}", _ALWAYS, YEAR))
        return np.asarray(1.0 + self.amplitude * (drawn - drawn.mean()) / drawn.std())

    def read(self, past: Past, indicator: str, month: int, period: int | None) -> Reading:
        """Return the newest publication of `period` by `month`; of the newest period where none is given."""
        wanted = month - self.delay if period is None else period
        if not self.adjusted or wanted + self.delay > month:
            return self._raw(past, indicator, self.inner.read(past, indicator, month, wanted))
        return self._release(past, indicator, wanted, YEAR if wanted + self.delay + YEAR <= month else 0)

    def published(self, past: Past, indicator: str, month: int) -> list[Reading]:
        """Return what is published in `month`: the newest period and, adjusted anew, that of a year before."""
        if not self.adjusted:
            return [self._raw(past, indicator, reading) for reading in self.inner.published(past, indicator, month)]
        newest = month - self.delay
        return [self._release(past, indicator, newest - later, later) for later in (0, YEAR)]

    def _raw(self, past: Past, indicator: str, reading: Reading) -> Reading:
        factor = float(self.factors(past, indicator)[reading.period % YEAR])
        value, error = reading.value * factor, reading.se * factor
        return replace(reading, value=value, se=error, source=self._source(reading))

    def _source(self, reading: Reading) -> str:
        return f"{reading.source}, {'adjusted' if self.adjusted else 'seasonal'}"

    def _release(self, past: Past, indicator: str, period: int, later: int) -> Reading:
        """Return the adjusted value of a period as it was published, at first or `later` by a year."""
        vintage, first = period + self.delay + later, period - self._window + 1
        raw = self.inner.read(past, indicator, vintage, period)
        missing = Reading(indicator, period, vintage, math.nan, math.nan, self._source(raw), UNDEFINED)
        if vintage > past.now:
            return replace(missing, quality=NOT_YET)
        if first < past.now - self.inner.reach:  # what the other sensor says of such months may have changed since
            return replace(missing, quality=NOT_KEPT)
        if not raw.quality.startswith(MEASURED):
            return replace(missing, quality=raw.quality)
        periods = np.arange(first, period + later + 1)
        level = np.array([self.inner.read(past, indicator, vintage, int(one)).value for one in periods])
        pattern = self.factors(past, indicator)
        found, error = estimated(level * pattern[periods % YEAR], first)
        factor, doubt = float(found[period % YEAR]), float(error[period % YEAR])
        if math.isnan(factor):
            return missing
        spoilt = float(pattern[period % YEAR]) / factor
        value = raw.value * spoilt
        spread = math.hypot(raw.se * spoilt, value * doubt / factor)
        return replace(raw, vintage=vintage, value=value, se=spread, source=missing.source)


def estimated(series: F64, first: int) -> tuple[F64, F64]:
    """Return the factors that a published series shows, and their standard errors, by month of the year, shape (12).

    The error comes from how far ratios of one month of the year lie apart. NaN where a month has none.

    Args:
        series: Months in a row, above 0; NaN where nothing was published. first: Month of the first.
    """
    missing: F64 = np.full(YEAR, math.nan)
    if len(series) <= YEAR or bool((series <= 0.0).any()):
        return missing, missing
    ratios = series[YEAR // 2 : -(YEAR // 2)] / np.convolve(series, _CENTRED, mode="valid")
    months = (first + YEAR // 2 + np.arange(len(ratios))) % YEAR
    known = np.isfinite(ratios)
    ratios, months = ratios[known], months[known]
    counts = np.bincount(months, minlength=YEAR)
    if counts.min() == 0:
        return missing, missing
    means = np.bincount(months, ratios, YEAR) / counts
    left = len(ratios) - YEAR
    spread = math.sqrt(float(((ratios - means[months]) ** 2).sum()) / left) if left > 0 else math.nan
    return means / means.mean(), spread / np.sqrt(counts)
