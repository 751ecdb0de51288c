"""Benefits that replace or top up wages: unemployment benefit, wage subsidy."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, model_validator

from wildsim.policies import POLICIES
from wildsim.policies.base import Policy, Share, Where

if TYPE_CHECKING:
    from wildsim.state.world import World


@POLICIES.register("unemployment_benefit")
class UnemploymentBenefit(Policy):
    """Sets the benefit of people who search without work; what is left out stays as it was."""

    by_group: ClassVar[bool] = True
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

    def put_in_force(self, world: World, number: int) -> None:
        """Set what is given in the law of the people met."""
        from wildsim.policies.groups import blend_rows, groups_met

        view = world.view({"laws": ("replacement", "months", "cap")})
        met = groups_met(world, number, self.where)
        for name in ("replacement", "months", "cap"):
            target = getattr(self, name)
            if target is not None:
                blend_rows(getattr(view.laws, name), met, float(target), self.size)


@POLICIES.register("wage_subsidy")
class WageSubsidy(Policy):
    """Tops up low wages: rises with the wage up to `until_wage`, then is withdrawn.

    `size` scales both rates and leaves `until_wage`; over another subsidy the three numbers move together.
    """

    by_group: ClassVar[bool] = True
    about: ClassVar[str] = "In-work credit: rises with the wage, then is withdrawn."

    kind: Literal["wage_subsidy"] = "wage_subsidy"
    phase_in: Share = Field(description="Subsidy per USD of wage up to `until_wage`.")
    until_wage: float = Field(ge=0, le=10, description="Wage of the highest subsidy, share of the median wage.")
    phase_out: Share = Field(description="Subsidy withdrawn per USD of wage above `until_wage`.")
    where: Where | None = Field(None, description="Whom it meets; left out: everyone.")

    def put_in_force(self, world: World, number: int) -> None:
        """Set the subsidy of the people met; the law counts wages in multiples of the mean."""
        from wildsim.policies.groups import blend_rows, groups_met

        view = world.view({"laws": ("subsidy_in", "subsidy_until", "subsidy_out")})
        laws, met = view.laws, groups_met(world, number, self.where)
        until = self.until_wage * float(view.macro.median_wage[0] / view.macro.mean_wage[0])
        fresh = met & (laws.subsidy_in == 0.0)
        blend_rows(laws.subsidy_until, met & ~fresh, until, self.size)
        laws.subsidy_until[fresh] = until
        blend_rows(laws.subsidy_in, met, self.phase_in, self.size)
        blend_rows(laws.subsidy_out, met, self.phase_out, self.size)
