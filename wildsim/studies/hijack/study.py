"""Live the pairs of worlds, each stored at once, and measure what lies do to the verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from wildsim.core.errors import InputError, RunError, did_you_mean
from wildsim.engine import files
from wildsim.engine.parallel import spread
from wildsim.engine.plan import Arm, Plan
from wildsim.engine.warm import compile_first
from wildsim.engine.watcher import Watcher
from wildsim.indicators import INDICATORS
from wildsim.sensors.questions import QUESTIONS
from wildsim.studies.hijack.answers import Answers, Pair, live, survey
from wildsim.studies.hijack.measure import Measured, measure
from wildsim.studies.hijack.options import Options

#: Files beside those of every study that decide what people answer.
INVOLVED = ("sensors/questions.py", "studies/hijack/answers.py")
_ARMS, _PARTS = ("without", "with_"), ("ids", "above", "below")


@dataclass(frozen=True)
class Hijack:
    """A study of manipulation.

    Attributes:
        of: Indicator asked about. policy: Name of the arm. options: As asked. seeds: What was found on each.
    """

    of: str
    policy: str
    options: Options
    seeds: tuple[Measured, ...]


def check(plan: Plan, of: str, options: Options) -> None:
    """Check that there is a question and something to judge.

    Raises:
        InputError: People cannot be asked about the indicator or are too few, its sector is off, there is not one
            policy, or there are minds that may cost money.
    """
    if of not in QUESTIONS:
        near = did_you_mean(of, QUESTIONS)
        raise InputError(f"--of {of[:80]}  no survey asks about it.{near} It can: {', '.join(QUESTIONS)}.")
    sector = INDICATORS[of].sector
    if sector and any(sector not in arm.scenario.sectors_on for arm in plan.arms):
        raise InputError(f"--of {of}  is of the {sector} sector, which is off. Add --set sectors.{sector}=true")
    least, people = options.reporters * options.each, plan.scenario.society.people
    if least > people:
        raise InputError(
            f"{options.reporters:,} reporters of {options.each} each need at least {least:,} people; there are "
            f"{people:,}. Use fewer --reporters, or --set society.people={2 * least}"
        )
    if len(plan.arms) != 2:
        raise InputError("Give one --policy: its verdict is what is attacked.")
    if any(arm.scenario.minds for arm in plan.arms):
        raise InputError("hijack lives societies of rules; this scenario has minds. Leave them out of it.")


def study(plan: Plan, of: str, options: Options, folder: Path, watcher: Watcher) -> Hijack:
    """Live what is missing and measure.

    Raises:
        RunError: A pair could not be written, or too few people can answer.
    """
    arms = (plan.arms[0], plan.arms[1])
    waiting = [seed for seed in options.world_seeds if stored(folder, seed) is None]
    done = options.seeds - len(waiting)
    if waiting:
        compile_first([arm.scenario for arm in arms], watcher.say)
    for index, pair in spread(_live, [(arms, of, seed) for seed in waiting], options.jobs):
        keep(folder, pair)
        done += 1
        watcher.progress(done, options.seeds, f"seed {waiting[index]}")
    watcher.say("Attacking.")
    pairs = [_there(folder, seed) for seed in options.world_seeds]
    tasks = [(pair, options) for pair in pairs]
    found = dict(spread(_measure, tasks, options.jobs))
    return Hijack(of, arms[1].name, options, tuple(found[place] for place in range(len(tasks))))


def _live(task: tuple[tuple[Arm, Arm], str, int]) -> Pair:
    return live(*task)


def _measure(task: tuple[Pair, Options]) -> Measured:
    pair, options = task
    return measure(survey(pair, options.reporters, options.each), options)


def _file(folder: Path, seed: int) -> Path:
    return folder / "answers" / f"seed={seed}.npz"


def keep(folder: Path, pair: Pair) -> None:
    """Store what people answered on one seed."""
    arrays: dict[str, np.ndarray[Any, Any]] = {
        f"{arm}.{part}": getattr(getattr(pair, arm), part) for arm in _ARMS for part in _PARTS
    }
    files.write_arrays(_file(folder, pair.seed), arrays)


def stored(folder: Path, seed: int) -> Pair | None:
    """Return the stored answers of a seed; None if there are none that can be read."""
    found = files.read_arrays(_file(folder, seed))
    if found is None or any(f"{arm}.{part}" not in found for arm in _ARMS for part in _PARTS):
        return None
    return Pair(seed, *(Answers(*(found[f"{arm}.{part}"] for part in _PARTS)) for arm in _ARMS))


def _there(folder: Path, seed: int) -> Pair:
    found = stored(folder, seed)
    if found is None:
        raise RunError(f"'{_file(folder, seed)}' vanished or was damaged. Start the command again.")
    return found
