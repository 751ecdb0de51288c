"""Rules for lenders."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, model_validator

from wildsim.policies import POLICIES
from wildsim.policies.base import Policy, Share


@POLICIES.register("credit_rule")
class CreditRule(Policy):
    """Limits what banks may lend; what is left out stays as it was."""

    about: ClassVar[str] = "Limits on what banks may lend."

    kind: Literal["credit_rule"] = "credit_rule"
    leverage: float | None = Field(None, gt=0, le=1000, description="Most loans of a bank per USD of its equity.")
    loan_to_income: float | None = Field(
        None, ge=0, le=100, description="Most debt of a household, in years of income."
    )
    debt_service: Share | None = Field(None, description="Most debt service, share of a household's disposable income.")

    @model_validator(mode="after")
    def _something(self) -> CreditRule:
        self._at_least_one("leverage", "loan_to_income", "debt_service")
        return self
