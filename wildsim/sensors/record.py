"""An administrative record: what an authority counts, which is what was reported to it and what it chose to enter.

A record is no sample: it knows every case that entered it and none of the others. So its error does not fall with size,
and whoever decides what is entered decides what is known. Source: Groves, Fowler, Couper, Lepkowski, Singer, Tourangeau
2009, Survey Methodology, sections 2.2 and 2.3 (coverage and processing errors); for crime FBI, Uniform Crime Reporting.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from scipy.special import ndtri

from wildsim.core.errors import InputError
from wildsim.indicators import INDICATORS
from wildsim.sensors import SENSORS
from wildsim.sensors.reading import Past, PublishedOnce
from wildsim.state.world import WorldView

#: Beginnings of the units that count cases, one by one or relative to people: only of these can a part be missing.
CASES = ("offences a ", "inmates a ", "births per ", "deaths per ", "a year per ", "people", "papers/month")


@SENSORS.register("record")
@dataclass(frozen=True)
class Record(PublishedOnce):
    """Publishes what the authorities hold in place of the truth, once, `lag` months after its period.

    Attributes:
        of: Indicator whose value is published under the measured one's name, in the same unit; "": the measured one.
        coverage: Share of the cases that enter. error: Standard deviation of clerical noise, relative to the value.
        lag: Months from the month that a value speaks of to its publication.
    """

    name: ClassVar[str] = "record"
    doc: ClassVar[str] = "What an authority counts: another indicator (`of`), a part of the cases, clerical noise."
    measures: ClassVar[str] = "every indicator; coverage: cases and their rates"
    keeps: ClassVar[tuple[str, ...]] = ()

    of: str = ""
    coverage: float = 1.0
    error: float = 0.0
    lag: int = 1

    def check(self, indicator: str) -> None:
        """Raise if a record cannot stand for an indicator.

        Raises:
            InputError: What is recorded has another unit, or a part of something that consists of no cases is to enter.
        """
        unit, recorded = INDICATORS[indicator].unit, INDICATORS[self.of or indicator]
        if recorded.unit != unit:
            raise InputError(
                f"a record of '{recorded.name}' ({recorded.unit}) cannot stand for '{indicator}' ({unit}): "
                "name an indicator of the same unit in `of`."
            )
        if self.coverage != 1.0 and not unit.startswith(CASES):
            raise InputError(
                f"coverage is the share of cases that enter; '{indicator}' ({unit}) has no cases: leave it out."
            )

    def observe(self, view: WorldView, indicator: str) -> Mapping[str, float]:
        """Return nothing: what is recorded is an indicator, and remembered anyway."""
        return {}

    def known(self, past: Past, indicator: str, period: int) -> tuple[float, float]:
        """Return what was recorded of a period, and the standard error that its clerks know of, from their noise alone.

        The noise is log-normal with mean 1 and standard deviation `error`, so that no count turns negative.
        """
        value = past.value(self.of or indicator, period) * self.coverage
        if math.isnan(value) or self.error == 0.0:
            return value, math.nan if math.isnan(value) else 0.0
        spread = math.sqrt(math.log1p(self.error**2))
        normal = float(ndtri(past.luck(f"record.{indicator}", period, 1)[0]))
        value *= math.exp(spread * normal - spread**2 / 2.0)
        return value, abs(value) * self.error
