"""An optimisation: the optimiser asks, candidates are lived elsewhere, validation answers coarsely, the seal judges.

1. The optimiser, a process without a world, asks for scores of candidates: means of the sensed reward over paired
   feedback seeds, each lived in a child process that returns that number and no other.
2. After each generation it may ask about its best guess on validation seeds; a ladder answers, and counts.
3. What it settles on is lived beside the baseline on seeds that nothing was chosen on, and the seal is opened once.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from wildsim.core.errors import InputError, RunError
from wildsim.core.table import F64
from wildsim.engine import sealing
from wildsim.engine.parallel import Workers, check_jobs, cores
from wildsim.engine.plan import check_seeds
from wildsim.engine.run import StoppedError
from wildsim.engine.watcher import Watcher
from wildsim.evaluation.ladder import Ladder
from wildsim.evaluation.seals import validation_seeds
from wildsim.evaluation.verdict import standardised
from wildsim.indicators import INDICATORS
from wildsim.planning.cross_entropy import Lever
from wildsim.planning.optimiser import Found, Search
from wildsim.scenario.schema import Scenario
from wildsim.studies.lives import Life, Lives, Outcome
from wildsim.studies.optimise.caller import Points, ask_optimiser
from wildsim.studies.optimise.world import REWARD, Candidate, burn

LEAST_VALIDATION = 4
#: Files whose code decides what an optimisation finds.
INVOLVED = ("studies/lives.py", "studies/optimise/")


@dataclass(frozen=True)
class Options:
    """How to optimise.

    Attributes:
        seeds: Feedback worlds a candidate. first: The first of them. validation: Worlds of validation; 0 for none.
        size, generations, patience, luck: Of the search, see `planning.optimiser.Search`. jobs: Processes.
    """

    seeds: int = 4
    first: int = 1
    validation: int = 8
    size: int = 16
    generations: int = 10
    patience: int = 3
    luck: int = 0
    jobs: int | None = None

    def __post_init__(self) -> None:
        """Check the numbers.

        Raises:
            InputError: One is out of range.
        """
        check_seeds(self.seeds, self.first, further=3_000_000)
        check_jobs(self.jobs)
        for name, least, most in (("candidates", 8, 10_000), ("generations", 1, 1000), ("patience", 1, 1000)):
            value = self.size if name == "candidates" else getattr(self, name)
            if not least <= value <= most:
                raise InputError(f"--{name} is {value}; it must be {least} to {most:,}.")
        if self.validation and not LEAST_VALIDATION <= self.validation <= 1000:
            raise InputError(f"--validation is {self.validation}; it must be 0 (none) or {LEAST_VALIDATION} to 1,000.")
        if not 0 <= self.luck <= 2**53:
            raise InputError(f"--search-seed is {self.luck}; it must be 0 or more.")

    @property
    def feedback_seeds(self) -> list[int]:
        """Seeds that candidates are scored on."""
        return list(range(self.first, self.first + self.seeds))

    @property
    def validation_seeds(self) -> list[int]:
        """Seeds that the optimiser's best guesses are checked on."""
        return list(validation_seeds(self.first, self.validation))


@dataclass
class Generation:
    """One generation: its candidates (one row each), their scores, and what validation said of the guess after it."""

    number: int
    candidates: Points
    scores: list[float]
    guess: list[float] = field(default_factory=list)
    told: float = math.nan


