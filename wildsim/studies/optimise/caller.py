"""The other end of the optimiser's process: starts it in an empty folder and answers its questions."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from wildsim.core.errors import RunError
from wildsim.planning.optimiser import Found, Search

Points = list[list[float]]
#: What the optimiser's process gets of our environment: enough to run Python.
KEPT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "NUMBA_CACHE_DIR")


def ask_optimiser(
    search: Search, scores: Callable[[Points], Sequence[float]], word: Callable[[list[float]], float]
) -> Found:
    """Let the optimiser search, in a process of its own that sees nothing but levers and numbers.

    Args:
        scores: Scores of candidates, in their order; NaN for one without. word: What validation says of a point.

    Raises:
        RunError: Its process died.
    """
    with tempfile.TemporaryDirectory() as nowhere, tempfile.TemporaryFile("w+") as errors:
        process = _start(nowhere, errors)
        try:
            _say(process, search.plain())
            for line in process.stdout or ():
                asked = json.loads(line)
                if "found" in asked:
                    return Found(tuple(asked["found"]), asked["generation"], asked["ended"])
                _say(process, _answer(asked, scores, word))
        except BrokenPipeError:
            pass
        finally:
            process.kill()
            process.communicate()
        errors.seek(0)
        told = errors.read().strip().splitlines()[-1:]
    raise RunError(f"the optimiser's process ended. {told[0] if told else ''} The same command goes on.")


def _answer(
    asked: dict[str, Any], scores: Callable[[Points], Sequence[float]], word: Callable[[list[float]], float]
) -> Any:
    if "word" in asked:
        return word(asked["word"])
    return [None if math.isnan(score) else score for score in scores(asked["scores"])]


def _start(folder: str, errors: Any) -> subprocess.Popen[str]:
    root = str(Path(__file__).resolve().parents[3])
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "wildsim.planning.process"],
        cwd=folder,
        env={**kept, "PYTHONPATH": root},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
        encoding="utf-8",
        start_new_session=True,  # Ctrl-C is for whoever started it; it ends with its standard input
    )


def _say(process: subprocess.Popen[str], what: Any) -> None:
    assert process.stdin is not None
    process.stdin.write(json.dumps(what) + "\n")
    process.stdin.flush()
