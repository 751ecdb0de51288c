"""`wildsim calibrate` and `wildsim sensitivity` from the command line, on societies of a few months."""

from __future__ import annotations

import html.parser
import importlib
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Answer
from wildsim.cli import main
from wildsim.core.parameters import resolve
from wildsim.scenario.load import load, load_overlay
from wildsim.scenario.schema import Scenario
from wildsim.studies.overlay import overlay_text, scenario_text

Cli = Callable[..., Answer]

TARGETS = """\
moments:
  mean(unemployment_rate): {low: 0.05, high: 0.06, source: "<b>nobody</b>"}
  sd(vacancy_rate): {low: 0.01, high: 0.02}
parameters:
  labour.separation_rate: {low: 0.005, high: 0.03, log: true}
  shocks.demand.1: {low: 0.001, high: 0.01}
"""
STORY = "name: toy\nmonths: 4\nburn_in: 2\nsociety: {people: 120, regions: 1}\n"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    pytest.importorskip("optuna")
    pytest.importorskip("SALib")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "toy.yaml").write_text(STORY)
    (tmp_path / "targets.yaml").write_text(TARGETS)
    return tmp_path


CALIBRATE = ("calibrate", "toy.yaml", "--targets", "targets.yaml", "--trials", "5", "--seeds", "2", "--jobs", "1")
SENSITIVITY = ("sensitivity", "toy.yaml", "--of", "unemployment_rate", "--jobs", "1", "--trajectories", "2")
TWO = ("--parameters", "labour.separation_rate,labour.hiring_speed", "--samples", "4", "--screen", "1")


