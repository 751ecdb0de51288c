"""Cheap models for studies: functions of a module, so that processes find them by name."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from wildsim.studies.lives import CollapseError
from wildsim.studies.space import Dimension
from wildsim.studies.targets import Target, Targets

#: The point that the targets of `planted` come from.
TRUTH = {"a": 0.7, "b": -1.5, "c": 0.02}


def noise(seed: int, size: int) -> np.ndarray:
    return np.random.Generator(np.random.Philox(seed)).normal(0.0, 0.05, size)


def smooth(point: Mapping[str, float], seed: int) -> dict[str, float]:
    """Return four moments of three parameters, with the luck of the seed."""
    a, b, c = point["a"], point["b"], math.log(point["c"])
    luck = noise(seed, 4)
    return {"m1": a + luck[0], "m2": b * b + b + luck[1], "m3": c + a * b + luck[2], "m4": a - b + luck[3]}


def fragile(point: Mapping[str, float], seed: int) -> dict[str, float]:
    """As `smooth`, but a part of the space collapses, and another lacks a moment."""
    if point["a"] > 1.85:
        raise CollapseError("month 7: BooksError: nothing left")
    values = smooth(point, seed)
    return {**values, "m4": math.nan} if point["b"] > 1.5 else values


def fallen(point: Mapping[str, float], seed: int) -> dict[str, float]:
    raise CollapseError("nobody works")


def planted() -> Targets:
    """Return targets around the moments of TRUTH, and a start far from it."""
    middle = {"m1": 0.7, "m2": 0.75, "m3": math.log(0.02) - 1.05, "m4": 2.2}
    moments = tuple(Target(name, value - 0.3, value + 0.3) for name, value in middle.items())
    space = (
        Dimension("a", -1.0, 2.0, start=1.8),
        Dimension("b", -3.0, 3.0, start=1.0),
        Dimension("c", 0.001, 1.0, start=0.5, log=True),
    )
    return Targets(moments, space)


def ishigami(point: Mapping[str, float], seed: int) -> dict[str, float]:
    """Ishigami and Homma 1990, a = 7, b = 0.1."""
    x, y, z = point["x1"], point["x2"], point["x3"]
    return {"y": math.sin(x) + 7 * math.sin(y) ** 2 + 0.1 * z**4 * math.sin(x)}


def straight(point: Mapping[str, float], seed: int) -> dict[str, float]:
    return {"y": 2.0 * point["x1"] + 1.0}


def ishigami_with_an_inert_one(point: Mapping[str, float], seed: int) -> dict[str, float]:
    """Ishigami and a fourth number that changes nothing but the luck of each seed."""
    luck = np.random.Generator(np.random.Philox(key=[seed, abs(hash(tuple(point.values())))]))
    return {"y": ishigami(point, seed)["y"] + float(luck.normal(0.0, 0.8))}


def constant(point: Mapping[str, float], seed: int) -> dict[str, float]:
    return {"y": 4.0}


@dataclass(frozen=True)
class Economy:
    """Eighteen moments of twenty-two parameters, as an economy has them: most parameters move a few moments, a little.

    A world's luck comes from its seed; a part of it, `chaos`, from the point too, as in worlds that fork.
    """

    problem: int
    bend: float = 0.0
    chaos: float = 0.5
    moments: int = 18
    parameters: int = 22

    def _draws(self, *key: int) -> np.random.Generator:
        return np.random.Generator(np.random.Philox(np.random.SeedSequence([self.problem, *key])))

    def slopes(self) -> np.ndarray:
        """Return the change of each moment over the range of each parameter, in standard deviations over worlds."""
        draws = self._draws(1)
        size = (self.moments, self.parameters)
        return draws.standard_normal(size) * 2.5 * (draws.uniform(size=size) < 0.35)

    def true(self, places: np.ndarray) -> np.ndarray:
        """Return the means of the moments."""
        straight = self.slopes() @ (places - 0.5)
        bent = self._draws(2).standard_normal((self.moments, self.parameters)) @ (places - 0.5) ** 2
        return straight + self.bend * bent

    def __call__(self, point: Mapping[str, float], seed: int) -> dict[str, float]:
        places = np.array([point[f"p{i}"] for i in range(self.parameters)])
        word = hashlib.sha256(json.dumps([self.problem, seed, *places]).encode()).digest()
        shared, own = self._draws(3, seed), self._draws(4, int.from_bytes(word[:4], "big"))
        luck = math.sqrt(1 - self.chaos**2) * shared.standard_normal(self.moments)
        luck += self.chaos * own.standard_normal(self.moments)
        return {f"m{i}": float(value) for i, value in enumerate(self.true(places) + luck)}

    def hidden(self) -> dict[str, float]:
        """Return the point whose moments the ranges lie around."""
        return {f"p{i}": float(place) for i, place in enumerate(self._draws(5).uniform(0.15, 0.85, self.parameters))}

    def targets(self) -> Targets:
        """Return ranges of 1.5 standard deviations around what the hidden point gives, and a start away from it."""
        start = self._draws(6).uniform(0.15, 0.85, self.parameters)
        middle = self.true(np.array(list(self.hidden().values())))
        return Targets(
            tuple(Target(f"m{i}", value - 1.5, value + 1.5) for i, value in enumerate(middle)),
            tuple(Dimension(f"p{i}", 0.0, 1.0, round(float(place), 3)) for i, place in enumerate(start)),
        )
