"""Rewards composed of what is measured: terms with weights, changes, targets, floors; and when they are known.

The reward of a period is made from what had been published of it by some month, never from the truth. A term that is
not known yet makes the reward unknown (NaN), not smaller.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from wildsim.core.errors import InputError
from wildsim.indicators import INDICATORS
from wildsim.sensors.reading import Reading

#: (indicator, month, period) -> what was known of that period in that month: `Sensors.as_of`.
AsOf = Callable[[str, int, int], Reading]


@dataclass(frozen=True)
class Term:
    """One part of a reward.

    Attributes:
        indicator: What is read. weight: Reward per unit of what `of` makes of it.
        of: The value itself, its change over `over` months, its relative growth over them, or its ratio to `per`.
        target: Rewarded is the nearness to it: minus the distance. NaN for none.
        floor, ceiling: A constraint: minus what is missing to the floor, or what is above the ceiling. NaN for none.
    """

    indicator: str
    weight: float
    of: Literal["level", "change", "growth", "ratio"] = "level"
    over: int = 12
    per: str = ""
    target: float = math.nan
    floor: float = math.nan
    ceiling: float = math.nan

    def __post_init__(self) -> None:
        """Check that the parts go together.

        Raises:
            InputError: A ratio names nothing to divide by, or more than one of target, floor, ceiling is given.
        """
        if (self.of == "ratio") != bool(self.per):
            raise InputError(f"{self.indicator}: a ratio needs `per`, another indicator; nothing else has it.")
        if sum(math.isfinite(aim) for aim in (self.target, self.floor, self.ceiling)) > 1:
            raise InputError(f"{self.indicator}: give one of target, floor and ceiling.")

    def value(self, as_of: AsOf, month: int, period: int) -> float:
        """Return this part of the reward of `period`, as known in `month`; NaN where it is not known yet."""
        made = self._made(as_of, month, period)
        if math.isfinite(self.target):
            made = -abs(made - self.target)
        elif self.constrains:
            made = min(self.room(made), 0.0) if math.isfinite(made) else math.nan
        return self.weight * made

    @property
    def constrains(self) -> bool:
        """Whether it is a floor or a ceiling."""
        return math.isfinite(self.floor) or math.isfinite(self.ceiling)

    def room(self, made: float) -> float:
        """Return how far a value is on the right side of the floor or ceiling; negative where it is broken.

        Args:
            made: What `of` makes of the indicator: a level, change, growth or ratio.
        """
        return made - self.floor if math.isfinite(self.floor) else self.ceiling - made

    def readings(self, as_of: AsOf, month: int, period: int) -> list[Reading]:
        """Return what it is made of, as known in `month`: the indicator in `period`, and what that is set against."""
        now = as_of(self.indicator, month, period)
        if self.of == "level":
            return [now]
        other = (self.per, period) if self.of == "ratio" else (self.indicator, period - self.over)
        return [now, as_of(other[0], month, other[1])]

    def _made(self, as_of: AsOf, month: int, period: int) -> float:
        now, *other = (reading.value for reading in self.readings(as_of, month, period))
        if self.of == "level":
            return now
        if self.of == "change":
            return now - other[0]
        return _over(now, other[0]) - (1.0 if self.of == "growth" else 0.0)

    @property
    def unit(self) -> str:
        """What a reward of 1 is per, in words."""
        unit = INDICATORS[self.indicator].unit
        if self.of == "growth":
            return f"share, growth over {self.over} months"
        if self.of == "ratio":
            return f"{unit} / {INDICATORS[self.per].unit}"
        return unit if self.of == "level" else f"{unit}, change over {self.over} months"

    def __str__(self) -> str:
        """Return the term in words, units written out."""
        what = self.indicator if self.of == "level" else f"{self.of} of {self.indicator}"
        what = f"{self.indicator} / {self.per}" if self.of == "ratio" else what
        for aim, words in ((self.target, "distance of {} from {:g}"), (self.floor, "what {} lacks to {:g}")):
            what = words.format(what, aim) if math.isfinite(aim) else what
        what = f"what {what} exceeds {self.ceiling:g} by" if math.isfinite(self.ceiling) else what
        aimed = any(math.isfinite(aim) for aim in (self.target, self.floor, self.ceiling))
        sign = -self.weight if aimed else self.weight
        return f"{sign:+g} x {what} [{self.unit}]"


@dataclass(frozen=True)
class Rewarded:
    """The reward of a period.

    Attributes:
        period: Month that it is for. known_in: Month of the newest release that it rests on, or will rest on.
        value: NaN as long as a term is not known. parts: By indicator of the terms, in their order.
    """

    period: int
    known_in: int
    value: float
    parts: dict[str, float]


@dataclass(frozen=True)
class Reward:
    """A sum of terms.

    Attributes:
        terms: Its parts, one an indicator. discount: Worth of a month later relative to now, 0 to 1.
    """

    terms: tuple[Term, ...]
    discount: float = 1.0

    def __post_init__(self) -> None:
        """Check the terms.

        Raises:
            InputError: Two speak of one indicator.
        """
        names = [term.indicator for term in self.terms]
        if len(set(names)) < len(names):
            raise InputError(f"one term an indicator: {', '.join(names)}.")

    def of(self, as_of: AsOf, month: int, period: int) -> Rewarded:
        """Return the reward of `period`, as known in `month`."""
        parts = {term.indicator: term.value(as_of, month, period) for term in self.terms}
        names = [name for term in self.terms for name in (term.indicator, term.per) if name]
        known_in = max(as_of(name, month, period).vintage for name in names)
        values = list(parts.values())
        return Rewarded(period, known_in, math.fsum(values) if _all_known(values) else math.nan, parts)

    def newest(self, as_of: AsOf, now: int) -> list[Rewarded]:
        """Return the reward of the newest period of which every part is known; none where nothing is rewarded."""
        if not self.terms:
            return []
        late = self.of(as_of, now, now - 1).known_in - (now - 1)
        return [self.of(as_of, now, now - late)]

    def total(self, rewards: Sequence[float]) -> float:
        """Return the discounted sum of the rewards of months in a row; NaN where one is not known."""
        worth = [reward * self.discount**k for k, reward in enumerate(rewards)]
        return math.fsum(worth) if _all_known(worth) else math.nan

    def mean_from(self, rewards: Mapping[int, float], begin: int) -> float:
        """Return the discounted mean a month of the rewards of months from `begin` on; NaN where one is not known.

        Args:
            rewards: By month.
        """
        months = [month for month in sorted(rewards) if month >= begin]
        worth = [self.discount ** (month - begin) for month in months]
        values = [rewards[month] for month in months]
        if not months or not _all_known(values):
            return math.nan
        return math.fsum(w * value for w, value in zip(worth, values, strict=True)) / math.fsum(worth)

    def __str__(self) -> str:
        """Return the reward in words, a line a term."""
        return "\n".join(map(str, self.terms))


def _over(above: float, below: float) -> float:
    """Return a ratio; NaN where it is none."""
    return above / below if below else math.nan


def _all_known(values: Sequence[float]) -> bool:
    return all(map(math.isfinite, values))


def shaped(rewards: Sequence[float], potentials: Sequence[float], discount: float) -> list[float]:
    """Return rewards with a potential's change added, which no policy gains by in the end.

    Source: Ng, Harada, Russell 1999: F = discount x potential after - potential before leaves the best policy as it is.

    Args:
        rewards: Of n steps. potentials: Of the n + 1 states before, between and after them.

    Raises:
        InputError: There is not one state more than there are steps.
    """
    if len(potentials) != len(rewards) + 1:
        raise InputError(f"{len(rewards)} rewards need {len(rewards) + 1} potentials; there are {len(potentials)}.")
    return [
        reward + discount * after - before
        for reward, before, after in zip(rewards, potentials, potentials[1:], strict=False)
    ]
