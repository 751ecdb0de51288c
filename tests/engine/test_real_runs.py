"""Runs of the real society: any number of processes, and any interruption, gives the same bytes."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.engine.conftest import same_files
from wildsim.engine.api import Run, run
from wildsim.engine.plan import make_plan
from wildsim.engine.run import resume, start
from wildsim.scenario.load import load, load_overlay

STORY = "scenarios/minimal.yaml"
WILDSIM = [sys.executable, "-c", "import sys; from wildsim.cli import main; sys.exit(main())"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that nothing interrupted, in one process: two arms, burn-in and months beyond a checkpoint."""
    plan = make_plan(load(STORY), [load_overlay("no_change")], seeds=2, months=62)
    return start(plan, out=tmp_path_factory.mktemp("runs") / "whole", jobs=1).path


def test_two_processes_give_the_bytes_of_one(whole: Path, tmp_path: Path) -> None:
    plan = make_plan(load(STORY), [load_overlay("no_change")], seeds=2, months=62)
    start(plan, out=tmp_path / "two", jobs=2)
    same_files(whole, tmp_path / "two")


def test_two_threads_give_the_bytes_of_one(whole: Path, tmp_path: Path) -> None:
    plan = make_plan(load(STORY), [load_overlay("no_change")], seeds=2, months=62)
    start(plan, out=tmp_path / "two", jobs=1, threads=2)
    same_files(whole, tmp_path / "two")


def test_a_policy_that_does_nothing_changes_nothing(whole: Path) -> None:
    found = Run(whole)
    assert found.arm("no_change").equals(found.indicators)
    differences = found.results["difference"].dropna()
    assert len(differences) > 0
    assert (differences == 0).all()


def test_the_books_close_in_every_month(whole: Path) -> None:
    errors = json.loads((whole / "summary.json").read_text())["largest_error"]
    assert max(errors.values()) <= 1e-9


def test_a_scenario_survives_the_folder(whole: Path) -> None:
    again = Run(whole).settings
    assert again == make_plan(load(STORY), [load_overlay("no_change")], seeds=2, months=62).resolved


def test_the_door_for_scripts(tmp_path: Path) -> None:
    found = run(load(STORY), seeds=1, months=3, jobs=1, out=tmp_path / "r")
    assert found.indicators.shape[0] == 3
    assert found.manifest["command"].startswith("wildsim run scenarios/minimal.yaml --seeds 1 --seed 1 --months 3")


def begun(folder: Path) -> subprocess.Popen[str]:
    """Start the run of `whole` in a process group of its own and wait until it lives."""
    command = [*WILDSIM, "run", STORY, "--seeds", "2", "--months", "62", "--policy", "no_change", "--jobs", "2"]
    options = ["--quiet", "--out", str(folder)]
    child = subprocess.Popen([*command, *options], stderr=subprocess.PIPE, text=True, start_new_session=True)
    while not (folder / "checkpoints").exists() and child.poll() is None:
        time.sleep(0.01)
    return child


def test_ctrl_c_stops_at_once_and_says_how_to_go_on(whole: Path, tmp_path: Path) -> None:
    child = begun(tmp_path / "r")
    os.killpg(child.pid, signal.SIGINT)  # as a terminal does: the workers hear it too
    _, said = child.communicate(timeout=30)
    assert child.returncode == 1
    assert said.strip().endswith(f"of 2. Continue: wildsim resume {tmp_path / 'r'}")
    assert "Traceback" not in said
    resume(tmp_path / "r", jobs=1)
    same_files(whole, tmp_path / "r")


def killed_and_resumed(whole: Path, folder: Path, share: float) -> None:
    """Kill a run of two processes after a share of its time, resume it, and compare with the whole one."""
    child = begun(folder)
    try:
        time.sleep(share)
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.communicate()
    resume(folder, jobs=1)
    same_files(whole, folder)
    assert not (folder / "checkpoints").exists()


def test_kill_9_then_resume(whole: Path, tmp_path: Path) -> None:
    killed_and_resumed(whole, tmp_path / "r", 0.2)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(10))
def test_kill_9_at_any_moment_then_resume(whole: Path, tmp_path: Path, number: int) -> None:
    killed_and_resumed(whole, tmp_path / "r", random.random() * 3.0)  # any moment must do: left to chance on purpose
