"""The verdict of the sealed indicators on a candidate: whether what was meant got better, or worse."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from wildsim.engine.paired import effect, holm
from wildsim.engine.summary import cube, mean, means, spread
from wildsim.indicators import INDICATORS

if TYPE_CHECKING:
    import pandas as pd

#: Error rate of the family of sealed indicators.
LEVEL = 0.05
Word = Literal["adopt", "reject", "inconclusive"]


@dataclass(frozen=True)
class Judged:
    """One sealed indicator, baseline and candidate paired by seed.

    Attributes:
        indicator: Its name. baseline, candidate: Mean over seeds of the mean of the months judged, in its unit.
        difference, low, high: Candidate less baseline, with its 95 % interval. n: Pairs. p, p_adjusted: Two-sided t
            test, Holm's correction over the sealed indicators. gain: The difference in the direction that is better,
            in standard deviations of the baseline between worlds; NaN where these do not differ.
    """

    indicator: str
    baseline: float
    candidate: float
    difference: float
    low: float
    high: float
    n: int
    p: float
    p_adjusted: float
    gain: float

    @property
    def gain_interval(self) -> tuple[float, float]:
        """The 95 % interval of `gain`, its lower end first."""
        per = self.gain / self.difference if self.difference else math.nan
        low, high = sorted((self.low * per, self.high * per))
        return low, high

    @property
    def says(self) -> Literal["better", "worse", "no clear change"]:
        """What it says after the correction for several indicators."""
        if not self.p_adjusted < LEVEL:
            return "no clear change"
        return "better" if self.difference * INDICATORS[self.indicator].direction > 0.0 else "worse"


@dataclass(frozen=True)
class Verdict:
    """What the sealed indicators say together.

    Attributes:
        word: reject where one is worse; adopt where one is better and none worse; else inconclusive.
        judged: Each indicator. opened: How often the question was opened, this time included.
    """

    word: Word
    judged: tuple[Judged, ...]
    opened: int

    @property
    def gain(self) -> float:
        """Mean gain of the sealed indicators, standard deviations between worlds; NaN where none is known."""
        known = [one.gain for one in self.judged if math.isfinite(one.gain)]
        return math.fsum(known) / len(known) if known else math.nan


def verdict_of(baseline: pd.DataFrame, candidate: pd.DataFrame, asked: tuple[str, ...], opened: int) -> Verdict:
    """Judge a candidate.

    Args:
        baseline, candidate: The months judged, index (seed, month), the same seeds in both. asked: Sealed indicators.
        opened: How often the question was opened.
    """
    before, after = cube(baseline[list(asked)]), cube(candidate[list(asked)])
    pairs = [(means(before[:, :, k]), means(after[:, :, k])) for k in range(len(asked))]
    effects = [effect(new - old) for old, new in pairs]
    adjusted = holm(np.array([one.p for one in effects]))
    judged = []
    for name, (old, new), one, p in zip(asked, pairs, effects, adjusted, strict=True):
        paired = ~np.isnan(new - old)
        facts: dict[str, Any] = {part: getattr(one, part) for part in ("difference", "low", "high", "n", "p")}
        gain = standardised(one.difference * INDICATORS[name].direction, old)
        judged.append(Judged(name, mean(old[paired]), mean(new[paired]), **facts, p_adjusted=float(p), gain=gain))
    return Verdict(_word(judged), tuple(judged), opened)


def standardised(gain: float, baseline: np.ndarray[Any, Any]) -> float:
    """Return a gain in standard deviations of the baseline between worlds; NaN where the worlds do not differ."""
    per = spread(baseline)
    return gain / per if per > 0.0 else math.nan


def _word(judged: list[Judged]) -> Word:
    said = {one.says for one in judged}
    return "reject" if "worse" in said else "adopt" if "better" in said else "inconclusive"
