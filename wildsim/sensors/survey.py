"""A sample survey of people: a frame, a sample, who answers, weights, and a standard error."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from wildsim.core.errors import InputError, did_you_mean
from wildsim.core.table import I64
from wildsim.indicators import INDICATORS
from wildsim.sensors import SENSORS
from wildsim.sensors.estimates import (
    NOTHING,
    Estimate,
    Weights,
    equal_weights,
    gaussian_scale,
    laplace,
    post_stratified,
    ratio,
    reach_of_one,
)
from wildsim.sensors.questions import MONTHS_OF, QUESTIONS, at_home
from wildsim.sensors.reading import Past, PublishedOnce, kept_as, luck_of
from wildsim.state.whom import column_of
from wildsim.state.world import WorldView

#: Lower ends of the age groups that weights know, years.
AGES = (15, 25, 35, 45, 55, 65)

#: Which rows of people refuse more or less often than others, and with which chance these answer.
Refusal = tuple[Callable[[WorldView], NDArray[np.bool_]], float]


@SENSORS.register("survey")
@dataclass(frozen=True)
class Survey(PublishedOnce):
    """A new sample each month, drawn without replacement from those who live at home; the draws are keyed.

    Attributes:
        sample: People drawn. response: Chance that one answers. refusals: Groups that answer with another chance; the
            last one that fits holds. weights: What the frame knows and answers are weighted by; none: all alike.
        lag: Months from the month asked about to publication. top_code: What larger answers are cut to; NaN: none are.
        epsilon: Differential privacy of each answer, given the totals: noise of Laplace (Dwork et al. 2006). NaN: none.
        delta: Chance that epsilon does not hold: normal noise instead (Balle, Wang 2018). NaN: Laplace.
    """

    name: ClassVar[str] = "survey"
    doc: ClassVar[str] = "A sample of people each month: not everybody answers, weights put right what the frame knows."
    measures: ClassVar[str] = ", ".join(QUESTIONS)
    keeps: ClassVar[tuple[str, ...]] = ("value", "se", "month", "month_se")

    sample: int
    response: float = 1.0
    refusals: tuple[Refusal, ...] = ()
    weights: tuple[str, ...] = ("age", "sex")
    lag: int = 1
    top_code: float = math.nan
    epsilon: float = math.nan
    delta: float = math.nan

    def check(self, indicator: str) -> None:
        """Raise if people cannot be asked about an indicator.

        Raises:
            InputError: With those about which they can.
        """
        if indicator not in QUESTIONS:
            can = ", ".join(QUESTIONS)
            raise InputError(f"no survey asks about '{indicator}'.{did_you_mean(indicator, QUESTIONS)} It can: {can}.")
        if math.isfinite(self.epsilon) and not self._most(indicator) < math.inf:
            raise InputError(f"answers about '{indicator}' know no bound; noise cannot hide one: give a top_code.")

    def observe(self, view: WorldView, indicator: str) -> Mapping[str, float]:
        """Ask about the month that ends, and return what is to be remembered.

        That is the estimate, its standard error and the share that answered; where the indicator is a mean over
        months, the mean of as many surveys, each with an independent sample, and the newest of them.
        """
        found = self.estimate(view, indicator)
        kept = {"value": found.value, "se": found.se, "answered": found.answers / max(self._asked(view), 1)}
        months = MONTHS_OF.get(indicator, 1)
        if months == 1:
            return kept
        mean, error = _mean_of(view, indicator, found, months)
        return kept | {"month": found.value, "month_se": found.se, "value": mean, "se": error}

    def _asked(self, view: WorldView) -> int:
        return min(self.sample, int(at_home(view).sum()))

    def estimate(self, view: WorldView, indicator: str) -> Estimate:
        """Return what a sample of this month says, with the noise that privacy asks for."""
        if not view.has(INDICATORS[indicator].sector):
            return NOTHING
        frame = np.flatnonzero(at_home(view))
        rows = self._answers(view, indicator, frame)
        if not len(rows):
            return NOTHING
        above, below = QUESTIONS[indicator](view)
        if math.isfinite(self.top_code):
            above = np.minimum(above, self.top_code)
        weights = self._weights(view, rows, frame)
        found = ratio(above[rows], below[rows], weights)
        if not math.isfinite(self.epsilon) or not math.isfinite(found.value):
            return found
        return self._hidden(view, indicator, found, reach_of_one(below[rows], weights, self._most(indicator)))

    def _hidden(self, view: WorldView, indicator: str, found: Estimate, reach: float) -> Estimate:
        """Return an estimate with the noise that hides any one answer, and with the error that this adds."""
        if not math.isfinite(reach):
            return NOTHING
        luck = float(luck_of(view.keys, f"privacy.{indicator}", view.month, 1)[0])
        if math.isfinite(self.delta):
            spread = reach * gaussian_scale(self.epsilon, self.delta)
            return Estimate(found.value + spread * float(ndtri(luck)), math.hypot(found.se, spread), found.answers)
        size = reach / self.epsilon
        return Estimate(found.value + laplace(luck, size), math.hypot(found.se, math.sqrt(2.0) * size), found.answers)

    def _most(self, indicator: str) -> float:
        """Return the largest answer: 1 for shares, the top code for amounts, which else know no bound."""
        if INDICATORS[indicator].unit == "share":
            return 1.0
        return self.top_code if math.isfinite(self.top_code) else math.inf

    def _answers(self, view: WorldView, indicator: str, frame: I64) -> I64:
        """Return the rows of those who were drawn and answered."""
        drawn, answers = view.uniform_of(f"survey.{indicator}", "people", frame, 2)
        order = np.argsort(drawn, kind="stable")[: self.sample]
        chance = np.full(len(view.people), self.response)
        for refuses, share in self.refusals:
            chance[refuses(view)] = share
        chosen = frame[order]
        return np.sort(chosen[answers[order] < chance[chosen]])

    def _weights(self, view: WorldView, rows: I64, frame: I64) -> Weights:
        if not self.weights:
            return equal_weights(len(rows), len(frame))
        cells = _cells(view, self.weights)
        return post_stratified(cells[rows], np.bincount(cells[frame], minlength=int(cells.max()) + 1))

    def complete(self, past: Past, indicator: str, period: int) -> float:
        """Return the share of those drawn for a period who answered; 0 where that is not known."""
        share = past.value(kept_as(indicator, "answered"), period)
        return 0.0 if math.isnan(share) else share

    def known(self, past: Past, indicator: str, period: int) -> tuple[float, float]:
        """Return what the survey of a period said, and its standard error."""
        return past.value(kept_as(indicator, "value"), period), past.value(kept_as(indicator, "se"), period)


def _mean_of(view: WorldView, indicator: str, newest: Estimate, months: int) -> tuple[float, float]:
    """Return the mean of the newest estimate and of those known of the months before, and its standard error."""
    before = [
        [view.history.last(kept_as(indicator, what), ago) for ago in range(months - 1)]
        for what in ("month", "month_se")
    ]
    values, errors = np.array([newest.value, *before[0]]), np.array([newest.se, *before[1]])
    known = np.isfinite(values)
    if not known.any():
        return math.nan, math.nan
    return float(values[known].mean()), math.sqrt(float((errors[known] ** 2).sum())) / int(known.sum())


def _cells(view: WorldView, known: tuple[str, ...]) -> I64:
    """Return everybody's cell by what the frame knows, shape (people); neighbours are alike in what comes first."""
    cells = np.zeros(len(view.people), dtype=np.int64)
    for name in known:
        values = column_of(view, name)
        codes = np.searchsorted(AGES, values, side="right") if name == "age" else values.astype(np.int64)
        cells = cells * (int(codes.max(initial=0)) + 1) + codes
    return cells
