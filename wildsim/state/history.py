"""The last 60 months of indicators and counts: all that anybody may remember of the economy as a whole."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from wildsim.core.table import F64

MONTHS = 60


class History:
    """Series of the last `MONTHS` months by name; the newest value comes last, NaN where there was none."""

    def __init__(self) -> None:
        """Start empty."""
        self._series: dict[str, F64] = {}

    def add(self, values: Mapping[str, float]) -> None:
        """Append one month."""
        for name, value in values.items():
            series = self._series.get(name)
            if series is None:
                series = self._series[name] = np.full(MONTHS, np.nan)
            series[:-1] = series[1:]
            series[-1] = value

    def last(self, name: str, ago: int = 0) -> float:
        """Return the value `ago` months before the newest one; NaN if it is not known."""
        series = self._series.get(name)
        return float("nan") if series is None or ago >= MONTHS else float(series[-1 - ago])

    def series(self, name: str) -> F64:
        """Return the last `MONTHS` values, the newest last; NaN where there was none."""
        series = self._series.get(name)
        return np.full(MONTHS, np.nan) if series is None else series.copy()

    def mean(self, name: str, months: int) -> float:
        """Return the mean of the newest `months` values that are known; NaN if none is."""
        series = self._series.get(name)
        known = series[-months:] if series is not None else np.empty(0)
        known = known[~np.isnan(known)]
        return float(known.mean()) if len(known) else float("nan")

    def rescale(self, names: Collection[str], factor: float) -> None:
        """Multiply the series in `names` by `factor` (a change of the unit of money)."""
        for name in names:
            if name in self._series:
                self._series[name] *= factor

    def state(self) -> dict[str, F64]:
        """Return copies of all series."""
        return {name: series.copy() for name, series in self._series.items()}

    def load(self, state: Mapping[str, F64]) -> None:
        """Take over series saved by `state`."""
        self._series = {name: np.array(series, dtype=np.float64) for name, series in state.items()}
