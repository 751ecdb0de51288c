"""Work spread over processes: complete, indexed, and honest about failures."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from wildsim.core.errors import InputError, RunError
from wildsim.engine.parallel import default_jobs, spread


def square(number: int) -> int:
    if number < 0:
        raise ValueError("negative")
    return number * number


def die(number: int) -> int:
    os._exit(3)


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_task_answers_under_its_index(jobs: int) -> None:
    assert dict(spread(square, [3, 1, 2], jobs)) == {0: 9, 1: 1, 2: 4}


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_the_work_raises_is_raised(jobs: int) -> None:
    with pytest.raises(ValueError, match="negative"):
        list(spread(square, [1, -1], jobs))


def test_a_dead_process_is_named() -> None:
    with pytest.raises(RunError, match="worker process died"):
        list(spread(die, [1, 2], 2))


def test_nothing_to_do() -> None:
    assert list(spread(square, [])) == []


def dawdle(folder: str) -> None:
    (Path(folder) / str(os.getpid())).touch()
    time.sleep(600)


def test_ctrl_c_ends_the_workers_at_once(tmp_path: Path) -> None:
    code = f"""
from tests.engine.test_parallel import dawdle
from wildsim.engine.parallel import spread
if __name__ == "__main__":
    list(spread(dawdle, [{str(tmp_path)!r}] * 4, 2))
"""
    script = tmp_path / "script.py"
    script.write_text(code)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path.cwd()), *sys.path])}
    parent = subprocess.Popen([sys.executable, str(script)], env=environment, stderr=subprocess.PIPE)
    workers: list[int] = []
    for _ in range(600):
        workers = [int(name.name) for name in tmp_path.iterdir() if name.name.isdigit()]
        if len(workers) == 2:
            break
        time.sleep(0.1)
    else:
        parent.kill()
        pytest.fail(f"{len(workers)} of 2 workers began within a minute")
    parent.send_signal(signal.SIGINT)
    _, errors = parent.communicate(timeout=60)
    assert parent.returncode != 0
    assert b"KeyboardInterrupt" in errors
    for worker in workers:
        with pytest.raises(ProcessLookupError):
            os.kill(worker, 0)


@pytest.mark.parametrize("jobs", [0, -1])
def test_no_processes_are_the_users_mistake(jobs: int) -> None:
    with pytest.raises(InputError, match=rf"--jobs is {jobs}; it must be 1 or more\."):
        list(spread(square, [1, 2], jobs))


def test_as_many_processes_as_cores_that_may_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {2, 5, 7}, raising=False)
    assert [default_jobs(tasks) for tasks in (0, 1, 3, 4)] == [1, 1, 3, 3]
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert default_jobs(4) == 1
