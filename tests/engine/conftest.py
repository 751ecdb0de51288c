"""Runs of a fake society, in this process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.engine.fake import FakeSociety
from wildsim.engine import run as running
from wildsim.engine import store, work
from wildsim.engine.plan import Plan, make_plan
from wildsim.scenario.load import load_overlay
from wildsim.scenario.schema import Scenario


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> type[FakeSociety]:
    """Put a fake society in place of the real one; nothing is compiled."""

    class Fake(FakeSociety):
        pass

    monkeypatch.setattr(work, "make_society", lambda scenario, seed, threads: Fake(scenario, seed=seed))
    monkeypatch.setattr(running, "compile_first", lambda stories, say: None)
    monkeypatch.setattr(store, "code_digest", lambda: "fake")
    return Fake


@pytest.fixture
def plan(tmp_path: Path) -> Callable[..., Plan]:
    """Make plans: two arms when `policy`."""

    def make(*, months: int = 130, burn_in: int = 70, seeds: int = 3, policy: bool = False) -> Plan:
        story = Scenario.model_validate({"name": "demo", "months": months, "burn_in": burn_in})
        overlays = []
        if policy:
            file = tmp_path / "up.yaml"
            first = min(20, months - 1)
            file.write_text(f"policies: [{{kind: unemployment_benefit, from: {first}, replacement: 0.6}}]\n")
            overlays = [load_overlay(file)]
        return make_plan(story, overlays, seeds=seeds)

    return make


def same_files(one: Path, other: Path) -> None:
    """Assert that two runs are identical as interface.md defines it."""
    left, right = _shared(one), _shared(other)
    assert left.keys() == right.keys()
    assert [name for name in left if left[name] != right[name]] == []


def _shared(run: Path) -> dict[str, bytes]:
    paths: list[Any] = [*(run / "arms").rglob("*"), run / "summary.json"]
    return {
        path.relative_to(run).as_posix(): path.read_bytes()
        for path in paths
        if path.is_file() and path.name != "tape.sqlite"
    }
