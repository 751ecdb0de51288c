"""One process at a time in a run folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from wildsim.core.errors import RunError
from wildsim.engine.files import explained

NAME = ".lock"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock.

    The operating system drops the lock when its process ends, however it ends, so a lock file left behind by a killed
    run keeps nobody out. The file holds the process id for the message only.

    Raises:
        RunError: Another process works in the folder.
    """
    path = folder / NAME
    with explained(path):
        stream = open(path, "a+")
    try:
        if not _take(stream) or not _is(path, stream):
            stream.seek(0)
            pid = stream.read(20).strip()
            who = f" (process {pid})" if pid else ""
            raise RunError(f"Another process{who} is working in '{folder}'. Wait for it, or choose another --out.")
        with explained(path):
            stream.truncate(0)
            stream.write(f"{os.getpid()}\n")
            stream.flush()
        try:
            yield
        finally:
            with suppress(OSError):
                path.unlink()
    finally:
        stream.close()


def _take(stream: IO[str]) -> bool:
    """Lock the open file; return whether that worked."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _is(path: Path, stream: IO[str]) -> bool:
    """Return whether the open file is still the one at `path`, not one that its last holder just removed."""
    try:
        return os.path.samestat(path.stat(), os.fstat(stream.fileno()))
    except OSError:
        return False
