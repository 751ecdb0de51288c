"""Whatever anybody decides, within the law, the books close and no number runs away."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.worlds import live, small_world
from wildsim.behaviour.guard import bounds
from wildsim.core.table import Column
from wildsim.state.ledger import ROUNDING
from wildsim.state.world import ROLES, World

COLUMNS = [(role, name) for role, (table, _) in ROLES.items() for name in small_world(100, 1).tables[table].columns]


class Saved:
    """The state of a small society after two months, of which hypothesis prints the name alone."""

    def __init__(self) -> None:
        world = small_world(300)
        live(world, 2)
        self.state = world.state()


@pytest.fixture(scope="module")
def grown() -> Saved:
    return Saved()


def decide(grown: Saved, choices: dict[tuple[str, str], float], months: int) -> World:
    """Live months in which columns stand at a part (0 .. 1) of their legal range; check the books as they close."""
    world = small_world(300)
    world.load(grown.state)

    def mind(world: World, role: str, name: str, values: NDArray[Any]) -> NDArray[Any] | None:
        part = choices.get((role, name))
        if part is None:
            return None
        low, high = bounds(world, _column(world, role, name))
        return np.full(len(values), low + part * (high - low))

    world.minds = [mind]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert live(world, months) <= 1e-9
    return world


def _column(world: World, role: str, name: str) -> Column:
    return world.tables[ROLES[role][0]].columns[name]


def check(world: World) -> None:
    """Nothing is negative that cannot be, and every number is one."""
    for table in world.tables.values():
        for name in table.columns:
            values = table.base(name)
            if values.dtype.kind == "f":
                assert np.isfinite(values).all(), (table.name, name)
    for table, column in (
        ("households", "loans"),
        ("firms", "loans"),
        ("firms", "inventory_value"),
        ("firms", "capital_value"),
        ("banks", "bonds"),
        ("banks", "advances"),
        ("government", "bonds"),
    ):
        assert (world.tables[table].base(column) >= -ROUNDING).all(), (table, column)
    for column in ("inventories", "capital", "backlog", "on_order"):
        assert (world.tables["firms"].base(column) >= -ROUNDING).all(), column


@pytest.mark.parametrize("part", [0.0, 0.5, 1.0])
@pytest.mark.parametrize(("role", "name"), COLUMNS, ids=[f"{role}.{name}" for role, name in COLUMNS])
def test_any_column_may_be_any_legal_constant(grown: Saved, role: str, name: str, part: float) -> None:
    check(decide(grown, {(role, name): part}, months=8))


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from(COLUMNS), st.floats(0.0, 1.0), min_size=2, max_size=8))
def test_any_mix_of_legal_constants(grown: Saved, choices: dict[tuple[str, str], float]) -> None:
    check(decide(grown, choices, months=4))


@pytest.mark.slow
@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from(COLUMNS), st.floats(0.0, 1.0), min_size=1, max_size=25))
def test_any_mix_of_legal_constants_for_two_years(grown: Saved, choices: dict[tuple[str, str], float]) -> None:
    check(decide(grown, choices, months=24))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e300, -1e300])
def test_numbers_that_are_illegal_or_none_are_guarded(grown: Saved, bad: float) -> None:
    """A mind that answers nonsense changes the rule's decision at most to a bound."""
    world = small_world(300)
    world.load(grown.state)
    world.minds = [lambda world, role, name, values: np.full(len(values), bad)]
    assert live(world, 2) <= 1e-9
    for role, (table, _) in ROLES.items():
        for name in world.tables[table].columns:
            low, high = bounds(world, _column(world, role, name))
            values = world.tables[table].base(name)
            assert np.isfinite(values).all(), (role, name)
            if not _column(world, role, name).scale:
                assert (values >= low).all(), (role, name)
                assert (values <= np.float32(high)).all(), (role, name)
