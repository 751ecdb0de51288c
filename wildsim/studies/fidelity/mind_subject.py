"""A mind of WildSim as a subject: the one place where experiments meet the interface of minds."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from wildsim.core.errors import InputError, did_you_mean
from wildsim.minds.language.call import SCRIPTED, Model
from wildsim.minds.language.chain import Language
from wildsim.minds.language.settings import Settings
from wildsim.minds.llm import LanguageMind, Style
from wildsim.minds.mind import Decision, Mind, Question
from wildsim.studies.fidelity.experiment import Task
from wildsim.studies.fidelity.subjects import Answers, PeopleSubject, RandomSubject, RuleSubject, Subject

#: Names that `--mind` takes.
MINDS = ("random", "rule", "people", "llm")
#: Role of a question that is no role's: its text is the whole task.
ROLE = "subject"


class MindSubject:
    """Puts tasks to a mind as questions in words; a decision that fell back on the rule counts as no answer."""

    def __init__(self, mind: Mind, name: str, seed: int, told: str = ""):
        """Ask `mind`, which tables call `name`, in the world `seed`; `told`: what a reader must know of it."""
        self.mind, self.name, self.seed, self.told = mind, name, seed, told
        self.reasons: Counter[str] = Counter()

    def answer(self, tasks: Sequence[Task]) -> Answers:
        """Return what the mind decided, all tasks in one batch."""
        decisions = self.mind.decide([self.question(task) for task in tasks])
        return [self._read(task, decision) for task, decision in zip(tasks, decisions, strict=True)]

    def question(self, task: Task) -> Question:
        """Return a task as a question; the rule's answer is left out, since nobody is to see it."""
        return Question(
            seed=self.seed,
            agent=f"{task.experiment}-{task.subject}",
            month=0,
            role=ROLE,
            seen=(),
            fields=(replace(task.field, rule=math.nan),),
            text=task.text,
        )

    def _read(self, task: Task, decision: Decision) -> float | None:
        value = decision.values.get(task.field.name, math.nan)
        if decision.source == "fallback" or not math.isfinite(value):
            self.reasons[decision.reason or "no number"] += 1
            return None
        return float(value)


def check_name(name: str) -> None:
    """Check what `--mind` names.

    Raises:
        InputError: Nothing has that name.
    """
    if name not in MINDS:
        raise InputError(f"--mind {name[:80]}  unknown mind.{did_you_mean(name, MINDS)} Known: {', '.join(MINDS)}.")


def subject_of(name: str, model: Model, seed: int, language: Language | None = None) -> Subject:
    """Return the subject that `--mind` names.

    Args:
        language: What language models are asked through; one without tape where left out.

    Raises:
        InputError: Unknown name.
    """
    check_name(name)
    if name == "random":
        return RandomSubject(seed)
    if name == "rule":
        return RuleSubject()
    if name == "people":
        return PeopleSubject(seed)
    told = SCRIPTED if model.scripted else f"{model.name} through {model.backend}"
    return MindSubject(language_mind(model, language or Language(Settings())), model.name, seed, told)


def language_mind(model: Model, language: Language) -> Mind:
    """Return the mind that puts tasks to a language model."""
    return LanguageMind(language, {"": Style(None, model)})
