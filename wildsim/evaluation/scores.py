"""How good forecasts were: Brier, CRPS, PIT, and whether they were as sure as they had a right to be.

A PIT (probability integral transform) is the chance that the forecast gave to less than what came. Over forecasts made
when the outcome before was known it is uniform if they are calibrated (Dawid 1984; Diebold, Gunther, Tay 1998), and its
normal score is then standard normal.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from wildsim.core.errors import InputError
from wildsim.core.table import F64

#: Fewest outcomes from which a verdict is given.
FEWEST = 10
#: A verdict asks two questions, about centre and spread, each at half the level.
QUESTIONS = 2


@dataclass(frozen=True)
class Brier:
    """Score of forecasts of events, 0 the best.

    Attributes:
        score: Mean squared distance of chance from outcome. reliability: What is lost by chances that are off.
        resolution: What is won by telling cases apart. uncertainty: Score of always saying how often it happens.
            score = reliability - resolution + uncertainty where chances are equal within each bin.
    """

    score: float
    reliability: float
    resolution: float
    uncertainty: float


def brier(chances: F64, happened: F64, bins: int = 10) -> Brier:
    """Return the score of forecasts of events.

    Source: Brier 1950; the parts after Murphy 1973.

    Args:
        chances: Forecast chance of each event, 0 to 1, shape (events). happened: 1 where it came, 0 where not.
        bins: Into how many groups of equal width the chances go for the parts.

    Raises:
        InputError: There are none, or one is no chance or no outcome.
    """
    if not len(chances) or len(chances) != len(happened):
        raise InputError(f"{len(chances)} chances and {len(happened)} outcomes make no score.")
    if not (((chances >= 0) & (chances <= 1)).all() and np.isin(happened, (0.0, 1.0)).all()):
        raise InputError("chances lie between 0 and 1, outcomes are 0 or 1.")
    group = np.minimum((chances * bins).astype(np.int64), bins - 1)
    count = np.bincount(group, minlength=bins).astype(np.float64)
    some = count > 0
    said = np.bincount(group, chances, bins)[some] / count[some]
    came = np.bincount(group, happened, bins)[some] / count[some]
    rate, weight = float(happened.mean()), count[some] / len(chances)
    return Brier(
        float(((chances - happened) ** 2).mean()),
        float((weight * (said - came) ** 2).sum()),
        float((weight * (came - rate) ** 2).sum()),
        rate * (1.0 - rate),
    )


def crps_normal(mean: F64, sd: F64, outcome: F64) -> F64:
    """Return the continuous ranked probability score of normal forecasts, in the outcome's unit, 0 the best.

    Source: Gneiting, Raftery 2007, Strictly proper scoring rules, section 4.2 (there with the sign turned).

    Args:
        mean, sd: Of each forecast, shape (forecasts), sd above 0. outcome: What came.
    """
    z = (outcome - mean) / sd
    score: F64 = sd * (z * (2.0 * stats.norm.cdf(z) - 1.0) + 2.0 * stats.norm.pdf(z) - 1.0 / math.sqrt(math.pi))
    return score


def crps_ensemble(values: F64, outcome: float) -> float:
    """Return the fair score of an ensemble: the mean distance from the outcome less half that among its members.

    Source: Gneiting, Raftery 2007, eq. 21; the distance among members is that of different ones, so that a small
    ensemble is not punished for being small (Ferro 2014).

    Args:
        values: Members, shape (members), two or more. outcome: What came, same unit.
    """
    return float(np.abs(values - outcome).mean()) - distance_among(values) / 2.0


def distance_among(values: F64) -> float:
    """Return the mean distance of two different members (Gini's mean difference), shape (members), two or more.

    Half of it is what an ensemble's fair score is to be if the outcome is as one of its members.
    """
    count = len(values)
    place = 2.0 * np.arange(1, count + 1) - count - 1.0
    return float(2.0 * (place @ np.sort(values)) / (count * (count - 1)))


def pit_ensemble(values: F64, outcome: float, luck: float) -> float:
    """Return the PIT of an ensemble: by rank, spread evenly between neighbours, uniform if the outcome is as a member.

    Source: Czado, Gneiting, Held 2009, on counts; ranks among members: Hamill 2001. Nothing need be normal.

    Args:
        values: Members, shape (members). luck: A uniform draw in (0, 1), independent of everything.
    """
    below, equal = int((values < outcome).sum()), int((values == outcome).sum())
    return (below + luck * (equal + 1)) / (len(values) + 1)


@dataclass(frozen=True)
class Calibration:
    """Whether forecasts were as sure as they had a right to be.

    Attributes:
        words: "calibrated"; or what is wrong: "overconfident" (outcomes lie farther out than said), "underconfident"
            (nearer), "biased high" (outcomes lie below), "biased low", two of them; or "too few".
        n: Outcomes. centre, spread: Mean and standard deviation of their normal scores; 0 and 1 are right.
        p_centre, p_spread: Chance of as much if calibrated. level: Rate of false verdicts, both together.
    """

    words: tuple[str, ...]
    n: int
    centre: float
    spread: float
    p_centre: float
    p_spread: float
    level: float

    def __str__(self) -> str:
        """Return the verdict in words."""
        return " and ".join(self.words)


def calibration(scores: F64, level: float = 0.05) -> Calibration:
    """Return the verdict on independent forecasts.

    The spread is judged about the scores' own mean (chi squared), the centre by their own spread (Student's t), so that
    neither mistake is taken for the other. Each at half the level (Bonferroni).

    Args:
        scores: Normal scores of the PITs, shape (forecasts).
    """
    n, centre, spread = _moments(scores)
    if n < FEWEST:
        return Calibration(("too few",), n, centre, spread, math.nan, math.nan, level)
    below = float(stats.chi2.cdf((n - 1) * spread**2, n - 1))
    p_spread = 2.0 * min(below, 1.0 - below)
    p_centre = float(2.0 * stats.t.sf(abs(centre) * math.sqrt(n) / spread, n - 1)) if spread > 0.0 else math.nan
    return _verdict(n, centre, spread, p_centre, p_spread, level)


def calibration_among(scores: F64, members: F64, level: float = 0.05) -> Calibration:
    """Return the verdict on forecasts of one ensemble of paths, whose outcomes hang together.

    If the world is as the ensemble's members, its centre and spread rank among theirs anywhere: their ranks are the
    test, however outcomes hang together (as in conformal prediction: Vovk, Gammerman, Shafer 2005).

    Args:
        scores: Of the outcomes, shape (forecasts). members: The same of each member beside the others, shape
            (members, forecasts).
    """
    n, centre, spread = _moments(scores)
    if n < FEWEST or len(members) < fewest_paths(level):
        return Calibration(("too few",), n, centre, spread, math.nan, math.nan, level)
    p_centre = _rank(centre, members.mean(axis=1))
    with np.errstate(divide="ignore"):
        p_spread = _rank(float(np.log(spread)), np.log(members.std(axis=1, ddof=1)))
    return _verdict(n, centre, spread, p_centre, p_spread, level)


def fewest_paths(level: float = 0.05) -> int:
    """Return how many members an ensemble of paths needs for a verdict other than "calibrated" to be possible."""
    return math.ceil(QUESTIONS / level)


def _rank(value: float, members: F64) -> float:
    """Return the chance that a member is as far from 0 as a value."""
    return (1 + int((np.abs(members) >= abs(value)).sum())) / (len(members) + 1)


def _moments(scores: F64) -> tuple[int, float, float]:
    """Return how many scores there are, their mean and standard deviation; NaN for too few."""
    n = len(scores)
    return n, float(scores.mean()) if n else math.nan, float(scores.std(ddof=1)) if n > 1 else math.nan


def _verdict(n: int, centre: float, spread: float, p_centre: float, p_spread: float, level: float) -> Calibration:
    words = []
    if p_spread < level / QUESTIONS:
        words.append("overconfident" if spread > 1.0 else "underconfident")
    if p_centre < level / QUESTIONS:
        words.append("biased low" if centre > 0.0 else "biased high")
    return Calibration(tuple(words) or ("calibrated",), n, centre, spread, p_centre, p_spread, level)


@dataclass(frozen=True)
class Claimed:
    """The score that came beside the one that the forecasts promised.

    Attributes:
        ratio: Mean of score / promised score; 1 if calibrated, more where outcomes lie farther out for any reason.
        p: Chance of a ratio as far from 1 if calibrated and independent.
    """

    ratio: float
    p: float


def against_claimed(scores: F64, claimed: F64) -> Claimed:
    """Return whether the scores are what the forecasts promised.

    Source: after Held, Rufibach, Balabdaoui 2010, A score regression approach to assess calibration; here Student's t
    on the ratios.

    Args:
        scores: CRPS of each forecast, shape (forecasts). claimed: Its expectation if the forecast is right, above 0:
            sd / sqrt(pi) of a normal one, half of `distance_among` of an ensemble.
    """
    ratios = scores / claimed
    if len(ratios) < FEWEST or not ratios.std() > 0.0:
        return Claimed(float(ratios.mean()) if len(ratios) else math.nan, math.nan)
    return Claimed(float(ratios.mean()), float(stats.ttest_1samp(ratios, 1.0).pvalue))
