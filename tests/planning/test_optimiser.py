"""The optimiser: it finds a peak, heeds validation, and needs neither a world nor a run folder."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import ROOT
from wildsim.core.errors import InputError
from wildsim.core.table import F64
from wildsim.planning.cross_entropy import Lever
from wildsim.planning.optimiser import ALL, CONVERGED, NO_BETTER, UNSCORED, Found, Search, optimise

LEVERS = (Lever("rate", 0.0, 0.9), Lever("floor", 100.0, 300.0))
PEAK = np.array([0.37, 180.0])


def score(points: F64) -> F64:
    parts = (points - PEAK) / np.array([0.9, 200.0])
    return np.asarray(-(parts**2).sum(axis=-1))


def word(point: F64) -> float:
    return float(score(point[None])[0])


def search(**given: int) -> Search:
    return Search(LEVERS, (0.1, 250.0), **given)


def test_it_finds_the_peak() -> None:
    found = optimise(search(generations=40, patience=40), score, word)
    assert found.ended == CONVERGED
    assert found.point == pytest.approx(tuple(PEAK), rel=0.02)


def test_without_validation_it_takes_the_last_guess() -> None:
    found = optimise(search(generations=5, patience=0), score, lambda point: pytest.fail("validation was asked"))
    assert (found.generation, found.ended) == (4, ALL)


def test_validation_stops_what_only_the_scores_like_and_the_start_is_kept() -> None:
    found = optimise(search(generations=40, patience=3), score, lambda point: -word(point) if word(point) else 0.0)
    # what validation likes lies as far from the peak as can be: the start is better than any later guess
    assert found == Found((0.1, 250.0), -1, NO_BETTER)


def test_candidates_without_scores_end_it() -> None:
    nothing = optimise(search(), lambda points: np.full(len(points), math.nan), word)
    assert (nothing.ended, nothing.generation) == (UNSCORED, -1)


@pytest.mark.parametrize("given", [{"size": 7}, {"generations": 0}, {"patience": -1}])
def test_numbers_out_of_range_are_refused(given: dict[str, int]) -> None:
    with pytest.raises(InputError, match="must be"):
        search(**given)


def test_a_search_travels_as_plain_data() -> None:
    asked = search(size=12, seed=5)
    assert Search.of(json.loads(json.dumps(asked.plain()))) == asked


#: Whatever would bring a world, a scenario or a run folder raises.
BLIND = """
import sys
class Blind:
    def find_spec(self, name, path=None, target=None):
        room = name.split(".")[1] if name.startswith("wildsim.") else ""
        if room not in ("", "core", "kernels", "planning", "_version") and name != "wildsim":
            raise ImportError(f"the optimiser reached for {name}")
        return None
sys.meta_path.insert(0, Blind())
from wildsim.planning.process import main
main()
"""


def test_its_process_has_no_world_and_no_run_folder(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", BLIND],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    asked = search(generations=6, patience=6)
    assert process.stdin is not None
    assert process.stdout is not None
    found = None
    with process:
        process.stdin.write(json.dumps(asked.plain()) + "\n")
        process.stdin.flush()
        for line in process.stdout:
            question = json.loads(line)
            if "found" in question:
                found = Found(tuple(question["found"]), question["generation"], question["ended"])
                break
            answer = word(np.array(question["word"])) if "word" in question else score(np.array(question["scores"]))
            process.stdin.write(json.dumps(answer if isinstance(answer, float) else answer.tolist()) + "\n")
            process.stdin.flush()
    assert found == optimise(asked, score, word)
    assert not list(tmp_path.iterdir())
