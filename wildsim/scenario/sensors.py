"""The section `sensors` of a scenario: how an indicator is measured; what is left out is known without error."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from wildsim.policies.base import Part, Selector, Sex, Share
from wildsim.scenario.curated_sensors import ReconciledEntry
from wildsim.scenario.offices import MOST_LAG, IndexEntry, RecordEntry, SeasonEntry
from wildsim.scenario.series import SeriesEntry

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from wildsim.sensors.reading import Sensor
    from wildsim.state.world import WorldView


#: Smaller relative errors hide nothing.
LEAST_ERROR = 0.001
#: Fields of an entry that are no way to measure.
BESIDE = ("lag", "season")


class RefusalEntry(Part):
    """People who answer a survey with another chance than others do."""

    age: Selector | None = Field(None, description="Age in years.")
    sex: Sex | None = Field(None, description="1 for women, 0 for men.")
    region: Selector | None = Field(None, description="Region, 0 .. regions-1.")
    wage: Selector | None = Field(None, description="Gross wage of the month, USD/month, not indexed.")
    employed: bool | None = Field(None, description="With a job, or without.")
    response: Share = Field(description="Chance that one of them answers.")

    def fits(self, view: WorldView) -> NDArray[np.bool_]:
        """Return which people are meant, shape (people)."""
        import numpy as np

        from wildsim.state.whom import column_of

        found = np.ones(len(view.people), dtype=bool)
        for name in ("age", "sex", "region", "wage"):
            chosen: Selector | None = getattr(self, name)
            if chosen is not None:
                found &= chosen.select(column_of(view, name))
        if self.employed is not None:
            found &= column_of(view, "employed") == self.employed
        return found


class SurveyEntry(Part):
    """A sample of people each month."""

    sample: int = Field(ge=10, le=100_000_000, description="People drawn.")
    response: Share = Field(1.0, description="Chance that one of them answers.")
    refusals: tuple[RefusalEntry, ...] = Field((), strict=False, description="Groups that answer with another chance.")
    weights: tuple[Literal["age", "sex", "region"], ...] = Field(
        ("age", "sex"), strict=False, description="What answers are weighted by to match the frame; [] for nothing."
    )
    top_code: float | None = Field(None, gt=0, description="What larger answers are cut to, in the indicator's unit.")
    epsilon: float | None = Field(None, gt=0, le=1000, description="Differential privacy: smaller hides more.")

    delta: float | None = Field(
        None, gt=0, lt=1, description="Chance that epsilon does not hold: normal noise in place of Laplace's."
    )

    @model_validator(mode="after")
    def _hides(self) -> SurveyEntry:
        if self.delta is not None and self.epsilon is None:
            raise PydanticCustomError("sensor", "delta is the chance that epsilon does not hold: give epsilon, too.")
        return self

    def asks_all(self, people: int) -> bool:
        """Return whether everybody of a society of `people` is asked, and answers, and nothing hides what they say."""
        willing = self.response == 1.0 and not self.refusals
        return self.sample >= people and willing and self.epsilon is None


class ReleaseEntry(Part):
    """One publication of a period."""

    lag: int = Field(ge=1, le=MOST_LAG, description="Months from the period to it.")
    error: float = Field(ge=0, le=1, description="Standard deviation of its error, relative to the value.")


class AccountsEntry(Part):
    """National accounts: releases of a period and their revisions."""

    kind: Literal["news", "noise"] = Field(
        "noise", description="Whether revisions take an error away (noise) or add what was not known (news)."
    )
    releases: tuple[ReleaseEntry, ...] = Field(
        min_length=1, max_length=12, strict=False, description="By lag; later ones have no larger error."
    )

    @model_validator(mode="after")
    def _in_order(self) -> AccountsEntry:
        pairs = list(pairwise(self.releases))
        if any(late.lag <= early.lag for early, late in pairs):
            raise PydanticCustomError("sensor", "the lags of the releases must rise.")
        if any(late.error > early.error for early, late in pairs):
            raise PydanticCustomError("sensor", "the errors of the releases must not rise.")
        return self


class SensorEntry(Part):
    """How one indicator is measured."""

    survey: SurveyEntry | None = Field(None, description="Ask a sample of people: its size, or its design.")
    accounts: AccountsEntry | None = Field(None, description="National accounts with revisions.")
    reconciled: ReconciledEntry | None = Field(None, description="Several sources: together while they agree.")
    record: RecordEntry | None = Field(None, description="What an authority counts: which indicator, or a design.")
    index: IndexEntry | None = Field(None, description="A price index: sellers in its basket, or its design.")
    season: SeasonEntry | None = Field(None, description="A pattern over the year on top: its size, or its design.")
    series: SeriesEntry | None = Field(None, description="A real series from a file, in place of what happens here.")
    lag: int | None = Field(
        None, ge=1, le=MOST_LAG, description="Months from the month a value speaks of to its publication; 1 by default."
    )

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("survey"), int) and not isinstance(value["survey"], bool):
            return {**value, "survey": {"sample": value["survey"]}}
        if not isinstance(value, dict | SensorEntry):
            raise PydanticCustomError("sensor", "it must be a mapping, such as {survey: 2000, lag: 1}.")
        return value

    @model_validator(mode="after")
    def _one_way(self) -> SensorEntry:
        if self.accounts is not None and (self.survey is not None or self.lag is not None):
            raise PydanticCustomError(
                "sensor", "accounts have lags of their own, and are no survey; leave out the rest."
            )
        named = [name for name in type(self).model_fields if name not in BESIDE and getattr(self, name) is not None]
        if len(named) > 1:
            told = "it is measured in one way, not by {ways}; leave out all but one."
            raise PydanticCustomError("sensor", told, {"ways": " and ".join(named)})
        if self.lag is not None and self.record is not None and self.record.lag is not None:
            raise PydanticCustomError("sensor", "the lag stands twice, in `record` and beside it; leave one out.")
        return self

    @model_validator(mode="after")
    def _sources_alone(self) -> SensorEntry:
        if self.reconciled is not None and self.lag is not None:
            raise PydanticCustomError("sensor", "sources that are reconciled have designs and lags of their own.")
        return self

    @property
    def is_plain(self) -> bool:
        """Whether it shows the truth, late or not, with a season on it or not."""
        return all(getattr(self, name) is None for name in type(self).model_fields if name not in BESIDE)

    def reads(self, indicator: str) -> frozenset[str]:
        """Return the indicators whose values it publishes as `indicator`: itself, but for records of others."""
        if self.reconciled is not None:
            return frozenset().union(*(source.reads(indicator) for source in self.reconciled.sources))
        return frozenset({(self.record.of or indicator) if self.record is not None else indicator})

    def is_exact(self, people: int) -> bool:
        """Return whether true values of what it reads can be told from what it publishes, in a society of `people`."""
        if self.reconciled is not None:
            return any(source.is_exact(people) for source in self.reconciled.sources)
        if self.accounts is not None:
            return any(release.error < LEAST_ERROR for release in self.accounts.releases)
        if self.survey is not None:
            return self.survey.asks_all(people)
        return self.is_plain or (self.record is not None and self.record.error < LEAST_ERROR)

    def sensor(self, indicator: str = "") -> Sensor:
        """Return the sensor that measures an indicator so."""
        plain = self._without_season(indicator)
        return plain if self.season is None else self.season.sensor(plain)

    def _without_season(self, indicator: str) -> Sensor:
        if self.reconciled is not None:
            return self.reconciled.sensor(indicator)
        if self.series is not None:
            return self.series.sensor(indicator, self.lag or 1)
        from wildsim.sensors.accounts import Accounts, Release
        from wildsim.sensors.identity import Identity
        from wildsim.sensors.survey import Survey

        if self.accounts is not None:
            releases = tuple(Release(one.lag, one.error) for one in self.accounts.releases)
            return Accounts(self.accounts.kind, releases)
        if self.record is not None:
            return self.record.sensor(self.lag or self.record.lag or 1)
        if self.index is not None:
            return self.index.sensor(self.lag or 1)
        if self.survey is None:
            return Identity(self.lag or 1)
        refusals = tuple((entry.fits, entry.response) for entry in self.survey.refusals)
        asked = self.survey
        limits = (math.nan if given is None else given for given in (asked.top_code, asked.epsilon, asked.delta))
        return Survey(asked.sample, asked.response, refusals, asked.weights, self.lag or 1, *limits)


ReconciledEntry.model_rebuild(_types_namespace={"SensorEntry": SensorEntry})
SensorEntry.model_rebuild()
