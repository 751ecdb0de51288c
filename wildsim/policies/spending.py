"""What the state buys, and the policy that does nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from wildsim.policies import POLICIES
from wildsim.policies.base import Policy
from wildsim.policies.transfers import Funding

if TYPE_CHECKING:
    from wildsim.state.world import World


def _share_of_gdp(value: float) -> float:
    if -1.0 <= value <= 1.0:
        return value
    context = {"value": f"{value:g}", "share": f"{value / 100:.2f}"}
    raise PydanticCustomError("share", "it is a share of GDP. Write {share} for {value} %.", context)


@POLICIES.register("no_change")
class NoChange(Policy):
    """Changes nothing; its arm equals the baseline bit for bit."""

    about: ClassVar[str] = "Changes nothing: a check of the pairing."

    kind: Literal["no_change"] = "no_change"

    def put_in_force(self, world: World, number: int) -> None:
        """Do nothing."""


@POLICIES.register("public_spending")
class PublicSpending(Policy):
    """Buys more or less for one function of government.

    The amount is a number of goods, fixed in the month `from` at the prices of that month. Whatever the function, the
    government buys goods of all makers; what more health, police, education or research does is up to the sector that
    it is for, where that is on. Changes of several policies add up.
    """

    about: ClassVar[str] = "Government purchases, by function."

    kind: Literal["public_spending"] = "public_spending"
    function: Literal["general", "health", "police", "education", "research"] = Field(
        "general", description="What it is bought for."
    )
    change: Annotated[float, AfterValidator(_share_of_gdp)] = Field(
        description="Share of the mean GDP of the 12 months before `from`, price-indexed; below 0 it is a cut."
    )
    funding: Funding = Field("debt", description="Who pays: a higher income tax or VAT, bonds, or abroad.")

    def put_in_force(self, world: World, number: int) -> None:
        """Order the goods and let somebody pay for them."""
        from wildsim.policies.functions import buy
        from wildsim.policies.units import remember

        price = float(world.view().macro.goods_price[0])
        goods = self.size * float(remember(world, number, "goods", lambda: self._goods(world, price))[0])
        buy(world, self.function, goods, self.funding)

    def _goods(self, world: World, price: float) -> float:
        """Return the goods a month that the change buys at the prices of the month before `from`."""
        import numpy as np

        gdp = world.history.mean("gdp", 12)
        if not np.isfinite(gdp):
            gdp = float(world.view().macro.gdp_12m[0])
        return self.change * gdp / price
