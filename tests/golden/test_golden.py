"""Three months of small societies are what they were; python tests/golden/regenerate.py writes them anew."""

from __future__ import annotations

import json

import pytest

from tests.golden.regenerate import FILES, INDICATORS, golden_run


@pytest.mark.parametrize("name", list(FILES))
def test_they_live_as_they_did(name: str) -> None:
    wanted, found = json.loads(FILES[name].read_text(encoding="utf-8")), golden_run(name)
    assert len(wanted) == len(found) == 3
    for month, (before, now) in enumerate(zip(wanted, found, strict=True)):
        assert now == pytest.approx(before, rel=1e-9, abs=1e-9), f"month {month}: python tests/golden/regenerate.py"


def test_the_golden_runs_hold_what_matters() -> None:
    village, society = (json.loads(file.read_text(encoding="utf-8"))[0] for file in FILES.values())
    assert len(village) >= 12
    assert set(village) <= set(INDICATORS)
    assert {"crime_rate", "temperature", "home_price", "schooling_years", "papers", "gmv", "health"} <= set(society)
