"""Sensitivity: which numbers of the model move an outcome. Morris screens many, Sobol measures the few that matter.

Every point is lived on the same seeds (common random numbers) and the outcome is their mean. What chance alone would
give is printed beside: two worlds that differ in a number that does nothing soon differ anyway, since every draw that
falls the other way changes all that follows.

Source:
    Morris 1991, Technometrics 33; Campolongo, Cariboni, Saltelli 2007 (mean of absolute effects); Sobol 2001; Saltelli
    et al. 2010 (estimators), all as SALib has them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wildsim.core.errors import InputError, RunError
from wildsim.engine.parallel import check_jobs
from wildsim.engine.plan import check_seeds
from wildsim.engine.run import StoppedError
from wildsim.engine.watcher import Watcher
from wildsim.studies.extra import library
from wildsim.studies.folder import StudyFolder
from wildsim.studies.lives import Life, Lives, Model
from wildsim.studies.space import Dimension

Numbers = NDArray[np.float64]

LEVELS = 4
RESAMPLES = 500
CONFIDENCE = 0.95
#: Mean of the absolute value of a normal variable with standard deviation 1.
MEAN_ABSOLUTE = math.sqrt(2.0 / math.pi)
#: Effects less than this many times what chance gives are not told from luck.
CLEAR = 2.0


@dataclass(frozen=True)
class Options:
    """How to look.

    Attributes:
        trajectories: Of Morris; each costs a world more than there are parameters. screen: How many parameters go on
            to Sobol; 0 for none. samples: Of Saltelli, a power of 2; each costs two worlds more than parameters.
        seeds: Worlds a point. first: The first of them. luck: Seed of the designs. jobs: Processes.
    """

    trajectories: int = 10
    screen: int = 6
    samples: int = 64
    seeds: int = 2
    first: int = 1
    luck: int = 0
    jobs: int | None = None

    def __post_init__(self) -> None:
        """Check the numbers.

        Raises:
            InputError: One is out of range.
        """
        for name, least in (("trajectories", 2), ("screen", 0), ("samples", 4), ("luck", 0)):
            value = getattr(self, name)
            if not least <= value <= 1_000_000:
                option = "search-seed" if name == "luck" else name
                raise InputError(f"--{option} is {value}; it must be {least} to 1,000,000.")
        check_seeds(self.seeds, self.first)
        check_jobs(self.jobs)
        if self.samples & (self.samples - 1):
            near = 2 ** round(math.log2(self.samples))
            raise InputError(f"--samples is {self.samples}; it must be a power of 2, such as {near}.")

    def check_work(self, parameters: int) -> None:
        """Check that there is something to do.

        Raises:
            InputError: There is not.
        """
        if not sum(self.worlds(parameters)):
            raise InputError(
                "--screen is 0 and there is one parameter: a single one is not screened but measured, so nothing is "
                "left to do. Use --screen 1, or name more parameters."
            )

    def worlds(self, parameters: int) -> tuple[int, int]:
        """Return how many worlds are lived to screen, and to measure: a single parameter is not screened."""
        screen = self.trajectories * (parameters + 1) if parameters > 1 else 0
        measure = self.samples * (min(self.screen, parameters) + 2) if self.screen else 0
        return screen * self.seeds, measure * self.seeds

    @property
    def world_seeds(self) -> list[int]:
        """Seeds of every point."""
        return list(range(self.first, self.first + self.seeds))


@dataclass(frozen=True)
class Screened:
    """What Morris says of one parameter, in units of the outcome over the whole range of the parameter.

    Attributes:
        name: Parameter. strength: Mean absolute effect (mu*). interval: Half-width of its 95 % interval. effect: Mean
            effect (mu). spread: Standard deviation of effects (sigma): curvature and interaction. noise: Strength that
            chance alone would give; NaN with one seed.
    """

    name: str
    strength: float
    interval: float
    effect: float
    spread: float
    noise: float

    @property
    def clear(self) -> bool:
        """Whether it is more than chance gives; with one seed nobody can tell, and it counts as clear."""
        return self.strength > 0 and not self.strength < CLEAR * self.noise


@dataclass(frozen=True)
class Index:
    """What Sobol says of one parameter: shares of the variance of the outcome, and half-widths of 95 % intervals.

    Attributes:
        name: Parameter. first: Share that it explains alone (S1). total: Share with every interaction (ST).
        noise: Share that luck of the seeds adds to `total`, even where the parameter does nothing; NaN with one seed.
    """

    name: str
    first: float
    first_interval: float
    total: float
    total_interval: float
    noise: float

    @property
    def clear(self) -> bool:
        """Whether `total` is above what luck adds to it by more than its interval."""
        return self.total - self.total_interval > (0.0 if math.isnan(self.noise) else self.noise)


@dataclass(frozen=True)
class Sensitivity:
    """What a study of sensitivity found.

    Attributes:
        outcome: Its name. dimensions: What was varied. screened: Strongest first. indices: In the order of strength.
        mean, sd: Of the outcome over Sobol's points (Morris's where there are none).
        dropped: Points without a value, by stage, with one reason.
    """

    outcome: str
    dimensions: tuple[Dimension, ...]
    options: Options
    screened: tuple[Screened, ...]
    indices: tuple[Index, ...]
    mean: float
    sd: float
    dropped: dict[str, tuple[int, int, str]]


class Looking:
    """A study of sensitivity under way."""

    def __init__(self, model: Model, outcome: str, dimensions: Sequence[Dimension], options: Options, lives: Lives):
        """Look at `outcome` of `model` over the ranges of `dimensions`."""
        self.model, self.outcome, self.options = model, outcome, options
        self.dimensions = tuple(dimensions)
        self.lives = lives
        self.dropped: dict[str, tuple[int, int, str]] = {}
        self.watcher = Watcher()
        self._touched: set[str] = set()
        self._seed = options.luck + 1  # SALib's analysis takes a seed of 0 for none

    @property
    def total(self) -> int:
        """Worlds in all."""
        return sum(self.options.worlds(len(self.dimensions)))

    def run(self) -> Sensitivity:
        """Screen, then measure."""
        screened = self.screen() if len(self.dimensions) > 1 else []
        order = [one.name for one in screened if one.strength > 0] or [d.name for d in self.dimensions]
        chosen = [next(d for d in self.dimensions if d.name == name) for name in order[: self.options.screen]]
        indices = self.measure(chosen) if chosen else []
        found = (self.outcome, self.dimensions, self.options, tuple(screened), tuple(indices))
        mean, sd = float(self._last.mean()), float(self._last.std(ddof=1))
        return Sensitivity(*found, mean=mean, sd=sd, dropped=self.dropped)

    def screen(self) -> list[Screened]:
        """Walk through the space one parameter at a time; return the parameters, the strongest first."""
        sample = library("SALib.sample.morris", "A sensitivity study")
        analyse = library("SALib.analyze.morris", "A sensitivity study")
        space = unit_space(self.dimensions)
        places = sample.sample(space, self.options.trajectories, num_levels=LEVELS, seed=self._seed)
        worlds = self._live(places, self.dimensions, "screening")
        block = len(self.dimensions) + 1
        keep = self._whole(worlds, block, "screening")
        places, worlds = places[keep], worlds[keep]
        self._last = worlds.mean(axis=1)
        settings = {"num_resamples": RESAMPLES, "conf_level": CONFIDENCE, "seed": self._seed}
        found = analyse.analyze(space, places, self._last, num_levels=LEVELS, **settings)
        noise = _noise_of_effects(places, worlds, block)
        parts = (found["mu_star"], found["mu_star_conf"], found["mu"], found["sigma"], noise)
        columns = zip(self.dimensions, *parts, strict=True)
        rows = [Screened(d.name, *(float(value) for value in values)) for d, *values in columns]
        return sorted(rows, key=lambda row: (-row.strength, row.name))

    def measure(self, dimensions: Sequence[Dimension]) -> list[Index]:
        """Return the indices of these parameters; the others stay as the scenario has them."""
        sample = library("SALib.sample.sobol", "A sensitivity study")
        analyse = library("SALib.analyze.sobol", "A sensitivity study")
        space = unit_space(dimensions)
        places = sample.sample(space, self.options.samples, calc_second_order=False, seed=self._seed)
        worlds = self._live(places, dimensions, "measuring")
        worlds = worlds[self._whole(worlds, len(dimensions) + 2, "measuring")]
        self._last = values = worlds.mean(axis=1)
        if values.std() == 0.0:
            raise RunError(f"{self.outcome} is {values[0]:g} at every point: none of these parameters moves it.")
        settings = {"num_resamples": RESAMPLES, "conf_level": CONFIDENCE, "seed": self._seed}
        found = analyse.analyze(space, values, calc_second_order=False, **settings)
        noise = _noise_of_totals(worlds, len(dimensions) + 2)
        parts = (found["S1"], found["S1_conf"], found["ST"], found["ST_conf"], noise)
        columns = zip(dimensions, *parts, strict=True)
        return [Index(d.name, *(float(value) for value in values)) for d, *values in columns]

    def _live(self, places: Numbers, dimensions: Sequence[Dimension], stage: str) -> Numbers:
        """Return the outcome of every place (0..1 in each of `dimensions`) on every seed; NaN where a world collapsed.

        The other dimensions stay where the scenario has them.
        """
        still = {d.name: d.start for d in self.dimensions}
        points = [
            still | {d.name: d.at(float(place)) for d, place in zip(dimensions, row, strict=True)}
            for row in np.asarray(places)
        ]
        seeds = self.options.world_seeds
        lives = [Life(point, seed) for point in points for seed in seeds]
        self._touched |= {life.key for life in lives} & self.lives.known.keys()
        outcomes = self.lives.of(lives, lambda life: self._hear(life, stage))
        values = [outcome.values.get(self.outcome, math.nan) for outcome in outcomes]
        self._why = next((outcome.why[:160] for outcome in outcomes if outcome.why), "no value")
        return np.array(values, dtype=np.float64).reshape(len(points), len(seeds))

    def _hear(self, life: Life, stage: str) -> None:
        self._touched.add(life.key)
        self.watcher.progress(len(self._touched), self.total, stage)

    def _whole(self, worlds: Numbers, block: int, stage: str) -> NDArray[np.bool_]:
        """Return which rows to keep: a design is made of blocks, and one point without a value spoils its block.

        Raises:
            RunError: Fewer than two blocks are left.
        """
        bad = np.flatnonzero(~np.isfinite(worlds).all(axis=1))
        blocks = len(worlds) // block
        keep = np.full(blocks, True)
        keep[bad // block] = False
        if len(bad):
            self.dropped[stage] = (int(blocks - keep.sum()), blocks, self._why)
        if keep.sum() < 2:
            raise RunError(
                f"{self.outcome} has no value in {len(bad)} of {len(worlds)} points ({self._why}); "
                "nothing is left to compare. Use a smaller --span, or fewer parameters."
            )
        return np.repeat(keep, block)


def unit_space(dimensions: Sequence[Dimension]) -> dict[str, Any]:
    """Return SALib's description of a space in which every parameter runs from 0 to 1."""
    return {
        "num_vars": len(dimensions),
        "names": [dimension.name for dimension in dimensions],
        "bounds": [[0.0, 1.0]] * len(dimensions),
    }


