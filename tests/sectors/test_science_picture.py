"""The picture of science is drawn for plain runs, for arms, and for a run too short to have a citation."""

from __future__ import annotations

from pathlib import Path

import pytest

from wildsim.engine.api import Run
from wildsim.engine.plan import make_plan
from wildsim.engine.run import start
from wildsim.reports.social.science import picture
from wildsim.reports.style import save, styled
from wildsim.scenario.load import load, load_overlay

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("months", "policy"), [(14, True), (1, False)])
def test_it_is_drawn(tmp_path: Path, months: int, policy: bool) -> None:
    small = ["society.people=300", "society.regions=1", "burn_in=0", f"months={months}"]
    story = load(str(ROOT / "scenarios" / "science.yaml"), small)
    overlays = [load_overlay(str(ROOT / "scenarios" / "policies" / "research_grants.yaml"))] if policy else []
    run = Run(start(make_plan(story, overlays, seeds=2), out=tmp_path / "run", jobs=1).path)
    with styled():
        first = save(picture(run), tmp_path / "one.png").read_bytes()
        assert save(picture(run), tmp_path / "two.png").read_bytes() == first
    assert len(first) > 20_000
