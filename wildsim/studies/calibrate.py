"""Calibration: the simulated method of moments, with the same seeds in every trial (common random numbers).

1. The search tries points in batches, each on the same seeds; a trial's loss is the mean over them.
2. The best few are lived on as many further seeds, and the best over both is taken: the best of many noisy losses is
   partly the luckiest.
3. It is scored, beside the scenario as it stands, on fresh seeds that nothing was chosen on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from wildsim.core.errors import InputError, RunError
from wildsim.engine.parallel import Watcher, check_jobs
from wildsim.engine.plan import check_seeds
from wildsim.engine.run import StoppedError
from wildsim.studies.folder import StudyFolder
from wildsim.studies.lives import Life, Lives, Model, Outcome
from wildsim.studies.loss import loss, no_values, share_inside
from wildsim.studies.search import Search
from wildsim.studies.space import Point
from wildsim.studies.targets import Target, Targets

FINALISTS = 5


@dataclass(frozen=True)
class Options:
    """How to search.

    Attributes:
        trials: Points to try. seeds: How many worlds a trial. first: The first of them. fresh: How many worlds, not
            searched on, score the result. finalists: Points compared on further seeds. luck: Seed of the search.
        jobs: Processes; one a core where left out.
    """

    trials: int = 200
    seeds: int = 6
    first: int = 1
    fresh: int = 8
    finalists: int = FINALISTS
    luck: int = 0
    jobs: int | None = None

    def __post_init__(self) -> None:
        """Check the numbers.

        Raises:
            InputError: One is out of range.
        """
        for name, least in (("trials", 1), ("fresh", 0), ("finalists", 1), ("luck", 0)):
            value = getattr(self, name)
            if not least <= value <= 100_000:
                option = "search-seed" if name == "luck" else name
                raise InputError(f"--{option} is {value}; it must be {least} to 100,000.")
        check_seeds(self.seeds, self.first, further=self.seeds + self.fresh)
        check_jobs(self.jobs)

    @property
    def search_seeds(self) -> list[int]:
        """Seeds of every trial."""
        return list(range(self.first, self.first + self.seeds))

    @property
    def final_seeds(self) -> list[int]:
        """Further seeds on which the finalists are compared."""
        return [seed + self.seeds for seed in self.search_seeds]

    @property
    def fresh_seeds(self) -> list[int]:
        """Seeds that nothing is chosen on."""
        begin = self.first + 2 * self.seeds
        return list(range(begin, begin + self.fresh))


@dataclass(frozen=True)
class Trial:
    """One point and what its worlds gave, in the order of seeds. number: -1 for the scenario as it stands."""

    number: int
    point: Point
    outcomes: tuple[Outcome, ...]
    targets: tuple[Target, ...]

    @cached_property
    def losses(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Loss of each world."""
        return np.array([loss(self.targets, outcome) for outcome in self.outcomes])

    @property
    def loss(self) -> float:
        """Mean loss over worlds."""
        return float(self.losses.mean())

    @cached_property
    def shares(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Share of moments inside, of each world."""
        return np.array([share_inside(self.targets, outcome) for outcome in self.outcomes])

    @property
    def collapsed(self) -> str:
        """Why a world has no values, or which moments it has none of; the empty text where all have all."""
        for outcome in self.outcomes:
            lacking = no_values(self.targets, outcome)
            if lacking:
                return outcome.why or f"no value of {', '.join(lacking[:3])}"
        return ""


@dataclass(frozen=True)
class Calibration:
    """What a calibration found.

    Attributes:
        targets, options: As asked. trials: In order of numbers. best: On the search seeds. finalists: On search and
            further seeds, best first. start, start_fresh: The scenario as it stands, on search and on fresh seeds.
            fresh: The best on fresh seeds.
    """

    targets: Targets
    options: Options
    trials: tuple[Trial, ...]
    best: Trial
    finalists: tuple[Trial, ...]
    start: Trial
    fresh: Trial | None
    start_fresh: Trial | None


class Calibrating:
    """A calibration under way."""

    def __init__(self, model: Model, targets: Targets, options: Options, folder: StudyFolder | None, watcher: Watcher):
        """Open what the folder holds; in memory where there is none."""
        self.targets, self.options, self.watcher = targets, options, watcher
        path = folder.path if folder is not None else None
        self.lives = Lives(model, path / "lives.jsonl" if path else None, options.jobs)
        self.search = Search(targets.dimensions, options.luck, path / "search.journal" if path else None)
        self.trials: list[Trial] = []
        begin = {d.name: d.start for d in targets.dimensions}
        self._start: Point = begin
        self._touched: set[str] = set()

    def run(self, better: Callable[[Trial], None]) -> Calibration:
        """Search, choose, score; `better` hears of every best so far.

        Raises:
            RunError: The scenario as it stands collapses in every world. StoppedError: The user stopped; all is kept.
        """
        try:
            return self._run(better)
        except KeyboardInterrupt:
            best = f", best loss {min(t.loss for t in self.trials):.3f}" if self.trials else ""
            raise StoppedError(
                f"Stopped after {len(self.trials)} of {self.options.trials} trials{best}; all is kept. "
                "The same command with the same --out goes on."
            ) from None

    def _run(self, better: Callable[[Trial], None]) -> Calibration:
        options = self.options
        start = self._live([(-1, self._start)], options.search_seeds)[0]
        if all(outcome.why for outcome in start.outcomes):
            raise RunError(f"The scenario as it stands collapses in every world: {start.outcomes[0].why}")
        self._search(better)
        ranked = sorted(self.trials, key=lambda trial: (trial.loss, trial.number))[: options.finalists]
        seeds = [*options.search_seeds, *options.final_seeds]
        finals = self._live([(t.number, t.point) for t in ranked], seeds) if len(ranked) > 1 else ranked
        finals = sorted(finals, key=lambda trial: (trial.loss, trial.number))
        best = next(trial for trial in self.trials if trial.number == finals[0].number)
        fresh = start_fresh = None
        if options.fresh:
            both = [(best.number, best.point), (-1, self._start)]
            fresh, start_fresh = self._live(both, options.fresh_seeds)
        return Calibration(self.targets, options, tuple(self.trials), best, tuple(finals), start, fresh, start_fresh)

    def _search(self, better: Callable[[Trial], None]) -> None:
        best: Trial | None = None
        answered = self.search.answered()[: self.options.trials]
        known = self._live(answered, self.options.search_seeds)
        while True:
            for trial in known:
                self.trials.append(trial)
                if best is None or trial.loss < best.loss:
                    best = trial
                    better(trial)
            if best is not None and known:
                self._tell_progress(best, known)
            if len(self.trials) >= self.options.trials:
                return
            asked = self.search.ask(self.options.trials)
            known = self._live(asked, self.options.search_seeds)
            for trial in known:
                self.search.tell(trial.number, trial.loss)

    def _live(self, points: Sequence[tuple[int, Point]], seeds: Sequence[int]) -> list[Trial]:
        """Live every point on every seed."""
        lives = [Life(point, seed) for _, point in points for seed in seeds]
        self._touched |= {life.key for life in lives} & self.lives.known.keys()
        outcomes = self.lives.of(lives, self._hear)
        size = len(seeds)
        return [
            Trial(number, point, tuple(outcomes[i * size : (i + 1) * size]), self.targets.moments)
            for i, (number, point) in enumerate(points)
        ]

    @property
    def total(self) -> int:
        """Lives that the whole study needs, about: points that come twice are lived once."""
        options = self.options
        finals = min(options.finalists, options.trials)
        return (options.trials + (finals if finals > 1 else 0)) * options.seeds + 2 * options.fresh

    def _hear(self, life: Life) -> None:
        self._touched.add(life.key)
        self.watcher.progress(len(self._touched), self.total, self._where())

    def _where(self) -> str:
        done = len(self.trials)
        return f"trial {done + 1} of {self.options.trials}" if done < self.options.trials else "scoring"

    def _tell_progress(self, best: Trial, known: Sequence[Trial]) -> None:
        fallen = sum(bool(trial.collapsed) for trial in known)
        note = f"; {fallen} of the last {len(known)} collapsed" if fallen else ""
        self.watcher.say(
            f"trial {len(self.trials)} of {self.options.trials}: best loss {best.loss:.3f}, "
            f"share inside {best.shares.mean():.3f} (trial {best.number}){note}"
        )


def calibrate(
    model: Model,
    targets: Targets,
    options: Options,
    folder: StudyFolder | None = None,
    watcher: Watcher | None = None,
    better: Callable[[Trial], None] = lambda trial: None,
) -> Calibration:
    """Search the parameters of `targets` for the point whose moments lie deepest inside their ranges.

    Args:
        model: Numbers of a world at a point and seed. folder: Where lives and the search are kept; in memory where left
            out. watcher: Hears of progress. better: Called with every best trial so far.

    Raises:
        InputError: optuna is not installed. RunError: Nothing lives; or the user stopped, and all is kept.
    """
    watcher = watcher or Watcher()
    prepare = getattr(model, "prepare", None)
    if prepare is not None:
        prepare(watcher.say)
    return Calibrating(model, targets, options, folder, watcher).run(better)
