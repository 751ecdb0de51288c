"""A study of fidelity: ask a mind and its controls, measure, judge. Answers are stored: nobody is asked twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from wildsim.core.errors import InputError
from wildsim.engine import files
from wildsim.engine.plan import check_seeds, digest_of
from wildsim.studies.fidelity.experiment import Experiment, Numbers, Task, tasks_of
from wildsim.studies.fidelity.experiments import EXPERIMENTS
from wildsim.studies.fidelity.measure import (
    Floor,
    Robustness,
    Score,
    by_condition,
    floor,
    robustness,
    score,
    usable,
)
from wildsim.studies.fidelity.subjects import Answers, RandomSubject, RuleSubject, Subject

Verdict = Literal["pass", "not told apart", "fail", "too few answers"]

#: Fewest subjects: every wording meets every order of the listing.
LEAST_SUBJECTS = 10
MOST_SUBJECTS = 100_000
#: Fewest usable answers for a verdict, and the part of those asked for that they must be.
LEAST_ANSWERS = 10
LEAST_PART = 0.5


@dataclass(frozen=True)
class Options:
    """What is asked of whom.

    Attributes:
        subjects: Subjects of each experiment; multiples of 40 give every condition every wording and order.
        seed: Of chance. experiments: Names; empty for all.
    """

    subjects: int = 200
    seed: int = 1
    experiments: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the numbers and names.

        Raises:
            InputError: One is out of range or unknown.
        """
        if not LEAST_SUBJECTS <= self.subjects <= MOST_SUBJECTS:
            limits = f"{LEAST_SUBJECTS} (five wordings in two orders) to {MOST_SUBJECTS:,}"
            raise InputError(f"--subjects is {self.subjects}; it must be {limits}.")
        check_seeds(1, self.seed)
        for name in self.experiments:
            if name not in EXPERIMENTS:
                EXPERIMENTS[name[:80]]

    def chosen(self) -> list[Experiment]:
        """Return the experiments in the order of their files, each once."""
        return [one for name, one in EXPERIMENTS.items() if not self.experiments or name in self.experiments]


@dataclass(frozen=True)
class Outcome:
    """What one experiment found.

    Attributes:
        experiment: It. mind, random, rule: Scores; the controls answer those tasks alone that the mind answered.
        floor: People against people, as many as answers of the mind. verdict: See `judge`. passing: Controls that are
            within the limit too. values: Usable answers of the mind. robust: Paraphrases and order.
        conditions, rule_conditions: Mean answer under each condition, of the mind and of the rule.
    """

    experiment: Experiment
    mind: Score
    random: Score
    rule: Score
    floor: Floor
    verdict: Verdict
    passing: tuple[str, ...]
    values: Numbers
    robust: Robustness
    conditions: dict[str, float]
    rule_conditions: dict[str, float]


@dataclass(frozen=True)
class Fidelity:
    """What a study found.

    Attributes:
        subject: Name of the mind. told: What a reader must know of it. outcomes: One an experiment.
        reasons: Why answers of the mind could not be used, in its own words, the most frequent first.
    """

    subject: str
    told: str
    options: Options
    outcomes: tuple[Outcome, ...]
    reasons: tuple[tuple[str, int], ...]


def judge(mind: Score, random: Score, rule: Score, limit: Floor) -> tuple[Verdict, tuple[str, ...]]:
    """Return the verdict on a mind and the controls that are within the limit.

    A mind passes where its distance is at most the 95th percentile of that of as many people; then it cannot be told
    from them. Where a control is within the limit too, the experiment says nothing at this size, and the verdict says
    so.
    """
    passing = tuple(name for name, one in (("random", random), ("rule", rule)) if one.distance <= limit.limit)
    if mind.used < max(LEAST_ANSWERS, LEAST_PART * mind.asked):
        return "too few answers", passing
    if mind.distance > limit.limit:
        return "fail", passing
    return ("not told apart" if passing else "pass"), passing


def study(
    subject: Subject,
    options: Options,
    folder: Path | None = None,
    hear: Callable[[int, int, str], None] = lambda *_: None,
) -> Fidelity:
    """Ask a subject every experiment and judge it.

    Args:
        folder: Where answers are kept and found again; nowhere where left out. hear: Told of experiments done, of all,
            and the name of the last.
    """
    chosen = options.chosen()
    outcomes, reasons = [], dict[str, int]()
    for done, experiment in enumerate(chosen, start=1):
        tasks = tasks_of(experiment, options.subjects)
        answers, why = _asked(subject, tasks, folder / "answers" / f"{experiment.name}.json" if folder else None)
        for reason, count in why.items():
            reasons[reason] = reasons.get(reason, 0) + count
        outcomes.append(measure(experiment, tasks, answers, options.seed))
        hear(done, len(chosen), experiment.name)
    most = sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))
    return Fidelity(subject.name, subject.told, options, tuple(outcomes), tuple(most))


def _asked(subject: Subject, tasks: Sequence[Task], path: Path | None) -> tuple[Answers, dict[str, int]]:
    """Return the answers to the tasks of an experiment and what was said of those that cannot be used."""
    key = digest_of([[task.text, vars(task.field)] for task in tasks])
    if path is not None and path.is_file():
        kept: dict[str, Any] = files.read_json(path)
        if kept.get("tasks") == key:
            return list(kept["answers"]), dict(kept["reasons"])
    before = subject.reasons.copy()
    answers = subject.answer(tasks)
    said = dict(subject.reasons - before)
    if path is not None:
        files.write_json(path, {"tasks": key, "answers": answers, "reasons": said})
    return answers, said


def measure(experiment: Experiment, tasks: Sequence[Task], answers: Answers, seed: int) -> Outcome:
    """Return what answers to an experiment come to, beside its controls on the same tasks."""
    values, where, _ = usable(experiment, answers)
    same = [task for task, ok in zip(tasks, where, strict=True) if ok]
    by_chance, by_rule = RandomSubject(seed).answer(same), RuleSubject().answer(same)
    mind = score(experiment, answers, seed, "mind")
    random, rule = score(experiment, by_chance, seed, "random"), score(experiment, by_rule, seed, "rule")
    limit = floor(experiment, len(same), seed)
    verdict, passing = judge(mind, random, rule, limit)
    return Outcome(
        experiment=experiment,
        mind=mind,
        random=random,
        rule=rule,
        floor=limit,
        verdict=verdict,
        passing=passing,
        values=values,
        robust=robustness(experiment, tasks, answers, seed),
        conditions=by_condition(experiment, tasks, answers),
        rule_conditions=by_condition(experiment, tasks, RuleSubject().answer(tasks)),
    )
