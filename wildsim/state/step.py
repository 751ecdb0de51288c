"""One step of the month: a function and the columns that it may write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wildsim.state.world import World, WorldView


@dataclass(frozen=True)
class Step:
    """A rule or a sector as the month calls it.

    Attributes:
        name: Module and function, for messages and profiles. run: Does the work on a view of the world.
        writes: Columns that may be written, by table; everything else is read-only.
        sector: Social sector that it belongs to; where that is off the step does nothing. "": always.
    """

    name: str
    run: Callable[[WorldView], None]
    writes: dict[str, tuple[str, ...]]
    sector: str = ""

    def __call__(self, world: World) -> None:
        """Run the step on a fresh, write-protected view of `world`."""
        if world.has(self.sector):
            self.run(world.view(self.writes))


#: In the `writes` of a moving step: every column, since rows move or are made.
ALL = ("*",)


@dataclass(frozen=True)
class MovingStep:
    """A step in which rows move, so that it gets the world itself; it asks for views and moves money by the ledger.

    Attributes:
        name: Module and function. run: Does the work.
        writes: Columns that it changes, by table, or ALL. Nothing enforces it while the step runs, since the step asks
            for its own views; tests/conformance hold every step to it.
        sector: Social sector that it belongs to; where that is off the step does nothing. "": always.
    """

    name: str
    run: Callable[[World], None]
    writes: dict[str, tuple[str, ...]]
    sector: str = ""

    def __call__(self, world: World) -> None:
        """Run the step on `world`."""
        if world.has(self.sector):
            self.run(world)


def step(*, sector: str = "", **writes: str) -> Callable[[Callable[[WorldView], None]], Step]:
    """Return a decorator that makes a `Step`; each keyword is a table, its value the columns written.

    Args:
        sector: Social sector that the step belongs to.
    """

    def wrap(function: Callable[[WorldView], None]) -> Step:
        name = f"{function.__module__.removeprefix('wildsim.')}.{function.__name__}"
        return Step(name, function, {table: tuple(columns.split()) for table, columns in writes.items()}, sector)

    return wrap
