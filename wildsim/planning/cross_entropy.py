"""The cross-entropy method: a search for the best levers within bounds, from scores with noise.

Source: Rubinstein, Kroese 2004, The Cross-Entropy Method; smoothing and the floor on spreads as in de Boer et al. 2005,
A tutorial on the cross-entropy method, section 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

from wildsim.core.errors import InputError
from wildsim.core.keys import Keys
from wildsim.core.table import F64
from wildsim.kernels.philox import fill_uniform


@dataclass(frozen=True)
class Lever:
    """A number that may be moved. Attributes: name: How it is called. low, high: Its bounds."""

    name: str
    low: float
    high: float

    def __post_init__(self) -> None:
        """Check the bounds.

        Raises:
            InputError: The upper one is not above the lower one.
        """
        if not self.low < self.high:
            raise InputError(
                f"lever {self.name}: its high end, {self.high:g}, must be above its low end, {self.low:g}."
            )


class CrossEntropy:
    """Asks for candidates, hears their scores, and moves to where the best of them lie.

    Attributes:
        levers: What is moved. generation: How many generations were told. mean, spread: Of the normal distributions,
            cut at the bounds, that candidates are drawn from, in parts of each lever's range.
    """

    def __init__(
        self, levers: tuple[Lever, ...], seed: int, *, size: int = 16, elite: float = 0.25, smoothing: float = 0.7
    ):
        """Start in the middle of all ranges.

        Args:
            seed: Of chance; the same seed and scores give the same search. size: Candidates of a generation.
            elite: Share of them that are learned from. smoothing: How far each generation moves towards these, 0 to 1.

        Raises:
            InputError: Fewer than two candidates would be learned from.
        """
        if round(size * elite) < 2:
            raise InputError(f"of {size} candidates {elite:g} are fewer than two; give more.")
        self.levers, self.size, self._elite, self._smoothing = levers, size, round(size * elite), smoothing
        self._keys = Keys(seed)
        self.generation = 0
        self.mean: F64 = np.full(len(levers), 0.5)
        self.spread: F64 = np.full(len(levers), 0.3)

    def ask(self) -> F64:
        """Return the candidates of this generation, shape (size, levers); the first is the present best guess."""
        luck: F64 = np.empty((self.size, len(self.levers)))
        key = self._keys.stream("cross_entropy", "candidates", self.generation)
        fill_uniform(key, self.generation, np.arange(self.size, dtype=np.uint64), luck)
        low, high = ndtr(-self.mean / self.spread), ndtr((1.0 - self.mean) / self.spread)
        parts = np.clip(self.mean + self.spread * ndtri(low + luck * (high - low)), 0.0, 1.0)
        parts[0] = self.mean
        return self._values(np.asarray(parts))

    def tell(self, candidates: F64, scores: F64) -> None:
        """Learn from the scores of a generation; a candidate without a score (NaN) is not learned from.

        Raises:
            InputError: Fewer than two candidates have a score.
        """
        known = np.flatnonzero(np.isfinite(scores))
        if len(known) < 2:
            raise InputError(f"{len(known)} of {len(scores)} candidates have a score; a generation needs two or more.")
        best = known[np.argsort(-scores[known], kind="stable")][: self._elite]
        parts = self._parts(candidates[best])
        # spread around the old mean, as in CMA-ES (Hansen 2016): a search that is on its way does not narrow down
        mean, spread = parts.mean(axis=0), np.sqrt(((parts - self.mean) ** 2).mean(axis=0))
        self.mean = self._smoothing * mean + (1.0 - self._smoothing) * self.mean
        self.spread = np.maximum(self._smoothing * spread + (1.0 - self._smoothing) * self.spread, 1e-4)
        self.generation += 1

    @property
    def best(self) -> F64:
        """The present best guess, in the levers' units, shape (levers)."""
        return self._values(self.mean)

    def state(self) -> dict[str, Any]:
        """Return everything that must be saved."""
        return {"generation": self.generation, "mean": self.mean.tolist(), "spread": self.spread.tolist()}

    def load(self, saved: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self.generation = int(saved["generation"])
        self.mean, self.spread = np.array(saved["mean"]), np.array(saved["spread"])

    def _values(self, parts: F64) -> F64:
        low, high = self._bounds()
        return np.asarray(low + parts * (high - low))

    def _parts(self, values: F64) -> F64:
        low, high = self._bounds()
        return np.asarray((values - low) / (high - low))

    def _bounds(self) -> tuple[F64, F64]:
        return np.array([lever.low for lever in self.levers]), np.array([lever.high for lever in self.levers])