@dataclass(frozen=True)
class Optimised:
    """What an optimisation found on feedback.

    Attributes:
        levers: What was moved. start: Values in the scenario. found: What the optimiser settled on.
        trace: Generation by generation. before, after: Sensed reward of start and result, by feedback seed.
        told_first: What validation said of the start. queries: How often validation was asked. collapsed: Lives that
            fell apart.
    """

    levers: tuple[Lever, ...]
    start: dict[str, float]
    found: Found
    trace: tuple[Generation, ...]
    before: tuple[float, ...]
    after: tuple[float, ...]
    told_first: float
    queries: int
    collapsed: int

    @property
    def point(self) -> dict[str, float]:
        """Values of the levers that were settled on, by name."""
        return {lever.name: value for lever, value in zip(self.levers, self.found.point, strict=True)}

    @property
    def gain(self) -> float:
        """Gain of the sensed reward on feedback seeds, in the reward's unit."""
        return float(np.mean(self.after) - np.mean(self.before))

    @property
    def standard_gain(self) -> float:
        """The same gain in standard deviations of the baseline between worlds."""
        return standardised(self.gain, np.array(self.before))


def burn_ins(folder: Path, scenario: Scenario) -> Path:
    """Return where the ends of burn-ins are kept: among what is sealed where anything is, since they remember it."""
    return (folder / sealing.FOLDER if scenario.evaluation.sealed else folder) / "burn_in"


def drop_burn_ins(folder: Path, scenario: Scenario) -> None:
    """Remove them; a study that is done needs them no more."""
    place = burn_ins(folder, scenario)
    shutil.rmtree(place, ignore_errors=True)
    with suppress(OSError):  # holds what was sealed
        place.parent.rmdir()


