"""`wildsim goodhart` in small societies: what is looked at, what is kept, what is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from wildsim.cli import main

STORY = """
name: tiny
months: 6
burn_in: 4
society: {people: 300, regions: 1}
policies:
  - {kind: vat, from: 1, rate: 0.1}
sensors: {unemployment_rate: {survey: 60}}
reward: {government_balance: 1.0e-5, unemployment_rate: -0.1}
evaluation: {sealed: [wellbeing]}
"""
#: Those who know what is rewarded pay less tax in this arm: their answer costs the reward, and not what was meant.
RESPOND = "name: respond\npolicies: [{kind: income_tax, from: 1, rate: 0.05}]\n"
SMALL = [
    "--seeds",
    "2",
    "--candidates",
    "8",
    "--generations",
    "2",
    "--worlds",
    "8",
    "--levers",
    "policies.0.rate=0:0.3",
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("goodhart")
    (folder / "tiny.yaml").write_text(STORY)
    (folder / "respond.yaml").write_text(RESPOND)
    return folder


@pytest.fixture(scope="module")
def looked(place: Path) -> dict[str, Any]:
    respond = ["--respond", str(place / "respond.yaml")]
    assert main(["goodhart", str(place / "tiny.yaml"), *SMALL, *respond, "--out", str(place / "a"), "--quiet"]) == 0
    found: dict[str, Any] = json.loads((place / "a" / "goodhart.json").read_text())
    return found


def test_everything_is_there(place: Path, looked: dict[str, Any]) -> None:
    assert looked["gold"] == ["wellbeing"]
    assert looked["responds"] is True
    assert {loss["mechanism"] for loss in looked["losses"]} == {"regressional", "causal", "extremal", "adversarial"}
    assert sum(loss["value"] for loss in looked["losses"]) == pytest.approx(looked["promise"] - looked["gain"])
    assert len(looked["steps"]["gold"]) == 3  # the start and two generations
    assert looked["steps"]["shown"][0] == 0.0
    assert (place / "a" / "goodhart.png").stat().st_size > 10_000
    assert "verdict" not in looked
    assert not (place / "a" / "sealed").exists()


def test_its_worlds_are_its_own(place: Path, looked: dict[str, Any]) -> None:
    seeds = set()
    for file in (place / "a").glob("*.jsonl"):
        seeds |= {json.loads(line)["seed"] for line in file.read_text().splitlines()}
    assert min(seeds) == 3_000_001
    assert not (place / ".wildsim").exists()


def test_the_same_worlds_are_measured_twice_with_other_luck(place: Path, looked: dict[str, Any]) -> None:
    def values(name: str, what: str) -> dict[str, float]:
        rows = [json.loads(line) for line in (place / "a" / f"{name}.jsonl").read_text().splitlines()]
        return {f"{row['seed']} {row['point']}": row["values"][what] for row in rows}

    first, anew = values("worlds-0", "reward"), values("worlds-1", "reward")
    shared = sorted(set(first) & set(anew))
    assert len(shared) >= 3 * 8  # observed, small, blind
    assert sum(first[life] != anew[life] for life in shared) > 0.8 * len(shared)
    meant, again = values("worlds-0", "wellbeing"), values("worlds-1", "wellbeing")
    assert [meant[life] for life in shared] == [again[life] for life in shared]


def test_begun_again_it_says_the_same(place: Path, looked: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    (place / "a" / "goodhart.json").unlink()
    respond = ["--respond", str(place / "respond.yaml")]
    assert main(["goodhart", str(place / "tiny.yaml"), *SMALL, *respond, "--out", str(place / "a")]) == 0
    shown = capsys.readouterr().out
    assert json.loads((place / "a" / "goodhart.json").read_text()) == looked
    assert "A study, no verdict" in shown
    assert f"Mechanism: {looked['mechanism']}" in shown


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--set", "evaluation={}"], "nothing says what was meant"),
        (["--gold", "wellbeign"], "Did you mean 'wellbeing'?"),
        (["--worlds", "3"], "--worlds is 3; it must be 8"),
        (["--respond", "nobody.yaml"], "nobody.yaml"),
    ],
)
def test_what_is_missing_is_said(place: Path, more: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["goodhart", str(place / "tiny.yaml"), *SMALL, *more, "--out", str(place / "never")]) == 2
    assert words in capsys.readouterr().err
