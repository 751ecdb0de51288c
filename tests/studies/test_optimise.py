"""`wildsim optimise` in small societies: what is asked, what comes back, what is kept, and who may see what."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.evaluation.test_sealed import leaks, sealed_values
from wildsim.cli import main
from wildsim.core.errors import InputError
from wildsim.planning.cross_entropy import Lever
from wildsim.scenario.load import load
from wildsim.scenario.schema import Scenario
from wildsim.studies.lives import CollapseError, Lives
from wildsim.studies.optimise import judge as judging
from wildsim.studies.optimise.levers import check_levers, read_levers, with_levers
from wildsim.studies.optimise.world import Candidate

STORY = """
name: tiny
months: 8
burn_in: 6
society: {people: 300, regions: 1}
policies:
  - {kind: income_tax, from: 2, brackets: [[0, 0.1], [60000, 0.3]]}
  - {kind: vat, from: 3, rate: 0.1}
reward: {government_balance: 1.0e-5}
evaluation: {sealed: [wellbeing, gini_income]}
"""
SMALL = ["--seeds", "2", "--candidates", "8", "--generations", "2", "--validation", "4", "--sealed", "8"]
SMALL += ["--jobs", "1"]
THREE = [[0, 0.1], [1000, 0.2], [6000, 0.3]]
LEVERS = ["--levers", "policies.0.brackets.1.1=0:0.6,policies[1].rate=0:0.3"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("optimise")
    (folder / "tiny.yaml").write_text(STORY)
    return folder


def optimise(place: Path, out: str, *more: str) -> int:
    return main(["optimise", str(place / "tiny.yaml"), *LEVERS, *SMALL, "--out", str(place / out), "--quiet", *more])


@pytest.fixture(scope="module")
def whole(place: Path) -> dict[str, Any]:
    assert optimise(place, "whole") == 0
    found: dict[str, Any] = json.loads((place / "whole" / "optimise.json").read_text())
    return found


def test_a_planner_that_wants_money_taxes(whole: dict[str, Any]) -> None:
    assert whole["feedback"]["gain"] > 0.0
    assert [lever["lever"] for lever in whole["levers"]] == ["policies.0.brackets.1.1", "policies.1.rate"]
    assert whole["levers"][1]["found"] > 0.1
    assert whole["sealed"]["opened"] == 1
    assert whole["verdict"] in ("adopt", "reject", "inconclusive")
    assert len(whole["sealed"]["seeds"]) == 8
    assert whole["goodhart_gap"] == pytest.approx(whole["feedback"]["gain_sd"] - whole["sealed"]["gain_sd"])


def test_seeds_are_apart(whole: dict[str, Any]) -> None:
    assert whole["feedback"]["seeds"] == [1, 2]
    assert whole["validation"]["seeds"] == [1_000_001, 1_000_002, 1_000_003, 1_000_004]
    assert min(whole["sealed"]["seeds"]) == 2_000_001


def test_candidates_return_the_sensed_reward_and_no_other_number(place: Path, whole: dict[str, Any]) -> None:
    rows = [json.loads(line) for line in (place / "whole" / "feedback.jsonl").read_text().splitlines()]
    assert len(rows) >= 2 * 16
    assert all(set(row["values"]) == {"reward"} for row in rows)


def test_stopped_at_any_moment_it_goes_on_to_the_same_answer(
    place: Path, whole: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Lives._store
    for after in (3, 18):

        def stop(self: Lives, life: Any, outcome: Any, after: int = after) -> None:
            store(self, life, outcome)
            if self.lived >= after:
                raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(Lives, "_store", stop)
            assert optimise(place, "cut") == 1
    assert optimise(place, "cut", "--jobs", "2") == 0
    again = json.loads((place / "cut" / "optimise.json").read_text())
    # the same block was opened by the first study, so that this one had to take the next
    assert again["sealed"]["block"] == 1
    assert again["sealed"]["opened"] == 2
    assert {name: again[name] for name in ("levers", "generations", "feedback", "validation")} == {
        name: whole[name] for name in ("levers", "generations", "feedback", "validation")
    }


def test_before_the_verdict_what_is_sealed_is_in_no_file_outside(
    place: Path, whole: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*given: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(judging, "open_sealed", stop)
        assert optimise(place, "before") == 1
    [block] = (place / "before" / "sealed").glob("block-*")
    values = sealed_values(block, ("wellbeing", "gini_income"))
    assert len(values) == 2 * 8 * 8 * 2
    assert leaks(place / "before", values) == []
    assert not (place / "before" / "optimise.json").exists()
    # what burn-ins of feedback and validation remember of these indicators lies there, too
    assert not (place / "before" / "burn_in").exists()
    assert list((place / "before" / "sealed" / "burn_in").glob("*.npz"))


def test_another_question_in_the_same_folder_is_refused(
    place: Path, whole: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert optimise(place, "whole", "--search-seed", "9") == 2
    assert "was begun with other search" in capsys.readouterr().err


def test_words_pictures_and_no_verdict_where_nothing_is_sealed(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["optimise", str(place / "tiny.yaml"), "--levers", "policies.1.rate=0:0.3", *SMALL]
    assert main([*command, "--set", "evaluation={}", "--validation", "0", "--out", str(place / "open")]) == 0
    shown = capsys.readouterr().out
    assert "policies.1.rate  [0, 0.3]" in shown
    assert "Nothing is sealed, so there is no verdict" in shown
    assert (place / "open" / "optimise.png").stat().st_size > 10_000
    assert not (place / "open" / "sealed").exists()
    assert not (place / "open" / "burn_in").exists()


def test_a_reward_on_the_command_line_replaces_that_of_the_scenario(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["optimise", str(place / "tiny.yaml"), "--levers", "policies.1.rate=0:0.3", *SMALL, "--validation", "0"]
    command += ["--set", "evaluation={}", "--reward", "unemployment_rate=-2,wage_mean=.001", "--json"]
    assert main([*command, "--out", str(place / "other")]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["reward"] == ["-2 x unemployment_rate [share]", "+0.001 x wage_mean [USD/month]"]


def test_a_finished_study_opens_no_seal_again(
    place: Path, whole: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    before = (place / ".wildsim" / "seals.jsonl").read_bytes()
    assert optimise(place, "whole", "--json") == 0
    assert json.loads(capsys.readouterr().out)["sealed"] == whole["sealed"]
    assert (place / ".wildsim" / "seals.jsonl").read_bytes() == before


def test_levers_that_are_not_legal_together_have_no_score(place: Path) -> None:
    story = Scenario.model_validate(
        {**load(place / "tiny.yaml").resolved(), "policies": [{"kind": "income_tax", "from": 2, "brackets": THREE}]}
    )
    candidate = Candidate(story.resolved(), 2, place / "nowhere")
    with pytest.raises(CollapseError, match="thresholds must rise"):
        candidate({"policies.0.brackets.1.0": 7000.0}, 1)


@pytest.mark.parametrize(
    ("levers", "words"),
    [
        ("policies.0.rate", "must be a path and its bounds"),
        ("policies.1.rate=a:b", "must be a path and its bounds"),
        ("policies.1.rate=.3:.1", "must be above its low end"),
        ("policies.1.rate=0:.1,policies.1.rate=0:.2", "twice"),
        ("policies.0.brackets.01.1=0:.5,policies.0.brackets.1.1=0:.5", "twice"),
        ("policies.1.rte=0:.1", "has no lever 'rte'. Did you mean 'rate'?"),
        ("policies.1.from=0:5", "has no lever 'from'"),
        ("policies.7.rate=0:.1", "It has 2 entries, from 0 to 1"),
        ("policies.1.rate=0:3", "it is a share. Write 0.03 for 3 %"),
        ("parameters.labour.x=0:1", "is no number of a policy"),
        ("policies.0.brackets=0:1", "no number"),
    ],
)
def test_levers_that_are_none_are_refused(place: Path, levers: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        check_levers(load(place / "tiny.yaml"), read_levers([levers]))
    assert words in str(caught.value)


def test_levers_are_written_where_they_lead(place: Path) -> None:
    story = load(place / "tiny.yaml")
    levers = read_levers(["policies.0.brackets.1.1=0:0.6", "policies[1].rate=0:0.3"])
    assert levers == (Lever("policies.0.brackets.1.1", 0.0, 0.6), Lever("policies.1.rate", 0.0, 0.3))
    assert check_levers(story, levers) == ({"policies.0.brackets.1.1": 0.3, "policies.1.rate": 0.1}, 2)
    settings = story.resolved()
    moved = Scenario.model_validate(with_levers(settings, {"policies.0.brackets.1.1": 0.5}))
    assert moved.policies[0].brackets[1][1] == 0.5  # type: ignore[attr-defined]
    assert settings == story.resolved()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--set", "reward={}"], "nothing is rewarded"),
        (["--sealed", "3"], "a verdict needs 8"),
        (["--candidates", "3"], "--candidates is 3"),
        (["--validation", "2"], "--validation is 2; it must be 0 (none) or 4"),
        (["--reward", "gpd_real=1"], "unknown indicator 'gpd_real'"),
        (["--reward", "wellbeing=1"], "its true value would be seen"),
        (["--set", "minds=[{role: firm_manager, count: 1, mind: llm, model: openai/x}]"], "cannot take part yet"),
    ],
)
def test_what_cannot_be_optimised_is_said(
    place: Path, more: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert optimise(place, "never", *more) == 2
    assert words in capsys.readouterr().err
    assert not (place / "never").exists()
