"""Aggregate shocks: each can be off, all can be off, and a shock of size zero is one that is off."""

from __future__ import annotations

from typing import Any

import pytest

from tests.worlds import same
from wildsim.scenario.schema import Scenario
from wildsim.sectors.shocks import SHOCKS
from wildsim.society import Society


def _society(on: set[str], parameters: dict[str, Any] | None = None, months: int = 18) -> Society:
    data = {
        "burn_in": 0,
        "months": 24,
        "society": {"country": "us", "people": 1000, "regions": 1},
        "shocks": {name: name in on for name in SHOCKS},
        "parameters": parameters or {},
    }
    society = Society(Scenario.model_validate(data))
    society.run_for(months)
    return society


def _sound(society: Society) -> bool:
    found = society.indicators
    return society.largest_error <= 1e-9 and 0.0 <= found["unemployment_rate"] < 0.3 and found["gdp"] > 0.0


@pytest.fixture(scope="module")
def calm() -> Society:
    return _society(set())


def test_without_shocks_the_economy_runs_and_no_shock_moves(calm: Society) -> None:
    assert _sound(calm)
    for column in SHOCKS.values():
        assert calm.world.tables["macro"].base(column)[0] == 0.0, column


@pytest.mark.parametrize("shock", SHOCKS)
def test_each_shock_can_be_the_only_one_off(shock: str) -> None:
    society = _society(set(SHOCKS) - {shock})
    assert _sound(society)
    for name, column in SHOCKS.items():
        assert (society.world.tables["macro"].base(column)[0] == 0.0) == (name == shock), name


@pytest.mark.parametrize("shock", SHOCKS)
def test_a_shock_of_size_zero_is_off_bit_for_bit(shock: str, calm: Society) -> None:
    society = _society({shock}, {f"shocks.{shock}": [0.9, 0.0]})
    assert same(society.snapshot(), calm.snapshot()) == []


@pytest.mark.parametrize("shock", SHOCKS)
def test_each_shock_alone_does_something(shock: str, calm: Society) -> None:
    society = _society({shock})
    assert _sound(society)
    assert society.indicators["gdp"] != calm.indicators["gdp"]
