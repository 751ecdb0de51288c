"""Decisions as training data: what was asked and answered, the sensed reward that followed, and what it is good for."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import wildsim as ws
from tests.minded import copy_of_the_run
from wildsim.core.errors import InputError
from wildsim.engine.api import Run
from wildsim.engine.plan import make_plan
from wildsim.engine.run import start
from wildsim.engine.training import export_training
from wildsim.scenario.load import load

Cli = Callable[..., Any]
STORY = """name: taught
months: 8
burn_in: 14
society: {people: 400, regions: 1}
sensors:
  wage_mean: {lag: 2}
  unemployment_rate: {reconciled: {sources: [{survey: 100}, {lag: 1}], trusted: survey, level: .9}}
reward: {wage_mean: 0.001, unemployment_rate: -10, discount: 0.5}
minds:
  - {role: firm_manager, count: 8, mind: llm, model: "scripted:chaos=.7"}
  - {role: household_member, count: 3, mind: random}
"""


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(text) for text in path.read_text(encoding="ascii").splitlines()]


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("taught")
    (folder / "story.yaml").write_text(STORY)
    return Run(start(make_plan(load(folder / "story.yaml"), seeds=1), out=folder / "run", jobs=1).path)


@pytest.fixture(scope="module")
def lines(taught: Run) -> list[dict[str, Any]]:
    (path,) = export_training(taught)
    assert path == taught.path / "export" / "training.jsonl"
    return _lines(path)


def test_there_is_one_line_a_decision_of_a_mind(taught: Run, lines: list[dict[str, Any]]) -> None:
    table = taught.decisions()
    assert len(lines) == len(table.drop_duplicates(["month", "agent", "role"])) == 8 * 11
    for line in lines[::7]:
        rows = table[(table["month"] == line["month"]) & (table["agent"] == line["agent"])].set_index("field")
        assert set(line["fields"]) == set(rows.index)
        for field, told in line["fields"].items():
            assert told["executed"] == pytest.approx(rows["executed"][field], rel=1e-12)
            assert told["source"] == rows["source"][field]


def test_rewards_are_those_that_were_published_and_when(taught: Run, lines: list[dict[str, Any]]) -> None:
    rewards = taught.rewards().set_index("period")
    for line in lines:
        reward = line["reward"]
        if line["month"] in rewards.index:
            assert reward["value"] == pytest.approx(rewards["value"][line["month"]], rel=1e-12)
            assert reward["known_in"] == rewards["known_in"][line["month"]] == line["month"] + 2
        else:
            assert (reward["value"], reward["known_in"], line["use"]) == (None, None, False)
            assert "reward_not_known_yet" in line["flags"]
    late = [line for line in lines if line["month"] == 7]
    assert late
    assert all(line["reward"]["value"] is None for line in late)


def test_flags_say_what_the_record_says_and_why_a_line_is_no_lesson(lines: list[dict[str, Any]]) -> None:
    seen: set[str] = set()
    for line in lines:
        flags, sources = set(line["flags"]), {told["source"] for told in line["fields"].values()}
        seen |= flags
        assert ("fallback" in flags) == ("fallback" in sources)
        assert ("random" in flags) == ("random" in sources)
        reasons = [told["reason"] for told in line["fields"].values()]
        assert ("repaired" in flags) == any(reason.startswith("Repaired") for reason in reasons)
        changed = any(told["guarded"] != told["proposed"] for told in line["fields"].values())
        assert ("out_of_range" in flags) == changed
        assert line["use"] == (line["dropped"] is None)
        assert line["use"] == (not flags & {"fallback", "random", "reward_not_known_yet", "left_to_the_rule"})
        assert not line["human_seat"]
        if line["role"] == "firm_manager":
            assert line["prompt"][0]["role"] == "system"
            assert line["agent"] in line["prompt"][1]["content"]
            assert line["calls"][0]["purpose"] == "decide"
        else:
            assert line["prompt"] is None
            assert line["dropped"] == "the agent did not decide itself: random"
    assert seen >= {"fallback", "scripted", "repaired", "out_of_range", "random", "reward_not_known_yet"}


def test_what_curation_left_out_of_the_feedback_is_told(taught: Run, lines: list[dict[str, Any]]) -> None:
    sensed = taught.sensed()
    touched = sensed[(sensed["indicator"] == "unemployment_rate") & sensed["quality"].str.contains("left out")]
    months = set(touched["period"])
    assert months & set(range(8))
    for line in lines:
        assert ("feedback_curated" in line["flags"]) == (line["month"] in months)
        assert all("unemployment_rate: survey; identity left out" in text for text in line["reward"]["left_out"])


def test_rewards_of_many_months_are_discounted_and_known_when_the_last_is(taught: Run, tmp_path: Path) -> None:
    (path,) = export_training(taught, tmp_path, over=3)
    rewards = taught.rewards().set_index("period")["value"]
    for line in _lines(path):
        month = line["month"]
        if month + 2 in rewards.index:
            wanted = rewards[month] + 0.5 * rewards[month + 1] + 0.25 * rewards[month + 2]
            assert line["reward"]["value"] == pytest.approx(wanted)
            assert line["reward"]["known_in"] == month + 4
        else:
            assert line["reward"]["value"] is None
    with pytest.raises(InputError, match="--over is 0"):
        export_training(taught, tmp_path, over=0)


def test_text_of_minds_is_data(taught: Run, tmp_path: Path) -> None:
    raw = export_training(taught, tmp_path)[0].read_bytes()
    assert all(32 <= byte < 127 or byte == 10 for byte in raw)
    assert raw.count(b"\n") == 88
    for line in raw.splitlines():
        json.loads(line, parse_constant=pytest.fail)  # numbers that JSON does not know


def test_without_rewards_and_without_minds_it_says_so(tmp_path: Path) -> None:
    (path,) = export_training(Run(copy_of_the_run(tmp_path / "run")), tmp_path)
    lines = _lines(path)
    assert {line["arm"] for line in lines} == {"baseline", "no_change"}
    assert all("nothing_rewarded" in line["flags"] and not line["use"] for line in lines)
    assert any("shared_call" in line["flags"] for line in lines)
    (tmp_path / "plain.yaml").write_text("months: 2\nburn_in: 0\nsociety: {people: 200, regions: 1}\n")
    plain = ws.run(tmp_path / "plain.yaml", seeds=1, jobs=1, out=tmp_path / "plain")
    with pytest.raises(InputError, match="No mind but the rules decided"):
        export_training(plain)


def test_human_seats_are_among_them_and_flagged(
    cli: Cli, write: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wildsim.reports.figures.draw", lambda run: [])
    story = "months: 4\nburn_in: 1\nsociety: {people: 200, regions: 1}\nreward: {unemployment_rate: -1}\n"
    file = write(story + "minds: [{role: central_banker, mind: human}]\n", "seat.yaml")
    monkeypatch.setattr("sys.stdin", io.StringIO("0.05\n\n0.07\n0.05\n"))
    assert cli("run", file, "--seeds", "1", "--quiet", "--out", "seat").code == 0
    answer = cli("export", "seat", "--training", "--json")
    assert answer.code == 0, answer.err
    lines = _lines(Path(answer.document["files"][0]))
    assert [line["human_seat"] for line in lines] == [True] * 4
    assert all("human" in line["flags"] for line in lines)
    assert [line["source"] for line in lines] == ["human", "rule", "human", "human"]
    assert "left_to_the_rule" in lines[1]["flags"]
    assert [line["use"] for line in lines] == [True, False, True, True]
    assert lines[0]["fields"]["rate"]["executed"] == pytest.approx(0.05)
