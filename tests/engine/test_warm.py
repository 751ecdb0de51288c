"""Compiled once: afterwards no society, however large, has a kernel left to compile."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from wildsim.scenario.schema import SECTORS

WARM = """
import json, sys
from wildsim.engine.warm import compile_first
from wildsim.kernels import compiled
from wildsim.scenario.schema import Scenario
compiled.all_cached = lambda sectors: False
said, sectors = [], json.loads(sys.argv[1])
compile_first([Scenario.model_validate({"name": "x", "sectors": dict.fromkeys(sectors, True)})], said.append)
needed = [name for name in compiled.KERNELS if compiled.SECTOR_OF.get(name, "") in ("", *sectors)]
left = [name for name in needed if not compiled.KERNELS[name][0].signatures]
print(json.dumps({"left": left, "needed": len(needed), "said": said}))
"""


@pytest.mark.parametrize("sectors", [(), tuple(SECTORS)], ids=["the economy alone", "every sector"])
def test_every_kernel_is_compiled(root: Path, sectors: tuple[str, ...]) -> None:
    """One that is not would be announced anew by every command, and compiled by each of its processes."""
    line = [sys.executable, "-c", WARM, json.dumps(sectors)]
    done = subprocess.run(line, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["left"] == []
    assert found["needed"] > 10
    assert len(found["said"]) == 1
