"""Live the societies whose states make the library; what is done is kept, so that the same command goes on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from wildsim.core.errors import InputError
from wildsim.core.table import F64
from wildsim.engine import files
from wildsim.engine.parallel import spread
from wildsim.engine.plan import check_seeds, digest_of, folder_name
from wildsim.engine.store import code_digest
from wildsim.engine.study_folder import begin, place
from wildsim.engine.warm import compile_first
from wildsim.engine.watcher import Watcher
from wildsim.scenario.schema import Scenario
from wildsim.studies.forecast.quarters import LEAST_QUARTERS, VARIABLES, of_a_society

SOCIETY = "society"
CONTROLS = ("shuffled", "random")
RECORDED = ("gdp", "gdp_real", "consumption_real", "investment_real", "unemployment_rate", "price_level")
MONTHS = 600
#: Files beside the engine that decide what a run of the library holds.
INVOLVED = ("studies/forecast/library.py", "studies/forecast/quarters.py")
LABEL = "library.json"
Key = tuple[str, int]


@dataclass(frozen=True)
class Task:
    """One run of the library: an arm (the society or a control) on a seed."""

    arm: str
    seed: int
    scenario: dict[str, Any]


def live(task: Task) -> F64:
    """Live one run and return its quarters: growth, unemployment, inflation."""
    import pandas as pd

    from wildsim.society import Society

    scenario = Scenario.model_validate(task.scenario)
    society = Society(scenario, seed=task.seed)
    try:
        society.burn_in()
        months = []
        for _ in range(scenario.months):
            society.step()
            months.append([society.indicators[name] for name in RECORDED])
    finally:
        society.close()
    return of_a_society(pd.DataFrame(months, columns=list(RECORDED)))


def arms(scenario: Scenario, months: int, controls: bool) -> dict[str, dict[str, Any]]:
    """Return what each arm runs, resolved: the society as it is, and controls whose people decide without reason."""
    story = scenario.model_copy(update={"months": months})
    found = {SOCIETY: story.resolved()}
    for behaviour in CONTROLS if controls else ():
        found[behaviour] = story.model_copy(update={"behaviour": behaviour}).resolved()
    return found


def check(seeds: int, seed: int, months: int) -> None:
    """Raise unless a library can be made of so many runs.

    Raises:
        InputError: A number is out of range.
    """
    check_seeds(seeds, seed, least=2, why="the check needs 2 or more, because one run at a time is left out.")
    if months < 3 * LEAST_QUARTERS:
        raise InputError(f"--months is {months}; a library needs {3 * LEAST_QUARTERS} a run or more.")


class Folder:
    """The folder of a study: a file a run of the library, and what was found.

    Attributes:
        path: The folder.
    """

    def __init__(self, path: Path, stories: dict[str, dict[str, Any]]):
        """Open or make it.

        Raises:
            InputError: It holds something else, or cannot be written.
        """
        self.path = path
        made_of = {"kind": "forecast", "code": code_digest(*INVOLVED), "library": digest(stories)}
        if begin(path, LABEL, made_of, "no library") not in (None, made_of):
            raise InputError(
                f"'{path}' holds a library of another society, other months or another version. Choose another --out."
            )

    def place(self, arm: str, seed: int) -> Path:
        """Return the file of one run."""
        return self.path / "library" / arm / f"seed={seed}.parquet"

    def read(self, arm: str, seed: int, quarters: int) -> F64 | None:
        """Return one run; None when it is missing or damaged."""
        path = self.place(arm, seed)
        if files.rows_of(path) != quarters:
            return None
        return files.read_parquet(path)[list(VARIABLES)].to_numpy(dtype=np.float64)

    def write(self, arm: str, seed: int, values: F64) -> None:
        """Keep one run."""
        columns = {name: values[:, number] for number, name in enumerate(VARIABLES)}
        files.write(self.place(arm, seed), files.parquet_bytes(columns))


def digest(stories: dict[str, dict[str, Any]]) -> str:
    """Return a hash of what the society and its controls run; controls follow from the society."""
    return digest_of(stories[SOCIETY])


def where(scenario: Scenario, stories: dict[str, dict[str, Any]], out: Path | None) -> Path:
    """Return the folder: `out`, or runs/DATE-forecast-NAME-HASH, where the same command goes on."""
    both = digest_of([digest(stories), code_digest(*INVOLVED)])[:8]
    return place(f"forecast-{folder_name(scenario.name, 'scenario')}-{both}", out, LABEL)


def collect(
    folder: Folder,
    stories: dict[str, dict[str, Any]],
    seeds: Iterable[int],
    jobs: int | None,
    watcher: Watcher,
) -> dict[str, list[F64]]:
    """Return the runs of every arm in the order of seeds; live and keep those that are missing."""
    found: dict[Key, F64] = {}
    missing: list[Task] = []
    wanted = [(arm, seed) for arm in stories for seed in seeds]
    for arm, seed in wanted:
        values = folder.read(arm, seed, int(stories[arm]["months"]) // 3 - 1)
        if values is None:
            missing.append(Task(arm, seed, stories[arm]))
        else:
            found[arm, seed] = values
    if missing:
        compile_first([Scenario.model_validate(missing[0].scenario)], watcher.say)
        watcher.say(f"{len(missing)} of {len(wanted)} runs to live; the same command goes on when it was stopped.")
    for index, values in spread(live, missing, jobs):
        task = missing[index]
        folder.write(task.arm, task.seed, values)
        found[task.arm, task.seed] = values
        watcher.progress(len(found), len(wanted), f"{task.arm}, seed {task.seed}")
    return {arm: [found[arm, seed] for one, seed in wanted if one == arm] for arm in stories}
