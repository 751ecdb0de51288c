"""The labour market: minimum wage, public jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, model_validator

from wildsim.policies import POLICIES
from wildsim.policies.base import Policy, Relative, Share, Where

if TYPE_CHECKING:
    from wildsim.state.world import World


@POLICIES.register("minimum_wage")
class MinimumWage(Policy):
    """Sets the lowest legal wage as a share of the median (smoothed over a year), or raises it.

    Raises add up, and come on top of the level whatever their order.
    """

    by_group: ClassVar[bool] = True
    about: ClassVar[str] = "The lowest legal wage: a level, or a raise."

    kind: Literal["minimum_wage"] = "minimum_wage"
    level: float | None = Field(None, ge=0, le=2, description="Share of the median wage.")
    raise_: Relative | None = Field(None, alias="raise", description="Relative raise of the minimum wage: .1 = +10 %.")
    where: Where | None = Field(None, description="Whom it meets; left out: everyone.")

    @model_validator(mode="after")
    def _one_form(self) -> MinimumWage:
        self._exactly_one("level", "raise_")
        return self

    def put_in_force(self, world: World, number: int) -> None:
        """Set the level, or add to the raise, in the law of the people met."""
        import numpy as np

        from wildsim.policies.groups import groups_met

        floor, raised = world.view({"laws": ("minimum_wage",)}).laws.minimum_wage, world.law.minimum_raise
        met = groups_met(world, number, self.where)
        level = np.divide(floor, 1.0 + raised, out=np.zeros(len(floor)), where=raised > -1.0)
        if self.level is not None:
            level[met] = np.maximum(level[met] + self.size * (self.level - level[met]), 0.0)
        else:
            raised[met] = np.maximum(raised[met] + self.size * (self.raise_ or 0.0), -1.0)
        floor[met] = level[met] * (1.0 + raised[met])


@POLICIES.register("public_jobs")
class PublicJobs(Policy):
    """Employs some of the unemployed in public jobs for a time.

    In the month `from` that share of the unemployed of each region is given work at the public agencies of the region,
    at their pay, paid by the government. After `months`, or at `until`, those who still hold their place lose it.
    Meanwhile agencies keep as many posts more, so that a place left early is filled by whoever searches.
    """

    about: ClassVar[str] = "Public jobs for some of the unemployed."

    kind: Literal["public_jobs"] = "public_jobs"
    places: Share = Field(description="Places, share of the unemployed of the month `from`.")
    months: int = Field(12, ge=1, le=1200, description="How long one person holds a place, months.")
    random: bool = Field(False, description="true: places are drawn by lot; false: the longest unemployed come first.")

    def active(self, month: int) -> bool:
        """Return whether places are held in `month`: for `months`, at most to `until`."""
        return super().active(month) and month < self.from_ + self.months

    def enact(self, world: World, number: int) -> None:
        """Fill the places in the first month, keep the posts, and end the places after the last month."""
        from wildsim.policies.posts import end_places

        if self.acts(world.clock.month):
            self.put_in_force(world, number)
        else:
            end_places(world, number)

    def put_in_force(self, world: World, number: int) -> None:
        """Fill the places, or keep the posts."""
        from wildsim.policies.posts import fill_places

        fill_places(world, number, self.places * max(self.size, 0.0), self.random)
