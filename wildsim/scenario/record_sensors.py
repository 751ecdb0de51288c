"""Entries of the section `sensors` that take another number for an indicator: records of authorities."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from pydantic import Field

from wildsim.core.errors import InputError
from wildsim.policies.base import Part

if TYPE_CHECKING:
    from wildsim.sensors.reading import Sensor


class RecordEntry(Part):
    """An administrative record."""

    of: str = Field("", max_length=100, description="Indicator that is counted, of the same unit; empty: its own.")
    coverage: float = Field(1.0, ge=0, le=1, description="Share of the cases that enter.")
    error: float = Field(0.0, ge=0, le=1, description="Standard deviation of clerical noise, relative to the value.")

    def sensor(self, lag: int) -> Sensor:
        """Return the sensor that this is."""
        from wildsim.sensors.record import Record

        return Record(self.of, self.coverage, self.error, lag)


def check_sector(indicator: str, on: Collection[str]) -> None:
    """Raise if there is nothing to measure, as the sector of an indicator is off.

    Raises:
        InputError: Says which sector to switch on.
    """
    from wildsim.indicators import INDICATORS

    sector = INDICATORS[indicator].sector
    if sector and sector not in on:
        raise InputError(f"'{indicator}' belongs to the {sector} sector, which is off: sectors: {{{sector}: true}}.")
