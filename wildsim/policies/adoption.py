"""AI agents in firms: a tax on them, a licence to use them, courses for those who work with them or lost to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from wildsim.policies import POLICIES
from wildsim.policies.base import Policy, Selector, Share
from wildsim.policies.transfers import Funding

if TYPE_CHECKING:
    from wildsim.state.world import World


@POLICIES.register("ai_tax")
class AiTax(Policy):
    """Taxes the AI services that firms buy; the buyer pays it to the state.

    It makes AI dearer relative to labour: fewer tasks are worth handing over, and fewer firms start. Prices carry it.
    """

    about: ClassVar[str] = "Tax on AI services bought by firms."
    sector: ClassVar[str] = "adoption"

    kind: Literal["ai_tax"] = "ai_tax"
    rate: float = Field(ge=0, le=10, description="Share of the price of AI services before tax; 1 doubles it.")

    def put_in_force(self, world: World, number: int) -> None:
        """Set the rate."""
        world.law.blend("adoption.tax", self.rate, self.size, 0.0, 100.0)


@POLICIES.register("ai_licence")
class AiLicence(Policy):
    """Says which firms may use AI agents, and for how long everything stays as it is.

    Firms without a licence hand the tasks back to people over the months. A firm's lot never changes, so a wider
    licence adds firms and takes none away. During the pause no firm starts, and none changes the tasks handed over.
    """

    about: ClassVar[str] = "Licence for the use of AI agents: a share of firms, a size of firms, a pause."
    sector: ClassVar[str] = "adoption"

    kind: Literal["ai_licence"] = "ai_licence"
    share: Share | None = Field(None, description="Share of firms that may use AI agents, drawn by lot once.")
    staff: Selector | None = Field(None, description="Only firms with so many people may: [low, high].")
    pause_months: int | None = Field(
        None, ge=1, le=1200, description="Months from `from` in which AI use stays as it is in every firm."
    )

    @model_validator(mode="after")
    def _something(self) -> AiLicence:
        self._at_least_one("share", "staff", "pause_months")
        if self.staff is not None and self.staff.low is None:
            raise PydanticCustomError("policy", "staff is a range: [low, high].")
        return self

    def put_in_force(self, world: World, number: int) -> None:
        """Set who has a licence, and the pause; `size` scales the firms left out and the months of the pause."""
        law, size = world.law, self.size
        if self.staff is not None:
            law.set("adoption.licence_staff", [float(self.staff.low or 0), float(self.staff.high or 0)])
            law.blend("adoption.licensed_outside", 0.0, size)
        if self.share is not None:
            law.blend("adoption.licensed_inside", self.share, size)
            if self.staff is None:
                law.blend("adoption.licensed_outside", self.share, size)
        if self.pause_months is not None and world.clock.month < self.from_ + size * self.pause_months:
            law.set("adoption.paused", 1.0)


@POLICIES.register("ai_training")
class AiTraining(Policy):
    """Offers courses on working with AI to people drawn by lot.

    A course raises skill, the chance to be paired with an AI assistant, and the sense of where it fails; it never
    changes earnings directly. The state buys the courses on the market, as general purchases. Courses stop with the
    policy. Of two policies of this kind the later one sets the places of the groups that both name, and pays.
    """

    about: ClassVar[str] = "Public courses on working with AI."
    sector: ClassVar[str] = "adoption"

    kind: Literal["ai_training"] = "ai_training"
    places: Share = Field(description="Share of the group that is in a course at a time.")
    who: Literal["all", "workers", "unemployed", "displaced"] = Field(
        "all", description="Workers of firms that use AI, the unemployed, those displaced by AI, or all three."
    )
    funding: Funding = Field("debt", description="Who pays: a higher income tax or VAT, bonds, or abroad.")

    def put_in_force(self, world: World, number: int) -> None:
        """Open the places, and pay for those in a course."""
        import numpy as np

        from wildsim.policies.funding import fund

        for group in ("workers", "unemployed", "displaced"):
            if self.who in ("all", group):
                world.law.blend(f"adoption.training_{group}", self.places, self.size)
        month = world.clock.month
        if number != max(n for n, p in enumerate(world.policies) if p.kind == self.kind and p.acts(month)):
            return  # the last policy of the kind pays for all courses
        view = world.view()
        each = world.law("adoption.training_cost") * float(view.macro.mean_wage[0])
        cost = each * float((view.pairings.training > 0).sum())
        world.law.extra_purchases += cost / float(view.macro.goods_price[0])
        fund(world, cost, self.funding)
        if self.funding == "outside" and cost > 0.0:
            world.ledger.pay("transfers_from_abroad", ("abroad", np.array([cost])), "government")
