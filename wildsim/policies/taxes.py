"""Taxes: income, value added, corporate, payroll, wealth."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from wildsim.policies import POLICIES
from wildsim.policies.base import Part, Policy, Share


class Hsv(Part):
    """Two-parameter tax of Heathcote, Storesletten and Violante: net = level x gross^(1 - progressivity), means at 1.

    Source: Heathcote, Storesletten, Violante (2017), Optimal Tax Progressivity, QJE 132(4).
    """

    level: float = Field(gt=0, le=2, description="Net income of someone with mean gross income, share of that income.")
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
    """Sets the tax on personal income: a flat rate, brackets, or the HSV function."""

    about: ClassVar[str] = "Tax on personal income: a flat rate, brackets, or HSV."

    kind: Literal["income_tax"] = "income_tax"
    rate: Share | None = Field(None, description="Flat rate, share of taxable income.")
    brackets: Brackets | None = Field(None, description="[threshold in USD a year, marginal rate] from 0 upwards.")
    hsv: Hsv | None = Field(None, description="Level and progressivity.")

    @model_validator(mode="after")
    def _one_form(self) -> IncomeTax:
        self._exactly_one("rate", "brackets", "hsv")
        return self


@POLICIES.register("vat")
class Vat(Policy):
    """Sets the tax on consumption."""

    about: ClassVar[str] = "Value added tax on consumption."

    kind: Literal["vat"] = "vat"
    rate: Share = Field(description="Share of the price before tax.")


@POLICIES.register("corporate_tax")
class CorporateTax(Policy):
    """Sets the tax on the profits of firms and banks."""

    about: ClassVar[str] = "Tax on the profits of firms and banks."

    kind: Literal["corporate_tax"] = "corporate_tax"
    rate: Share = Field(description="Share of profit after interest and depreciation.")


@POLICIES.register("payroll_tax")
class PayrollTax(Policy):
    """Sets the tax that employers pay on wages."""

    about: ClassVar[str] = "Tax that employers pay on wages."

    kind: Literal["payroll_tax"] = "payroll_tax"
    rate: Share = Field(description="Share of gross wages, paid on top by the employer.")


@POLICIES.register("wealth_tax")
class WealthTax(Policy):
    """Sets the yearly tax on the net wealth of households."""

    about: ClassVar[str] = "Yearly tax on the net wealth of households."

    kind: Literal["wealth_tax"] = "wealth_tax"
    rate: Share = Field(description="Share a year of net wealth above the threshold; a twelfth is due each month.")
    above: float = Field(0.0, ge=0, le=1e12, description="Threshold, USD of net wealth a household.")