class Optimising:
    """An optimisation under way."""

    def __init__(
        self,
        scenario: Scenario,
        levers: Sequence[Lever],
        start: dict[str, float],
        begin: int,
        options: Options,
        folder: Path,
        watcher: Watcher,
    ):
        """Open what the folder holds.

        Args:
            start, begin: As `levers.check_levers` gives them.
        """
        self.levers, self.start, self.options, self.watcher = tuple(levers), start, options, watcher
        self.judges = scenario.evaluation.validation
        self.candidate = Candidate(scenario.resolved(), begin, burn_ins(folder, scenario))
        self.folder = folder
        self.trace: list[Generation] = []
        self._told_first = math.nan
        self._reference: F64 | None = None
        self._done = 0

    def run(self) -> Optimised:
        """Search until the optimiser has found something.

        Raises:
            RunError: The scenario as it stands has no reward. StoppedError: The user stopped; what was lived is kept.
        """
        try:
            with Workers(self.options.jobs or cores()) as workers:
                return self._run(workers)
        except KeyboardInterrupt:
            raise StoppedError(
                f"Stopped in generation {len(self.trace)}; what was lived is kept. "
                f"The same command with --out {self.folder} goes on."
            ) from None

    def _run(self, workers: Workers) -> Optimised:
        options = self.options
        self.candidate.prepare(self.watcher.say)
        self._burn(workers)
        self._feedback = Lives(self.candidate, self.folder / "feedback.jsonl", workers=workers)
        judging = replace(self.candidate, rewarded=not self.judges, truths=self.judges)
        self._validation = Lives(judging, self.folder / "validation.jsonl", workers=workers)
        self._ladder = Ladder(most=options.generations + 1)
        begin = [self.start[lever.name] for lever in self.levers]
        before = self._rewards(begin)
        patience = options.patience if options.validation else 0
        search = Search(self.levers, tuple(begin), options.luck, options.size, options.generations, patience)
        found = ask_optimiser(search, self._scores, self._word)
        after = self._rewards(list(found.point))
        fallen = sum(bool(outcome.why) for outcome in self._feedback.known.values())
        queries = self._ladder.queries if options.validation else 0
        return Optimised(
            self.levers, self.start, found, tuple(self.trace), before, after, self._told_first, queries, fallen
        )

    def _burn(self, workers: Workers) -> None:
        """Live the burn-ins that all candidates share."""
        seeds = [*self.options.feedback_seeds, *self.options.validation_seeds]
        missing = [seed for seed in seeds if not (self.candidate.snapshots / f"seed={seed}.npz").exists()]
        for count, _ in enumerate(workers.spread(burn, [(self.candidate, seed) for seed in missing]), start=1):
            self.watcher.progress(count, len(missing) + self._most, "burn-in")
        self._done = len(missing)
        self._burns = len(missing)

    @property
    def _most(self) -> int:
        """Lives of candidates, at most."""
        options = self.options
        return options.seeds * (2 + options.size * options.generations) + options.validation * (options.generations + 1)

    def _of(self, lives: Lives, points: Points, seeds: Sequence[int]) -> list[list[Outcome]]:
        """Return the outcomes of each point on each seed."""
        names = [lever.name for lever in self.levers]
        asked = [Life(dict(zip(names, point, strict=True)), seed) for point in points for seed in seeds]
        self._done += sum(life.key in lives.known for life in asked)
        outcomes = lives.of(asked, self._hear)
        return [outcomes[k * len(seeds) : (k + 1) * len(seeds)] for k in range(len(points))]

    def _hear(self, life: Life) -> None:
        self._done += 1
        most = max(self._burns + self._most, self._done)
        self.watcher.progress(self._done, most, f"generation {len(self.trace) + 1}, at most {self.options.generations}")

    def _rewards(self, point: list[float]) -> tuple[float, ...]:
        """Return the sensed reward of one point on each feedback seed.

        Raises:
            RunError: It has none.
        """
        outcomes = self._of(self._feedback, [point], self.options.feedback_seeds)[0]
        for outcome in outcomes:
            if outcome.why or math.isnan(outcome.values[REWARD]):
                why = outcome.why or "no release gives all of its parts in some month."
                raise RunError(f"The reward is not known: {why}")
        return tuple(outcome.values[REWARD] for outcome in outcomes)

    def _scores(self, points: Points) -> list[float]:
        """Answer the optimiser: the mean sensed reward of each candidate; NaN where one of its worlds has none."""
        by_point = self._of(self._feedback, points, self.options.feedback_seeds)
        scores = [float(np.mean([outcome.values.get(REWARD, math.nan) for outcome in some])) for some in by_point]
        self.trace.append(Generation(len(self.trace), points, scores))
        best = np.nanmax(scores) if np.isfinite(scores).any() else math.nan
        self.watcher.say(f"generation {len(self.trace)}: best reward {best:.6g}, best guess before {scores[0]:.6g}")
        return scores

    def _word(self, point: list[float]) -> float:
        """Answer the optimiser: how validation rates a point, as finely as the ladder tells it."""
        outcomes = self._of(self._validation, [point], self.options.validation_seeds)[0]
        if self.trace and any(outcome.why for outcome in outcomes):  # a world that fell apart is no better
            self._ladder.queries += 1
            told = self._ladder.best
        else:
            told = self._ladder.ask(self._rated(outcomes))
        if self.trace:
            self.trace[-1].guess, self.trace[-1].told = list(point), told
        else:
            self._told_first = told
        return told

    def _rated(self, outcomes: Sequence[Outcome]) -> F64:
        """Return what validation makes of one point, by seed: the reward, or the gains of its own indicators.

        Gains are those over the start, in the direction that is better, in standard deviations of the start between
        worlds, averaged over the indicators.

        Raises:
            RunError: A world has no value.
        """
        names = self.judges or (REWARD,)
        values = np.array([[outcome.values.get(name, math.nan) for name in names] for outcome in outcomes])
        if not np.isfinite(values).all():
            why = next((outcome.why for outcome in outcomes if outcome.why), "an indicator has no value.")
            raise RunError(f"validation has no value of {', '.join(names)}: {why}")
        if not self.judges:
            return np.asarray(values[:, 0])
        if self._reference is None:
            self._reference = values
        spread = self._reference.std(axis=0, ddof=1)
        signs = np.array([INDICATORS[name].direction for name in names])
        better = signs * (values - self._reference.mean(axis=0))
        return np.asarray(np.divide(better, spread, out=np.zeros_like(better), where=spread > 0.0).mean(axis=1))
