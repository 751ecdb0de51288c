"""What the verbs of long work share: options, and progress with the time left on standard error."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wildsim.cli import output
from wildsim.core.errors import InputError

if TYPE_CHECKING:
    from wildsim.engine.watcher import Watcher
    from wildsim.scenario.schema import Scenario

StudyJobs = Annotated[int | None, typer.Option("--jobs", help="Processes; default: one a core.")]
StudyOut = Annotated[Path | None, typer.Option("--out", help="Folder; the same command with the same folder goes on.")]
SearchSeed = Annotated[int, typer.Option("--search-seed", help="Seed of the search itself.")]
Timeout = Annotated[
    float, typer.Option("--timeout", help="CPU seconds after which a world counts as collapsed; 0: none.")
]
SetAll = Annotated[list[str] | None, typer.Option("--set", help="path=value, as in society.people=5000.")]

#: Seconds between two lines of progress in a log file.
EVERY = 30.0


def check_timeout(timeout: float) -> None:
    """Check --timeout.

    Raises:
        InputError: It is negative, or no number.
    """
    if not timeout >= 0:
        raise InputError(f"--timeout is {timeout:g}; it must be 0 (none) or more.")


def size_of(story: Scenario) -> str:
    """Return how large a world of a study is."""
    return f"{story.society.people:,} people, {story.burn_in} + {story.months} months"


#: Seconds of the past by which the time left is told, and the fewest reports that it is told by.
LATELY_S, FEWEST = 60.0, 8


class Clock:
    """How long what is left takes, from what was done lately: months of a burn-in are faster than those with minds."""

    def __init__(self, from_first: bool = False) -> None:
        """Start; `from_first`: at the first report, where reports are many and what comes before is compiling."""
        self.from_first = from_first
        self._begun = monotonic()
        self._told: deque[tuple[float, int]] = deque()

    def left(self, done: int, total: int) -> str:
        """Return "about 12 min left"; nothing where nothing is known yet."""
        now = monotonic()
        if not self._told:
            self._told.append((now, done) if self.from_first else (self._begun, done - 1))
        self._told.append((now, done))
        while len(self._told) > FEWEST and now - self._told[0][0] > LATELY_S:
            self._told.popleft()
        begun, before = self._told[0]
        if done <= before:
            return ""
        return f"about {duration((now - begun) / (done - before) * max(total - done, 0))} left"


def duration(seconds: float) -> str:
    """Return a time in words: 40 s, 12 min, 3 h 5 min."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


@contextmanager
def watching(what: str, *, quiet: bool, lives: str = "worlds") -> Iterator[Watcher]:
    """Show how far work is: a bar on a terminal, a line now and then in a file; `quiet` shows sentences alone.

    Args:
        what: The work, beside the bar. lives: What is counted, for the lines: worlds, or months of a run.
    """
    from wildsim.engine.watcher import Watcher

    clock = Clock(from_first=lives == "months")
    if quiet:
        yield Watcher(say=output.say)
        return
    if not sys.stderr.isatty():
        yield Watcher(say=output.say, progress=_Lines(clock, lives).hear)
        return
    with _bar() as bar:
        task = bar.add_task(what, total=None, now="")

        def progress(done: int, total: int, now: str) -> None:
            bar.update(task, completed=done, total=total, now=", ".join(filter(None, (now, clock.left(done, total)))))

        yield Watcher(
            say=lambda text: bar.console.print(text, markup=False, highlight=False, soft_wrap=True), progress=progress
        )


@contextmanager
def working(folder: Path, what: str, *, quiet: bool, lives: str = "worlds") -> Iterator[Watcher]:
    """Hold the lock of a study's folder and show how far the study is; Ctrl-C ends it with a word on how to go on.

    Args:
        what, quiet, lives: As in `watching`.

    Raises:
        RunError: Another process works in the folder. StoppedError: The user stopped.
    """
    from wildsim.engine.lock import locked
    from wildsim.engine.run import StoppedError

    with locked(folder), watching(what, quiet=quiet, lives=lives) as watcher:
        try:
            yield watcher
        except KeyboardInterrupt:
            raise StoppedError(
                f"Stopped; what was lived is kept. The same command with --out {folder} goes on."
            ) from None


class _Lines:
    """Progress for log files."""

    def __init__(self, clock: Clock, lives: str):
        self.clock, self.lives, self.told = clock, lives, monotonic()

    def hear(self, done: int, total: int, now: str) -> None:
        """Say how far it is, now and then and at the end."""
        left = self.clock.left(done, total)
        if done < total and monotonic() - self.told < EVERY:
            return
        self.told = monotonic()
        at = f" ({now})" if now else ""
        output.say(f"{done:,} of {total:,} {self.lives}{at}" + (f", {left}" if done < total and left else ""))


def _bar() -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=30),
        TaskProgressColumn(),
        TextColumn("{task.fields[now]}", markup=False),
        console=Console(stderr=True),
        transient=True,
    )
