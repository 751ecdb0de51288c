"""Distances are exact, chance is keyed, what should change nothing is measured, what is no answer is counted."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from wildsim.studies.fidelity.experiment import Experiment, Human, tasks_of
from wildsim.studies.fidelity.experiments import EXPERIMENTS
from wildsim.studies.fidelity.measure import by_condition, distance, floor, robustness, score, usable
from wildsim.studies.fidelity.subjects import PeopleSubject

DICTATOR = EXPERIMENTS["dictator"]


def with_people(points: tuple[float, ...], shares: tuple[float, ...], n: float = math.nan) -> Experiment:
    return replace(DICTATOR, human=Human(points, shares, n, "x 2000", "counted", ""))


def test_distance_is_the_work_of_moving_answers_to_people_over_the_range() -> None:
    nobody = with_people((0.0,), (1.0,))
    assert distance(nobody, np.array([0.0])) == 0.0
    assert distance(nobody, np.array([100.0])) == 1.0
    assert distance(nobody, np.array([0.0, 50.0])) == pytest.approx(0.25)
    halves = with_people((0.0, 100.0), (0.5, 0.5))
    assert distance(halves, np.array([50.0, 50.0])) == pytest.approx(0.5)
    assert distance(halves, np.array([100.0, 0.0])) == 0.0
    assert math.isnan(distance(halves, np.array([])))


def test_distance_to_a_sample_is_the_mean_gap_of_the_sorted() -> None:
    luck = np.random.Generator(np.random.Philox(3)).uniform(0, 100, (2, 40))
    gap = np.abs(np.sort(luck[0]) - np.sort(luck[1])).mean() / 100
    assert distance(DICTATOR, luck[0], luck[1]) == pytest.approx(gap)


def test_shift_is_in_standard_deviations_of_people() -> None:
    halves = with_people((0.0, 100.0), (0.5, 0.5))
    found = score(halves, [75.0] * 20, 1, "x")
    assert found.shift == pytest.approx(0.5)
    assert found.shift_interval == pytest.approx((0.5, 0.5))
    assert (found.mean, found.sd, found.used, found.asked) == (75.0, 0.0, 20, 20)


def test_intervals_hold_the_estimate_and_are_keyed() -> None:
    answers = [float(value) for value in range(0, 101, 5)]
    one, again, other = (score(DICTATOR, answers, seed, "x") for seed in (1, 1, 2))
    assert one == again
    assert one.shift_interval != other.shift_interval
    assert one.shift_interval[0] < one.shift < one.shift_interval[1]
    half_width = 1.96 * np.std(answers) / math.sqrt(len(answers)) / DICTATOR.human.sd
    assert one.shift_interval[1] - one.shift == pytest.approx(half_width, rel=0.2)


def test_what_no_person_could_answer_is_counted_by_reason_and_left_out() -> None:
    answers = [10.0, None, math.nan, math.inf, -1.0, 100.5, 33.5, 20.0]
    values, where, why = usable(DICTATOR, answers)
    assert values.tolist() == [10.0, 20.0]
    assert where.tolist() == [True, *[False] * 6, True]
    assert why == {"no answer": 3, "not whole": 1, "outside the range": 2}
    found = score(DICTATOR, answers, 1, "x")
    assert (found.mean, found.used, found.asked, found.unusable) == (15.0, 2, 8, why)
    fractions = EXPERIMENTS["beauty_contest"]
    assert usable(fractions, [33.3])[0].tolist() == [33.3]


def test_nothing_usable_is_nan_never_0() -> None:
    found = score(DICTATOR, [None] * 5, 1, "x")
    assert (found.used, found.unusable) == (0, {"no answer": 5})
    assert all(math.isnan(value) for value in (found.mean, found.distance, found.shift, *found.shift_interval))
    assert math.isnan(floor(DICTATOR, 0, 1).limit)
    robust = robustness(DICTATOR, tasks_of(DICTATOR, 20), [None] * 20, 1)
    assert math.isnan(robust.wording_spread)
    assert math.isnan(robust.order_shift)


@pytest.mark.parametrize("name", ["dictator", "ultimatum_offer", "beauty_contest"])
def test_people_are_within_the_limit_nineteen_times_in_twenty(name: str) -> None:
    experiment = EXPERIMENTS[name]
    unknown = replace(experiment, human=replace(experiment.human, n=math.nan))  # the published sample taken as exact
    limit = floor(unknown, 100, seed=1).limit
    tasks = tasks_of(experiment, 100)
    drawn = [np.array(PeopleSubject(seed).answer(tasks), dtype=float) for seed in range(400)]
    within = np.mean([distance(experiment, values) <= limit for values in drawn])
    assert 0.91 <= within <= 0.98


def test_the_limit_falls_with_subjects_and_rises_where_the_published_sample_is_small() -> None:
    few, many = floor(DICTATOR, 25, 1), floor(DICTATOR, 400, 1)
    assert few.limit / many.limit == pytest.approx(4.0, rel=0.15)
    assert few.median < few.limit
    assert floor(DICTATOR, 25, 1) == few
    small = replace(DICTATOR, human=replace(DICTATOR.human, n=30))
    assert floor(small, 25, 1).limit > 1.2 * few.limit


def test_a_mind_that_hears_words_is_found_out() -> None:
    tasks = tasks_of(DICTATOR, 60)
    found = robustness(DICTATOR, tasks, [10.0 * task.wording for task in tasks], 1)
    assert found.wording_means == (0.0, 10.0, 20.0, 30.0, 40.0)
    assert found.wording_spread == pytest.approx(40.0 / DICTATOR.human.sd)
    assert found.wording_spread > 2 * found.wording_luck
    assert found.order_shift == 0.0


def test_a_mind_that_hears_order_is_found_out() -> None:
    tasks = tasks_of(DICTATOR, 60)
    found = robustness(DICTATOR, tasks, [30.0 + 10.0 * task.backwards for task in tasks], 1)
    assert found.order_shift == pytest.approx(10.0 / DICTATOR.human.sd)
    assert found.order_shift > 2 * found.order_luck
    assert found.wording_spread == 0.0


def test_what_conditions_do_is_no_luck_of_the_wordings() -> None:
    wage = EXPERIMENTS["reservation_wage"]
    tasks = tasks_of(wage, 80)
    answers = [1000.0 * task.condition for task in tasks]
    found = robustness(wage, tasks, answers, 1)
    assert (found.wording_spread, found.wording_luck, found.order_luck) == (0.0, 0.0, 0.0)
    means = by_condition(wage, tasks, answers)
    assert means == {"1 month": 0.0, "3 months": 1000.0, "6 months": 2000.0, "12 months": 3000.0}
    assert by_condition(DICTATOR, tasks_of(DICTATOR, 10), [1.0] * 10) == {}


def test_people_do_not_hear_words_more_than_luck_allows() -> None:
    tasks = tasks_of(DICTATOR, 100)
    beyond = 0
    for seed in range(100):
        found = robustness(DICTATOR, tasks, PeopleSubject(seed).answer(tasks), seed)
        beyond += found.wording_spread > found.wording_luck
    assert 0 < beyond < 14
