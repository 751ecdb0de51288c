"""A worker process: reads one task a line on standard input, answers in lines of JSON on standard output.

It is started as `python -c` rather than by multiprocessing, so that a notebook or script that calls `wildsim.run`
needs no `if __name__ == "__main__"`, and it ends by itself when its parent does, however that ends.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
from pathlib import Path
from time import monotonic
from typing import IO

from wildsim.core.errors import WildSimError
from wildsim.engine.speech import Speech
from wildsim.engine.store import RunFolder
from wildsim.engine.work import Message, Progress, SeedWork, failed, live_told

SECONDS_BETWEEN_REPORTS = 0.1


def main() -> None:
    """Work until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)  # whatever prints must not disturb the answers
    tasks: queue.Queue[str] = queue.Queue()
    threading.Thread(target=_read, args=(sys.stdin, tasks), daemon=True).start()
    while True:
        task = json.loads(tasks.get())
        answer = _live(task, answers)
        _send(answers, answer)


def _read(stream: IO[str], tasks: queue.Queue[str]) -> None:
    """Pass tasks on; end the process the moment the parent is gone, so that no orphan writes into the folder."""
    for line in stream:
        tasks.put(line)
    os._exit(0)


def _live(task: Message, answers: IO[str]) -> Message:
    """Live one seed and say how it went."""
    last = 0.0

    def tell(progress: Progress) -> None:
        nonlocal last
        if monotonic() - last >= SECONDS_BETWEEN_REPORTS or progress.done == progress.total:
            last = monotonic()
            _send(answers, {"kind": "progress", **progress.__dict__})

    seed = task["seed"]
    try:
        folder = RunFolder.open(Path(task["folder"]))
    except WildSimError as error:
        return failed(seed, str(error), fatal=True)
    return live_told(SeedWork(folder, seed, task["threads"], tell, Speech(task.get("processes", 1))))


def _send(answers: IO[str], message: Message) -> None:
    try:
        answers.write(json.dumps(message) + "\n")
        answers.flush()
    except OSError:
        os._exit(0)  # the parent is gone
