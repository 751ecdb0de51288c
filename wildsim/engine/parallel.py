"""Independent work spread over processes: for studies that live many societies and keep a few numbers of each.

A run of a scenario goes through `engine.run`, which keeps everything and resumes; this is for what is smaller.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import active_children, get_context
from typing import TypeVar

from wildsim.core.errors import InputError, RunError

Task = TypeVar("Task")
Result = TypeVar("Result")

MOST_JOBS = 10_000


def cores() -> int:
    """Return how many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def default_jobs(tasks: int) -> int:
    """Return how many processes to use: one a task, at most one a core."""
    return max(1, min(cores(), tasks))


def check_jobs(jobs: int | None) -> None:
    """Check a wish for processes.

    Raises:
        InputError: It is out of range.
    """
    if jobs is not None and not 1 <= jobs <= MOST_JOBS:
        raise InputError(f"--jobs is {jobs}; it must be 1 {'or more' if jobs < 1 else f'to {MOST_JOBS:,}'}.")


class Workers:
    """Processes that stay between batches of work, as a context manager.

    Work never happens in the process that asks for it, even with one job: it cannot reach what that process knows.
    """

    def __init__(self, jobs: int):
        """Allow `jobs` processes; they start with the first work."""
        self._others = set(active_children())
        self._pool = ProcessPoolExecutor(
            jobs, mp_context=get_context("spawn"), initializer=_leave_interrupts_to_the_parent
        )

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *stopped: object) -> None:
        # idle once all is done; after an interrupt or a failure nobody waits for what is still under way
        for process in set(active_children()) - self._others:
            process.terminate()
        self._pool.shutdown(cancel_futures=True)

    def spread(self, work: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[tuple[int, Result]]:
        """Yield (index of the task, what `work` returned); see `spread` of this module.

        Raises:
            RunError: A process died. Whatever `work` raises is raised here.
        """
        try:
            waiting = {self._pool.submit(work, task): index for index, task in enumerate(tasks)}
            for future in as_completed(waiting):
                yield waiting[future], future.result()
        except BrokenProcessPool as error:
            raise RunError("a worker process died (out of memory?). Use fewer jobs or fewer people.") from error


def spread(
    work: Callable[[Task], Result], tasks: Sequence[Task], jobs: int | None = None
) -> Iterator[tuple[int, Result]]:
    """Yield (index of the task, what `work` returned) as each is done, in no fixed order.

    `work` is a function of a module (processes find it by name); tasks and results travel pickled. With one job, or one
    task, everything happens in this process. The caller stores what it gets at once, so that an end in between loses
    only what was under way. Order results by index, never by arrival.

    Args:
        jobs: Processes; as many as there are cores where left out.

    Raises:
        InputError: `jobs` is out of range. RunError: A process died. Whatever `work` raises is raised here, and what
            had not begun is dropped.
    """
    check_jobs(jobs)
    jobs = min(jobs or default_jobs(len(tasks)), len(tasks))
    if jobs <= 1:
        for index, task in enumerate(tasks):
            yield index, work(task)
        return
    with Workers(jobs) as workers:
        yield from workers.spread(work, tasks)


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
