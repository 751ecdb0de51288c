"""Three months of a village are what they were; python tests/golden/regenerate.py writes them anew."""

from __future__ import annotations

import json

import pytest

from tests.golden.regenerate import FILE, INDICATORS, golden_run


def test_a_village_lives_as_it_did() -> None:
    wanted, found = json.loads(FILE.read_text(encoding="utf-8")), golden_run()
    assert len(wanted) == len(found) == 3
    for month, (before, now) in enumerate(zip(wanted, found, strict=True)):
        assert now == pytest.approx(before, rel=1e-9), f"month {month}: python tests/golden/regenerate.py"


def test_the_golden_run_holds_what_matters() -> None:
    first = json.loads(FILE.read_text(encoding="utf-8"))[0]
    assert len(first) >= 12
    assert set(first) <= set(INDICATORS)
