"""Rewards through a surrogate: what is known early stands for what is meant and known late; never without its test.

Whether it may stand for it is tested where both are known. The effect through a surrogate cannot be had without that
test: the object has no bare value, it gives effect, test and bound of the bias together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from scipy import special

from wildsim.core.errors import InputError
from wildsim.core.table import F64
from wildsim.feedback.judge import LEVEL, WIDE

#: Cases for each coefficient below which nothing is said.
FEWEST_EACH = 10
#: Least share of the effect that a surrogate must explain, at the lower end of its interval (Freedman et al. 1992).
LEAST_EXPLAINED = 0.5


@dataclass(frozen=True)
class Surrogacy:
    """The test of a surrogate, from a study in which treatment, surrogate and outcome are known.

    Attributes:
        effect, effect_se: Of the treatment on the outcome, in its unit. direct, direct_se: What of it does not go
            through the surrogate. slopes: Outcome per unit of each surrogate, shape (surrogates); covariance: Theirs.
        moves, p_moves: Does the treatment move the surrogate (F test, chance of as much without). p_matters: Does the
            surrogate go along with the outcome, the treatment held. p_direct: Of no direct effect.
        explained, explained_low: Share of the effect that goes through the surrogate, and the lower end of its 95 %
            interval; NaN where there is no clear effect to explain.
        cases: How many it rests on.
    """

    effect: float
    effect_se: float
    direct: float
    direct_se: float
    slopes: F64
    covariance: F64
    moves: F64
    p_moves: float
    p_matters: float
    p_direct: float
    explained: float
    explained_low: float
    cases: int

    @property
    def verdict(self) -> Literal["supported", "refuted", "open"]:
        """Prentice's criterion: refuted by a direct effect; supported where none is seen and half is surely explained.

        Nothing seen in a small study supports nothing: then it is open.
        """
        if self.p_direct < LEVEL:
            return "refuted"
        meets = self.p_moves < LEVEL and self.p_matters < LEVEL and self.explained_low >= LEAST_EXPLAINED
        return "supported" if meets else "open"

    @property
    def bias_bound(self) -> float:
        """By how much an effect through the surrogate may be off: the largest direct effect that the test allows.

        In the outcome's unit; 95 %, for a treatment whose direct effect is that of the study.
        """
        return abs(self.direct) + WIDE * self.direct_se

    def __str__(self) -> str:
        """Return the test in words."""
        share = f"{self.explained:.0%}" if math.isfinite(self.explained) else "an unknown share"
        low = f" (at least {max(self.explained_low, 0.0):.0%})" if math.isfinite(self.explained_low) else ""
        return (
            f"surrogacy {self.verdict} on {self.cases:,} cases: {share}{low} of the effect goes through it, "
            f"direct effect {self.direct:+.3g} (p = {self.p_direct:.2g}); bias at most {self.bias_bound:.3g}"
        )


def surrogacy(treated: F64, surrogate: F64, outcome: F64) -> Surrogacy:
    """Return the test of a surrogate; linear.

    Source: Prentice 1989, the four criteria; share explained: Freedman, Graubard, Schatzkin 1992, 1 - direct / effect,
        its interval by Fieller 1954 for a ratio of two estimates that hang together.

    Args:
        treated: 1 for treated at random, 0 for not, shape (cases). surrogate: Shape (cases) or (cases, surrogates).
        outcome: What is meant, shape (cases).

    Raises:
        InputError: There are too few cases, one arm alone, a number missing, or surrogates that say the same.
    """
    arm, early, late = _checked(treated, surrogate, outcome)
    cases, count = early.shape
    whole = _fit(np.column_stack([np.ones(cases), arm]), late)
    both = _fit(np.column_stack([np.ones(cases), arm, early]), late)
    first = _fit(np.column_stack([np.ones(cases), early]), arm)
    effect, direct = float(whole.slopes[1]), float(both.slopes[1])
    effect_se, direct_se = math.sqrt(whole.covariance[1, 1]), math.sqrt(both.covariance[1, 1])
    # both are sums over the same residuals: Cov(effect, direct) = Var(direct's residual) / cases between arms
    covariance = both.variance * (whole.covariance[1, 1] / whole.variance)
    explained, low = _explained(effect, direct, effect_se, direct_se, covariance)
    slopes, spread = both.slopes[2:], both.covariance[2:, 2:]
    left = cases - count - 2
    return Surrogacy(
        effect,
        effect_se,
        direct,
        direct_se,
        slopes,
        spread,
        early[arm == 1].mean(axis=0) - early[arm == 0].mean(axis=0),
        _f_test(first.slopes[1:], first.covariance[1:, 1:], cases - count - 1),
        _f_test(slopes, spread, left),
        2.0 * float(special.stdtr(left, -abs(direct) / direct_se)),
        explained,
        low,
        cases,
    )


class Together(NamedTuple):
    """An effect through a surrogate with all that must stand beside it.

    Attributes:
        effect, se: In the outcome's unit. bias_bound: By how much it may be off beside chance. test: Whether the
            surrogate may stand for the outcome.
    """

    effect: float
    se: float
    bias_bound: float
    test: Surrogacy

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval, widened by the bound of the bias."""
        wide = self.bias_bound + WIDE * self.se
        return self.effect - wide, self.effect + wide


