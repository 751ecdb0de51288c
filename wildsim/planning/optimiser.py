"""The optimiser: it asks for scores of candidates and for a coarse word on its best guess, and knows nothing else.

It runs in a process of its own (`planning.process`), without a world, a scenario or a run folder: what it optimises is
a list of numbers within bounds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from wildsim.core.errors import InputError
from wildsim.core.table import F64
from wildsim.planning.cross_entropy import CrossEntropy, Lever

#: Part of its range within which a lever counts as found.
FOUND = 0.002
#: Why a search ended.
ALL, CONVERGED, NO_BETTER, UNSCORED = "generations", "converged", "validation", "no scores"


@dataclass(frozen=True)
class Search:
    """What is asked of the optimiser.

    Attributes:
        levers: What it may move. start: Values to begin with and to fall back on, in the levers' order. seed: Of its
            own chance. size: Candidates a generation. generations: Most of them. patience: Generations in a row without
            a better word from validation after which it stops; 0 for no validation.
    """

    levers: tuple[Lever, ...]
    start: tuple[float, ...]
    seed: int = 0
    size: int = 16
    generations: int = 10
    patience: int = 3

    def __post_init__(self) -> None:
        """Check the numbers.

        Raises:
            InputError: One is out of range.
        """
        if not self.levers:
            raise InputError("no levers: there is nothing to optimise.")
        if len(self.start) != len(self.levers):
            raise InputError(f"{len(self.levers)} levers start at {len(self.start)} values.")
        for name, least, most in (("size", 8, 10_000), ("generations", 1, 10_000), ("patience", 0, 10_000)):
            value = getattr(self, name)
            if not least <= value <= most:
                raise InputError(f"{name} is {value}; it must be {least} to {most:,}.")

    def plain(self) -> dict[str, Any]:
        """Return it as plain data, for another process."""
        return asdict(self)

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Search:
        """Return the search that `plain` tells of."""
        levers = tuple(Lever(**lever) for lever in plain["levers"])
        return cls(**{**plain, "levers": levers, "start": tuple(plain["start"])})


@dataclass(frozen=True)
class Found:
    """What the optimiser settled on.

    Attributes:
        point: Values of the levers. generation: Which best guess it was; -1 for the start. ended: Why the search ended.
    """

    point: tuple[float, ...]
    generation: int
    ended: str


def optimise(search: Search, scores: Callable[[F64], F64], word: Callable[[F64], float]) -> Found:
    """Search the levers.

    Args:
        scores: Scores of candidates, shape (candidates, levers) -> (candidates); NaN for one that has none.
        word: What validation says of one point, shape (levers); never asked where `patience` is 0.
    """
    method = CrossEntropy(search.levers, search.seed, size=search.size)
    start = np.array(search.start)
    chosen = Found(search.start, -1, ALL)
    told = word(start) if search.patience else math.nan
    since = 0
    for generation in range(search.generations):
        candidates = method.ask()
        heard = scores(candidates)
        if np.isfinite(heard).sum() < 2:
            return replace(chosen, ended=UNSCORED)
        method.tell(candidates, heard)
        guess = Found(tuple(method.best.tolist()), generation, ALL)
        said = word(method.best) if search.patience else math.nan
        if not search.patience or said > told:
            chosen, told, since = guess, said, 0
        else:
            since += 1
        if search.patience and since >= search.patience:
            return replace(chosen, ended=NO_BETTER)
        if (method.spread < FOUND).all():
            return replace(chosen, ended=CONVERGED)
    return chosen
