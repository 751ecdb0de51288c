"""What the verbs of long studies share: folders of somebody else are left alone, wrong numbers are refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Answer
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
    "sensitivity": ("sensitivity", "toy.yaml", "--of", "unemployment_rate", "--group", "labour", "--seeds", "1"),
}


@pytest.fixture
def place(write: Write) -> Path:
    """Return an empty working directory with a scenario and targets."""
    write(STORY, "toy.yaml")
    write(TARGETS, "targets.yaml")
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