def _noise_of_effects(places: Numbers, worlds: Numbers, block: int) -> Numbers:
    """Return, for each parameter, the mean absolute effect that luck alone would give; NaN with one seed.

    The effects of one step differ between seeds by luck; the mean of S seeds has their standard deviation / sqrt(S).
    """
    size, seeds = places.shape[1], worlds.shape[1]
    if seeds < 2:
        return np.full(size, math.nan)
    found: list[list[float]] = [[] for _ in range(size)]
    for begin in range(0, len(places), block):
        for row in range(begin, begin + block - 1):
            moved = places[row + 1] - places[row]
            (which,) = np.flatnonzero(moved)
            effects = (worlds[row + 1] - worlds[row]) / moved[which]
            found[which].append(MEAN_ABSOLUTE * float(effects.std(ddof=1)) / math.sqrt(seeds))
    return np.array([np.mean(values) for values in found])


def _noise_of_totals(worlds: Numbers, block: int) -> Numbers:
    """Return, for each parameter, the share that luck adds to its total index; NaN with one seed.

    The index is half the mean squared difference between two points that differ in the parameter alone, over the
    variance (Jansen 1999). The difference is a mean over S seeds, so luck adds its variance over seeds / S.
    """
    seeds = worlds.shape[1]
    if seeds < 2:
        return np.full(block - 2, math.nan)
    # A block of Saltelli's design: a point, that point with one number changed (for each number), another point.
    blocks = worlds.reshape(-1, block, seeds)
    ends = blocks[:, [0, -1], :].mean(axis=2)
    differences = blocks[:, 1:-1, :] - blocks[:, :1, :]
    luck: Numbers = differences.var(axis=2, ddof=1).mean(axis=0) / seeds
    return np.asarray(0.5 * luck / ends.var(), dtype=np.float64)


def sensitivity(
    model: Model,
    outcome: str,
    dimensions: Sequence[Dimension],
    options: Options,
    folder: StudyFolder | None = None,
    watcher: Watcher | None = None,
) -> Sensitivity:
    """Find which parameters move an outcome: Morris over all, Sobol over the strongest.

    Args:
        model: Numbers of a world at a point and seed. outcome: Which of them. dimensions: Parameters and ranges.
        folder: Where lives are kept; in memory where left out. watcher: Hears of progress.

    Raises:
        InputError: SALib is not installed, or nothing is asked for.
        RunError: Nothing lives, nothing moves; or the user stopped, all is kept.
    """
    options.check_work(len(dimensions))
    watcher = watcher or Watcher()
    prepare = getattr(model, "prepare", None)
    if prepare is not None:
        prepare(watcher.say)
    lives = Lives(model, folder.path / "lives.jsonl" if folder else None, options.jobs)
    looking = Looking(model, outcome, dimensions, options, lives)
    looking.watcher = watcher
    try:
        return looking.run()
    except KeyboardInterrupt:
        done = len(looking._touched)
        raise StoppedError(
            f"Stopped after {done} of {looking.total} worlds; all is kept. "
            "The same command with the same --out goes on."
        ) from None
