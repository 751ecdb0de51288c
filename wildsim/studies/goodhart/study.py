"""A study of Goodhart's law in a society: optimise the reward, look at what was meant on the way and in four arms.

Its worlds are a block of their own, and it gives no verdict: gold is looked at, which a judge must not do.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from wildsim.core.errors import InputError, RunError
from wildsim.engine.parallel import Workers, cores
from wildsim.engine.watcher import Watcher
from wildsim.indicators import INDICATORS
from wildsim.planning.cross_entropy import Lever
from wildsim.scenario.schema import Scenario
from wildsim.studies.goodhart.curve import Curve
from wildsim.studies.goodhart.mechanism import LEAST, Evidence, Named, name_mechanism
from wildsim.studies.goodhart.scale import Raw, Scale, rewards_of
from wildsim.studies.lives import Life, Lives
from wildsim.studies.optimise import study as optimise
from wildsim.studies.optimise.study import Optimised, Optimising, Options, burn_ins
from wildsim.studies.optimise.world import Candidate, burn

#: Files whose code decides what a study finds.
INVOLVED = (*optimise.INVOLVED, "studies/goodhart/")
#: Seeds of these studies lie so far above the first; the worlds that nothing is selected on, so far above those.
BLOCK, FRESH = 3_000_000, 100_000
#: Part of the way to what was found that counts as a small push.
SMALL = 0.25
#: How often the start is measured in the worlds of the search.
AT_LEISURE = 4


@dataclass(frozen=True)
class Studied:
    """What a study found.

    Attributes:
        optimised: The search. gold: Indicators that say what was meant. curve: Proxy and gold by step. named: The
            mechanism. worlds: How many in each arm. responds: Whether there is an arm in which somebody responds.
    """

    optimised: Optimised
    gold: tuple[str, ...]
    curve: Curve
    named: Named
    worlds: int
    responds: bool


class Studying:
    """A study under way."""

    def __init__(
        self,
        scenario: Scenario,
        responding: Scenario | None,
        levers: Sequence[Lever],
        start: Mapping[str, float],
        begin: int,
        options: Options,
        worlds: int,
        folder: Path,
        watcher: Watcher,
    ):
        """Open what the folder holds.

        Args:
            scenario: With what was meant in `evaluation.sealed`. responding: The same with those who respond to being
                judged; None for nobody. start, begin: As `check_levers` gives them. worlds: In each arm.
        """
        check_gold(scenario, worlds)
        self.scenario, self.responding, self.levers = scenario, responding, tuple(levers)
        self.start, self.begin, self.worlds = dict(start), begin, worlds
        self.options = replace(options, first=options.first + BLOCK, validation=0)
        self.folder, self.watcher = folder, watcher
        self.gold = scenario.evaluation.sealed
        self._known: dict[str, Lives] = {}

    def run(self) -> Studied:
        """Optimise, then look.

        Raises:
            RunError: A world of an arm has no value. StoppedError: The user stopped; what was lived is kept.
        """
        used = self.responding or self.scenario
        search = Optimising(used, self.levers, self.start, self.begin, self.options, self.folder, self.watcher)
        found = search.run()
        with Workers(self.options.jobs or cores()) as workers:
            self._workers = workers
            self._burn()
            return self._look(found)

    @property
    def seeds(self) -> list[int]:
        """Worlds that nothing is selected on."""
        first = self.options.first + FRESH
        return list(range(first, first + self.worlds))

    def _burn(self) -> None:
        for scenario in filter(None, (self.scenario, self.responding)):
            candidate = self._candidate(scenario, 0)
            missing = [seed for seed in self.seeds if not (candidate.snapshots / f"seed={seed}.npz").exists()]
            for done, _ in enumerate(self._workers.spread(burn, [(candidate, seed) for seed in missing]), start=1):
                self.watcher.progress(done, len(missing), "burn-in of fresh worlds")

    def _candidate(self, scenario: Scenario, again: int) -> Candidate:
        return Candidate(scenario.resolved(), self.begin, self._burn_ins(scenario), truths=self.gold, again=again)

    def _burn_ins(self, scenario: Scenario) -> Path:
        """Return where the ends of burn-ins are kept; sensors remember, so that those who respond have their own."""
        return burn_ins(self.folder, scenario) / ("responding" if scenario is self.responding else "worlds")

    def _look(self, found: Optimised) -> Studied:
        points = [list(self.start.values()), *_guesses(found)]
        small = [a + SMALL * (b - a) for a, b in zip(points[0], points[-1], strict=True)]
        base = self._arm(self.scenario, points[0], "observed")
        scale = Scale(base, tuple(INDICATORS[name].direction for name in self.gold))
        observed = scale.arm(base)
        smaller = scale.arm(self._arm(self.scenario, small, "small"))
        blind = scale.arm(self._arm(self.scenario, points[-1], "blind"))
        seen = scale.arm(self._arm(self.responding, points[-1], "seen")) if self.responding else None
        selected, error = self._selected(points[-1])
        evidence = Evidence(observed, smaller, blind, seen, selected / scale.proxy_sd, error / scale.proxy_sd)
        curve = self._curve(found, points, scale)
        return Studied(found, self.gold, curve, name_mechanism(evidence), self.worlds, self.responding is not None)

    def _arm(self, scenario: Scenario, point: list[float], what: str) -> Raw:
        """Live the fresh worlds at a point, and measure them twice where there is anything to measure."""
        first = self._lived(scenario, 0, point, self.seeds, what)
        anew = self._lived(scenario, 1, point, self.seeds, f"{what}, anew") if scenario.sensors else first
        gold = np.array([[row[one] for one in self.gold] for row in first])
        return Raw(rewards_of(first), rewards_of(anew), gold)

    def _lived(
        self, scenario: Scenario, again: int, point: list[float], seeds: Sequence[int], what: str
    ) -> list[dict[str, float]]:
        """Return the values of worlds at a point; a world that was lived before at that point is not lived again.

        Args:
            again: Luck of the sensors. what: For the progress.

        Raises:
            RunError: A world has no value.
        """
        lives = self._lives(scenario, again)
        names = [lever.name for lever in self.levers]
        done = 0

        def heard(life: Life) -> None:
            nonlocal done
            done += 1
            self.watcher.progress(done, len(seeds), what)

        outcomes = lives.of([Life(dict(zip(names, point, strict=True)), seed) for seed in seeds], heard)
        for seed, outcome in zip(seeds, outcomes, strict=True):
            lacking = [name for name, value in outcome.values.items() if not math.isfinite(value)]
            if outcome.why or lacking:
                raise RunError(f"world {seed} ({what}) has no {', '.join(lacking) or 'end'}: {outcome.why}")
        return [outcome.values for outcome in outcomes]

    def _lives(self, scenario: Scenario, again: int) -> Lives:
        name = f"{'responding' if scenario is self.responding else 'worlds'}-{again}"
        if name not in self._known:
            candidate = self._candidate(scenario, again)
            self._known[name] = Lives(candidate, self.folder / f"{name}.jsonl", workers=self._workers)
        return self._known[name]

    def _selected(self, point: list[float]) -> tuple[float, float]:
        """Return the gain of the reward that selected the last guess, and the standard error of such a gain.

        The start is measured at leisure, so that the luck of its measurement does not count.
        """
        used, seeds = self.responding or self.scenario, self.options.feedback_seeds
        tries = AT_LEISURE if used.sensors else 1
        begin = list(self.start.values())
        start = [rewards_of(self._lived(used, again, begin, seeds, "start")) for again in range(tries)]
        before = np.mean(start, axis=0)
        gains = rewards_of(self._lived(used, 0, point, seeds, "found")) - before
        # worlds differ in what they gain, and each is measured with luck; few worlds may hide either
        luck = float(np.var(start, axis=0, ddof=1).mean()) * (1.0 + 1.0 / tries) if tries > 1 else 0.0
        error = math.sqrt(max(luck, float(np.var(gains, ddof=1))) / len(seeds))
        return float(gains.mean()), error

    def _curve(self, found: Optimised, points: list[list[float]], scale: Scale) -> Curve:
        used = self.responding or self.scenario
        arms = [scale.arm(self._arm(used, point, f"after generation {step}")) for step, point in enumerate(points)]
        scores = [float(np.mean(found.before)), *_guess_scores(found)]
        shown = (np.array(scores) - scores[0]) / scale.proxy_sd
        proxy = np.array([arm.measured - arms[0].measured for arm in arms])
        gold = np.array([arm.gold - arms[0].gold for arm in arms])
        return Curve(shown, proxy, gold)


def check_gold(scenario: Scenario, worlds: int) -> None:
    """Check what is needed to look at what was meant.

    Raises:
        InputError: Nothing says what was meant, or there are too few worlds.
    """
    if not scenario.evaluation.sealed:
        raise InputError("nothing says what was meant: give --gold crime_rate,wellbeing, or evaluation.sealed.")
    if not LEAST <= worlds <= BLOCK:
        raise InputError(f"--worlds is {worlds}; it must be {LEAST} to {BLOCK:,}.")


def _guesses(found: Optimised) -> list[list[float]]:
    """Return the optimiser's best guess after each generation."""
    return [*(one.candidates[0] for one in found.trace[1:]), list(found.found.point)]


def _guess_scores(found: Optimised) -> list[float]:
    """Return the score of each of these guesses on the worlds of the search."""
    return [*(one.scores[0] for one in found.trace[1:]), float(np.mean(found.after))]
