"""A finished run whose files changed is made whole again by resume, never called done."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.engine.conftest import same_files
from wildsim.engine.plan import make_plan
from wildsim.engine.run import resume, start
from wildsim.scenario.load import load, load_overlay

SEED = "arms/baseline/seed=1"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of two arms and two seeds."""
    story = load("scenarios/minimal.yaml", ["society.people=60", "burn_in=2"])
    plan = make_plan(story, [load_overlay("no_change")], seeds=2, months=3)
    return start(plan, out=tmp_path_factory.mktemp("repair") / "whole", jobs=1).path


@pytest.mark.parametrize("file", [f"{SEED}/end.json", f"{SEED}/flows.parquet", "summary.json", "results.parquet"])
@pytest.mark.parametrize("harm", ["emptied", "cut", "gone", "swapped"])
def test_resume_makes_a_harmed_file_again(whole: Path, tmp_path: Path, file: str, harm: str) -> None:
    run = tmp_path / "run"
    shutil.copytree(whole, run)
    path = run / file
    if harm == "emptied":
        path.write_bytes(b"")
    elif harm == "cut":
        path.write_bytes(path.read_bytes()[:-20])
    elif harm == "gone":
        path.unlink()
    else:
        other = run / file.replace("seed=1", "seed=2")
        path.write_bytes(other.read_bytes() if other != path else b"{}")
    resume(run, jobs=1)
    same_files(whole, run)
    assert (run / "results.parquet").read_bytes() == (whole / "results.parquet").read_bytes()
