"""A worker process with a fake society that may be slow, or kill itself, as the environment says."""

from __future__ import annotations

import os
import signal
import sys
import time

from tests.engine.fake import FakeSociety
from wildsim.engine import run, store, work, worker

SLOW, DIES = "FAKE_SECONDS_A_MONTH", "FAKE_DIES_AT"


def before(seed: int, month: int) -> None:
    """Take time; die where the environment says so."""
    time.sleep(float(os.environ.get(SLOW, "0")))
    if os.environ.get(DIES) == f"{seed}:{month}":
        os.kill(os.getpid(), signal.SIGKILL)


def install() -> None:
    """Put the fake in place of the society of this process."""
    FakeSociety.before = staticmethod(before)
    work.make_society = lambda scenario, seed, threads: FakeSociety(scenario, seed=seed)  # type: ignore[assignment]
    run.compile_first = lambda stories, say: None  # type: ignore[assignment]
    store.code_digest = lambda: "fake"


def main() -> None:
    """Be a worker."""
    install()
    worker.main()


def parent(scenario: str, out: str) -> None:
    """Be a run of its own, with two workers."""
    from pathlib import Path

    from wildsim.engine import pool
    from wildsim.engine.plan import make_plan
    from wildsim.scenario.load import load

    install()
    pool.WORKER = "from tests.engine.fake_worker import main; main()"
    run.start(make_plan(load(scenario), seeds=4), out=Path(out), jobs=2)


if __name__ == "__main__":
    parent(*sys.argv[1:])
