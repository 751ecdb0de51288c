"""Entries of the section `sensors` that are made of other sensors: sources that are reconciled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from wildsim.policies.base import Part

if TYPE_CHECKING:
    from wildsim.scenario.sensors import SensorEntry
    from wildsim.sensors.reconciled import Reconciled


class ReconciledEntry(Part):
    """Several sources of one indicator, weighed together while they agree.

    Written as a list of sources, or as `{sources: [...], trusted: survey}`.
    """

    sources: tuple[SensorEntry, ...] = Field(
        min_length=2, max_length=6, strict=False, description="What measures it; the last one is trusted by default."
    )
    trusted: str = Field(
        "", max_length=40, description="Kind of the source that stands alone when others move away from it: survey."
    )
    reference: int = Field(12, ge=3, le=36, description="Months from which the usual ratio of the sources is learned.")
    level: float = Field(0.05, gt=0, lt=1, description="Rate of false alarms of one month.")

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        return {"sources": value} if isinstance(value, list | tuple) else value

    @model_validator(mode="after")
    def _plain_sources(self) -> ReconciledEntry:
        if any(source.reconciled is not None for source in self.sources):
            raise PydanticCustomError("sensor", "what is reconciled cannot be a source of its own.")
        return self

    def sensor(self, indicator: str) -> Reconciled:
        """Return the sensor that measures an indicator so."""
        from wildsim.sensors.reconciled import Reconciled

        sources = tuple(source.sensor(indicator) for source in self.sources)
        return Reconciled(sources, self.trusted, self.reference, self.level)
