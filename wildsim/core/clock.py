"""The calendar of a run: months of burn-in are negative, recorded months start at 0."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Clock:
    """Counts months.

    Attributes:
        month: The month that is being lived; -burn_in at the start, 0 is the first recorded one.
    """

    month: int

    @property
    def recording(self) -> bool:
        """Whether the current month belongs to the recorded part of a run."""
        return self.month >= 0

    def tick(self) -> None:
        """Go to the next month."""
        self.month += 1
