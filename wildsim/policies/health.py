"""Health: who is insured, and what the state spends."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, model_validator

from wildsim.policies import POLICIES
from wildsim.policies.base import Policy, Relative, Share
from wildsim.policies.transfers import Funding

if TYPE_CHECKING:
    from wildsim.state.world import World


@POLICIES.register("health_coverage")
class HealthCoverage(Policy):
    """Insures more or fewer of the people below 65; the state buys the care of those who are added."""

    about: ClassVar[str] = "Share of people below 65 with health insurance."
    sector: ClassVar[str] = "demography"

    kind: Literal["health_coverage"] = "health_coverage"
    level: Share | None = Field(None, description="Share insured.")
    change: Relative | None = Field(None, description="Relative change of the share insured.")
    funding: Funding = Field("debt", description="Who pays: a higher income tax or VAT, bonds, or abroad.")

    @model_validator(mode="after")
    def _one_form(self) -> HealthCoverage:
        self._exactly_one("level", "change")
        return self

    def put_in_force(self, world: World, number: int) -> None:
        """Set the share insured and buy care for those added."""
        from wildsim.kernels.ages import RETIREMENT_AGE
        from wildsim.policies.functions import buy

        law, view = world.law, world.view()
        was = law("demography.coverage")
        # changes of several policies add up: each is relative to the law before policies
        normal = float(law.start["demography.coverage"])
        aim = self.level if self.level is not None else was + normal * (self.change or 0.0)
        law.blend("demography.coverage", aim, self.size)
        added = (law("demography.coverage") - was) * float((view.people.age < RETIREMENT_AGE).sum())
        cost = added * law("demography.coverage_cost") * float(view.macro.mean_wage[0])
        buy(world, "general", cost / float(view.macro.goods_price[0]), self.funding)


@POLICIES.register("health_spending")
class HealthSpending(Policy):
    """Spends more or less on health than the norm."""

    about: ClassVar[str] = "Public spending on health."
    sector: ClassVar[str] = "demography"

    kind: Literal["health_spending"] = "health_spending"
    change: Relative = Field(description="Relative change of public health spending.")
    funding: Funding = Field("debt", description="Who pays: a higher income tax or VAT, bonds, or abroad.")

    def put_in_force(self, world: World, number: int) -> None:
        """Buy the care."""
        from wildsim.policies.functions import change_function

        change_function(world, "health", self.change * self.size, self.funding)
