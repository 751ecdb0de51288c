"""Rewards that are known in part: what is known so far, what is missing, and when it will be known."""

from __future__ import annotations

import math
from dataclasses import dataclass

from wildsim.feedback.reward import AsOf, Reward, Term
from wildsim.sensors.reading import MEASURED, NOT_YET, Reading

#: `Missing.known_in` of what will never be known: it is undefined, or was forgotten.
NEVER = -1


@dataclass(frozen=True)
class Missing:
    """A part of a reward that is not known.

    Attributes:
        indicator: Of the term. known_in: Month in which it will be; NEVER if it will not. why: In words.
    """

    indicator: str
    known_in: int
    why: str

    def __str__(self) -> str:
        """Return it in words."""
        when = "never known" if self.known_in == NEVER else f"known in month {self.known_in}"
        return f"{self.indicator} ({self.why}; {when})"


@dataclass(frozen=True)
class Partial:
    """The reward of a period as far as it is known.

    Attributes:
        period: Month that it is for. month: Month in which this was known. parts: Worth of the terms that are known, by
            indicator. missing: The others.
    """

    period: int
    month: int
    parts: dict[str, float]
    missing: tuple[Missing, ...]

    @property
    def so_far(self) -> float:
        """Sum of what is known, NaN where nothing is: not an estimate of the whole."""
        return math.fsum(self.parts.values()) if self.parts else math.nan

    @property
    def value(self) -> float:
        """The reward; NaN as long as a part is missing."""
        return math.nan if self.missing else self.so_far

    @property
    def known_in(self) -> int:
        """Month in which nothing is missing any more; NEVER if there is none, `month` at the latest if nothing is."""
        if any(part.known_in == NEVER for part in self.missing):
            return NEVER
        return max((part.known_in for part in self.missing), default=self.month)

    def __str__(self) -> str:
        """Return what is known with what is missing, never the one without the other."""
        lacks = f", without {', '.join(map(str, self.missing))}" if self.missing else ""
        return f"{self.so_far:+g} for month {self.period}, as known in month {self.month}{lacks}"


def partial(reward: Reward, as_of: AsOf, month: int, period: int) -> Partial:
    """Return the reward of `period` as far as it was known in `month`."""
    parts, missing = {}, []
    for term in reward.terms:
        worth = term.value(as_of, month, period)
        if math.isfinite(worth):
            parts[term.indicator] = worth
        else:
            missing.append(_lacking(term, as_of, month, period))
    return Partial(period, month, parts, tuple(missing))


def _lacking(term: Term, as_of: AsOf, month: int, period: int) -> Missing:
    """Return why a term is not known, by the worst of the readings that it is made of."""
    needed = term.readings(as_of, month, period)
    gone = [reading for reading in needed if not math.isfinite(reading.value) and reading.quality != NOT_YET]
    if gone:
        return Missing(term.indicator, NEVER, _why(gone[0]))
    late = [reading for reading in needed if reading.quality == NOT_YET]
    if late:
        return Missing(term.indicator, max(reading.vintage for reading in late), NOT_YET)
    return Missing(term.indicator, NEVER, "divided by nothing")


def _why(reading: Reading) -> str:
    return "not a number" if reading.quality == MEASURED else reading.quality
