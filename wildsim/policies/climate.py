"""Carbon: a tax on it, and a share of power that must be renewable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from wildsim.policies import POLICIES
from wildsim.policies.base import Policy, Share

if TYPE_CHECKING:
    from wildsim.state.world import World

#: Months in which a new share of renewables is reached, where the policy does not say until when.
USUAL_MONTHS = 120


@POLICIES.register("carbon_tax")
class CarbonTax(Policy):
    """Taxes the carbon dioxide that firms emit, and gives the revenue back.

    Firms pay it each month; what it brought in is paid out a month later. The amount is indexed as all amounts of
    policies are: with wages until month 0, then with prices.
    """

    about: ClassVar[str] = "Tax on carbon dioxide, paid out to all, off the income tax, or kept."
    sector: ClassVar[str] = "climate"

    kind: Literal["carbon_tax"] = "carbon_tax"
    usd_per_tonne: float = Field(ge=0, le=1e5, description="USD of the society's start a tonne of CO2; price-indexed.")
    recycle: Literal["dividend", "income_tax", "none"] = Field(
        "dividend",
        description="What last month's revenue is for: an equal payment a person, lower income tax, or debt.",
    )

    def put_in_force(self, world: World, number: int) -> None:
        """Set the tax and give back what this policy's part of it brought in last month."""
        from wildsim.policies.units import remember

        law = world.law
        before = law("climate.carbon_tax")
        law.blend("climate.carbon_tax", self.usd_per_tonne, self.size, 0.0, 1e6)
        added = remember(world, number, "added", lambda: 0.0)
        brought_in = self._brought_in(world, float(added[0]))
        added[0] = law("climate.carbon_tax") - before
        if brought_in > 0.0:
            self._give_back(world, brought_in)

    @staticmethod
    def _brought_in(world: World, added: float) -> float:
        """Return the part of last month's revenue that is due to the USD a tonne that this policy added, USD."""
        air = world.view().atmosphere
        rate = float(air.tax_rate[0])
        return float(air.revenue[0]) * added / rate if rate > 0.0 else 0.0

    def _give_back(self, world: World, usd: float) -> None:
        from wildsim.policies.funding import fund

        if self.recycle == "dividend":
            members = world.view().households.members
            world.transfers.append(("transfers", "government", usd * members / max(1, int(members.sum()))))
        elif self.recycle == "income_tax":
            fund(world, -usd, "income_tax")


@POLICIES.register("energy_mix")
class EnergyMix(Policy):
    """Requires a share of renewable power that rises evenly from what there was; fossil plants close for it.

    What was built stays when the policy ends. Size 2 requires twice the rise.
    """

    about: ClassVar[str] = "Share of power that must be renewable by a date."
    sector: ClassVar[str] = "climate"

    kind: Literal["energy_mix"] = "energy_mix"
    renewable: Share | None = Field(None, description="Share of power to be renewable in the end.")
    change: Annotated[float, Field(ge=0, le=10)] | None = Field(
        None, description="Relative rise of the share that there was at the start of the policy."
    )
    by: int | None = Field(None, ge=1, description="Month in which it is reached; 120 months after `from` if left out.")

    @model_validator(mode="after")
    def _one_form(self) -> EnergyMix:
        self._exactly_one("renewable", "change")
        if self.by is not None and self.by <= self.from_:
            context = {"by": str(self.by), "first": str(self.from_)}
            raise PydanticCustomError("policy", "by is {by}; it must be later than from, {first}.", context)
        return self

    def put_in_force(self, world: World, number: int) -> None:
        """Raise the share required."""
        from wildsim.policies.units import remember
        from wildsim.state.climate import RENEWABLE

        law, mix = world.law, world.view().atmosphere.mix
        first = float(remember(world, number, "renewable", lambda: mix[0, RENEWABLE].copy())[0])
        end = self.renewable if self.renewable is not None else first * (1.0 + (self.change or 0.0))
        last = self.by if self.by is not None else self.from_ + USUAL_MONTHS
        way = min((1 + world.clock.month - self.from_) / (1 + last - self.from_), 1.0)
        rise = self.size * way * max(end - first, 0.0)
        floor = "climate.renewable_floor"
        required = (first if self.renewable is not None else max(law(floor), first)) + rise
        law.set(floor, min(required, 1.0))
