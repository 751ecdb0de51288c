"""Calibration: the simulated method of moments, with the same seeds in every trial (common random numbers).

1. The search tries points in batches, each on the same seeds; a trial's loss is the mean over them. Which points:
   studies/search.py (trials) or studies/moves.py.
2. The best few are lived on as many further seeds, and the best over both is taken: the best of many noisy losses is
   partly the luckiest.
3. It is scored, beside the scenario as it stands, on fresh seeds that nothing was chosen on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from wildsim.core.errors import RunError
from wildsim.engine.run import StoppedError
from wildsim.engine.watcher import Watcher
from wildsim.studies.folder import StudyFolder
from wildsim.studies.lives import Life, Lives, Model
from wildsim.studies.moves import Moves, Round
from wildsim.studies.search import Search
from wildsim.studies.space import Point
from wildsim.studies.targets import Targets
from wildsim.studies.trial import MOVES, TRIALS, Options, Trial


@dataclass(frozen=True)
class Calibration:
    """What a calibration found.

    Attributes:
        targets, options: As asked. trials: In order of numbers. best: On the search seeds. finalists: On search and
            further seeds, best first. start, start_fresh: The scenario as it stands, on search and on fresh seeds.
            fresh: The best on fresh seeds. rounds: Of a search by moves.
    """

    targets: Targets
    options: Options
    trials: tuple[Trial, ...]
    best: Trial
    finalists: tuple[Trial, ...]
    start: Trial
    fresh: Trial | None
    start_fresh: Trial | None
    rounds: tuple[Round, ...] = ()


class Calibrating:
    """A calibration under way."""

    def __init__(self, model: Model, targets: Targets, options: Options, folder: StudyFolder | None, watcher: Watcher):
        """Open what the folder holds; in memory where there is none."""
        self.targets, self.options, self.watcher = targets, options, watcher
        path = folder.path if folder is not None else None
        self.lives = Lives(model, path / "lives.jsonl" if path else None, options.jobs)
        journal = path / "search.journal" if path else None
        self.search = Search(targets.dimensions, options.luck, journal) if options.search == TRIALS else None
        self.moves = Moves(targets, options, self._live) if options.search == MOVES else None
        self.trials: list[Trial] = []
        begin = {d.name: d.start for d in targets.dimensions}
        self._start: Point = begin
        self._touched: set[str] = set()
        self._searched = False

    def run(self, better: Callable[[Trial], None]) -> Calibration:
        """Search, choose, score; `better` hears of every best so far.

        Raises:
            RunError: The scenario as it stands collapses in every world. StoppedError: The user stopped; all is kept.
        """
        try:
            return self._run(better)
        except KeyboardInterrupt:
            most = "at most " if self.moves else ""
            best = f", best loss {min(t.loss for t in self.trials):.3f}" if self.trials else ""
            raise StoppedError(
                f"Stopped after {len(self.trials)} of {most}{self.options.trials} trials{best}; all is kept. "
                "The same command with the same --out goes on."
            ) from None

    def _run(self, better: Callable[[Trial], None]) -> Calibration:
        options = self.options
        start = self._live([(-1, self._start)], options.search_seeds)[0]
        if all(outcome.why for outcome in start.outcomes):
            raise RunError(f"The scenario as it stands collapses in every world: {start.outcomes[0].why}")
        self._search(better)
        ranked = self._ranked()
        seeds = [*options.search_seeds, *options.final_seeds]
        finals = self._live([(t.number, t.point) for t in ranked], seeds) if len(ranked) > 1 else ranked
        finals = sorted(finals, key=lambda trial: (trial.loss, trial.number))
        best = next(trial for trial in self.trials if trial.number == finals[0].number)
        fresh = start_fresh = None
        if options.fresh:
            both = [(best.number, best.point), (-1, self._start)]
            fresh, start_fresh = self._live(both, options.fresh_seeds)
        rounds = tuple(self.moves.rounds) if self.moves else ()
        lived = tuple(self.trials)
        return Calibration(self.targets, options, lived, best, tuple(finals), start, fresh, start_fresh, rounds)

    def _ranked(self) -> list[Trial]:
        """Return the finalists; the point that moves have come to is among them, however lucky the points beside it."""
        ranked = sorted(self.trials, key=lambda trial: (trial.loss, trial.number))[: self.options.finalists]
        come_to = self.moves.best if self.moves else None
        if come_to is not None and come_to.number not in {trial.number for trial in ranked}:
            ranked[-1] = come_to
        return ranked

    def _search(self, better: Callable[[Trial], None]) -> None:
        best: Trial | None = None
        for known in self._known():
            for trial in known:
                self.trials.append(trial)
                if best is None or trial.loss < best.loss:
                    best = trial
                    better(trial)
            if best is not None and known:
                self._tell_progress(best, known)
        self._searched = True

    def _known(self) -> Iterator[list[Trial]]:
        """Yield trials on the search seeds as they are known, those of an earlier command first."""
        if self.moves is not None:
            yield from self.moves.trials()
        if self.search is None:
            return
        yield self._live(self.search.answered()[: self.options.trials], self.options.search_seeds)
        while len(self.trials) < self.options.trials:
            known = self._live(self.search.ask(self.options.trials), self.options.search_seeds)
            for trial in known:
                self.search.tell(trial.number, trial.loss)
            yield known

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
        options, trials = self.options, self._points
        finals = min(options.finalists, trials)
        known = 1 + options.rounds if self.moves else 0  # bases and steps are lived on further seeds at once
        return (trials + known + (finals if finals > 1 else 0)) * options.seeds + 2 * options.fresh

    @property
    def _points(self) -> int:
        """Points that the search lives, at most; of moves those of rounds whose first step is taken."""
        options = self.options
        rounds = 1 + options.rounds * (len(self.targets.dimensions) + 1)
        return max(min(options.trials, rounds), len(self.trials)) if self.moves else options.trials

    def _hear(self, life: Life) -> None:
        self._touched.add(life.key)
        done = len(self._touched)
        self.watcher.progress(done, max(done, self.total), self._where())

    def _at(self, trial: int) -> str:
        """Return where the search is: "trial 12 of 200", "trial 30, round 2 of 4"."""
        if self.moves is None:
            return f"trial {trial} of {self.options.trials}"
        return f"trial {trial}, round {max(len(self.moves.rounds), 1)} of {self.options.rounds}"

    def _where(self) -> str:
        return "scoring" if self._searched else self._at(len(self.trials) + 1)

    def _tell_progress(self, best: Trial, known: Sequence[Trial]) -> None:
        fallen = sum(bool(trial.collapsed) for trial in known)
        note = f"; {fallen} of the last {len(known)} collapsed" if fallen else ""
        if self.moves and len(known) == 1:
            note += self.moves.last_step
        at, share = self._at(len(self.trials)), best.shares.mean()
        self.watcher.say(f"{at}: best loss {best.loss:.3f}, share inside {share:.3f} (trial {best.number}){note}")


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
        InputError: optuna is not installed, or there are too few trials for a round of moves.
        RunError: Nothing lives; or the user stopped, and all is kept.
    """
    options.check_room(len(targets.dimensions))
    watcher = watcher or Watcher()
    prepare = getattr(model, "prepare", None)
    if prepare is not None:
        prepare(watcher.say)
    return Calibrating(model, targets, options, folder, watcher).run(better)
