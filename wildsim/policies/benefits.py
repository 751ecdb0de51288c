"""Benefits that replace or top up wages: unemployment benefit, wage subsidy."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, model_validator

from wildsim.policies import POLICIES
from wildsim.policies.base import Policy, Share, Where


@POLICIES.register("unemployment_benefit")
class UnemploymentBenefit(Policy):
    """Sets the benefit of people who search without work; what is left out stays as it was."""

    about: ClassVar[str] = "Benefit of people who search without work."

    kind: Literal["unemployment_benefit"] = "unemployment_benefit"
    replacement: Share | None = Field(None, description="Share of the last wage.")
    months: int | None = Field(None, ge=0, le=1200, description="Longest duration, months.")
    cap: float | None = Field(None, ge=0, le=10, description="Highest benefit, share of the mean wage.")
    where: Where | None = Field(None, description="Whom it meets; left out: everyone.")

    @model_validator(mode="after")
    def _something(self) -> UnemploymentBenefit:
        self._at_least_one("replacement", "months", "cap")
        return self


@POLICIES.register("wage_subsidy")
class WageSubsidy(Policy):
    """Tops up low wages: rises with the wage up to `until_wage`, then is withdrawn."""

    about: ClassVar[str] = "In-work credit: rises with the wage, then is withdrawn."

    kind: Literal["wage_subsidy"] = "wage_subsidy"
    phase_in: Share = Field(description="Subsidy per USD of wage up to `until_wage`.")
    until_wage: float = Field(ge=0, le=10, description="Wage of the highest subsidy, share of the median wage.")
    phase_out: Share = Field(description="Subsidy withdrawn per USD of wage above `until_wage`.")
    where: Where | None = Field(None, description="Whom it meets; left out: everyone.")
