"""What the verbs of long studies share: folders of somebody else are left alone, wrong numbers are refused."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import Answer
from wildsim.cli import studying
from wildsim.core.errors import RunError
from wildsim.scenario.schema import Scenario
from wildsim.studies.folder import open_folder

Cli = Callable[..., Answer]
Write = Callable[..., str]
STORY = "name: toy\nmonths: 180\nburn_in: 0\nsociety: {people: 200, regions: 1}\n"
TARGETS = """\
moments:
  mean(unemployment_rate): {low: 2, high: 9}
parameters:
  labour.separation_rate: {low: 0.005, high: 0.05}
"""
VERBS = {
    "cases": ("cases", "seats", "--set", "society.people=400", "--seeds", "2"),
    "facts": ("facts", "toy.yaml", "--seeds", "1", "--no-controls"),
    "forecast": ("forecast", "toy.yaml", "--seeds", "2", "--no-controls"),
    "calibrate": ("calibrate", "toy.yaml", "--targets", "targets.yaml", "--trials", "1", "--seeds", "1"),
    "hijack": ("hijack", "toy.yaml", "--policy", "policy.yaml", "--of", "wage_mean", "--reporters", "50"),
    "sensitivity": ("sensitivity", "toy.yaml", "--of", "unemployment_rate", "--group", "labour", "--seeds", "1"),
}


@pytest.fixture
def place(write: Write) -> Path:
    """Return an empty working directory with a scenario and targets."""
    write(STORY, "toy.yaml")
    write(TARGETS, "targets.yaml")
    write("policies:\n- {kind: vat, rate: 0.2}\n", "policy.yaml")
    return Path.cwd()


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("holds", ["a letter", "a run", "another study", "a damaged label"])
def test_what_a_folder_holds_is_left_alone(cli: Cli, place: Path, verb: str, holds: str) -> None:
    folder = place / "there"
    folder.mkdir()
    if holds == "a letter":
        (folder / "letter.txt").write_text("dear")
    elif holds == "a run":
        for name in ("manifest.json", "resolved.json"):
            (folder / name).write_text("{}")
    elif holds == "another study":
        other = "sensitivity" if verb == "calibrate" else "calibrate"
        open_folder(other, "toy", {"seeds": [1]}, folder, f"wildsim {other} toy")
    else:
        for name in ("study.json", "resolved.json", "library.json"):
            (folder / name).write_text("{cut o")
    before = content(folder)
    answer = cli(*VERBS[verb], "--jobs", "1", "--out", "there")
    assert (answer.code, answer.out) == (2, ""), answer.err
    assert "hoose another --out" in answer.err
    assert "there" in answer.err
    assert content(folder) == before


@pytest.mark.parametrize("verb", ["calibrate", "sensitivity"])
def test_nothing_goes_on_in_the_folder_of_cases(cli: Cli, place: Path, verb: str) -> None:
    (place / "there").mkdir()
    (place / "there" / "study.json").write_text(json.dumps({"kind": "cases", "cases": ["seats"]}))
    answer = cli(*VERBS[verb], "--out", "there")
    assert (answer.code, answer.out) == (2, "")
    assert "holds another study (cases)" in answer.err


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--jobs", "0", "--jobs is 0; it must be 1 or more."),
        ("--jobs", "-3", "--jobs is -3; it must be 1 or more."),
        ("--seeds", "0", "--seeds is 0; "),
        ("--seeds", "200000", "--seeds is 200000; it must be "),
        ("--seed", "-1", "--seed is -1; it must be 0 to "),
    ],
)
def test_wrong_numbers_are_told_before_a_folder_is_begun(
    cli: Cli, place: Path, verb: str, option: str, value: str, message: str
) -> None:
    answer = cli(*VERBS[verb], option, value)
    assert (answer.code, answer.out) == (2, "")
    assert message in answer.err
    assert not (place / "runs").exists()


def test_progress_is_told_now_and_then_and_at_the_end(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter([0.0, 0.0, 10.0, 10.0, 40.0, 40.0, 40.0, 50.0, 50.0, 50.0])
    monkeypatch.setattr(studying, "monotonic", lambda: next(times))
    with studying.watching("a study", quiet=False, lives="pairs") as watcher:
        watcher.progress(7, 10, "seats")  # after 10 s; six were there
        watcher.progress(8, 10, "seats")  # after 40 s
        watcher.progress(10, 10, "")
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == ["8 of 10 pairs (seats), about 40 s left", "10 of 10 pairs"]
    with studying.watching("a study", quiet=True) as watcher:
        watcher.progress(1, 2, "seats")
        watcher.say("Compiling.")
    assert capsys.readouterr().err == "Compiling.\n"


def test_a_run_counts_its_months_from_the_first_report(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter([0.0, 0.0, 20.0, 20.0, 60.0, 60.0, 60.0])
    monkeypatch.setattr(studying, "monotonic", lambda: next(times))
    with studying.watching("a run", quiet=False, lives="months") as watcher:
        watcher.progress(100, 2000, "seed 1: burn-in")  # after 20 s of compiling
        watcher.progress(1100, 2000, "seed 1: baseline, month 3")  # 40 s later
    assert capsys.readouterr().err == "1,100 of 2,000 months (seed 1: baseline, month 3), about 36 s left\n"


@pytest.mark.parametrize("verb", VERBS)
def test_one_process_at_a_time_works_in_a_folder(cli: Cli, place: Path, verb: str) -> None:
    (place / "there").mkdir()
    lock = place / "there" / ".lock"

    @contextmanager
    def busy(folder: Path) -> Iterator[None]:
        raise RunError(f"Another process is working in '{folder}'.")
        yield

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("wildsim.engine.lock.locked", busy)
        answer = cli(*VERBS[verb], "--jobs", "1", "--out", "there")
    assert (answer.code, answer.out) == (1, "")
    assert "Another process is working in 'there'" in answer.err
    assert not lock.exists()


@pytest.mark.parametrize("verb", VERBS)
def test_ctrl_c_in_a_study_is_code_one_and_says_how_to_go_on(
    cli: Cli, place: Path, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    def stop(*given: object, **more: object) -> Iterator[tuple[int, object]]:
        assert (place / "there" / ".lock").exists(), "the folder is held while it is worked in"
        raise KeyboardInterrupt

    for name in ("cases.study", "facts.study", "studies.forecast.library", "studies.hijack.study", "studies.lives"):
        module = importlib.import_module(f"wildsim.{name}")
        monkeypatch.setattr(module, "spread", stop)
    answer = cli(*VERBS[verb], "--jobs", "1", "--out", "there")
    assert (answer.code, answer.out) == (1, "")
    assert "Stopped" in answer.err
    assert "goes on" in answer.err
    assert not (place / "there" / ".lock").exists()


@pytest.mark.parametrize("verb", ["cases", "facts"])
def test_kernels_are_compiled_once_before_many_processes_need_them(
    cli: Cli, place: Path, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    module = importlib.import_module(f"wildsim.{verb}.study")
    order: list[str] = []

    def compile_first(stories: Iterable[Scenario], say: Callable[[str], None]) -> None:
        order.append(f"compile {sorted({sector for story in stories for sector in story.sectors_on})}")

    def spread(*task: object) -> Iterator[tuple[int, object]]:
        order.append("spread")
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "compile_first", compile_first)
    monkeypatch.setattr(module, "spread", spread)
    assert cli(*VERBS[verb]).code != 0
    assert order == [f"compile {['demography', 'education'] if verb == 'cases' else []}", "spread"]


def test_the_time_left_is_told_by_the_pace_of_the_last_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(studying, "monotonic", lambda: now)
    clock = studying.Clock(from_first=True)
    for done in range(1, 241):  # a burn-in of ten months a second
        now += 0.1
        told = clock.left(done, 264)
    assert told == "about 2 s left"
    for done in range(241, 253):  # then months in which a model is asked
        now += 10.0
        told = clock.left(done, 264)
    assert told == "about 2 min left"
    whole = studying.Clock()
    now += 30.0
    assert whole.left(1, 4) == "about 2 min left"  # three more of thirty seconds each
