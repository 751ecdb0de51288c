"""`wildsim register` and `wildsim outcomes`: from a run to the advice to stop."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Answer

Cli = Callable[..., Answer]
Write = Callable[..., str]
SMALL = "burn_in: 1\nmonths: 4\nsociety: {people: 30, regions: 1}\n"
SEEDS = 20


@pytest.fixture
def run(write: Write) -> str:
    """Run a small society, without pictures, and return the run folder."""
    from wildsim.engine import api

    return str(api.run(write(SMALL, "stories/us.yaml"), seeds=SEEDS, jobs=1, out="r").path)


def _real(by: float) -> Path:
    """Write outcomes as seed 4 lived them, and from the third month on farther off by some sd."""
    rows = ["indicator,period,value"]
    for line in Path("stories/.wildsim/forecasts.jsonl").read_text().splitlines():
        said = json.loads(line)
        away = by * said["sd"] if said["due"] >= "2031-03" else 0.0
        rows.append(f"{said['indicator']},{said['due']},{said['values'][3] + away}")
    Path("real.csv").write_text("\n".join(rows) + "\n")
    return Path("real.csv")


def test_from_a_run_to_the_advice_to_stop(cli: Cli, run: str) -> None:
    line = ("register", run, "--of", "wage_mean", "--at", "0-3", "--begins", "2031-01")
    said = cli(*line, "--json")
    assert said.code == 0, said.err
    assert said.document["forecasts"] == 4
    assert [one["due"] for one in said.document["added"]] == [f"2031-0{month}" for month in range(1, 5)]
    assert said.document["added"][0]["seeds"] == SEEDS
    again = cli(*line)
    assert (again.code, "a forecast stands for good" in again.err) == (2, True)

    _real(0.0)
    fine = cli("outcomes", "stories/us.yaml", "--data", "real.csv")
    assert fine.code == 0, fine.err
    assert "4 of 4" in fine.out
    assert "Made by r" in fine.out
    assert fine.out.rstrip().endswith("Advice: go on")
    gone = cli("outcomes", "stories", "--data", str(_real(9.0)), "--above", "4000", "--json")
    assert gone.document["advice"] == "stop"
    (block,) = gone.document["blocks"]
    assert block["drift"]["side"] == "above"
    assert block["indicators"][0]["verdict"] == "too few"
    assert 0.0 <= gone.document["brier"]["score"] <= 1.0
    told = cli("outcomes", "stories", "--data", "real.csv")
    assert "ALARM at outcome" in told.out
    assert told.out.rstrip().endswith("Advice: stop")

    # what is wrong is said before anything is written
    before = Path("stories/.wildsim/forecasts.jsonl").read_bytes()
    wrong = cli("register", run, "--of", "wage_mean", "--at", "last")
    assert (wrong.code, "is no month of the run" in wrong.err) == (2, True)
    assert Path("stories/.wildsim/forecasts.jsonl").read_bytes() == before
    Path("stories/us.yaml").unlink()
    lost = cli("register", run, "--of", "wage_mean", "--at", "1")
    assert (lost.code, "say --beside FOLDER" in lost.err) == (2, True)
    assert not Path(".wildsim").exists()


def test_outcomes_says_what_is_missing(cli: Cli, write: Write) -> None:
    write("indicator,period,value\n", "real.csv")
    none = cli("outcomes", ".", "--data", "real.csv")
    assert (none.code, "nothing was forecast yet" in none.err) == (2, True)
    odd = cli("outcomes", ".", "--data", "real.csv", "--level", "0.7")
    assert (odd.code, "--level is 0.7" in odd.err) == (2, True)
