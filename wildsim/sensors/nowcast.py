"""Nowcasts: the best guess of what is true now, from values with errors that speak of months before.

The truth is an AR(1), what is measured has an independent error: the filter of Kalman 1960, of which the error of
guesses is known beforehand (Harvey 1989, Structural Time Series Models and the Kalman Filter, section 3.2).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from wildsim.core.errors import InputError
from wildsim.core.table import F64


@dataclass(frozen=True)
class Nowcast:
    """Guesses a series: x(t) = mean + persistence (x(t-1) - mean) + shock e(t).

    Attributes:
        mean: Its mean. persistence: 0 to below 1. shock: Standard deviation of what is new each month.
    """

    mean: float
    persistence: float
    shock: float

    def __post_init__(self) -> None:
        """Check the numbers.

        Raises:
            InputError: The series would not come back to its mean, or nothing new ever happened.
        """
        if not 0.0 <= self.persistence < 1.0 or not self.shock > 0.0:
            raise InputError(
                f"persistence is {self.persistence:g}, shock {self.shock:g}; they must be 0 to below 1, and above 0."
            )

    def of(self, values: F64, errors: F64, ahead: int = 0) -> F64:
        """Return the guess of each month, from what was measured up to `ahead` months before, shape (months).

        Args:
            values: Measured, NaN where nothing was, shape (months). errors: Standard errors of them, likewise.
            ahead: Months that a value comes late.
        """
        guess, variance = self.mean, self.shock**2 / (1.0 - self.persistence**2)
        found = np.empty(len(values))
        for month, (value, error) in enumerate(zip(values.tolist(), errors.tolist(), strict=True)):
            guess, variance = self._next(guess, variance)
            if math.isfinite(value):
                gain = variance / (variance + error**2)
                guess, variance = guess + gain * (value - guess), (1.0 - gain) * variance
            found[month] = guess
        late = self.mean + self.persistence**ahead * (found - self.mean)
        return np.concatenate([np.full(min(ahead, len(late)), self.mean), late[: max(len(late) - ahead, 0)]])

    def error(self, noise: float, ahead: int = 0) -> float:
        """Return the standard error that guesses have in the long run.

        Args:
            noise: Standard error of every measurement. ahead: As in `of`.
        """
        # the variance of the guess after a measurement is where the Riccati equation stands still
        new, kept = self.shock**2, self.persistence**2
        half = (noise**2 * (1.0 - kept) - new) / 2.0
        before = -half + math.sqrt(half * half + new * noise**2)
        variance = before * noise**2 / (before + noise**2) if noise > 0.0 else 0.0
        for _ in range(ahead):
            variance = kept * variance + new
        return math.sqrt(variance)

    def _next(self, guess: float, variance: float) -> tuple[float, float]:
        moved = self.mean + self.persistence * (guess - self.mean)
        return moved, self.persistence**2 * variance + self.shock**2
