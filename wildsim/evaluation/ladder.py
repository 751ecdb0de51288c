"""Validation that can be asked many times: it answers only as finely as it can afford, and so many times.

Whoever asks again and again learns the luck of the validation seeds, and its score there overstates what it is worth.
The ladder (Blum, Hardt 2015, The Ladder: a reliable leaderboard) tells a new score only where it is better than the
best before by a step that luck does not make, and rounds it down to whole standard errors. The largest of k normal
draws lies near sqrt(2 ln k) standard errors, so that of k queries hardly one passes such a step by luck.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from wildsim.core.errors import InputError
from wildsim.core.table import F64


@dataclass
class Ladder:
    """Answers how good candidates are, with a counter.

    Attributes:
        most: How often it may be asked. protected: Whether small differences are withheld; off, every score is told as
            it is, as a control. queries: How often it was asked. best: The best score told; minus infinity before.
    """

    most: int = 400
    protected: bool = True
    queries: int = 0
    best: float = -math.inf
    _kept: F64 = field(default_factory=lambda: np.empty(0))

    def ask(self, scores: F64) -> float:
        """Return the score of a candidate, told only as far as it is better than the best before.

        Args:
            scores: Of the candidate on each validation seed, shape (seeds).

        Raises:
            InputError: There are fewer than two seeds, or one has no score; or it was asked as often as it may be.
        """
        if self.queries >= self.most:
            raise InputError(f"validation may be asked {self.most:,} times; it was. Stop here, or plan for more.")
        given = np.asarray(scores, dtype=np.float64)
        if len(given) < 2 or not np.isfinite(given).all():
            raise InputError("a candidate needs a known score on two validation seeds or more.")
        self.queries += 1
        value = float(given.mean())
        if not self.protected:
            self.best = max(self.best, value)
            return value
        if self._is_better(given, value):
            step = float(given.std(ddof=1)) / math.sqrt(len(given))
            self.best = math.floor(value / step) * step if step > 0.0 else value
            self._kept = given.copy()
        return self.best

    def _is_better(self, given: F64, value: float) -> bool:
        """Return whether a candidate beats the best by more than luck makes in all queries, paired by seed."""
        if not len(self._kept):
            return True
        apart = given - self._kept
        error = float(apart.std(ddof=1)) / math.sqrt(len(given))
        return value > self.best + math.sqrt(2.0 * math.log(self.most)) * error
