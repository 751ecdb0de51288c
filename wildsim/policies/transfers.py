"""Transfers without a condition: basic income, one-off rebate."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from pydantic import Field

from wildsim.policies import POLICIES
from wildsim.policies.base import Policy, Where

Funding: TypeAlias = Literal["income_tax", "vat", "debt", "outside"]


@POLICIES.register("basic_income")
class BasicIncome(Policy):
    """Pays everyone the same amount every month."""

    about: ClassVar[str] = "The same payment to everyone, every month."

    kind: Literal["basic_income"] = "basic_income"
    usd_per_month: float = Field(ge=0, le=1e6, description="USD a person and month, at the prices of `from`.")
    funding: Funding = Field("income_tax", description="Who pays: a higher income tax or VAT, bonds, or abroad.")
    who: Literal["adults", "all"] = Field("adults", description="Adults only, or children too.")


@POLICIES.register("rebate")
class Rebate(Policy):
    """Pays each household of the group one amount, once, in a random month of a window."""

    about: ClassVar[str] = "One payment a household, its month drawn at random."

    kind: Literal["rebate"] = "rebate"
    usd: float = Field(ge=0, le=1e9, description="USD a household, once.")
    randomly_over: int = Field(1, ge=1, le=120, description="Length of the window from `from`, months; 1: all at once.")
    where: Where | None = Field(None, description="Whom it meets; left out: everyone.")
