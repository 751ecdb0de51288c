"""What a calibration is asked, and what one of its points gave."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from wildsim.core.errors import InputError, did_you_mean
from wildsim.engine.parallel import check_jobs
from wildsim.engine.plan import check_seeds
from wildsim.studies.lives import Outcome
from wildsim.studies.loss import loss, no_values, share_inside
from wildsim.studies.space import Point
from wildsim.studies.targets import Target

FINALISTS = 5
#: Ways to search.
TRIALS, MOVES = SEARCHES = ("trials", "moves")


@dataclass(frozen=True)
class Options:
    """How to search.

    Attributes:
        trials: Points to try, at most. seeds: How many worlds a trial. first: The first of them. fresh: How many
            worlds, not searched on, score the result. finalists: Points compared on further seeds. luck: Seed of the
            search. jobs: Processes; one a core where left out. search: TRIALS or MOVES. rounds: Most rounds of moves.
        move: How far a parameter is moved alone, in ranges. reach: How far a step may go in each, in ranges.
    """

    trials: int = 200
    seeds: int = 6
    first: int = 1
    fresh: int = 8
    finalists: int = FINALISTS
    luck: int = 0
    jobs: int | None = None
    search: str = TRIALS
    rounds: int = 4
    move: float = 0.3
    reach: float = 0.3

    def __post_init__(self) -> None:
        """Check the numbers.

        Raises:
            InputError: One is out of range.
        """
        for name, least in (("trials", 1), ("fresh", 0), ("finalists", 1), ("luck", 0), ("rounds", 1)):
            value = getattr(self, name)
            if not least <= value <= 100_000:
                option = "search-seed" if name == "luck" else name
                raise InputError(f"--{option} is {value}; it must be {least} to 100,000.")
        check_seeds(self.seeds, self.first, further=self.seeds + self.fresh)
        check_jobs(self.jobs)
        self._check_moves()

    def _check_moves(self) -> None:
        if self.search not in SEARCHES:
            near = did_you_mean(self.search, SEARCHES)
            raise InputError(f"--search is '{self.search[:80]}'; it must be {' or '.join(SEARCHES)}.{near}")
        for name, most in (("move", 0.5), ("reach", 1.0)):
            if not 0.0 < getattr(self, name) <= most:
                raise InputError(
                    f"--{name} is {getattr(self, name):g}; it must be above 0 and at most {most:g} (ranges)."
                )
        if self.search == MOVES and self.seeds < 2:
            raise InputError("--seeds is 1; moves need 2 or more, to tell an effect from luck. Use --seeds 6.")

    @property
    def way(self) -> list[str | float]:
        """What decides which points are lived, beside trials and rounds, of which there may be more later."""
        return [self.search, self.move, self.reach] if self.search == MOVES else [self.search]

    def check_room(self, parameters: int) -> None:
        """Check that there are trials enough for a round of moves; other searches need no more than one.

        Raises:
            InputError: There are not.
        """
        least = parameters + 2
        if self.search == MOVES and self.trials < least:
            raise InputError(
                f"--trials is {self.trials}; a round of moves of {parameters} parameters lives {least} points. "
                f"Use --trials {least} or more."
            )

    @property
    def search_seeds(self) -> list[int]:
        """Seeds of every trial."""
        return list(range(self.first, self.first + self.seeds))

    @property
    def final_seeds(self) -> list[int]:
        """Further seeds on which the finalists are compared."""
        return [seed + self.seeds for seed in self.search_seeds]

    @property
    def fresh_seeds(self) -> list[int]:
        """Seeds that nothing is chosen on."""
        begin = self.first + 2 * self.seeds
        return list(range(begin, begin + self.fresh))


@dataclass(frozen=True)
class Trial:
    """One point and what its worlds gave, in the order of seeds. number: -1 for the scenario as it stands."""

    number: int
    point: Point
    outcomes: tuple[Outcome, ...]
    targets: tuple[Target, ...]

    @cached_property
    def losses(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Loss of each world."""
        return np.array([loss(self.targets, outcome) for outcome in self.outcomes])

    @property
    def loss(self) -> float:
        """Mean loss over worlds."""
        return float(self.losses.mean())

    @cached_property
    def shares(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Share of moments inside, of each world."""
        return np.array([share_inside(self.targets, outcome) for outcome in self.outcomes])

    @property
    def collapsed(self) -> str:
        """Why a world has no values, or which moments it has none of; the empty text where all have all."""
        for outcome in self.outcomes:
            lacking = no_values(self.targets, outcome)
            if lacking:
                return outcome.why or f"no value of {', '.join(lacking[:3])}"
        return ""
