"""What the state buys, and the policy that does nothing."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from wildsim.policies import POLICIES
from wildsim.policies.base import Policy
from wildsim.policies.transfers import Funding


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


@POLICIES.register("public_spending")
class PublicSpending(Policy):
    """Buys more or less for one function of government."""

    about: ClassVar[str] = "Government purchases, by function."

    kind: Literal["public_spending"] = "public_spending"
    function: Literal["general", "health", "police", "education", "research"] = Field(
        "general", description="What it is bought for."
    )
    change: Annotated[float, AfterValidator(_share_of_gdp)] = Field(
        description="Share of the mean GDP of the 12 months before `from`, price-indexed; below 0 it is a cut."
    )
    funding: Funding = Field("debt", description="Who pays: a higher income tax or VAT, bonds, or abroad.")
