"""Whole studies: people pass, controls fail where they must, answers are kept, the same seed gives the same bytes."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from tests.studies.fidelity.minds import Says
from wildsim.core.errors import InputError
from wildsim.engine import files
from wildsim.studies.fidelity.measure import Floor, Score
from wildsim.studies.fidelity.study import Options, judge, study
from wildsim.studies.fidelity.subjects import PeopleSubject, RandomSubject, RuleSubject, Subject
from wildsim.studies.fidelity.told import document, summary

NOTHING = (math.nan, math.nan)


def scored(distance: float, used: int = 100) -> Score:
    return Score(100, used, {}, 0.0, 0.0, distance, NOTHING, 0.0, NOTHING)


@pytest.mark.parametrize(
    ("mind", "random", "rule", "used", "verdict", "passing"),
    [
        (0.03, 0.2, 0.3, 100, "pass", ()),
        (0.05, 0.2, 0.3, 100, "pass", ()),
        (0.06, 0.2, 0.3, 100, "fail", ()),
        (0.03, 0.04, 0.3, 100, "not told apart", ("random",)),
        (0.03, 0.04, 0.01, 100, "not told apart", ("random", "rule")),
        (0.06, 0.04, 0.3, 100, "fail", ("random",)),
        (0.03, 0.2, 0.3, 49, "too few answers", ()),
        (math.nan, 0.2, 0.3, 0, "too few answers", ()),
    ],
)
def test_verdicts(mind: float, random: float, rule: float, used: int, verdict: str, passing: tuple[str, ...]) -> None:
    limit = Floor(100, 0.03, 0.05)
    assert judge(scored(mind, used), scored(random), scored(rule), limit) == (verdict, passing)


def test_a_verdict_needs_ten_answers() -> None:
    few = Score(12, 9, {}, 0.0, 0.0, 0.01, NOTHING, 0.0, NOTHING)
    assert judge(few, scored(0.2), scored(0.3), Floor(9, 0.1, 0.2))[0] == "too few answers"


def test_people_pass_and_controls_fail_in_every_experiment() -> None:
    people = study(PeopleSubject(1), Options())
    assert [one.verdict for one in people.outcomes] == ["pass"] * 8
    assert [one.passing for one in people.outcomes] == [()] * 8
    for subject in (RandomSubject(7), RuleSubject()):
        assert [one.verdict for one in study(subject, Options()).outcomes] == ["fail"] * 8


def test_too_few_subjects_tell_nothing_apart_and_the_verdict_says_so() -> None:
    found = study(PeopleSubject(3), Options(subjects=10, experiments=("public_goods",)))
    (one,) = found.outcomes
    assert (one.verdict, one.passing) == ("not told apart", ("random",))
    assert any("random in public_goods" in line and "--subjects" in line for line in summary(found))


def test_controls_answer_the_tasks_that_the_mind_answered() -> None:
    found = study(Says(lambda task: None if task.subject % 3 else 50.0), Options(60, 1, ("dictator",)))
    (one,) = found.outcomes
    assert (one.mind.used, one.random.asked, one.rule.asked, one.floor.subjects) == (20, 20, 20, 20)
    assert one.mind.unusable == {"no answer": 40}
    assert one.verdict == "too few answers"
    assert one.values.tolist() == [50.0] * 20


@pytest.mark.parametrize("subject", [RandomSubject(5), PeopleSubject(5), RuleSubject()])
def test_a_batch_gives_what_one_by_one_gives(subject: Subject) -> None:
    from wildsim.studies.fidelity.experiment import tasks_of
    from wildsim.studies.fidelity.experiments import EXPERIMENTS

    tasks = [task for name in ("lottery", "windfall") for task in tasks_of(EXPERIMENTS[name], 15)]
    batch = subject.answer(tasks)
    assert batch == [subject.answer([task])[0] for task in tasks]
    assert batch == subject.answer(tasks[::-1])[::-1]


def test_the_same_seed_gives_the_same_bytes_and_another_one_does_not() -> None:
    options = Options(40, 3, ("dictator", "reservation_wage"))
    one, again = (files.json_text(document(study(PeopleSubject(3), options))) for _ in range(2))
    assert one == again
    other = files.json_text(document(study(PeopleSubject(4), Options(40, 4, options.experiments))))
    assert json.loads(other)["experiments"][0]["mind"] != json.loads(one)["experiments"][0]["mind"]


def test_one_experiment_more_leaves_the_others_as_they_are() -> None:
    alone = study(RandomSubject(1), Options(20, 1, ("lottery",)))
    among = study(RandomSubject(1), Options(20, 1, ("dictator", "lottery")))
    assert files.json_text(document(alone)["experiments"][0]) == files.json_text(document(among)["experiments"][1])


def test_nobody_is_asked_twice(tmp_path: Path) -> None:
    options = Options(20, 1, ("dictator", "lottery"))
    subject = Says(lambda task: None if task.subject == 4 else 4.0)
    first = study(subject, options, tmp_path)
    assert subject.asked == 40
    silent = Says(lambda task: pytest.fail("asked again"))
    again = study(silent, options, tmp_path)
    assert silent.asked == 0
    assert files.json_text(document(again)) == files.json_text(document(first))
    (tmp_path / "answers" / "lottery.json").unlink()
    study(subject, options, tmp_path)
    assert subject.asked == 60


def test_answers_to_other_tasks_are_not_taken_for_these(tmp_path: Path) -> None:
    subject = Says(lambda task: 4.0)
    study(subject, Options(20, 1, ("lottery",)), tmp_path)
    study(subject, Options(30, 1, ("lottery",)), tmp_path)
    assert subject.asked == 50


def test_what_was_answered_before_a_stop_is_kept(tmp_path: Path) -> None:
    def stops(task: object) -> float:
        if getattr(task, "experiment", "") == "lottery":
            raise KeyboardInterrupt
        return 4.0

    options = Options(20, 1, ("dictator", "lottery"))
    with pytest.raises(KeyboardInterrupt):
        study(Says(stops), options, tmp_path)
    after = Says(lambda task: 4.0)
    study(after, options, tmp_path)
    assert after.asked == 20


def test_experiments_come_in_the_order_of_their_files_and_once() -> None:
    heard: list[tuple[int, int, str]] = []
    study(RuleSubject(), Options(10, 1, ("lottery", "dictator", "lottery")), hear=lambda *told: heard.append(told))
    assert heard == [(1, 2, "dictator"), (2, 2, "lottery")]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"subjects": 9}, "--subjects is 9"),
        ({"subjects": 100_001}, "--subjects is 100001"),
        ({"seed": -1}, "--seed is -1"),
        ({"experiments": ("dictators",)}, "Did you mean 'dictator'"),
    ],
)
def test_wrong_options_are_refused(options: dict[str, int], message: str) -> None:
    with pytest.raises(InputError, match=message):
        Options(**options)  # type: ignore[arg-type]
