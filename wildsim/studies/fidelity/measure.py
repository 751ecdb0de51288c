"""How far answers lie from people's, what chance alone would show, and what paraphrases do to them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wildsim.studies.fidelity.experiment import WORDINGS, Experiment, Human, Numbers, Task
from wildsim.studies.fidelity.luck import uniform

#: Samples of people against people, and resamples of answers.
FLOOR_SAMPLES = 1000
RESAMPLES = 400
CONFIDENCE = 0.95
#: Published samples larger than this many times the subjects add nothing to the floor.
NEGLIGIBLE = 50


@dataclass(frozen=True)
class Score:
    """What one subject's answers to one experiment come to.

    Attributes:
        asked: Tasks. used: Answers that could be used. unusable: Others by reason (ours). mean, sd: Of the used ones.
        distance, distance_interval: Wasserstein-1 to people as a part of the range of answers, with a 95 % interval.
        shift, shift_interval: Mean less people's, in standard deviations of people, with a 95 % interval.
    """

    asked: int
    used: int
    unusable: dict[str, int]
    mean: float
    sd: float
    distance: float
    distance_interval: tuple[float, float]
    shift: float
    shift_interval: tuple[float, float]


@dataclass(frozen=True)
class Floor:
    """People against people: distances of a fresh sample of as many people from the published one.

    Attributes:
        subjects: How many were drawn. median: Of the distances. limit: Their 95th percentile; NaN without subjects.
    """

    subjects: int
    median: float
    limit: float


@dataclass(frozen=True)
class Robustness:
    """What should change nothing, in standard deviations of people.

    Attributes:
        wording_means: Mean answer to each wording, unit of the field. wording_spread: Highest less lowest of them.
        wording_luck: What the spread would not exceed in 95 % of cases if wordings did nothing.
        order_shift: Mean with the listing reversed less mean with it as it is. order_luck: As above, for its size.
    """

    wording_means: tuple[float, ...]
    wording_spread: float
    wording_luck: float
    order_shift: float
    order_luck: float


def usable(
    experiment: Experiment, answers: Sequence[float | None]
) -> tuple[Numbers, NDArray[np.bool_], dict[str, int]]:
    """Return the answers that a person could have given, which of all they are, and why the others are none."""
    asked, kept = experiment.field, []
    why: dict[str, int] = {}
    for answer in answers:
        wrong = ""
        if answer is None or not math.isfinite(answer):
            wrong = "no answer"
        elif not asked.low <= answer <= asked.high:
            wrong = "outside the range"
        elif asked.whole and answer != round(answer):
            wrong = "not whole"
        if wrong:
            why[wrong] = why.get(wrong, 0) + 1
        kept.append(not wrong)
    where = np.array(kept, dtype=bool)
    values = [float(answer) for answer, ok in zip(answers, kept, strict=True) if ok and answer is not None]
    return np.array(values, dtype=np.float64), where, dict(sorted(why.items()))


def distance(experiment: Experiment, values: Numbers, people: Numbers | None = None) -> float:
    """Return the Wasserstein-1 distance of answers to people's, as a part of the range; NaN without answers.

    Args:
        people: Answers of a sample of people; where left out, the published distribution.
    """
    from scipy.stats import wasserstein_distance

    if not values.size:
        return math.nan
    human = experiment.human
    if people is None:
        return float(wasserstein_distance(values, human.points, None, human.weights)) / experiment.span
    return float(wasserstein_distance(values, people)) / experiment.span


def score(experiment: Experiment, answers: Sequence[float | None], seed: int, who: str) -> Score:
    """Return what the answers come to; intervals by bootstrap, keyed by `seed`, the experiment and `who`."""
    values, _, why = usable(experiment, answers)
    human = experiment.human
    if not values.size:
        nothing = (math.nan, math.nan)
        return Score(len(answers), 0, why, math.nan, math.nan, math.nan, nothing, math.nan, nothing)
    luck = uniform(seed, f"resample.{experiment.name}.{who}", RESAMPLES, values.size)
    resampled = values[(luck * values.size).astype(np.int64)]
    shifts = (resampled.mean(axis=1) - human.mean) / human.sd
    return Score(
        asked=len(answers),
        used=int(values.size),
        unusable=why,
        mean=float(values.mean()),
        sd=float(values.std()),
        distance=distance(experiment, values),
        distance_interval=_interval(np.array([distance(experiment, one) for one in resampled])),
        shift=float((values.mean() - human.mean) / human.sd),
        shift_interval=_interval(shifts),
    )


def _interval(values: Numbers) -> tuple[float, float]:
    low, high = np.quantile(values, [(1.0 - CONFIDENCE) / 2.0, (1.0 + CONFIDENCE) / 2.0])
    return float(low), float(high)


def floor(experiment: Experiment, subjects: int, seed: int) -> Floor:
    """Return what a sample of `subjects` people would show beside the published one.

    Where the published sample is known and small, its own luck is part of it: both samples are drawn.
    """
    if not subjects:
        return Floor(0, math.nan, math.nan)
    human = experiment.human
    fresh = human.draw(uniform(seed, f"floor.{experiment.name}", FLOOR_SAMPLES, subjects))
    published = _published(human, subjects)
    if published:
        old = human.draw(uniform(seed, f"published.{experiment.name}", FLOOR_SAMPLES, published))
        found = [distance(experiment, one, other) for one, other in zip(fresh, old, strict=True)]
    else:
        found = [distance(experiment, one) for one in fresh]
    return Floor(subjects, float(np.median(found)), float(np.quantile(found, CONFIDENCE)))


def _published(human: Human, subjects: int) -> int:
    """Return how many people the published sample has, 0 where that is unknown or many."""
    return int(human.n) if human.n <= NEGLIGIBLE * subjects else 0


def robustness(experiment: Experiment, tasks: Sequence[Task], answers: Sequence[float | None], seed: int) -> Robustness:
    """Return how far paraphrases and the order of the listing move the mean, beside what chance would.

    Chance: the labels are dealt anew among the answers of each condition.
    """
    values, where, _ = usable(experiment, answers)
    kept = [task for task, ok in zip(tasks, where, strict=True) if ok]
    sd = experiment.human.sd
    wording = np.array([task.wording for task in kept], dtype=np.int64)
    backwards = np.array([task.backwards for task in kept], dtype=np.int64)
    condition = np.array([task.condition for task in kept], dtype=np.int64)
    luck = uniform(seed, f"relabel.{experiment.name}", RESAMPLES, max(values.size, 1))[:, : values.size]
    # dealt within conditions: sorting by (condition, luck) and by (condition) alike gives each place its stand-in
    places = np.argsort(condition, kind="stable")
    dealt = np.array([values[np.lexsort((one, condition))][np.argsort(places)] for one in luck])
    means = _means(values, wording, WORDINGS)
    spreads = [_spread(_means(one, wording, WORDINGS)) for one in dealt]
    orders = [_difference(one, backwards) for one in dealt]
    return Robustness(
        wording_means=tuple(means),
        wording_spread=_spread(means) / sd,
        wording_luck=_high(spreads) / sd,
        order_shift=_difference(values, backwards) / sd,
        order_luck=_high([abs(one) for one in orders]) / sd,
    )


def _means(values: Numbers, groups: NDArray[np.int64], count: int) -> list[float]:
    """Return the mean of each group; NaN where it is empty."""
    parts = [values[groups == group] for group in range(count)]
    return [float(part.mean()) if part.size else math.nan for part in parts]


def _spread(means: Sequence[float]) -> float:
    return max(means) - min(means) if not any(math.isnan(mean) for mean in means) else math.nan


def _difference(values: Numbers, groups: NDArray[np.int64]) -> float:
    plain, reverse = _means(values, groups, 2)
    return reverse - plain


def _high(values: Sequence[float]) -> float:
    known = np.array(values)[~np.isnan(values)] if len(values) else np.empty(0)
    return float(np.quantile(known, CONFIDENCE)) if known.size else math.nan


def by_condition(experiment: Experiment, tasks: Sequence[Task], answers: Sequence[float | None]) -> dict[str, float]:
    """Return the mean answer under each condition by name; empty where the experiment has one alone."""
    if len(experiment.conditions) < 2:
        return {}
    values, where, _ = usable(experiment, answers)
    which = np.array([task.condition for task, ok in zip(tasks, where, strict=True) if ok], dtype=np.int64)
    means = _means(values, which, len(experiment.conditions))
    return {condition.name: mean for condition, mean in zip(experiment.conditions, means, strict=True)}
