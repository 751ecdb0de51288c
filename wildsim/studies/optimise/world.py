"""One candidate on one seed: a society lived in another process, of which one number, or a few, come back."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from wildsim.core.errors import WildSimError
from wildsim.core.keys import Keys
from wildsim.engine import files
from wildsim.engine.warm import compile_first
from wildsim.scenario.schema import Scenario
from wildsim.studies.lives import CollapseError
from wildsim.studies.optimise.levers import with_levers

#: Name of the number that is what sensors make of the reward; all others are names of indicators.
REWARD = "reward"


@dataclass(frozen=True)
class Candidate:
    """Lives a scenario with levers at some point, from the end of a burn-in that all points of a seed share.

    Attributes:
        settings: Every setting, as `Scenario.resolved` gives it. begin: First month in which a lever acts.
        snapshots: Folder where the ends of burn-ins are kept. truths: Indicators whose true mean comes back;
            the sensed reward comes back where `rewarded`. again: Luck of the sensors: other numbers measure the same
            worlds anew.
    """

    settings: dict[str, Any]
    begin: int
    snapshots: Path
    rewarded: bool = True
    truths: tuple[str, ...] = ()
    again: int = 0
    scenario: Scenario = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Read the settings once."""
        object.__setattr__(self, "scenario", Scenario.model_validate(self.settings))

    def prepare(self, say: Callable[[str], None]) -> None:
        """Compile the kernels once, before many processes need them."""
        compile_first([self.scenario], say)

    def __call__(self, point: Mapping[str, float], seed: int) -> dict[str, float]:
        """Return the mean a month from `begin` on, discounted: of the reward as sensed, and of true indicators.

        Raises:
            CollapseError: The society fell apart.
        """
        try:
            # levers that are legal one by one may not be so together: such a point has no world
            return self._live(Scenario.model_validate(with_levers(self.settings, point)), seed)
        except (WildSimError, ArithmeticError, ValueError, IndexError) as error:
            raise CollapseError(f"{type(error).__name__}: {error}") from error

    def _live(self, scenario: Scenario, seed: int) -> dict[str, float]:
        from wildsim.society import Society

        rewards: dict[int, float] = {}
        true: dict[str, list[float]] = {name: [] for name in self.truths}
        burned = self.burned(seed)
        society = Society(scenario, seed=seed)
        try:
            society.restore(burned)
            if self.again:
                society.world.measuring = Keys(seed, self.again, rekey_from=0)
            while society.month < scenario.months:
                month = society.month
                society.step()
                if self.rewarded:
                    rewards |= {known.period: known.value for known in society.rewarded()}
                if month >= self.begin:
                    for name, values in true.items():
                        values.append(society.indicators.get(name, math.nan))
        finally:
            society.close()
        found = {name: mean_known(values) for name, values in true.items()}
        return found | ({REWARD: self.scenario.reward.reward().mean_from(rewards, self.begin)} if self.rewarded else {})

    def burned(self, seed: int) -> dict[str, Any]:
        """Return the state of a world at the start of month 0, lived now unless it is on disk."""
        from wildsim.society import Society

        path = self.snapshots / f"seed={seed}.npz"
        if path.exists() and (known := _kept(path)) is not None:
            return known
        society = Society(self.scenario.model_copy(update={"minds": ()}), seed=seed)
        try:
            society.burn_in()
            state = society.snapshot()
        finally:
            society.close()
        files.write_arrays(path, state)
        return state


@lru_cache(maxsize=4)
def _kept(path: Path) -> dict[str, Any] | None:
    """Return the end of a burn-in, kept for the next candidate on its seed; nobody writes to it."""
    return files.read_arrays(path)


def mean_known(values: list[float]) -> float:
    """Return the mean of what is known; NaN where nothing is."""
    known = [value for value in values if math.isfinite(value)]
    return math.fsum(known) / len(known) if known else math.nan


def burn(task: tuple[Candidate, int]) -> None:
    """Live the burn-in of one seed and leave its end on disk."""
    candidate, seed = task
    candidate.burned(seed)
