"""Crime: police, sentences, clearance, and what enters the statistics."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from wildsim.policies import POLICIES
from wildsim.policies.base import Policy, Relative, Share
from wildsim.policies.transfers import Funding

if TYPE_CHECKING:
    from wildsim.state.world import World


def _raise(world: World, name: str, change: float, low: float, high: float) -> None:
    """Add a relative `change` of the scenario's own values to a list of numbers in force."""
    import numpy as np

    was = world.law.array(name)
    now = was + change * np.asarray(world.law.start[name])
    world.law.set(name, now.clip(low, high).tolist())


@POLICIES.register("police")
class Police(Policy):
    """Spends more or less on police, relative to the norm; the money buys goods, what it does is clear offences.

    People notice by and by: beliefs about arrest follow what they see. Changes of several policies add up.
    """

    about: ClassVar[str] = "Spending on police, which clears offences."
    sector: ClassVar[str] = "crime"

    kind: Literal["police"] = "police"
    change: Relative = Field(description="Relative change of real spending on police: .1 = 10 % more.")
    funding: Funding = Field("debt", description="Who pays: a higher income tax or VAT, bonds, or abroad.")

    def put_in_force(self, world: World, number: int) -> None:
        """Order the goods and let somebody pay for them."""
        from wildsim.policies.functions import change_function

        change_function(world, "police", self.change * self.size, self.funding)


@POLICIES.register("sentence")
class Sentence(Policy):
    """Makes prison terms longer or shorter, for offences from now on. Changes of several policies add up."""

    about: ClassVar[str] = "Length of prison terms."
    sector: ClassVar[str] = "crime"

    kind: Literal["sentence"] = "sentence"
    change: Relative = Field(description="Relative change of the mean term: .2 = a fifth longer.")

    def put_in_force(self, world: World, number: int) -> None:
        """Change the mean term of both kinds of offences."""
        _raise(
            world, "crime.sentence", self.size * self.change, world.law("crime.shortest"), world.law("crime.longest")
        )


@POLICIES.register("clearance")
class Clearance(Policy):
    """Lets the police clear more or fewer of the offences they know of, for the same money (methods, priorities)."""

    about: ClassVar[str] = "Share of known offences that the police clear, at no cost."
    sector: ClassVar[str] = "crime"

    kind: Literal["clearance"] = "clearance"
    change: Relative = Field(description="Relative change of the clearance rate at normal spending: .1 = 10 % more.")

    def put_in_force(self, world: World, number: int) -> None:
        """Change the clearance of both kinds of offences."""
        low, high = world.law.array("crime.clearance_band").tolist()
        _raise(world, "crime.clearance", self.size * self.change, low, high)


@POLICIES.register("crime_recording")
class CrimeRecording(Policy):
    """Sets the share of offences that enters the statistics: what is counted changes, what happens does not."""

    about: ClassVar[str] = "How strictly crime is recorded; crime itself does not change."
    sector: ClassVar[str] = "crime"

    kind: Literal["crime_recording"] = "crime_recording"
    strictness: Share = Field(description="Share of offences that enters the statistics.")

    def put_in_force(self, world: World, number: int) -> None:
        """Set the share recorded."""
        world.law.blend("crime.recording", self.strictness, self.size)