class Tags(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.found.append(tag)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a story, targets, and a study of them that is done."""
    pytest.importorskip("optuna")
    folder = tmp_path_factory.mktemp("finished")
    (folder / "toy.yaml").write_text(STORY)
    (folder / "targets.yaml").write_text(TARGETS)
    names = {"toy.yaml": str(folder / "toy.yaml"), "targets.yaml": str(folder / "targets.yaml")}
    line = [names.get(word, word) for word in CALIBRATE]
    assert main([*line, "--set", "shocks.matching=true", "--out", str(folder / "s"), "--quiet"]) == 0
    return folder


def test_calibrate_goes_on_where_it_was(cli: Cli, finished: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(finished)
    files = {path.name for path in (finished / "s").iterdir()}
    assert {"calibrated.yaml", "scenario.yaml", "fit.json", "fit.html", "trials.csv", "lives.jsonl"} <= files
    assert {"moments.png", "parameters.png", "search.png"} <= files
    lives = (finished / "s" / "lives.jsonl").read_bytes()
    line = (*CALIBRATE, "--set", "shocks.matching=true", "--out", "s")
    answer = cli(*line)
    assert answer.code == 0, answer.err
    assert answer.out.splitlines()[-1] == "s"
    assert "mean(unemployment_rate)" in answer.out
    assert "trial 5 of 5" in answer.err
    assert (finished / "s" / "lives.jsonl").read_bytes() == lives
    document = cli(*line, "--json").document
    assert document["seeds"] == {"search": [1, 2], "finalists": [3, 4], "fresh": [*range(5, 13)]}
    assert document["trials"] == 5
    other = cli(*line, "--seed", "9")
    assert (other.code, other.out) == (2, "")
    assert "begun with other seeds" in other.err


def test_the_result_can_be_laid_over_and_run(finished: Path) -> None:
    story = load(finished / "toy.yaml", ["shocks.matching=true"])
    changed = story.with_overlay(load_overlay(finished / "s" / "calibrated.yaml"))
    assert load(finished / "s" / "scenario.yaml").resolved() == changed.resolved()
    rate, demand = json.loads((finished / "s" / "fit.json").read_text())["parameters"]
    assert changed.parameters["labour.separation_rate"] == rate["best"], "what is written is what was tried"
    assert changed.parameters["shocks.demand"] == [resolve("us", {})["shocks.demand"][0], demand["best"]]
    text = (finished / "s" / "calibrated.yaml").read_text()
    assert "# Calibrated" in text
    assert "5 trials, 120 people, 2 + 4 months" in text
    assert "# Seeds 1-2 in every trial" in text


@pytest.mark.parametrize("name", ["a: b", "yes", "a #b", 'say "so"', "- x", "{", "è\\n", "\x7f"])
def test_whatever_the_name_the_result_loads_again(tmp_path: Path, name: str) -> None:
    story = Scenario(name=name)
    point = {"labour.separation_rate": 0.01, "households.habit": 0.25}
    (tmp_path / "overlay.yaml").write_text(overlay_text(story, point, ["One: line."]), encoding="utf-8")
    (tmp_path / "scenario.yaml").write_text(scenario_text(story, point, ["One: line."]), encoding="utf-8")
    overlay = load_overlay(tmp_path / "overlay.yaml")
    assert overlay.about == f"Parameters of a calibration of {name}."
    assert story.with_overlay(overlay).parameters == point
    assert load(tmp_path / "scenario.yaml").name == name


def test_the_page_is_one_file_with_its_text_escaped(finished: Path) -> None:
    page = (finished / "s" / "fit.html").read_text()
    assert "&lt;b&gt;nobody&lt;/b&gt;" in page
    assert "<b>nobody" not in page
    tags = Tags()
    tags.feed(page)
    assert tags.found.count("img") == 3
    assert not {"script", "link", "iframe"} & set(tags.found)
    assert "http" not in page


def test_without_out_the_same_command_finds_its_folder(cli: Cli, place: Path) -> None:
    first = cli(*CALIBRATE, "--quiet", "--trials", "1", "--fresh", "0")
    second = cli(*CALIBRATE, "--quiet", "--trials", "1", "--fresh", "0")
    assert first.code == second.code == 0
    assert first.out == second.out
    assert first.out.startswith("runs/")
    assert len(list((place / "runs").iterdir())) == 1


def test_sensitivity(cli: Cli, place: Path) -> None:
    answer = cli(*SENSITIVITY, *TWO, "--out", "s")
    assert answer.code == 0, answer.err
    assert "labour.separation_rate" in answer.out
    assert "2 parameters, 12 worlds to screen, 24 worlds to measure; 120 people" in answer.err
    assert answer.out.splitlines()[-1] == "s"
    document = cli(*SENSITIVITY, *TWO, "--out", "s", "--json").document
    assert document["outcome"] == "mean(unemployment_rate)"
    assert {one["name"] for one in document["screening"]} == {"labour.separation_rate", "labour.hiring_speed"}
    assert len(document["indices"]) == 1
    assert {"screening.png", "indices.png", "sensitivity.html"} <= {path.name for path in (place / "s").iterdir()}


def test_a_single_parameter_is_announced_without_worlds_to_screen(cli: Cli, place: Path) -> None:
    answer = cli(*SENSITIVITY, "--parameters", "labour.hiring_speed", "--samples", "4", "--screen", "1", "--seeds", "1")
    assert answer.code == 0, answer.err
    assert "1 parameter, 12 worlds to measure; 120 people" in answer.err
    assert "to screen" not in answer.err


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (("--of", "unemploymnt_rate"), "Did you mean 'unemployment_rate'?"),
        (("--of", "mean(unemploymnt_rate)"), "Did you mean 'unemployment_rate'?"),
        (("--parameters", "labour.separation"), "Did you mean 'labour.separation_rate'?"),
        (("--group", "labor"), "Did you mean 'labour'?"),
        (("--group", "labour", "--parameters", "x"), "Give one of"),
        (("--samples", "100"), "it must be a power of 2, such as 128"),
        (("--span", "0"), "--span is 0"),
        (("--timeout", "-1"), "--timeout is -1"),
        (("--parameters", "government.wealth_tax"), "No parameter is left to vary"),
        (("--parameters", "labour.hiring_speed", "--screen", "0"), "--screen is 0 and there is one parameter"),
    ],
)
def test_wrong_lines_of_sensitivity(cli: Cli, place: Path, line: tuple[str, ...], message: str) -> None:
    answer = cli(*SENSITIVITY, *line)
    assert (answer.code, answer.out) == (2, "")
    assert message in answer.err
    assert not (place / "runs").exists(), "nothing is begun"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (("--targets", "nowhere.yaml"), "'nowhere.yaml' cannot be read"),
        (("--trials", "0"), "--trials is 0"),
        (("--set", "society.people=x"), "people"),
    ],
)
def test_wrong_lines_of_calibrate(cli: Cli, place: Path, line: tuple[str, ...], message: str) -> None:
    answer = cli(*CALIBRATE, *line)
    assert (answer.code, answer.out) == (2, "")
    assert message in answer.err


def test_calibrate_by_moves_needs_no_optuna(cli: Cli, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    line = (*CALIBRATE, "--search", "moves", "--rounds", "1", "--fresh", "2", "--out", "s")
    answer = cli(*line)
    assert answer.code == 0, answer.err
    assert "1 round of moves, at most 5 trials of 2 parameters" in answer.err
    assert "round 1 of 1" in answer.err
    document = json.loads((place / "s" / "fit.json").read_text())
    assert document["search"] == "moves"
    (one,) = document["rounds"]
    assert one["base"] == 0
    assert {"trial", "reach", "gone", "promised", "base", "found", "taken"} == set(one["steps"][0])
    page = (place / "s" / "fit.html").read_text()
    assert "a linear model of the moments" in page
    assert "share promised" in page
    lives = (place / "s" / "lives.jsonl").read_bytes()
    assert cli(*line, "--json").document["rounds"] == document["rounds"]
    assert (place / "s" / "lives.jsonl").read_bytes() == lives
    other = cli(*line, "--move", "0.2")
    assert (other.code, "begun with other search" in other.err) == (2, True)


def test_moves_of_too_many_parameters_are_refused_before_a_folder_is_begun(cli: Cli, place: Path) -> None:
    answer = cli(*CALIBRATE, "--search", "moves", "--trials", "3")
    assert (answer.code, answer.out) == (2, "")
    assert "--trials is 3; a round of moves of 2 parameters lives 4 points" in answer.err
    assert not (place / "runs").exists()


@pytest.mark.parametrize(("line", "missing"), [(CALIBRATE, "optuna"), (SENSITIVITY, "SALib")])
def test_a_missing_extra_says_what_to_install(
    cli: Cli, place: Path, monkeypatch: pytest.MonkeyPatch, line: tuple[str, ...], missing: str
) -> None:
    real = importlib.import_module

    def absent(name: str, package: str | None = None) -> object:
        if name.partition(".")[0] == missing:
            raise ModuleNotFoundError(f"No module named '{missing}'", name=missing)
        return real(name, package)

    monkeypatch.setattr(importlib, "import_module", absent)
    answer = cli(*line)
    assert answer.code == 2
    assert answer.err.strip() == (
        f"wildsim {line[0]} needs {missing}, which is not installed: pip install 'wildsim[calibrate]'"
    )


def test_a_world_that_takes_too_long_counts_as_collapsed(cli: Cli, place: Path) -> None:
    answer = cli(*CALIBRATE, "--timeout", "0.000001")
    assert answer.code == 1
    assert "collapses in every world: took longer than 1e-06 s, at month -2" in answer.err
