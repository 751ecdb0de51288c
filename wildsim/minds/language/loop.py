"""An event loop in a thread of its own: asynchronous work for callers that are not, Jupyter among them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import CancelledError, Future, wait
from typing import Any, TypeVar

T = TypeVar("T")

_LONGEST_END_S = 5.0
"""Seconds that work may take to end when it is interrupted."""


class Loop:
    """Runs coroutines in a daemon thread, which starts with the first of them."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self.closed = False

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Return what the coroutine returns; if the caller is interrupted, the work is cancelled and ends first."""
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=self._loop.run_forever, name="wildsim-language", daemon=True)
            self._thread.start()
        loop, begun, outcome = self._loop, list[asyncio.Task[T]](), Future[T]()

        def begin() -> None:
            begun.append(loop.create_task(work))
            begun[0].add_done_callback(lambda task: _hand_over(task, outcome))

        def end() -> None:
            if begun:
                begun[0].cancel()
            else:  # interrupted before it was handed over
                work.close()
                outcome.set_exception(CancelledError())

        # all within `try`: the interruption may come before this thread waits
        try:
            loop.call_soon_threadsafe(begin)
            return outcome.result()
        except BaseException:
            # Ctrl-C: what is under way is cancelled, and the tape gets what is there, before the run leaves
            if not outcome.done():
                loop.call_soon_threadsafe(end)
                wait([outcome], timeout=_LONGEST_END_S)
            raise

    def close(self) -> None:
        """Stop the thread."""
        self.closed = True
        if self._loop is None or self._thread is None:
            return
        asyncio.run_coroutine_threadsafe(_cancel_the_rest(), self._loop).result(timeout=_LONGEST_END_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=_LONGEST_END_S)
        self._loop.close()


def _hand_over(task: asyncio.Task[T], outcome: Future[T]) -> None:
    """Give what became of a task to whoever waits for it in another thread."""
    if task.cancelled():
        outcome.set_exception(CancelledError())
    elif error := task.exception():
        outcome.set_exception(error)
    else:
        outcome.set_result(task.result())


async def _cancel_the_rest() -> None:
    """Cancel what libraries left running on the loop."""
    rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
