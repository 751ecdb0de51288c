"""Rewards that a judge gives who errs: his error is measured on cases whose truth is known, and taken out of his mean.

What is left is an estimate with a standard error that counts both samples: that of what he judged, and that on which he
was measured. Who uses his verdicts as they are is biased, and does not know by how much.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from wildsim.core.errors import InputError
from wildsim.core.table import F64

#: Fewest labelled cases, of each kind where the judge says yes or no.
FEWEST = 10
#: Two-sided chance below which something is said to be more than luck, and standard errors of an interval to match.
LEVEL = 0.05
WIDE = float(special.ndtri(1.0 - LEVEL / 2.0))


@dataclass(frozen=True)
class Estimate:
    """A mean as judged, put right.

    Attributes:
        value: Put right. se: Its standard error, both samples counted. raw: As judged. cases: How many were judged.
    """

    value: float
    se: float
    raw: float
    cases: int

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval (normal)."""
        return self.value - WIDE * self.se, self.value + WIDE * self.se

    def __str__(self) -> str:
        """Return the estimate beside what the judge said."""
        return f"{self.value:.4g} +- {WIDE * self.se:.2g} (as judged {self.raw:.4g}, {self.cases:,} cases)"


@dataclass(frozen=True)
class YesNoJudge:
    """A judge who says yes or no, as he was measured.

    Attributes:
        sensitivity: Share of true cases that he calls so. specificity: Share of false ones that he calls so.
        positives, negatives: Labelled cases of each kind.
    """

    sensitivity: float
    specificity: float
    positives: int
    negatives: int

    @property
    def informedness(self) -> float:
        """Youden's J: sensitivity + specificity - 1; 0 for somebody who guesses."""
        return self.sensitivity + self.specificity - 1.0

    def corrected(self, said: F64) -> Estimate:
        """Return the share of true cases among those that he judged.

        p = (q + specificity - 1) / (sensitivity + specificity - 1), q the share that he calls true; not cut to 0..1,
        which would bias the mean of several.

        Source: Rogan, Gladen 1978; variance of the error rates after Lang, Reiczigel 2014, with one case added to each
            side, so that a judge without a mistake in a small sample is not taken for perfect.

        Args:
            said: 1 for yes, 0 for no, shape (cases).

        Raises:
            InputError: There is no case, or the judge is not clearly better than guessing.
        """
        spread = math.sqrt(
            _shy(self.sensitivity, self.positives) / self.positives
            + _shy(self.specificity, self.negatives) / self.negatives
        )
        if self.informedness <= WIDE * spread:
            raise InputError(
                f"this judge is right in {self.sensitivity:.0%} of true and {self.specificity:.0%} of false cases: not "
                "clearly better than guessing, and nothing puts that right. Take another, or label more cases."
            )
        q, cases = _mean_of_yes(said), len(said)
        value = (q + self.specificity - 1.0) / self.informedness
        share = min(max(value, 0.0), 1.0)
        variance = (
            q * (1.0 - q) / cases
            + share**2 * _shy(self.sensitivity, self.positives) / self.positives
            + (1.0 - share) ** 2 * _shy(self.specificity, self.negatives) / self.negatives
        )
        return Estimate(value, math.sqrt(variance) / self.informedness, q, cases)


def measure_yes_no(said: F64, true: F64) -> YesNoJudge:
    """Return a judge as measured on labelled cases.

    Args:
        said, true: 1 for yes, 0 for no, shape (labelled).

    Raises:
        InputError: There are too few of a kind, or something is neither yes nor no.
    """
    if len(said) != len(true):
        raise InputError(f"{len(said)} verdicts and {len(true)} truths; each case needs both.")
    _mean_of_yes(said)
    _mean_of_yes(true)
    yes = np.asarray(true) == 1
    positives, negatives = int(yes.sum()), int((~yes).sum())
    if min(positives, negatives) < FEWEST:
        raise InputError(f"{positives} true and {negatives} false cases are labelled; {FEWEST} of each are needed.")
    said = np.asarray(said, dtype=np.float64)
    return YesNoJudge(float(said[yes].mean()), float(1.0 - said[~yes].mean()), positives, negatives)


