"""Transfers without a condition: basic income, one-off rebate."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias

from pydantic import Field

from wildsim.policies import POLICIES
from wildsim.policies.base import Policy, Where

if TYPE_CHECKING:
    from wildsim.core.table import F64, I16
    from wildsim.state.world import World

#: Age from which a person counts as an adult.
ADULT = 18.0

Funding: TypeAlias = Literal["income_tax", "vat", "debt", "outside"]


@POLICIES.register("basic_income")
class BasicIncome(Policy):
    """Pays everyone the same amount every month.

    Nobody pays tax on it. The amount is a share of the mean wage of the society's start; in the month `from` it is the
    same share of the mean wage, later the same purchasing power.
    """

    about: ClassVar[str] = "The same payment to everyone, every month."

    kind: Literal["basic_income"] = "basic_income"
    usd_per_month: float = Field(
        ge=0, le=1e6, description="USD of the society's start a person and month; price-indexed after `from`."
    )
    funding: Funding = Field("income_tax", description="Who pays: a higher income tax or VAT, bonds, or abroad.")
    who: Literal["adults", "all"] = Field("adults", description="Adults only, or children too, where there are any.")

    def put_in_force(self, world: World, number: int) -> None:
        """Pay every household for its members, and let somebody pay for it."""
        from wildsim.policies.funding import fund
        from wildsim.policies.units import prices_since_start, usd_at_start

        each = usd_at_start(world, number, self.usd_per_month) * prices_since_start(world, number)
        amounts = max(self.size, 0.0) * each * self._entitled(world)
        if self.funding == "outside":
            world.transfers.append(("transfers_from_abroad", "abroad", amounts))
        else:
            world.transfers.append(("transfers", "government", amounts))
            fund(world, float(amounts.sum()), self.funding)

    def _entitled(self, world: World) -> F64:
        import numpy as np

        from wildsim.core.table import sum_by

        people = world.view().people
        who = (people.age >= ADULT) if self.who == "adults" else np.ones(len(people), dtype=bool)
        return sum_by(people.household, who.astype(np.float64), len(world.tables["households"]))


@POLICIES.register("rebate")
class Rebate(Policy):
    """Pays each household of the group one amount, once, in a random month of a window.

    Who is met, and in which month, is drawn in the month `from`; the state borrows for it.
    """

    about: ClassVar[str] = "One payment a household, its month drawn at random."

    kind: Literal["rebate"] = "rebate"
    usd: float = Field(ge=0, le=1e9, description="USD of the society's start a household, once.")
    randomly_over: int = Field(1, ge=1, le=120, description="Length of the window from `from`, months; 1: all at once.")
    where: Where | None = Field(None, description="Whom it meets; left out: everyone.")

    def put_in_force(self, world: World, number: int) -> None:
        """Pay those whose month has come."""
        import numpy as np

        from wildsim.policies.units import remember, usd_at_start

        turn = remember(world, number, "turn@households", lambda: self._turns(world, number))
        now = 1 + world.clock.month - self.from_
        if now <= self.randomly_over:
            usd = max(self.size, 0.0) * usd_at_start(world, number, self.usd)
            world.transfers.append(("transfers", "government", np.where(turn == now, usd, 0.0)))

    def _turns(self, world: World, number: int) -> I16:
        """Return the month of the window in which each household is paid, from 1; 0 for those not met."""
        import numpy as np

        from wildsim.policies.groups import households_met

        luck = world.view().uniform(f"policy.rebate.{number}", "households")[0]
        turn = 1 + np.floor(luck * self.randomly_over)
        return np.where(households_met(world, number, self.where), turn, 0).astype(np.int16)
