"""The labour market: minimum wage, public jobs."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, model_validator

from wildsim.policies import POLICIES
from wildsim.policies.base import Policy, Relative, Share, Where


@POLICIES.register("minimum_wage")
class MinimumWage(Policy):
    """Sets the lowest legal wage as a share of the median, or raises it."""

    about: ClassVar[str] = "The lowest legal wage: a level, or a raise."

    kind: Literal["minimum_wage"] = "minimum_wage"
    level: float | None = Field(None, ge=0, le=2, description="Share of the median wage, mean of the 12 months before.")
    raise_: Relative | None = Field(None, alias="raise", description="Relative raise of the minimum wage: .1 = +10 %.")
    where: Where | None = Field(None, description="Whom it meets; left out: everyone.")

    @model_validator(mode="after")
    def _one_form(self) -> MinimumWage:
        self._exactly_one("level", "raise_")
        return self


@POLICIES.register("public_jobs")
class PublicJobs(Policy):
    """Employs some of the unemployed in public jobs for a time."""

    about: ClassVar[str] = "Public jobs for some of the unemployed."

    kind: Literal["public_jobs"] = "public_jobs"
    places: Share = Field(description="Places, share of the unemployed of the month `from`.")
    months: int = Field(12, ge=1, le=1200, description="How long one person holds a place, months.")
    random: bool = Field(False, description="true: places are drawn by lot; false: the longest unemployed come first.")
