"""Worker processes of one machine: each lives seed after seed; a dead one costs its seed and no other."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Generator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from wildsim.engine.work import Message, failed

#: What a worker process runs.
WORKER = "from wildsim.engine.worker import main; main()"


class Slot(threading.Thread):
    """Keeps one worker process busy; starts another when it dies."""

    def __init__(
        self, folder: Path, threads: int, seeds: queue.Queue[int], out: queue.Queue[Message], processes: int = 1
    ):
        """Take seeds from `seeds`, put what workers say on `out`; `processes` share the limits of model calls."""
        super().__init__(daemon=True)
        self.processes = processes
        self.folder, self.threads, self.seeds, self.out = folder, threads, seeds, out
        self.stopped = False
        self._process: subprocess.Popen[str] | None = None
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")

    def run(self) -> None:
        """Work until there is no seed left."""
        try:
            while not self.stopped:
                try:
                    seed = self.seeds.get_nowait()
                except queue.Empty:
                    break
                self._live(seed)
        finally:
            self._end()
            self._errors.close()
            self.out.put({"kind": "idle"})

    def stop(self) -> None:
        """End the worker at once (from another thread); its checkpoints stay."""
        self.stopped = True
        process = self._process
        if process is not None:
            process.kill()

    def _end(self) -> int:
        """End the worker, close the pipes to it and return its exit code."""
        process, self._process = self._process, None
        if process is None:
            return 0
        process.kill()
        with suppress(OSError):  # what could not be sent to a dead worker any more
            process.communicate()
        return process.returncode

    def _live(self, seed: int) -> None:
        """Have one seed lived; report a worker that dies."""
        try:
            process = self._worker()
            assert process.stdin is not None
            assert process.stdout is not None
            task = {
                "folder": str(self.folder.absolute()),
                "seed": seed,
                "threads": self.threads,
                "processes": self.processes,
            }
            process.stdin.write(json.dumps(task) + "\n")
            process.stdin.flush()
            for line in process.stdout:
                message = json.loads(line)
                self.out.put(message)
                if message["kind"] in ("done", "failed"):
                    return
        except (OSError, ValueError):
            pass
        if self.stopped:
            return
        reason = self._why()
        self.out.put(failed(seed, reason))

    def _worker(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            self._process = start_worker(self._errors)
            if self.stopped:  # asked to stop meanwhile
                self._process.kill()
        return self._process

    def _why(self) -> str:
        """Say how the worker died."""
        if self._process is None:
            return "no worker process could be started."
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5)
        code = self._end()
        self._errors.seek(0)
        last = self._errors.read().strip().splitlines()[-1:]
        if code < 0:
            with suppress(ValueError):
                name = signal.Signals(-code).name
                memory = ", perhaps because memory ran out: lower --jobs" if name == "SIGKILL" else ""
                return f"its process was ended from outside ({name}{memory})."
        return f"its process ended with code {code}. {last[0] if last else ''}".strip()


def start_worker(errors: Any) -> subprocess.Popen[str]:
    """Start a worker process that imports this very package."""
    root = str(Path(__file__).resolve().parent.parent.parent)
    paths = [root, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths), "OMP_WAIT_POLICY": "passive"}
    environment.pop("MPLBACKEND", None)
    return subprocess.Popen(
        [sys.executable, "-P", "-c", WORKER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
        encoding="utf-8",
        env=environment,
    )


def messages(folder: Path, seeds: Sequence[int], jobs: int, threads: int) -> Generator[Message]:
    """Live `seeds` in `jobs` processes and yield what they say, until all are done or failed.

    Closing the iterator (Ctrl-C) ends the processes; what they saved stays.
    """
    waiting: queue.Queue[int] = queue.Queue()
    for seed in seeds:
        waiting.put(seed)
    out: queue.Queue[Message] = queue.Queue()
    processes = min(jobs, len(seeds))
    slots = [Slot(folder, threads, waiting, out, processes) for _ in range(processes)]
    try:
        for slot in slots:
            slot.start()
        idle = 0
        while idle < len(slots):
            try:
                message = out.get(timeout=0.2)  # a timeout lets Ctrl-C through on every system
            except queue.Empty:
                continue
            if message["kind"] == "idle":
                idle += 1
            else:
                yield message
    finally:
        for slot in slots:
            slot.stop()
        for slot in slots:
            if slot.is_alive():
                slot.join(timeout=10)