class SurrogateEffect:
    """The effect of a treatment on an outcome that is not known yet, through its surrogate.

    It has no value of its own: `together()` gives effect, standard error, bound of the bias and test at once.
    """

    __slots__ = ("__together",)

    def __init__(self, treated: F64, surrogate: F64, test: Surrogacy):
        """Take a new study in which the surrogate is known, and the test of it.

        Source: the surrogate index of Athey, Chetty, Imbens, Kang 2019, linear; the index is fitted with the treatment
            held, so that what is left out is the direct effect alone, which `Surrogacy.bias_bound` bounds.

        Args:
            treated: As in `surrogacy`, of the new study. surrogate: The same surrogates, in the same order.

        Raises:
            InputError: There are too few cases, or other surrogates than those tested.
        """
        arm, early, _ = _checked(treated, surrogate, np.zeros(len(treated)))
        if early.shape[1] != len(test.slopes):
            raise InputError(f"{len(test.slopes)} surrogates were tested; {early.shape[1]} are given.")
        index = early @ test.slopes
        yes, no = arm == 1, arm == 0
        moved = early[yes].mean(axis=0) - early[no].mean(axis=0)
        chance = float(index[yes].var(ddof=1)) / yes.sum() + float(index[no].var(ddof=1)) / no.sum()
        se = math.sqrt(chance + float(moved @ test.covariance @ moved))
        self.__together = Together(float(moved @ test.slopes), se, test.bias_bound, test)

    def together(self) -> Together:
        """Return the effect with all that must stand beside it."""
        return self.__together

    def __str__(self) -> str:
        """Return the effect and its test."""
        effect, se, _, test = self.__together
        return f"{effect:+.4g} +- {WIDE * se:.2g} through a surrogate; {test}"

    __repr__ = __str__


class _Fit(NamedTuple):
    slopes: F64
    covariance: F64
    variance: float


def _fit(x: F64, y: F64) -> _Fit:
    """Return ordinary least squares: slopes, their covariance, variance of residuals."""
    if np.linalg.matrix_rank(x) < x.shape[1]:
        raise InputError("treatment and surrogates are not told apart: one is a sum of others, or does not move.")
    inverse = np.linalg.inv(x.T @ x)
    slopes = inverse @ (x.T @ y)
    left = y - x @ slopes
    variance = float(left @ left) / (len(y) - x.shape[1])
    return _Fit(slopes, variance * inverse, variance)


def _f_test(slopes: F64, covariance: F64, left: int) -> float:
    """Return the chance of slopes as far from zero (Wald's F)."""
    count = len(slopes)
    return float(special.fdtrc(count, left, float(slopes @ np.linalg.solve(covariance, slopes)) / count))


def _explained(effect: float, direct: float, effect_se: float, direct_se: float, shared: float) -> tuple[float, float]:
    """Return 1 - direct / effect and the lower end of its interval; NaN where the effect may be none (Fieller)."""
    if abs(effect) <= WIDE * effect_se:
        return math.nan, math.nan
    a = effect**2 - WIDE**2 * effect_se**2
    b = effect * direct - WIDE**2 * shared
    c = direct**2 - WIDE**2 * direct_se**2
    highest = (b + math.sqrt(max(b**2 - a * c, 0.0))) / a
    return 1.0 - direct / effect, 1.0 - highest


def _checked(treated: F64, surrogate: F64, outcome: F64) -> tuple[F64, F64, F64]:
    arm, late = np.asarray(treated, dtype=np.float64), np.asarray(outcome, dtype=np.float64)
    early = np.asarray(surrogate, dtype=np.float64)
    early = early[:, None] if early.ndim == 1 else early
    if not len(arm) == len(early) == len(late):
        raise InputError(f"{len(arm)} treatments, {len(early)} surrogates, {len(late)} outcomes: each case needs all.")
    if not all(np.isfinite(part).all() for part in (arm, early, late)):
        raise InputError("a number is missing; leave out cases that are not known whole.")
    few = min(int((arm == 1).sum()), int((arm == 0).sum()))
    if not np.isin(arm, (0.0, 1.0)).all() or few < FEWEST_EACH * (early.shape[1] + 1):
        need = FEWEST_EACH * (early.shape[1] + 1)
        raise InputError(f"treated is 1 or 0, {need} cases of each or more; the smaller arm has {few}.")
    return arm, early, late