@dataclass(frozen=True)
class ScoreJudge:
    """A judge who gives scores, as he was measured.

    Attributes:
        bias, sd: Mean and standard deviation of score less truth, in the score's unit. labelled: Cases it rests on.
        slope: How much the error grows with a unit of truth; p: chance of as much if it did not.
    """

    bias: float
    sd: float
    labelled: int
    slope: float
    p: float

    @property
    def bias_moves(self) -> bool:
        """Whether the error goes along with the truth: the bias then is another where the mean is another."""
        return self.p < LEVEL

    def corrected(self, said: F64) -> Estimate:
        """Return the true mean of the cases that he scored: their mean score less his bias.

        Source: the difference estimator of survey sampling (Sarndal, Swensson, Wretman 1992); with a machine as judge:
            Angelopoulos, Bates, Fannjiang, Jordan, Zrnic 2023, Prediction-powered inference.

        Args:
            said: Scores, shape (cases), of a population like the labelled one; see `bias_moves`.

        Raises:
            InputError: There are fewer than two cases, or a score is no number.
        """
        given = np.asarray(said, dtype=np.float64)
        if len(given) < 2 or not np.isfinite(given).all():
            raise InputError("two scores or more are needed, all of them numbers.")
        variance = float(given.var(ddof=1)) / len(given) + self.sd**2 / self.labelled
        return Estimate(float(given.mean()) - self.bias, math.sqrt(variance), float(given.mean()), len(given))

    def true_spread(self, said: F64) -> float:
        """Return the standard deviation of what is true behind scores: theirs, less that of the judge's error.

        It holds where the error is independent of the truth; 0 where the scores vary less than the error alone does.
        """
        return math.sqrt(max(float(np.var(said, ddof=1)) - self.sd**2, 0.0))


def measure_scores(said: F64, true: F64) -> ScoreJudge:
    """Return a judge as measured on labelled cases.

    Args:
        said, true: Score and truth of each, in one unit, shape (labelled).

    Raises:
        InputError: There are too few, or something is no number.
    """
    given, truth = np.asarray(said, dtype=np.float64), np.asarray(true, dtype=np.float64)
    if len(given) != len(truth) or len(given) < FEWEST:
        raise InputError(
            f"{len(given)} scores and {len(truth)} truths are labelled; {FEWEST} pairs or more are needed."
        )
    if not (np.isfinite(given).all() and np.isfinite(truth).all()):
        raise InputError("a labelled case needs a number for both, score and truth.")
    error = given - truth
    slope, p = _slope(truth, error)
    return ScoreJudge(float(error.mean()), float(error.std(ddof=1)), len(error), slope, p)


def _mean_of_yes(said: F64) -> float:
    given = np.asarray(said, dtype=np.float64)
    if not len(given) or not np.isin(given, (0.0, 1.0)).all():
        raise InputError("verdicts are 1 for yes and 0 for no, one or more of them.")
    return float(given.mean())


def _shy(rate: float, cases: int) -> float:
    """Return the variance of one case at a rate, as if one more of each kind had been seen."""
    shy = (rate * cases + 1.0) / (cases + 2.0)
    return shy * (1.0 - shy)


def _slope(x: F64, y: F64) -> tuple[float, float]:
    """Return the slope of y on x with its two-sided p (Student's t); none where one of them does not move."""
    spread = x - x.mean()
    of_x = float(spread @ spread)
    if of_x == 0.0 or np.ptp(y) == 0.0:
        return 0.0, 1.0
    slope = float(spread @ y) / of_x
    left = y - y.mean() - slope * spread
    error = math.sqrt(float(left @ left) / (len(x) - 2) / of_x)
    return slope, 0.0 if error == 0.0 else 2.0 * float(special.stdtr(len(x) - 2, -abs(slope) / error))
