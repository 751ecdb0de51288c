"""The way from a lever to a goal leads through a sector: with that off, nothing of it is left."""

from __future__ import annotations

import pytest

from tests.policies.cases import living
from tests.worlds import same

FUNCTIONS = {
    "health": "demography",
    "police": "crime",
    "education": "education",
    "research": "science",
}
MONTHS = 12


@pytest.mark.parametrize(("function", "sector"), FUNCTIONS.items())
def test_spending_on_a_function_differs_from_spending_at_large_by_its_sector_alone(function: str, sector: str) -> None:
    """Goods bought for police without a crime sector are goods bought; with one they are police."""
    spending = [{"kind": "public_spending", "change": 0.05, "function": name} for name in ("general", function)]
    without = [living(one, months=MONTHS, sectors=frozenset()).snapshot() for one in spending]
    assert same(*without) == []
    on = frozenset({sector, "demography"})
    found = [living(one, months=MONTHS, sectors=on).snapshot() for one in spending]
    assert same(*found) != []
