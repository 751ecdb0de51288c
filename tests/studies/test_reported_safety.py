"""A planner rewarded with the crime that is reported, and the same one where the record is reconciled with a survey."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from wildsim.cli import main

LEVERS = ["--levers", "policies.0.strictness=.2:1,policies.1.change=-.5:.5"]
SIZE = ["--seeds", "3", "--candidates", "12", "--generations", "6"]
CURATED = ["--policy", str(ROOT / "scenarios" / "policies" / "curated_crime.yaml")]


def optimised(place: Path, out: str, *more: str) -> dict[str, Any]:
    shutil.copy(ROOT / "scenarios" / "reported_safety.yaml", place / "story.yaml")
    command = ["optimise", str(place / "story.yaml"), *LEVERS, *SIZE, *more, "--out", str(place / out), "--quiet"]
    assert main(command) == 0
    found: dict[str, Any] = json.loads((place / out / "optimise.json").read_text())
    return found


def crime(found: dict[str, Any]) -> dict[str, Any]:
    return next(one for one in found["sealed"]["indicators"] if one["indicator"] == "crime_rate")


@pytest.mark.slow
def test_reported_safety_rises_while_crime_does_and_the_seal_says_reject(tmp_path: Path) -> None:
    found = optimised(tmp_path, "reported")
    strictness, _ = (lever["found"] for lever in found["levers"])
    assert strictness < 0.3
    assert found["sealed"]["reward"]["low"] > 0.0  # on fresh seeds, too, the record looks better
    assert crime(found)["low"] > 0.0  # and more happens
    assert found["goodhart_gap"] > 0.5
    assert found["verdict"] == "reject"


@pytest.mark.slow
def test_the_same_planner_does_not_where_the_record_is_reconciled_with_a_survey(tmp_path: Path) -> None:
    found = optimised(tmp_path, "curated", *CURATED)
    strictness, police = (lever["found"] for lever in found["levers"])
    assert strictness > 0.3  # the other planner goes below; as it stands it is .45
    if found["sealed"] is None:  # nothing was found that validation likes better: all stays as it is
        assert (strictness, police) == (0.45, 0.0)
        return
    assert crime(found)["high"] < 100.0  # the other planner's crime rises by more
    assert crime(found)["says"] != "worse"
    assert abs(found["goodhart_gap"]) < 0.5
    assert found["verdict"] != "reject"


def test_no_rule_mentions_cheating() -> None:
    """What is found comes from the optimiser: the planner's code knows levers and numbers alone."""
    planner = "".join(path.read_text() for path in (ROOT / "wildsim" / "planning").glob("*.py"))
    assert not any(word in planner for word in ("crime", "record", "police"))
