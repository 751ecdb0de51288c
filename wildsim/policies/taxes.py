"""Taxes: income, value added, corporate, payroll, wealth."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from wildsim.policies import POLICIES
from wildsim.policies.base import Part, Policy, Share

if TYPE_CHECKING:
    from wildsim.policies.schedules import Schedule
    from wildsim.state.world import World


class Hsv(Part):
    """Two-parameter tax of Heathcote, Storesletten and Violante: net = level x gross^(1 - progressivity), mean wage 1.

    Someone with a low income gets money when the function is negative there.
    Source: Heathcote, Storesletten, Violante (2017), Optimal Tax Progressivity, QJE 132(4).
    """

    level: float = Field(gt=0, le=2, description="Net income of someone who earns the mean wage, share of it.")
    progressivity: float = Field(ge=-0.5, lt=1, description="0 is a flat tax; about 0.18 in the United States.")


def _rising(value: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    if not value:
        raise PydanticCustomError("brackets", "it needs one bracket or more: [[0, 0.1], [60000, 0.3]].")
    thresholds = [threshold for threshold, _ in value]
    if thresholds[0] != 0:
        raise PydanticCustomError("brackets", "the first bracket must start at 0 USD.")
    if any(high <= low for low, high in pairwise(thresholds)):
        raise PydanticCustomError("brackets", "the thresholds must rise: [[0, 0.1], [60000, 0.3]].")
    return value


Bracket = Annotated[tuple[float, Share], Field(strict=False)]
Brackets = Annotated[tuple[Bracket, ...], Field(strict=False), AfterValidator(_rising)]


@POLICIES.register("income_tax")
class IncomeTax(Policy):
    """Sets the tax on personal income: a flat rate, brackets, or the HSV function.

    The points of the tax rule and of funded policies come on top. Thresholds are multiples of the mean wage: those in
    USD as they were when the society started (mean wage of the country's data).
    """

    about: ClassVar[str] = "Tax on personal income: a flat rate, brackets, or HSV."

    kind: Literal["income_tax"] = "income_tax"
    rate: Share | None = Field(None, description="Flat rate, share of taxable income.")
    brackets: Brackets | None = Field(
        None,
        description="[threshold, marginal rate] from 0 up; USD of the society's start a year and adult, wage-indexed.",
    )
    hsv: Hsv | None = Field(None, description="Level and progressivity.")

    @model_validator(mode="after")
    def _one_form(self) -> IncomeTax:
        self._exactly_one("rate", "brackets", "hsv")
        return self

    def put_in_force(self, world: World, number: int) -> None:
        """Blend the schedule in force with the policy's."""
        import numpy as np

        from wildsim.policies.schedules import Schedule, blend

        law = world.law
        starts, rates = "government.income_tax_starts", "government.income_tax_rates"
        was = Schedule(law.array(starts), law.array(rates))
        target = self._schedule(float(law.start["labour.mean_wage"]))
        new = blend(was, target, self.size, np.asarray(law.start[starts], dtype=np.float64))
        law.set(starts, new.starts)
        law.set(rates, new.rates)

    def _schedule(self, mean_wage: float) -> Schedule:
        import numpy as np

        from wildsim.policies.schedules import Schedule, hsv

        if self.hsv is not None:
            return hsv(self.hsv.level, self.hsv.progressivity)
        if self.brackets is not None:
            usd, rates = np.array(self.brackets, dtype=np.float64).T
            return Schedule(usd / (12.0 * mean_wage), rates)
        return Schedule(np.zeros(1), np.array([self.rate]))


@POLICIES.register("vat")
class Vat(Policy):
    """Sets the tax on consumption."""

    about: ClassVar[str] = "Value added tax on consumption."

    kind: Literal["vat"] = "vat"
    rate: Share = Field(description="Share of the price before tax.")

    def put_in_force(self, world: World, number: int) -> None:
        """Set the rate."""
        world.law.blend("government.product_tax", self.rate, self.size)


@POLICIES.register("corporate_tax")
class CorporateTax(Policy):
    """Sets the tax on the profits of firms and banks."""

    about: ClassVar[str] = "Tax on the profits of firms and banks."

    kind: Literal["corporate_tax"] = "corporate_tax"
    rate: Share = Field(description="Share of profit after interest and depreciation.")

    def put_in_force(self, world: World, number: int) -> None:
        """Set the rate."""
        world.law.blend("government.corporate_tax", self.rate, self.size)


@POLICIES.register("payroll_tax")
class PayrollTax(Policy):
    """Sets the tax that employers pay on wages."""

    about: ClassVar[str] = "Tax that employers pay on wages."

    kind: Literal["payroll_tax"] = "payroll_tax"
    rate: Share = Field(description="Share of gross wages, paid on top by the employer.")

    def put_in_force(self, world: World, number: int) -> None:
        """Set the rate."""
        world.law.blend("government.payroll_tax", self.rate, self.size)


@POLICIES.register("wealth_tax")
class WealthTax(Policy):
    """Sets the yearly tax on the net wealth of households."""

    about: ClassVar[str] = "Yearly tax on the net wealth of households."

    kind: Literal["wealth_tax"] = "wealth_tax"
    rate: Share = Field(description="Share a year of net wealth above the threshold; a twelfth is due each month.")
    above: float = Field(
        0.0, ge=0, le=1e12, description="Threshold, USD of the society's start of net wealth a household, wage-indexed."
    )

    def put_in_force(self, world: World, number: int) -> None:
        """Set rate and threshold; where there was no tax, the threshold is the policy's own whatever the size."""
        import numpy as np

        from wildsim.policies.units import wage_index

        law, above = world.law, self.above * wage_index(world)
        untaxed = law("government.wealth_tax") == 0.0
        law.blend("government.wealth_tax_above", above, 1.0 if untaxed else self.size, 0.0, np.inf)
        law.blend("government.wealth_tax", self.rate, self.size)
