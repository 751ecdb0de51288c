"""Schools and training: seats, spending, the leaving age, training places."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, model_validator

from wildsim.policies import POLICIES
from wildsim.policies.base import Policy, Relative, Share, Where
from wildsim.policies.transfers import Funding

if TYPE_CHECKING:
    from wildsim.state.world import World


@POLICIES.register("school_seats")
class SchoolSeats(Policy):
    """Sets or changes the seats in higher education that are given away each year.

    Changes add up. Fees and spending stay as they are; to pay for more seats, add `school_spending`.
    """

    about: ClassVar[str] = "Seats in higher education: a level, or a change."
    sector: ClassVar[str] = "education"

    kind: Literal["school_seats"] = "school_seats"
    change: Relative | None = Field(None, description="Relative change of the seats: .1 = +10 %.")
    level: Share | None = Field(None, description="Seats as a share of the cohort of 18.")

    @model_validator(mode="after")
    def _one_form(self) -> SchoolSeats:
        self._exactly_one("change", "level")
        return self

    def put_in_force(self, world: World, number: int) -> None:
        """Set the share of the cohort that gets a seat."""
        law, name = world.law, "education.seats"
        target = self.level if self.level is not None else law(name) + (self.change or 0.0) * law.start[name]
        law.blend(name, target, self.size)


@POLICIES.register("school_spending")
class SchoolSpending(Policy):
    """Spends more or less on education than the norm, on goods that the government buys.

    It moves exam scores and, years later, the skill of those who were at school meanwhile.
    """

    about: ClassVar[str] = "Public spending on education relative to its norm."
    sector: ClassVar[str] = "education"

    kind: Literal["school_spending"] = "school_spending"
    change: Relative | None = Field(None, description="Relative change: .1 = 10 % more than the norm.")
    level: float | None = Field(None, ge=0, le=10, description="Spending as a multiple of the norm.")
    funding: Funding = Field("debt", description="Who pays: a higher income tax or VAT, bonds, or abroad.")

    @model_validator(mode="after")
    def _one_form(self) -> SchoolSpending:
        self._exactly_one("change", "level")
        return self

    def put_in_force(self, world: World, number: int) -> None:
        """Order the goods and let somebody pay for them."""
        from wildsim.policies.functions import change_function
        from wildsim.state.functions import spending_ratio

        change = self.change
        if self.level is not None:
            change = self.level - spending_ratio(world.view(), "education")
        change_function(world, "education", self.size * (change or 0.0), self.funding)


@POLICIES.register("school_leaving_age")
class SchoolLeavingAge(Policy):
    """Sets or changes the age up to which everybody stays in education.

    It meets those who are at school when it comes into force; nobody is called back.
    """

    about: ClassVar[str] = "The age up to which everybody stays in education."
    sector: ClassVar[str] = "education"

    kind: Literal["school_leaving_age"] = "school_leaving_age"
    change: float | None = Field(None, ge=-5, le=5, description="Change in years; changes add up.")
    level: float | None = Field(None, ge=10, le=25, description="Age in years.")

    @model_validator(mode="after")
    def _one_form(self) -> SchoolLeavingAge:
        self._exactly_one("change", "level")
        return self

    def put_in_force(self, world: World, number: int) -> None:
        """Set the age."""
        law, name = world.law, "education.leaving_age"
        target = self.level if self.level is not None else law(name) + (self.change or 0.0)
        law.blend(name, target, self.size, low=law("population.school_age"), high=25.0)


@POLICIES.register("training_places")
class TrainingPlaces(Policy):
    """Trains some of the unemployed; whoever completes it is more skilled, and finds what work that brings.

    In the month `from`, and again whenever a round of `months` is over, that share of the unemployed of each region
    gets a place; nobody gets two. Meanwhile they neither work nor search, and keep their benefit. With `until` no new
    round begins; a round that has begun is completed. Earnings are never touched directly.
    """

    about: ClassVar[str] = "Training for some of the unemployed; it raises skill."
    sector: ClassVar[str] = "education"

    kind: Literal["training_places"] = "training_places"
    places: Share = Field(
        description="Places, share of the unemployed (whom `where` meets) who never were in training."
    )
    months: int = Field(6, ge=1, le=60, description="How long the training takes, months.")
    random: bool = Field(False, description="true: places are drawn by lot; false: the longest unemployed come first.")
    where: Where | None = Field(None, description="For whom the places are; left out: all of the unemployed.")

    def put_in_force(self, world: World, number: int) -> None:
        """Begin a round, if it is time for one."""
        from wildsim.policies.training import begin_round

        if (world.clock.month - self.from_) % self.months == 0:
            share = self.places * max(self.size, 0.0)
            begin_round(world, number, self.where, share, self.months, self.random)
