"""The central bank's rate."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, model_validator

from wildsim.policies import POLICIES
from wildsim.policies.base import Part, Policy, Share

if TYPE_CHECKING:
    from wildsim.state.world import World

#: Field of the rule -> parameter, and its legal range.
_RULE = {
    "smoothing": ("banks.smoothing", 0.0, 1.0),
    "natural_rate": ("banks.real_rate", -0.2, 0.5),
    "inflation_target": ("banks.inflation_target", -0.2, 1.0),
    "inflation_weight": ("banks.inflation_response", 0.0, 50.0),
    "gap_weight": ("banks.unemployment_response", 0.0, 50.0),
}


class TaylorRule(Part):
    """Parameters of the central bank's rule; what is left out stays as it was."""

    smoothing: Share | None = Field(None, description="Weight of last month's rate (rho).")
    natural_rate: float | None = Field(None, ge=-0.1, le=0.2, description="Real rate in balance (r*), annual share.")
    inflation_target: float | None = Field(None, ge=-0.05, le=0.2, description="Target (pi*), annual share.")
    inflation_weight: float | None = Field(None, ge=0, le=20, description="Reaction to missed inflation.")
    gap_weight: float | None = Field(None, ge=0, le=20, description="Reaction to unemployment above its norm.")


@POLICIES.register("policy_rate")
class PolicyRate(Policy):
    """Shifts the central bank's rate for a time, or changes its rule."""

    about: ClassVar[str] = "The central bank's rate: a shift, or another rule."

    kind: Literal["policy_rate"] = "policy_rate"
    shift: float | None = Field(None, ge=-0.2, le=0.2, description="Added to the rate, annual share: .01 = one point.")
    months: int | None = Field(None, ge=1, le=1200, description="How long the shift lasts, months; left out: for good.")
    rule: TaylorRule | None = Field(None, description="Parameters of the rule.")

    @model_validator(mode="after")
    def _one_form(self) -> PolicyRate:
        self._exactly_one("shift", "rule")
        return self

    def active(self, month: int) -> bool:
        """Return whether the policy acts in `month`; `months` ends a shift as `until` does."""
        return super().active(month) and (self.months is None or month < self.from_ + self.months)

    def put_in_force(self, world: World, number: int) -> None:
        """Add the shift to the rate (shifts add up), or set the parameters of the rule."""
        if self.shift is not None:
            world.law.rate_shift += self.size * self.shift
        for field, (name, low, high) in _RULE.items() if self.rule else ():
            target = getattr(self.rule, field)
            if target is not None:
                world.law.blend(name, target, self.size, low, high)
