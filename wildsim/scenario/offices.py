"""Entries of the section `sensors` that are an office's work: records, price indices, seasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field, model_validator

from wildsim.policies.base import Part, Share

if TYPE_CHECKING:
    from wildsim.sensors.reading import Sensor

#: Longest lag, months: nothing older is remembered.
MOST_LAG = 48


class RecordEntry(Part):
    """What an authority counts."""

    of: str = Field("", max_length=100, description="Indicator that is counted; the published one where left out.")
    coverage: Share = Field(1.0, gt=0, description="Share of cases that enter the files.")
    error: float = Field(0.0, ge=0, le=1, description="Relative standard deviation of clerical errors.")
    lag: int | None = Field(None, ge=1, le=MOST_LAG, description="Months to publication, here or beside `record`.")

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        return {"of": value} if isinstance(value, str) else value

    def sensor(self, lag: int) -> Sensor:
        """Return the sensor that measures so, `lag` months late."""
        from wildsim.sensors.record import Record

        return Record(self.of, self.coverage, self.error, lag)


class IndexEntry(Part):
    """A price index."""

    sample: int = Field(ge=2, le=10_000_000, description="Sellers in the basket, drawn by their sales.")
    review: int = Field(12, ge=1, le=MOST_LAG, description="Months between new baskets and weights.")

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        return {"sample": value} if isinstance(value, int) and not isinstance(value, bool) else value

    def sensor(self, lag: int) -> Sensor:
        """Return the sensor that measures so, `lag` months late."""
        from wildsim.sensors.index import Index

        return Index(self.sample, self.review, lag)


class SeasonEntry(Part):
    """A pattern over the year on what is published."""

    amplitude: float = Field(gt=0, le=0.25, description="Standard deviation of the 12 factors, whose mean is 1.")
    adjusted: bool = Field(
        False, description="Whether the office adjusts what it publishes, and revises it a year later."
    )

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        return {"amplitude": value} if isinstance(value, int | float) and not isinstance(value, bool) else value

    def sensor(self, inner: Sensor) -> Sensor:
        """Return the sensor that puts the pattern on what another one publishes."""
        from wildsim.sensors.season import Season

        return Season(inner, self.amplitude, self.adjusted)
