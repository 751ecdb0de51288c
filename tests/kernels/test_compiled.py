"""Compilation: no more machine code than declared, and never stale code."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SIGNATURES = """
import json, sys
sys.path.insert(0, ".")
from tests.worlds import live, small_world
from wildsim.indicators import measure_all
from wildsim.kernels.compiled import KERNELS
from wildsim.scenario.schema import SECTORS
world = small_world(300, sectors=SECTORS)
live(world, 3)
measure_all(world.view())
print(json.dumps({name: [len(dispatcher.signatures), allowed] for name, (dispatcher, allowed) in KERNELS.items()}))
"""

PICK = """
import json
import numpy as np
from wildsim.kernels import compiled, picks
for name in set(compiled.KERNELS) - {"pick_rival"}:
    del compiled.KERNELS[name]
before = compiled.all_cached([])
def frozen(values, dtype):
    array = np.array(values, dtype=dtype)
    array.flags.writeable = False
    return array
ids, kinds = frozen(range(40), np.uint64), frozen([0] * 40, np.int8)
choosing, picked = np.ones(40, dtype=np.int8), np.empty(40, dtype=np.int32)
picks.pick_rival(0, 1, frozen([0, 40], np.int64), ids, kinds, kinds, choosing, np.uint64(5), 0, picked)
hits = sum(picks.pick_rival.stats.cache_hits.values())
print(json.dumps({"before": before, "after": compiled.all_cached([]), "hits": hits, "picked": picked.tolist()}))
"""


def _run(code: str, folder: Path) -> dict[str, object]:
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_a_month_compiles_no_more_signatures_than_declared(root: Path) -> None:
    """More would mean that somebody passes a column that it should not be able to write."""
    found = _run(SIGNATURES, root)
    assert found
    assert {name: counts for name, counts in found.items() if counts[0] > counts[1]} == {}  # type: ignore[index]


@pytest.fixture
def tree(tmp_path: Path, root: Path) -> Path:
    """A copy of the package with nothing compiled."""
    ignore = shutil.ignore_patterns("__pycache__")
    for part in ("core", "kernels"):
        shutil.copytree(root / "wildsim" / part, tmp_path / "wildsim" / part, ignore=ignore)
    for file in ("__init__.py", "_version.py"):
        shutil.copy(root / "wildsim" / file, tmp_path / "wildsim" / file)
    return tmp_path


def test_machine_code_is_cached_until_any_kernel_source_changes(tree: Path) -> None:
    fresh, again = _run(PICK, tree), _run(PICK, tree)
    assert (fresh["before"], fresh["after"], fresh["hits"]) == (False, True, 0)
    assert (again["before"], again["after"], again["hits"]) == (True, True, 1)
    assert again["picked"] == fresh["picked"]
    # pick_rival lives in another file than the function that changes here
    philox = tree / "wildsim" / "kernels" / "philox.py"
    philox.write_text(philox.read_text().replace("0xBF58476D1CE4E5B9", "0xBF58476D1CE4E5BB"))
    changed = _run(PICK, tree)
    assert (changed["before"], changed["hits"]) == (False, 0)
    assert changed["picked"] != fresh["picked"], "stale machine code has run"
