"""What a study of manipulation is asked."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from wildsim.core.errors import InputError, did_you_mean
from wildsim.core.table import F64
from wildsim.engine.parallel import check_jobs
from wildsim.engine.plan import check_seeds
from wildsim.sensors.aggregates import BLOCKS
from wildsim.sensors.manipulation import ATTACKS, Attack, Truth

#: Attacker shares that tables show, and the largest that is tried.
SHOWN = (0.01, 0.05, 0.1, 0.2, 0.3, 0.4)
MOST_SHARE = 0.5
#: Shares that are tried before the budget is bracketed.
STEP = 0.02
#: People a reporter speaks for where each of them can answer yes or no alone.
EACH_SHARE = 25
#: Fewest reporters: every block of the median of means must hold several.
FEWEST = 4 * BLOCKS


@dataclass(frozen=True)
class Options:
    """How to attack.

    Attributes:
        seeds: Pairs of worlds. first: The first seed. reporters: Reports of each survey. each: People a reporter speaks
            for. attacks: Names of the attacks. push: Size of pushes, in robust standard deviations of reports.
        price: What one attacker costs. at: Attacker share at which detection and the loss of minorities are measured.
        jobs: Processes; one a core where left out.
    """

    seeds: int = 5
    first: int = 1
    reporters: int = 600
    each: int = 1
    attacks: tuple[str, ...] = tuple(name for name in ATTACKS if name != Truth.name)
    push: float = 3.0
    price: float = 1.0
    at: float = 0.1
    jobs: int | None = None

    def __post_init__(self) -> None:
        """Check the numbers.

        Raises:
            InputError: One is out of range, or there is no such attack.
        """
        check_seeds(self.seeds, self.first)
        check_jobs(self.jobs)
        if not FEWEST <= self.reporters <= 1_000_000:
            raise InputError(f"--reporters is {self.reporters}; it must be {FEWEST} to 1,000,000.")
        if not 1 <= self.each <= 10_000:
            raise InputError(f"--each is {self.each}; it must be 1 to 10,000 people a reporter.")
        if not 0.0 < self.push <= 1_000.0:
            raise InputError(f"--push is {self.push:g}; it must be above 0 and at most 1,000 (standard deviations).")
        if not 0.0 <= self.price <= 1e12:
            raise InputError(f"--price is {self.price:g}; it must be 0 or more.")
        if not 0.0 < self.at <= MOST_SHARE:
            raise InputError(f"--at is {self.at:g}; it must be above 0 and at most {MOST_SHARE:g} (a share).")
        for name in self.attacks:
            if name not in ATTACKS:
                raise InputError(f"--attacks {name[:80]}  unknown attack.{did_you_mean(name, ATTACKS)}")

    @property
    def world_seeds(self) -> list[int]:
        """Seeds of the pairs."""
        return list(range(self.first, self.first + self.seeds))

    def attack(self, name: str) -> Attack:
        """Return an attack with the push and the price that are asked for."""
        made = ATTACKS[name](price=self.price)
        return replace(made, size=self.push) if hasattr(made, "size") else made  # type: ignore[call-arg]

    @property
    def grid(self) -> F64:
        """Attacker shares that are tried, from none on."""
        steps = np.arange(0.0, MOST_SHARE + STEP / 2.0, STEP)
        return np.unique(np.round(np.concatenate([steps, SHOWN, [self.at]]), 6))
