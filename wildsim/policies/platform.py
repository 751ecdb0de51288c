"""The recommender of the culture platform."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from wildsim.policies import POLICIES
from wildsim.policies.base import Policy

if TYPE_CHECKING:
    from wildsim.state.world import World


@POLICIES.register("platform_rule")
class PlatformRule(Policy):
    """Ranks titles by another rule for a share `size` of the people, drawn by lot: 1 and more is everybody."""

    about: ClassVar[str] = "How the culture platform ranks titles."
    sector: ClassVar[str] = "culture"

    kind: Literal["platform_rule"] = "platform_rule"
    rule: Literal["popular", "personal", "diverse", "random"] = Field(
        "diverse",
        description="popular: best-selling first; personal: nearest to the taste; diverse: near and unlike; random.",
    )
    slate: int | None = Field(None, ge=1, le=20, description="Titles shown; left out: as many as before.")

    def put_in_force(self, world: World, number: int) -> None:
        """Set the ranking of the trial group and its size; of two such policies the later one has the group."""
        from wildsim.state.culture import RULES

        law = world.law
        law.set("culture.trial_rule", float(RULES.index(self.rule)))
        law.set("culture.trial_slate", law("culture.slate") if self.slate is None else float(self.slate))
        law.set("culture.trial_share", 0.0)
        law.blend("culture.trial_share", 1.0, self.size)
