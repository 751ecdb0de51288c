"""The end of an optimisation: baseline and result on sealed seeds, and the verdict of the sealed indicators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from wildsim.core.errors import InputError, RunError
from wildsim.engine import run, store
from wildsim.engine.paired import Effect, effect
from wildsim.engine.plan import BASELINE, Arm, Plan
from wildsim.engine.store import RunFolder
from wildsim.engine.watcher import Watcher
from wildsim.evaluation.sealed import open_sealed
from wildsim.evaluation.seals import BLOCK, Seals, question, sealed_seeds
from wildsim.evaluation.verdict import Verdict, standardised, verdict_of
from wildsim.scenario.schema import Scenario
from wildsim.studies.folder import StudyFolder
from wildsim.studies.optimise.levers import with_levers

#: Name of the arm of what was found.
OPTIMISED = "optimised"
#: Fewest pairs that a verdict rests on.
LEAST = 8


@dataclass(frozen=True)
class Sealed:
    """What fresh seeds say.

    Attributes:
        verdict: Of the sealed indicators. seeds: On which. block: Of seeds, in the register. reward: Effect on the
            sensed reward there. reward_gain: The same in standard deviations of the baseline between worlds.
    """

    verdict: Verdict
    seeds: tuple[int, ...]
    block: int
    reward: Effect
    reward_gain: float


def check_sealed(scenario: Scenario, seeds: int) -> None:
    """Check how many seeds the seal is opened on.

    Raises:
        InputError: Too few for an interval, or more than a block holds.
    """
    if scenario.evaluation.sealed and not LEAST <= seeds <= BLOCK:
        raise InputError(f"--sealed is {seeds}; a verdict needs {LEAST} to {BLOCK:,} seeds.")


def check_register(beside: Path) -> None:
    """Read the register of seals, before anything is lived.

    Raises:
        RunError: It was changed or is damaged.
    """
    Seals(beside).openings()


def judge(
    folder: StudyFolder,
    scenario: Scenario,
    point: Mapping[str, float],
    begin: int,
    *,
    seeds: int,
    beside: Path,
    jobs: int | None,
    watcher: Watcher,
) -> Sealed:
    """Live baseline and result on a fresh block of sealed seeds, then open the seal, once.

    Args:
        folder: Of the study. point: The levers that were found. begin: First month in which they act.
        seeds: How many. beside: Folder of the scenario, where the register lies.

    Raises:
        RunError: A world failed, or the user stopped; the same command goes on.
    """
    evaluation = scenario.evaluation
    seals = Seals(beside)
    asked = question(scenario.society.model_dump(), scenario.sectors, list(evaluation.sealed))
    block = _block(folder, seals, asked, scenario.seed)
    on = tuple(sealed_seeds(scenario.seed, seeds, block))
    lived = _lived(folder.path / "sealed" / f"block-{block}", scenario, point, begin, on, jobs, watcher)
    reward = _rewards(lived, begin)
    frames, times = open_sealed(lived, seals, asked, scenario.seed, block, store.now(), folder.path.absolute().name)
    judged = {arm: frame[frame.index.get_level_values("month") >= begin] for arm, frame in frames.items()}
    verdict = verdict_of(judged[BASELINE], judged[OPTIMISED], evaluation.sealed, times)
    difference = effect(reward[OPTIMISED] - reward[BASELINE])
    return Sealed(verdict, on, block, difference, standardised(difference.difference, reward[BASELINE]))


def _block(folder: StudyFolder, seals: Seals, asked: str, first: int) -> int:
    """Return the block of this study: the one that it began with, unless its seeds were opened since."""
    begun, fresh = folder.facts.get("block"), seals.fresh_block(asked, first)
    if begun is not None and int(begun) >= fresh:
        return int(begun)
    folder.note(block=fresh)
    return fresh


def _lived(
    path: Path,
    scenario: Scenario,
    point: Mapping[str, float],
    begin: int,
    seeds: tuple[int, ...],
    jobs: int | None,
    watcher: Watcher,
) -> RunFolder:
    """Return the finished run of both arms; one that was begun is gone on with."""
    settings = {**scenario.resolved(), "seed": seeds[0]}
    arms = [Arm(BASELINE, Scenario.model_validate(settings))]
    arms.append(Arm(OPTIMISED, Scenario.model_validate(with_levers(settings, point)), begin))
    plan = Plan(tuple(arms), seeds)
    try:
        if (path / "manifest.json").is_file():
            return run.resume(path, jobs=jobs, watcher=watcher)
        return run.start(plan, out=path, jobs=jobs, watcher=watcher, command="wildsim optimise")
    except run.StoppedError:
        raise run.StoppedError(
            f"Stopped while the result was lived on sealed seeds. The same command with --out {path.parents[1]} "
            "goes on."
        ) from None
    except RunError as error:
        raise RunError(f"The result could not be lived on sealed seeds: {str(error).splitlines()[0]}") from error


def _rewards(lived: RunFolder, begin: int) -> dict[str, np.ndarray[Any, Any]]:
    """Return the mean sensed reward a month from `begin` on, by arm and seed."""
    found = {}
    for arm in lived.plan.arms:
        reward = arm.scenario.reward.reward()
        tables = [pd.read_parquet(lived.seed_folder(arm.name, seed) / "rewards.parquet") for seed in lived.plan.seeds]
        by_month = [dict(zip(table["period"].tolist(), table["value"].tolist(), strict=True)) for table in tables]
        found[arm.name] = np.array([reward.mean_from(rewards, begin) for rewards in by_month])
    return found
