"""What the state spends on research, and how it is dealt out."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from wildsim.policies import POLICIES
from wildsim.policies.base import Policy, Relative, Share

if TYPE_CHECKING:
    from wildsim.state.world import World

#: Way of dealing out grants -> (weight of the track record, part spread equally).
ALLOCATIONS = {"merit": (1.0, 0.0), "lottery": (0.0, 0.0), "equal": (1.0, 1.0)}


@POLICIES.register("research_grants")
class ResearchGrants(Policy):
    """Spends more or less on research, or deals it out in another way.

    The government buys the goods that research uses; scientists get funds in proportion. Changes of several policies
    add up, also with `public_spending` on research.
    """

    about: ClassVar[str] = "Public money for research, and the rule by which it is dealt out."
    sector: ClassVar[str] = "science"

    kind: Literal["research_grants"] = "research_grants"
    change: Relative | None = Field(None, description="Relative change of spending on research: .1 is 10 % more.")
    level: Share | None = Field(None, description="Spending on research, share of GDP at normal growth (2019: .007).")
    allocation: Literal["merit", "lottery", "equal"] | None = Field(
        None, description="Who gets grants: the best track records, those drawn, or all alike."
    )
    funding: Literal["income_tax", "vat", "debt"] = Field(
        "debt", description="Who pays: a higher income tax or VAT, or bonds."
    )

    @model_validator(mode="after")
    def _something(self) -> ResearchGrants:
        self._at_least_one("change", "level", "allocation")
        if self.change is not None and self.level is not None:
            raise PydanticCustomError("policy", "research_grants takes change or level, not both.")
        return self

    def put_in_force(self, world: World, number: int) -> None:
        """Order the goods, let somebody pay for them, and set the rule of allocation."""
        from wildsim.policies.functions import change_function
        from wildsim.state.functions import spending_ratio

        law, change = world.law, self.change
        if self.allocation is not None:
            merit, equal = ALLOCATIONS[self.allocation]
            law.blend("science.merit", merit, self.size)
            law.blend("science.equal_share", equal, self.size)
        if self.level is not None:
            norm = law.start["government.spending_on_research"]
            change = self.level / norm - spending_ratio(world.view(), "research")
        if change is not None:
            change_function(world, "research", self.size * change, self.funding)


@POLICIES.register("publication_rule")
class PublicationRule(Policy):
    """Rewards the number of papers beside what they are cited for, as funding by counts does.

    Scientists answer with more and thinner papers; referees of grants look at the number too.
    """

    about: ClassVar[str] = "How much the number of papers counts in the rewards of scientists."
    sector: ClassVar[str] = "science"

    kind: Literal["publication_rule"] = "publication_rule"
    counting: Share = Field(description="Weight of the number of papers; citations have the rest.")

    def put_in_force(self, world: World, number: int) -> None:
        """Set the weight."""
        world.law.blend("science.counting", self.counting, self.size)
