"""Where a calibration looks next: parameters moved one at a time, and the step that a linear model promises most of.

A round moves each parameter alone from a base, on the same seeds, fits a linear model (studies/linear.py) and lives the
point that it thinks best. That point becomes the base if it is better on further seeds, of which the model knows
nothing; otherwise a nearer one is tried. Everything follows from what was lived, so nothing but lives is kept.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from wildsim.studies import linear
from wildsim.studies.linear import Aims, Linear, Numbers
from wildsim.studies.space import Point
from wildsim.studies.targets import Targets
from wildsim.studies.trial import Options, Trial

#: Steps that a round tries, each at most half as long as the one before.
TRIES = 3

Live = Callable[[Sequence[tuple[int, Point]], Sequence[int]], list[Trial]]


@dataclass(frozen=True)
class Step:
    """A step that was tried.

    Attributes:
        trial: Number of the point that it led to. reach: How far it could go in each parameter, in ranges.
        gone: How far it went in the one in which it went farthest. promised: Share of ranges that the model expected.
        base, found: Shares expected of the base and of the new point, from their worlds on further seeds.
        taken: Whether the new point became the base: by share, less linear.NEAR of the loss.
    """

    trial: int
    reach: float
    gone: float
    promised: float
    base: float
    found: float
    taken: bool


@dataclass(frozen=True)
class Round:
    """One round: number of its base, parameters that stayed because worlds fall apart beside it, steps tried."""

    base: int
    stuck: tuple[str, ...]
    steps: tuple[Step, ...]


class Moves:
    """A search by moves.

    Attributes:
        rounds: Those that are over, and the one under way.
    """

    def __init__(self, targets: Targets, options: Options, live: Live):
        """Search the dimensions of `targets`; `live` lives points on seeds."""
        self.dimensions, self.options, self.live = targets.dimensions, options, live
        self.rounds: list[Round] = []
        self._names = [target.name for target in targets.moments]
        self._aims = Aims.of(targets.moments)
        self._lived = 0
        self._base: Trial | None = None

    @property
    def best(self) -> Trial | None:
        """The base: the point to which the search has come, on the search seeds."""
        return self._searched(self._base) if self._base else None

    @property
    def last_step(self) -> str:
        """What came of the last step, to be added to a sentence; empty before the first."""
        steps = self.rounds[-1].steps if self.rounds else ()
        if not steps:
            return ""
        last = steps[-1]
        shares = f"share on further seeds {last.found:.3f}, {last.base:.3f} before, {last.promised:.3f} promised"
        return f"; the step to trial {last.trial} is {'' if last.taken else 'not '}taken: {shares}"

    def trials(self) -> Iterator[list[Trial]]:
        """Yield trials on the search seeds as they are known."""
        base = self._base = self._live_twice({d.name: d.clip(d.start) for d in self.dimensions})
        yield [self._searched(base)]
        reach, first = self.options.reach, None
        while len(self.rounds) < self.options.rounds and self._left > len(self.dimensions):
            self.rounds.append(Round(base.number, (), ()))
            moved = self._live_moved(base, back=first is not None)
            yield moved
            model = self._model(base, first, moved)
            for _ in range(TRIES):
                tried = self._try(base, model, reach)
                if tried is None:
                    break
                yield [self._searched(tried)]
                if self._base is tried:
                    break
                reach = min(reach, self.rounds[-1].steps[-1].gone) / 2
            if self._base is not base:
                base, first, reach = self._base, None, min(2 * reach, self.options.reach)
            elif first is None:
                first = moved  # once more from here, with moves to the other sides: twice as much is known then
            else:
                return

    @property
    def _left(self) -> int:
        return self.options.trials - self._lived

    def _number(self) -> int:
        self._lived += 1
        return self._lived - 1

    def _live_twice(self, point: Point) -> Trial:
        """Live a point on search and on further seeds."""
        seeds = [*self.options.search_seeds, *self.options.final_seeds]
        return self.live([(self._number(), point)], seeds)[0]

    def _searched(self, trial: Trial) -> Trial:
        return Trial(trial.number, trial.point, trial.outcomes[: self.options.seeds], trial.targets)

    def _live_moved(self, base: Trial, *, back: bool) -> list[Trial]:
        """Move each parameter alone: upwards where there is room; `back`, to the other side as far as there is room."""
        points = []
        for d in self.dimensions:
            place = d.place(base.point[d.name])
            way = self.options.move if place + self.options.move <= 1.0 else -self.options.move
            there = min(max(place - way if back else place + way, 0.0), 1.0)
            points.append((self._number(), {**base.point, d.name: d.at(there)}))
        return self.live(points, self.options.search_seeds)

    def _model(self, base: Trial, first: list[Trial] | None, moved: list[Trial]) -> Linear:
        """Return the linear model around the base from moves to one side or, where there are `first` ones, to both."""
        centre = self._worlds(base)[: self.options.seeds]
        ends = np.stack([self._worlds(trial) for trial in moved])
        begins = np.stack([self._worlds(trial) for trial in first]) if first else np.broadcast_to(centre, ends.shape)
        starts = first or [base] * len(moved)
        pairs = zip(self.dimensions, starts, moved, strict=True)
        ways = np.array([d.place(end.point[d.name]) - d.place(start.point[d.name]) for d, start, end in pairs])
        model = linear.fit(centre, begins, ends, ways)
        stuck = [d.name for d, free in zip(self.dimensions, model.free, strict=True) if not free]
        self.rounds[-1] = Round(base.number, tuple(stuck), ())
        return model

    def _try(self, base: Trial, model: Linear, reach: float) -> Trial | None:
        """Live the point that the model thinks best, and make it the base if it is better.

        Returns:
            Its trial on search and further seeds; None if no step promises anything, or no trial is left.
        """
        places = np.array([d.place(base.point[d.name]) for d in self.dimensions])
        least, most = np.maximum(-reach, -places), np.minimum(reach, 1.0 - places)
        step, promised = linear.best_step(model, self._aims, least, most, self.options.luck)
        point = dict(base.point)
        for d, way, place in zip(self.dimensions, step, places, strict=True):
            if way:
                point[d.name] = d.at(place + way)
        if point == base.point or not self._left:
            return None
        tried = self._live_twice(point)
        (before, score), (found, better) = self._further(base, model), self._further(tried, model)
        done = Step(tried.number, reach, float(np.abs(step).max()), promised, before, found, better > score)
        self.rounds[-1] = Round(base.number, self.rounds[-1].stuck, (*self.rounds[-1].steps, done))
        if done.taken:
            self._base = tried
        return tried

    def _further(self, trial: Trial, model: Linear) -> tuple[float, float]:
        """Return the share expected of a trial from its worlds on further seeds, and what a step is judged by."""
        further = Trial(trial.number, trial.point, trial.outcomes[self.options.seeds :], trial.targets)
        share = linear.lived_share(self._aims, self._worlds(further), model.sd)
        return share, share - linear.NEAR * further.loss

    def _worlds(self, trial: Trial) -> Numbers:
        """Return the moments of a trial, worlds x moments; NaN where a world has no value."""
        rows = [[outcome.values.get(name, math.nan) for name in self._names] for outcome in trial.outcomes]
        values = np.array(rows, dtype=np.float64)
        return np.where(np.isfinite(values), values, np.nan)
