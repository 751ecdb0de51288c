"""Administrative records: what an authority counts in the course of its work, published as if it were the thing itself.

An authority counts cases that reach its files. What it counts may move with how it counts: recorded crime falls when
less is recorded, and the streets are as they were. Source: Biderman, Reiss 1967, On exploring the "dark figure" of
crime; Zhang 2012, Topics of statistical theory for register-based statistics (errors of coverage and of processing).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.special import ndtri

from wildsim.core.errors import InputError
from wildsim.indicators import INDICATORS
from wildsim.sensors import SENSORS
from wildsim.sensors.reading import Past, PublishedOnce
from wildsim.state.world import WorldView

#: First words of units that count cases, so that a file which misses some shows a smaller number.
CASES = ("births", "deaths", "inmates", "offences", "papers", "people", "researchers")
#: Units that are parts of a population, likewise.
PARTS = ("share",)


@SENSORS.register("record")
@dataclass(frozen=True)
class Record(PublishedOnce):
    """Publishes what an authority counted as an indicator, once; clerical errors are keyed by period.

    Attributes:
        of: Indicator that is counted; "" for the published one itself. coverage: Share of cases that enter the files.
        error: Relative standard deviation of clerical errors, which are lognormal with mean 1.
        lag: Months from the month counted to publication.
    """

    name: ClassVar[str] = "record"
    doc: ClassVar[str] = (
        "What an authority counts, be it another indicator (`of`), without cases that it misses, with clerical errors."
    )
    measures: ClassVar[str] = "every indicator; `coverage` those that count cases"
    keeps: ClassVar[tuple[str, ...]] = ()

    of: str = ""
    coverage: float = 1.0
    error: float = 0.0
    lag: int = 1

    def check(self, indicator: str) -> None:
        """Raise if what is counted cannot stand for an indicator.

        Raises:
            InputError: There is no such indicator, its unit is another one, or it counts no cases that could be missed.
        """
        counted, unit = INDICATORS[self.of or indicator], INDICATORS[indicator].unit
        if counted.unit != unit:
            fit = ", ".join(name for name, other in INDICATORS.items() if other.unit == unit and name != indicator)
            raise InputError(
                f"a record of '{counted.name}' ({counted.unit}) cannot stand for '{indicator}' ({unit}). "
                f"Of its unit: {fit or 'nothing else'}."
            )
        if self.coverage < 1.0 and unit not in PARTS and unit.split()[0].split("/")[0] not in CASES:
            raise InputError(f"'{indicator}' counts no cases, it is in {unit}; leave out coverage.")

    def observe(self, view: WorldView, indicator: str) -> Mapping[str, float]:
        """Return nothing: what is counted is remembered anyway."""
        return {}

    def known(self, past: Past, indicator: str, period: int) -> tuple[float, float]:
        """Return what was counted, and the standard error that clerks make; who is missed nobody knows."""
        counted = self.coverage * past.value(self.of or indicator, period)
        if self.error == 0.0 or math.isnan(counted):
            return counted, math.nan if math.isnan(counted) else 0.0
        spread = math.sqrt(math.log1p(self.error**2))
        luck = float(ndtri(past.luck(f"record.{indicator}", period, 1))[0])
        value = counted * float(np.exp(spread * luck - spread**2 / 2.0))
        return value, abs(value) * self.error
