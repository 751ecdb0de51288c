"""Lives of a study: each (point, seed) is lived once, stored at once, and found again by the next command."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol

from wildsim.core.errors import RunError
from wildsim.engine import files
from wildsim.engine.parallel import Workers, spread
from wildsim.studies.space import Point

Values = dict[str, float]


class Model(Protocol):
    """What a study asks: numbers of one world at one point. Processes find it by name, so it must pickle."""

    def __call__(self, point: Mapping[str, float], seed: int) -> Values:
        """Return numbers by name; raise CollapseError where the world has none."""
        ...


class CollapseError(Exception):
    """A world fell apart, or took too long; the study goes on and names it."""


@dataclass(frozen=True)
class Life:
    """A point and the seed of the world that lives it."""

    point: Point
    seed: int

    @property
    def key(self) -> str:
        """Text that names it."""
        return f"{self.seed} {json.dumps(self.point, sort_keys=True)}"


@dataclass(frozen=True)
class Outcome:
    """What a life gave: numbers by name, or `why` it gave none."""

    values: Values = field(default_factory=dict)
    why: str = ""


def live(task: tuple[Model, Life]) -> Outcome:
    """Live one life."""
    model, life = task
    try:
        return Outcome(dict(model(life.point, life.seed)))
    except CollapseError as error:
        return Outcome(why=str(error))


class Lives:
    """All lives of a study.

    Attributes:
        known: Outcomes by the key of the life. lived: How many were lived by this process.
    """

    def __init__(self, model: Model, path: Path | None = None, jobs: int | None = None, workers: Workers | None = None):
        """Keep lives of `model` in the file at `path` (in memory alone where left out).

        Args:
            jobs: Processes. workers: Processes to use instead, which live whatever is to be lived.
        """
        self.model, self.path = model, path
        self._spread = workers.spread if workers else partial(spread, jobs=jobs)
        self.known: dict[str, Outcome] = {}
        self.lived = 0
        if path is not None and path.exists():
            self._read(path)

    def of(self, lives: Sequence[Life], heard: Callable[[Life], None] = lambda life: None) -> list[Outcome]:
        """Return the outcome of each life, in their order; those unknown are lived now, spread over processes."""
        ahead = {life.key: life for life in lives if life.key not in self.known}
        tasks = [(self.model, life) for life in ahead.values()]
        for index, outcome in self._spread(live, tasks):
            life = tasks[index][1]
            self._store(life, outcome)
            self.lived += 1
            heard(life)
        return [self.known[life.key] for life in lives]

    def _store(self, life: Life, outcome: Outcome) -> None:
        self.known[life.key] = outcome
        if self.path is None:
            return
        row = {"point": life.point, "seed": life.seed, "values": files.without_nan(outcome.values), "why": outcome.why}
        line = json.dumps(row, sort_keys=True, allow_nan=False) + "\n"
        with files.explained(self.path), open(self.path, "ab") as stream:
            stream.write(line.encode())
            stream.flush()
            os.fsync(stream.fileno())

    def _read(self, path: Path) -> None:
        """Take what the file holds; a last line that was cut off is dropped from it."""
        with files.explained(path):
            data = path.read_bytes()
        whole, _, torn = data.rpartition(b"\n")
        for number, line in enumerate(whole.splitlines(), start=1):
            try:
                row = json.loads(line)
                life = Life({name: float(value) for name, value in row["point"].items()}, int(row["seed"]))
                values = {name: math.nan if value is None else float(value) for name, value in row["values"].items()}
                self.known[life.key] = Outcome(values, str(row["why"]))
            except (ValueError, KeyError, TypeError, AttributeError):
                raise RunError(
                    f"'{path}' is damaged in line {number}. Remove the line; its life is lived again."
                ) from None
        if torn:
            files.write(path, whole + b"\n" if whole else b"")
