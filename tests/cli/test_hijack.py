"""`wildsim hijack` from the command line: tables, document, picture; it goes on, and refuses what it cannot attack."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import Answer
from wildsim.engine.plan import make_plan
from wildsim.scenario.load import load, load_overlay
from wildsim.studies.hijack.answers import live, survey
from wildsim.studies.hijack.study import stored

Cli = Callable[..., Answer]
Write = Callable[..., str]
STORY = "name: toy\nmonths: 8\nburn_in: 12\nsociety: {people: 800, regions: 1}\n"
POLICY = "name: dear work\npolicies:\n- {kind: minimum_wage, level: 0.9}\n"
COMMAND = ("hijack", "toy.yaml", "--policy", "policy.yaml", "--of", "wage_mean", "--seeds", "2", "--reporters", "200")
LITTLE = ("--attacks", "push,sybil", "--jobs", "1", "--out", "there")


@pytest.fixture
def place(write: Write) -> Path:
    write(STORY, "toy.yaml")
    write(POLICY, "policy.yaml")
    return Path.cwd()


def test_tables_document_and_picture(cli: Cli, place: Path) -> None:
    answer = cli(*COMMAND, *LITTLE)
    assert answer.code == 0, answer.err
    for title in ("Seeds in which the verdict on dear-work turns", "Flip budget", "Detection", "Robust beside fair"):
        assert title in answer.out
    document = json.loads((place / "there" / "hijack.json").read_text())
    assert (place / "there" / "hijack.png").read_bytes()[:4] == b"\x89PNG"
    rows = {(row["attack"], row["judge"]): row for row in document["attacks"]}
    assert set(rows) == {(a, j) for a in ("push", "sybil") for j in document["effect"]}
    assert all(row["success"]["0"] == 0.0 for row in rows.values())
    for row in rows.values():
        if row["flip_budget"] is not None:
            count = row["cost"] / document["price"]
            assert 1 <= count <= 200
    assert document["detection"][0]["attack"] == "truth"
    before = (place / "there" / "hijack.json").read_bytes()
    answers = {path: path.stat().st_mtime_ns for path in (place / "there" / "answers").iterdir()}
    again = cli(*COMMAND, *LITTLE, "--json")
    assert (again.code, "Going on" in again.err) == (0, True)
    assert {path: path.stat().st_mtime_ns for path in (place / "there" / "answers").iterdir()} == answers
    assert (place / "there" / "hijack.json").read_bytes() == before
    assert again.document["attacks"] == document["attacks"]
    other = cli(*COMMAND, *LITTLE, "--months", "9")
    assert other.code == 2
    assert "was begun with other arms" in other.err


def test_honest_answers_are_those_of_the_people_and_of_the_same_ones_in_both_worlds(place: Path, cli: Cli) -> None:
    assert cli(*COMMAND, *LITTLE, "--quiet").code == 0
    plan = make_plan(load("toy.yaml"), [load_overlay("policy.yaml")], seeds=2)
    pair = live((plan.arms[0], plan.arms[1]), "wage_mean", 1)
    kept = stored(place / "there", 1)
    assert kept is not None
    assert (kept.with_.above == pair.with_.above).all()
    seen = survey(pair, 200, 2)
    assert (len(seen.before), len(seen.after)) == (200, 200)
    assert sorted(seen.order.tolist()) == list(range(200))
    assert seen.truth == pytest.approx(pair.with_.truth - pair.without.truth)
    assert seen.before.mean() == pytest.approx(pair.without.truth, rel=0.1)
    nothing = survey(type(pair)(1, pair.without, pair.without), 200, 2)
    assert (nothing.before == nothing.after).all()  # the same people, so that equal worlds have no effect at all
    assert set(np.flatnonzero(seen.attackers(5))) < set(np.flatnonzero(seen.attackers(9)))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (("--of", "wage_men"), "no survey asks about it. Did you mean 'wage_mean'?"),
        (("--attacks", "sybyl"), "unknown attack. Did you mean 'sybil'?"),
        (("--reporters", "100000"), "at least 100,000 people"),
        (("--reporters", "700"), "Use fewer --reporters, or more people"),
        (("--policy", "nothing.yaml"), "nothing.yaml"),
        (("--of", "crime_rate"), "is of the crime sector, which is off. Add --set sectors.crime=true"),
    ],
)
def test_what_cannot_be_attacked_is_refused(cli: Cli, place: Path, changes: tuple[str, ...], message: str) -> None:
    answer = cli(*COMMAND, *LITTLE, *changes)
    assert answer.code in (1, 2)
    assert message in answer.err
