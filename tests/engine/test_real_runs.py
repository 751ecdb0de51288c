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


def test_two_threads_give_the_bytes_of_one(tmp_path: Path) -> None:
    # Four regions are four tiles, so that the threads have something to share.
    story = load(STORY, ["society.regions=4", "society.people=400", "burn_in=12"])
    for threads in (1, 2):
        start(make_plan(story, seeds=1, months=12), out=tmp_path / f"{threads}", jobs=1, threads=threads)
    same_files(tmp_path / "1", tmp_path / "2")


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


def begun(folder: Path, reached: str = "checkpoints") -> subprocess.Popen[str]:
    """Start the run of `whole` in a process group of its own and wait until `reached` is in its folder.

    Checkpoints appear with the end of the burn-in; manifest.json before the first month of it.
    """
    command = [*WILDSIM, "run", STORY, "--seeds", "2", "--months", "62", "--policy", "no_change", "--jobs", "2"]
    options = ["--quiet", "--out", str(folder)]
    child = subprocess.Popen([*command, *options], stderr=subprocess.PIPE, text=True, start_new_session=True)
    while not (folder / reached).exists() and child.poll() is None:
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


@pytest.fixture(scope="module")
def seconds(tmp_path_factory: pytest.TempPathFactory) -> float:
    """How long the run of `whole` takes in two processes, from its manifest to its end."""
    child = begun(tmp_path_factory.mktemp("timed") / "r", "manifest.json")
    since = time.monotonic()
    child.communicate(timeout=120)
    assert child.returncode == 0
    return time.monotonic() - since


def killed_and_resumed(whole: Path, folder: Path, after: float) -> None:
    """Kill a run of two processes `after` seconds, burn-in included; resume it, and compare with the whole one."""
    child = begun(folder, "manifest.json")
    try:
        time.sleep(after)
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.communicate()
    resume(folder, jobs=1)
    same_files(whole, folder)
    assert not (folder / "checkpoints").exists()


@pytest.mark.parametrize("share", [0.15, 0.6])
def test_kill_9_then_resume(whole: Path, seconds: float, tmp_path: Path, share: float) -> None:
    killed_and_resumed(whole, tmp_path / "r", share * seconds)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(10))
def test_kill_9_at_any_moment_then_resume(whole: Path, seconds: float, tmp_path: Path, number: int) -> None:
    killed_and_resumed(whole, tmp_path / "r", random.random() * seconds)  # any moment must do: chance on purpose
