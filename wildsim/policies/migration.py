"""People who arrive from abroad."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from wildsim.policies import POLICIES
from wildsim.policies.base import Policy, Share, Where

if TYPE_CHECKING:
    from wildsim.state.world import World


@POLICIES.register("migration")
class Migration(Policy):
    """Brings new people into regions, once, in the month `from`.

    They are single, of working age, look for work, know shops of their region, own no shares and bring the deposits
    that the hand-to-mouth aim at. Their traits are drawn as those of the first people were.
    """

    moves_rows: ClassVar[bool] = True
    about: ClassVar[str] = "New people from abroad, once."

    kind: Literal["migration"] = "migration"
    share: Share = Field(description="Share of the region's labour force.")
    skill: Literal["low", "all"] = Field(
        "all", description="low: the lowest quarter of skills; all: like those who are there."
    )
    where: Where | None = Field(None, description="Regions that they come to; left out: every region.")

    @model_validator(mode="after")
    def _by_region(self) -> Migration:
        if self.where and self.where.selectors().keys() - {"region"}:
            raise PydanticCustomError("policy", "migration: `where` can only name regions: where: {{region: [0, 1]}}.")
        return self

    def active(self, month: int) -> bool:
        """Return whether people arrive in `month`: in the month `from` only."""
        return month == self.from_

    def put_in_force(self, world: World, number: int) -> None:
        """Let people arrive in the regions chosen."""
        import numpy as np

        from wildsim.policies.arrivals import arrive

        regions = np.arange(len(world.tables["regions"]))
        chosen = np.ones(len(regions), dtype=bool)
        if self.where and self.where.region:
            chosen = np.asarray(self.where.region.select(regions))
        arrive(world, number, self.share * self.size, self.skill == "low", chosen)
