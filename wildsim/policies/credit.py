"""Rules for lenders."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, model_validator

from wildsim.policies import POLICIES
from wildsim.policies.base import Policy, Share

if TYPE_CHECKING:
    from wildsim.state.world import World


@POLICIES.register("credit_rule")
class CreditRule(Policy):
    """Limits what banks may lend; what is left out stays as it was."""

    about: ClassVar[str] = "Limits on what banks may lend."

    kind: Literal["credit_rule"] = "credit_rule"
    leverage: float | None = Field(None, gt=0, le=1000, description="Most loans of a bank per USD of its equity.")
    loan_to_income: float | None = Field(
        None, ge=0, le=100, description="Most debt of a household, in years of income; mortgages too."
    )
    debt_service: Share | None = Field(None, description="Most debt service, share of a household's disposable income.")
    loan_to_value: Share | None = Field(None, description="Most mortgage, share of the price of a home (sector homes).")

    @model_validator(mode="after")
    def _something(self) -> CreditRule:
        self._at_least_one("leverage", "loan_to_income", "debt_service", "loan_to_value")
        return self

    def put_in_force(self, world: World, number: int) -> None:
        """Set the capital that banks need for their loans (1 / leverage), and what households may owe and pay."""
        law = world.law
        if self.leverage is not None:
            was = 1.0 / law("banks.capital_ratio")
            law.set("banks.capital_ratio", 1.0 / min(max(was + self.size * (self.leverage - was), 1e-3), 1e3))
        if self.loan_to_income is not None:
            for name in ("banks.loan_to_income", "homes.loan_to_income"):
                law.blend(name, 12.0 * self.loan_to_income, self.size, 0.0, 1e3)
        if self.debt_service is not None:
            law.blend("banks.debt_service", self.debt_service, self.size)
        if self.loan_to_value is not None:
            law.blend("homes.loan_to_value", self.loan_to_value, self.size)
