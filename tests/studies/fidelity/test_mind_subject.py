"""A mind as a subject: it reads the task in words, never the rule; what is no answer stays none."""

from __future__ import annotations

import math

import pytest

from tests.studies.fidelity.minds import Chatty
from wildsim.core.errors import InputError
from wildsim.minds.language.call import SCRIPTED, Model
from wildsim.minds.mind import Decision
from wildsim.studies.fidelity import mind_subject
from wildsim.studies.fidelity.experiment import tasks_of
from wildsim.studies.fidelity.experiments import EXPERIMENTS
from wildsim.studies.fidelity.mind_subject import MindSubject, subject_of

TASKS = tasks_of(EXPERIMENTS["lottery"], 12)


def test_a_task_is_a_question_in_words_with_one_field_and_without_the_rule() -> None:
    mind = Chatty()
    MindSubject(mind, "x", seed=9).answer(TASKS)
    assert [question.text for question in mind.seen] == [task.text for task in TASKS]
    assert len({question.agent for question in mind.seen}) == len(TASKS)
    for question in mind.seen:
        (asked,) = question.fields
        assert (asked.name, asked.low, asked.high, asked.whole) == ("safe", 0, 10, True)
        assert math.isnan(asked.rule)
        assert (question.seed, question.seen, question.memory, question.persona) == (9, (), (), "")


def test_a_fallback_is_no_answer_although_it_holds_a_number() -> None:
    subject = MindSubject(Chatty("I will not play"), "x", seed=1)
    assert subject.answer(TASKS) == [5.0, 5.0, 5.0, None] * 3
    assert subject.reasons == {"I will not play": 3}


@pytest.mark.parametrize("values", [{}, {"other": 3.0}, {"safe": math.nan}, {"safe": math.inf}])
def test_a_decision_without_a_number_is_no_answer(values: dict[str, float]) -> None:
    class Mute:
        def decide(self, questions: object) -> list[Decision]:
            return [Decision(values, "llm")]

    subject = MindSubject(Mute(), "x", seed=1)
    assert subject.answer(TASKS[:1]) == [None]
    assert subject.reasons == {"no number": 1}


def test_names_of_minds() -> None:
    assert [subject_of(name, Model(), 1).name for name in ("random", "rule", "people")] == ["random", "rule", "people"]
    with pytest.raises(InputError, match="Did you mean 'rule'"):
        subject_of("rules", Model(), 1)


def test_a_scripted_model_is_told_to_be_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mind_subject, "language_mind", lambda model, language: Chatty())
    assert subject_of("llm", Model("scripted:steady"), 1).told == SCRIPTED == "scripted, no language model"
    assert subject_of("llm", Model("x/y"), 1).told == "x/y through litellm"
