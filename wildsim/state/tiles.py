"""Tiles: fixed blocks of rows (the regions) that kernels work on, whatever the number of threads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from wildsim.core.table import I64


class Tiles:
    """Where each region's rows start in each table, and the threads that work on regions.

    A kernel that takes (first tile, tile after the last, ...) writes only rows of its tiles, so results do not
    depend on the number of threads.

    Attributes:
        count: Number of tiles. people, households, firms: First row of each tile, then the end; (count + 1).
    """

    def __init__(self, count: int, threads: int = 1):
        """Make `count` empty tiles worked on by `threads` threads."""
        self.count = count
        self.people = self.households = self.firms = np.zeros(count + 1, dtype=np.int64)
        self.threads = min(threads, count)
        self._pool: ThreadPoolExecutor | None = None

    def place(self, people: I64, households: I64, firms: I64) -> None:
        """Take over the starts of each tile in the three tables, (count + 1) each."""
        self.people, self.households, self.firms = people, households, firms
        for starts in (people, households, firms):
            starts.flags.writeable = False

    def run(self, kernel: Callable[..., None], *arguments: Any) -> None:
        """Call `kernel(first, last, *arguments)` over all tiles, in several threads if there are any."""
        if self.threads <= 1:
            kernel(0, self.count, *arguments)
            return
        cuts = np.linspace(0, self.count, self.threads + 1).astype(int).tolist()
        self.all_of([partial(kernel, lo, hi, *arguments) for lo, hi in pairwise(cuts) if hi > lo])

    def all_of(self, work: Sequence[Callable[[], None]]) -> None:
        """Do pieces of work none of which needs or touches what another one changes, in several threads if any."""
        if self.threads <= 1:
            for piece in work:
                piece()
            return
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self.threads, thread_name_prefix="tiles")
        for done in [self._pool.submit(piece) for piece in work]:
            done.result()

    def close(self) -> None:
        """End the threads."""
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None


def starts_of(region: Any, count: int) -> I64:
    """Return the first row of each region in a table sorted by region, then the number of rows."""
    return np.searchsorted(region, np.arange(count + 1)).astype(np.int64)
