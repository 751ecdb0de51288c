"""The two searches of a calibration on a mock with a known answer, with as many lives for both.

    python -m tests.benchmarks.moves_and_trials [PROBLEMS]

One line a kind of luck: share of moments inside on worlds of further seeds, at the start, at the point that the moments
come from, and where each search ends; standard errors over problems. The table of docs/calibration.md.
"""

from __future__ import annotations

import sys

import numpy as np

from tests.studies.toys import Economy
from wildsim.engine.watcher import Watcher
from wildsim.studies.calibrate import calibrate
from wildsim.studies.lives import Outcome
from wildsim.studies.loss import share_inside
from wildsim.studies.space import Point
from wildsim.studies.trial import MOVES, TRIALS, Options

#: Points that give both searches as many lives.
POINTS = {MOVES: 94, TRIALS: 98}
FURTHER = range(10**6, 10**6 + 200)


def share(economy: Economy, point: Point) -> float:
    targets = economy.targets().moments
    return float(np.mean([share_inside(targets, Outcome(economy(point, seed))) for seed in FURTHER]))


def searched(economy: Economy, search: str) -> tuple[float, int]:
    """Return the share inside where a search ends, and how many lives it took."""
    lives = [0]
    options = Options(trials=POINTS[search], seeds=6, fresh=0, jobs=1, search=search)
    watcher = Watcher(progress=lambda done, total, now: lives.append(done))
    found = calibrate(economy, economy.targets(), options, watcher=watcher)
    return share(economy, found.best.point), lives[-1]


def main(problems: int) -> None:
    for chaos in (0.5, 0.9, 1.0):
        economies = [Economy(problem, bend=1.0, chaos=chaos) for problem in range(problems)]
        starts = [share(e, {d.name: d.start for d in e.targets().dimensions}) for e in economies]
        there = [share(e, e.hidden()) for e in economies]
        words = [f"own luck {chaos**2:.2f}: start {np.mean(starts):.3f}, hidden point {np.mean(there):.3f}"]
        for search in POINTS:
            shares, lives = np.array([searched(economy, search) for economy in economies]).T
            error = shares.std(ddof=1) / np.sqrt(problems)
            words.append(f"{search} {shares.mean():.3f} ({error:.3f}) with {lives.mean():.0f} lives")
        print("; ".join(words), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
