"""People who arrive from abroad."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from wildsim.policies import POLICIES
from wildsim.policies.base import Policy, Share, Where


@POLICIES.register("migration")
class Migration(Policy):
    """Brings new people into regions, once, in the month `from`."""

    about: ClassVar[str] = "New people from abroad, once."

    kind: Literal["migration"] = "migration"
    share: Share = Field(description="Share of the region's labour force.")
    skill: Literal["low", "all"] = Field("all", description="Drawn from the lower third of skills, or from all.")
    where: Where | None = Field(None, description="Regions that they come to; left out: every region.")
