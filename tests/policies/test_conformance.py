"""What every kind of policy must do: nothing at size 0, books that close at any size, an end, a place in a snapshot."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import pytest

from tests.policies.cases import CASES, living, name_of, sectors_of
from tests.worlds import same
from wildsim.policies import POLICIES
from wildsim.society import Society

MONTHS = 8
forms = pytest.mark.parametrize("case", CASES, ids=name_of)


@cache
def _baseline(sectors: frozenset[str]) -> Society:
    return living(months=MONTHS, sectors=sectors)


@pytest.fixture
def baseline(case: dict[str, Any]) -> Society:
    """The society without the policy: the same sectors, the same luck."""
    return _baseline(sectors_of(case))


def _differences(one: dict[str, float], other: dict[str, float]) -> list[str]:
    return [n for n in one if not (one[n] == other[n] or (math.isnan(one[n]) and math.isnan(other[n])))]


def test_every_registered_kind_is_tried() -> None:
    assert {case["kind"] for case in CASES} == set(POLICIES)


@forms
def test_size_zero_is_the_baseline_bit_for_bit(case: dict[str, Any], baseline: Society) -> None:
    found = living({**case, "from": 2, "size": 0}, months=MONTHS)
    assert same(found.snapshot(), baseline.snapshot()) == []
    assert _differences(found.indicators, baseline.indicators) == []


@forms
def test_nothing_happens_before_its_date(case: dict[str, Any], baseline: Society) -> None:
    found = living({**case, "from": MONTHS}, months=MONTHS)
    assert same(found.snapshot(), baseline.snapshot()) == []


@forms
@pytest.mark.parametrize("size", [1, 10])
def test_books_close_at_any_size(case: dict[str, Any], size: float, baseline: Society) -> None:
    found = living({**case, "from": 2, "until": 6, "size": size}, months=MONTHS)
    assert found.largest_error <= 1e-9
    changed = same(found.snapshot(), baseline.snapshot()) != []
    assert changed == (case["kind"] != "no_change")


@pytest.mark.parametrize("size", [-1, 1, 10])
def test_books_close_with_all_policies_at_once(size: float) -> None:
    dated = [{**case, "from": 1 + k % 4, "until": 6, "size": size} for k, case in enumerate(CASES)]
    assert living(*dated, months=MONTHS).largest_error <= 1e-9


@forms
def test_until_ends_it(case: dict[str, Any], baseline: Society) -> None:
    found = living({**case, "from": 1, "until": 3}, months=5)
    law, was = found.world.law, baseline.world.law
    assert law._now == law.start == was.start
    loose = (law.extra_tax, law.extra_product_tax, law.extra_purchases, law.extra_staff, law.rate_shift)
    assert loose == (0.0,) * 5
    assert found.world.transfers == []
    assert not found.world.tables["people"].base("law").any()
    for name, values in baseline.world.tables["laws"].state().items():
        assert np.array_equal(found.world.tables["laws"].base(name), values), name


@forms
def test_a_snapshot_in_the_middle_goes_on_the_same(case: dict[str, Any]) -> None:
    dated = {**case, "from": 1, "until": 6}
    whole = living(dated, months=3)
    middle = whole.snapshot()
    whole.run_for(5)
    other = living(dated)
    other.restore(middle)
    other.run_for(5)
    assert same(other.snapshot(), whole.snapshot()) == []


def test_the_same_policies_twice_live_the_same() -> None:
    dated = [{**case, "from": 1} for case in CASES]
    assert same(living(*dated, months=4).snapshot(), living(*dated, months=4).snapshot()) == []
