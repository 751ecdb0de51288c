"""Worker processes: any number gives the same bytes; one that dies costs its seed; no orphan outlives its parent."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.conftest import same_files
from tests.engine.fake import FakeSociety
from tests.engine.fake_worker import DIES, SLOW
from wildsim.core.errors import RunError
from wildsim.engine import pool
from wildsim.engine.plan import Plan, from_resolved, make_plan
from wildsim.engine.run import resume, start
from wildsim.engine.watcher import Watcher
from wildsim.scenario.load import load, load_overlay

MakePlan = Callable[..., Plan]
STORY = "name: demo\nmonths: 70\nburn_in: 65\n"


@pytest.fixture(autouse=True)
def fake_workers(fake: type[FakeSociety], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "WORKER", "from tests.engine.fake_worker import main; main()")


def test_two_jobs_give_the_bytes_of_one(plan: MakePlan, tmp_path: Path) -> None:
    heard: list[tuple[int, int, str]] = []
    start(plan(policy=True), out=tmp_path / "one", jobs=1)
    start(plan(policy=True), out=tmp_path / "two", jobs=2, watcher=Watcher(progress=lambda *at: heard.append(at)))
    same_files(tmp_path / "one", tmp_path / "two")
    assert {now.partition(":")[0] for _, _, now in heard} == {"seed 1", "seed 2", "seed 3"}
    assert heard[-1][:2] == (3 * (70 + 2 * 130), 3 * (70 + 2 * 130))


def test_a_killed_worker_costs_its_seed_alone(plan: MakePlan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DIES, "2:70")
    said: list[str] = []
    with pytest.raises(RunError, match=r"2 of 3 seeds are done and kept. Continue: wildsim resume") as failure:
        start(plan(), out=tmp_path / "r", jobs=2, watcher=Watcher(say=said.append))
    assert said == ["Seed 2 failed."]
    assert "Seed 2 failed: its process was ended from outside (SIGKILL, perhaps because memory ran" in str(
        failure.value
    )
    monkeypatch.delenv(DIES)
    resume(tmp_path / "r", jobs=2)
    start(plan(), out=tmp_path / "whole", jobs=1)
    same_files(tmp_path / "whole", tmp_path / "r")


@pytest.mark.parametrize("moment", ["burn-in", "after"])
def test_kill_9_then_resume_is_the_uninterrupted_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    story = tmp_path / "demo.yaml"
    story.write_text(STORY)
    monkeypatch.setenv(SLOW, "0.003")
    command = [sys.executable, "-m", "tests.engine.fake_worker", str(story), str(tmp_path / "r")]
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(tmp_path / "r" / ("manifest.json" if moment == "burn-in" else "checkpoints"), run)
        time.sleep(random.random() / 5)  # any moment must do; which one is left to chance
        workers = _children(run.pid)
        os.kill(run.pid, signal.SIGKILL)
    finally:
        run.kill()
        run.wait()
    _all_gone(workers)
    monkeypatch.setenv(SLOW, "0")
    resume(tmp_path / "r", jobs=1)
    start(make_plan(load(story), seeds=4), out=tmp_path / "whole", jobs=1)
    same_files(tmp_path / "whole", tmp_path / "r")
    assert not (tmp_path / "r" / "checkpoints").exists()


OVERLAYS = sorted((Path(__file__).resolve().parents[2] / "scenarios" / "policies").glob("*.yaml"))


@pytest.mark.parametrize("overlay", OVERLAYS, ids=lambda path: path.stem)
def test_settings_survive_the_folder(overlay: Path) -> None:
    story = load(overlay.parent.parent / "minimal.yaml")
    made = make_plan(story, [load_overlay(overlay)], seeds=2, months=36)
    again = from_resolved(json.loads(json.dumps(made.resolved)))
    assert again.resolved == made.resolved
    assert again.arms[1].scenario.policies == made.arms[1].scenario.policies
    assert again.arms[1].scenario.minds == made.arms[1].scenario.minds
    story = again.arms[1].scenario
    assert len(story.policies) + len(story.minds) + len(story.sensors) > 0


def _wait_for(path: Path, run: subprocess.Popen[bytes]) -> None:
    for _ in range(6000):
        if path.exists():
            return
        assert run.poll() is None, "the run ended before it could be killed"
        time.sleep(0.02)
    raise AssertionError("the run did not begin")


def _children(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(stat.parent.name))
    return found


def _all_gone(pids: list[int]) -> None:
    for _ in range(3000):  # a minute: a worker may still be importing
        alive = [pid for pid in pids if Path(f"/proc/{pid}/stat").exists() and _is_alive(pid)]
        if not alive:
            return
        time.sleep(0.02)
    raise AssertionError(f"orphans: {alive}")


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
