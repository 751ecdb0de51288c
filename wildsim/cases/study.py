"""Live a case: pairs over seeds, each stored at once, so that the same command goes on where it stopped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from wildsim.cases import CASES, Case
from wildsim.cases.record import Arms, Record
from wildsim.core.errors import InputError
from wildsim.engine import files
from wildsim.engine.parallel import spread
from wildsim.engine.plan import check_seeds, digest_of
from wildsim.engine.store import code_digest
from wildsim.engine.study_folder import begin, place
from wildsim.engine.warm import compile_first
from wildsim.engine.watcher import Watcher
from wildsim.society import Society

LABEL = "study.json"
POLICY, PLACEBO = "policy", "placebo"
#: Number by which the placebo's draws are changed from the policy's date on.
REKEY = 1
#: Everything here counts: an estimator that changed is not answered with what the old one found.
INVOLVED = "cases/"
#: Settings that a case does not leave to the user.
OWNED = ("policies", "months", "sectors", "name", "seed")
#: Fewest seeds that give a standard error.
LEAST_SEEDS = 2


@dataclass(frozen=True)
class Task:
    """One case on one seed.

    Attributes:
        name: Of the case. seed: World seed. placebo: Whether the placebo is lived too. changes: As `--set` gives them.
    """

    name: str
    seed: int
    placebo: bool = True
    changes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Study:
    """What is to be done.

    Attributes:
        names: Cases. seeds: World seeds. placebo, changes: As in Task. folder: Where results are kept.
        code: Hash of the program that finds them.
    """

    names: tuple[str, ...]
    seeds: tuple[int, ...]
    placebo: bool
    changes: tuple[tuple[str, str], ...]
    folder: Path
    code: str

    def tasks(self) -> list[Task]:
        """Return all pairs, case after case."""
        return [Task(name, seed, self.placebo, self.changes) for name in self.names for seed in self.seeds]

    def file(self, task: Task) -> Path:
        """Return where the result of a task lies."""
        return self.folder / "pairs" / task.name / f"seed={task.seed}.json"

    def key(self, task: Task) -> str:
        """Return the hash of everything that a result depends on."""
        return key_of(task, self.code)


def key_of(task: Task, code: str) -> str:
    """Return the hash of what a pair depends on: program, settings, seed."""
    case = CASES[task.name]
    parts = [code, task.seed, task.changes, case.scenario, case.policies, case.months]
    return digest_of(parts)[:16]


def make_study(
    names: Sequence[str], *, seeds: int, seed: int, placebo: bool, changes: Sequence[str], out: Path | None
) -> Study:
    """Check what was asked for and return it with its folder.

    Args:
        names: Cases; all where none is named. seed: The first seed. changes: `path=value` texts.

    Raises:
        InputError: No such case, a number out of range, a change that is not legal.
    """
    check_seeds(seeds, seed, least=LEAST_SEEDS, why=f"a standard error needs {LEAST_SEEDS} or more. Use --seeds 20.")
    chosen = tuple(dict.fromkeys(CASES[name].name for name in names)) or tuple(CASES)
    if wrong := [text for text in changes if "=" not in text]:
        raise InputError(f"--set {wrong[0]}  needs a value: --set society.people=1000")
    owned = [text for text in changes if text.partition("=")[0].strip().partition(".")[0] in OWNED]
    if owned:
        raise InputError(f"--set {owned[0]}  belongs to the case: its policies, months and sectors make it what it is.")
    settings = tuple((text.partition("=")[0].strip(), text.partition("=")[2]) for text in changes)
    for name in chosen:
        CASES[name].story(1.0, dict(settings))
    code = code_digest(INVOLVED)
    digest = digest_of([code, chosen, seeds, seed, settings])[:8]
    folder = place(f"{chosen[0] if len(chosen) == 1 else 'cases'}-{digest}", out, LABEL)
    study = Study(chosen, tuple(range(seed, seed + seeds)), placebo, settings, folder, code)
    _open(study)
    return study


def _open(study: Study) -> None:
    """Make the folder of a study or go on in one of other cases, and write what it consists of as study.json.

    Raises:
        InputError: It holds something else, or cannot be used.
    """
    label = {"kind": "cases", "cases": study.names, "seeds": study.seeds, "code": study.code}
    if begin(study.folder, LABEL, label, "something else") is not None:
        files.write_json(study.folder / LABEL, label)


def run(study: Study, jobs: int | None = None, watcher: Watcher | None = None) -> None:
    """Live every pair that is not there yet and store it."""
    watcher = watcher or Watcher()
    tasks = study.tasks()
    waiting = [task for task in tasks if stored(study, task) is None]
    done = len(tasks) - len(waiting)
    if waiting:
        changes = dict(study.changes)
        names = dict.fromkeys(task.name for task in waiting)
        compile_first((CASES[name].story(1.0, changes) for name in names), watcher.say)
    for index, result in spread(pair, waiting, jobs):
        task = waiting[index]
        files.write_json(study.file(task), {"key": study.key(task), "case": task.name, "seed": task.seed, **result})
        done += 1
        watcher.progress(done, len(tasks), task.name)


def stored(study: Study, task: Task) -> dict[str, Any] | None:
    """Return the stored result of a pair; None if there is none, or one of other settings or another program."""
    file = study.file(task)
    if not file.is_file():
        return None
    try:
        found: dict[str, Any] = files.read_json(file)
    except files.DamagedError:
        return None
    right = found.get("key") == study.key(task) and (PLACEBO in found or not task.placebo)
    return found if right else None


def numbers(study: Study, name: str, arm: str) -> dict[str, np.ndarray[Any, Any]]:
    """Return what the estimator found in an arm of a case, by name, one entry a seed; NaN where it found nothing."""
    rows = []
    for seed in study.seeds:
        found = stored(study, Task(name, seed, study.placebo, study.changes))
        if found is None:
            raise InputError(f"'{study.folder}' lacks seed {seed} of {name}. Run the same command again.")
        rows.append(found[arm])
    return {key: np.array([_number(row[key]) for row in rows]) for key in rows[0]}


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def pair(task: Task) -> dict[str, dict[str, float]]:
    """Live one case on one seed; return what the estimator finds in the policy and in the placebo."""
    case, changes = CASES[task.name], dict(task.changes)
    with living(case, task.seed, None, changes) as base:
        base.burn_in()
        base.run_for(case.start)
        burned = base.snapshot()
        before = watch(case, base)
    found = {}
    arms = [(POLICY, 1.0, 0), *([(PLACEBO, 0.0, REKEY)] if task.placebo else [])]
    for arm, size, rekey in arms:
        with living(case, task.seed, size, changes, rekey) as society:
            society.restore(burned)
            found[arm] = dict(case.estimate(Arms(before, watch(case, society))))
    return found


@contextmanager
def living(case: Case, seed: int, size: float | None, changes: Mapping[str, Any], rekey: int = 0) -> Iterator[Society]:
    """Give a society of a case and release it afterwards."""
    society = Society(case.story(size, changes), seed=seed, rekey=rekey, rekey_from=case.start)
    try:
        yield society
    finally:
        society.close()


def watch(case: Case, society: Society) -> Record:
    """Live the months of a case from the eve of its policy on and return what it keeps."""
    eve = {name: np.array(value) for name, value in case.eve(society.world.view()).items()}
    kept: dict[str, list[Any]] = {}
    for _ in range(case.months):
        society.step()
        for name, value in case.see(society.world.view(), eve).items():
            kept.setdefault(name, []).append(np.array(value))
    return Record(eve, {name: np.stack(values) for name, values in kept.items()})
