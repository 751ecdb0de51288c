"""What every scenario file must do: load, run 24 months, and close its books in each of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from wildsim.indicators import INDICATORS
from wildsim.scenario.load import load, load_overlay
from wildsim.scenario.schema import NEEDS
from wildsim.society import Society

FOLDER = Path(__file__).resolve().parents[2] / "scenarios"
STORIES = sorted(FOLDER.glob("*.yaml"))
OVERLAYS = sorted((FOLDER / "policies").glob("*.yaml"))

#: Larger stories run with so many people in the tests.
MOST_PEOPLE = 20_000
SCALED = 2_000


def _lived(society: Society, months: int) -> None:
    for _ in range(months):
        society.step()
        assert society.largest_error <= 1e-9
    found = society.indicators
    assert 0.0 <= found["unemployment_rate"] < 0.5
    assert found["gdp"] > 0.0
    society.close()


@pytest.mark.parametrize("file", STORIES, ids=lambda file: file.stem)
def test_runs_two_years_with_closed_books(file: Path) -> None:
    people = load(str(file)).society.people
    fewer = [f"society.people={SCALED}"] if people > MOST_PEOPLE else []
    story = load(str(file), [*fewer, "burn_in=0"])
    _lived(Society(story), 24)


@pytest.mark.parametrize("file", OVERLAYS, ids=lambda file: file.stem)
def test_every_policy_file_acts_with_closed_books(file: Path) -> None:
    overlay = load_overlay(str(file))
    last = max([policy.from_ for policy in overlay.policies], default=0)
    needed = {policy.sector for policy in overlay.policies} | {INDICATORS[n].sector for n in overlay.sections.sensors}
    needed -= {""}
    needed |= {other for sector in needed for other in NEEDS.get(sector, ())}
    sectors = [f"sectors.{sector}=true" for sector in sorted(needed)]
    story = load(str(FOLDER / "minimal.yaml"), ["burn_in=0", f"months={last + 12}", *sectors]).with_overlay(overlay)
    assert story.warnings() == []
    _lived(Society(story), last + 12)


def test_seeds_differ_and_one_seed_does_not() -> None:
    story = load(str(FOLDER / "minimal.yaml"), ["burn_in=0"])
    ends = []
    for seed in (1, 1, 2):
        society = Society(story, seed=seed)
        society.run_for(6)
        ends.append(society.snapshot()["table.people.wage"])
        society.close()
    assert np.array_equal(ends[0], ends[1])
    assert not np.array_equal(ends[0], ends[2])
