"""The optimiser as a process: one line of JSON in, one line out, until it has found something.

First it is told what to search. Then it says {"scores": points} or {"word": point} and is answered with numbers (null
for a candidate without a score), and at last {"found": point, "generation": n, "ended": why}.
"""

from __future__ import annotations

import json
import math
import sys
from typing import Any, TextIO

import numpy as np

from wildsim.core.table import F64
from wildsim.planning.optimiser import Search, optimise


class Line:
    """Talks with whoever evaluates candidates."""

    def __init__(self, hears: TextIO, says: TextIO):
        """Read answers from `hears`, write questions to `says`."""
        self._hears, self._says = hears, says

    def hear(self) -> Any:
        """Return the next line.

        Raises:
            EOFError: The other side is gone.
        """
        line = self._hears.readline()
        if not line:
            raise EOFError
        return json.loads(line)

    def say(self, what: dict[str, Any]) -> None:
        """Write one line."""
        self._says.write(json.dumps(what) + "\n")
        self._says.flush()

    def scores(self, candidates: F64) -> F64:
        """Ask for the scores of candidates."""
        self.say({"scores": candidates.tolist()})
        return np.array([math.nan if score is None else score for score in self.hear()], dtype=np.float64)

    def word(self, point: F64) -> float:
        """Ask what validation says."""
        self.say({"word": point.tolist()})
        return float(self.hear())


def main() -> None:
    """Search what standard input says."""
    line = Line(sys.stdin, sys.stdout)
    try:
        found = optimise(Search.of(line.hear()), line.scores, line.word)
    except (EOFError, BrokenPipeError, KeyboardInterrupt):  # whoever asked has gone
        return
    line.say({"found": list(found.point), "generation": found.generation, "ended": found.ended})


if __name__ == "__main__":
    main()
