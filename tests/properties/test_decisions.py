"""Whatever anybody decides, within the law, the books close and no number runs away."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.worlds import SOCIAL, live, small_world
from wildsim.behaviour.guard import bounds
from wildsim.core.table import Column
from wildsim.state.ledger import ROUNDING
from wildsim.state.world import World

#: The economy alone, and a society with every social sector.
KINDS = {"economy": frozenset(), "society": SOCIAL}


def _world(kind: str, people: int = 300) -> World:
    return small_world(people, sectors=KINDS[kind])


def _columns(world: World) -> list[tuple[str, str]]:
    return [(role, name) for role, table, _ in world.deciding() for name in world.tables[table].columns]


ALL = {kind: _columns(_world(kind, 100)) for kind in KINDS}
#: Columns of the economy are tried in the economy, all others in a society that has them.
COLUMNS = [("economy", column) for column in ALL["economy"]]
COLUMNS += [("society", column) for column in ALL["society"] if column not in ALL["economy"]]


class Saved:
    """The states of small societies after two months, of which hypothesis prints the name alone."""

    def __init__(self) -> None:
        self.states = {}
        for kind in KINDS:
            world = _world(kind)
            live(world, 2)
            self.states[kind] = world.state()


@pytest.fixture(scope="module")
def grown() -> Saved:
    return Saved()


def decide(grown: Saved, kind: str, choices: dict[tuple[str, str], float], months: int) -> World:
    """Live months in which columns stand at a part (0 .. 1) of their legal range; check the books as they close."""
    world = _world(kind)
    world.load(grown.states[kind])

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
    tables = [world.tables[table].columns for r, table, _ in world.deciding() if r == role]
    return next(columns[name] for columns in tables if name in columns)


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
@pytest.mark.parametrize(("kind", "column"), COLUMNS, ids=[".".join(column) for _, column in COLUMNS])
def test_any_column_may_be_any_legal_constant(grown: Saved, kind: str, column: tuple[str, str], part: float) -> None:
    check(decide(grown, kind, {column: part}, months=8))


kinds = pytest.mark.parametrize("kind", list(KINDS))


@kinds
@settings(max_examples=25)
@given(data=st.data())
def test_any_mix_of_legal_constants(grown: Saved, kind: str, data: st.DataObject) -> None:
    choices = data.draw(st.dictionaries(st.sampled_from(ALL[kind]), st.floats(0.0, 1.0), min_size=2, max_size=8))
    check(decide(grown, kind, choices, months=4))


@pytest.mark.slow
@kinds
@settings(max_examples=150)
@given(data=st.data())
def test_any_mix_of_legal_constants_for_two_years(grown: Saved, kind: str, data: st.DataObject) -> None:
    choices = data.draw(st.dictionaries(st.sampled_from(ALL[kind]), st.floats(0.0, 1.0), min_size=1, max_size=25))
    check(decide(grown, kind, choices, months=24))


@kinds
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e300, -1e300])
def test_numbers_that_are_illegal_or_none_are_guarded(grown: Saved, bad: float, kind: str) -> None:
    """A mind that answers nonsense changes the rule's decision at most to a bound."""
    world = _world(kind)
    world.load(grown.states[kind])
    world.minds = [lambda world, role, name, values: np.full(len(values), bad)]
    assert live(world, 2) <= 1e-9
    for role, table, _ in world.deciding():
        for name in world.tables[table].columns:
            low, high = bounds(world, _column(world, role, name))
            values = world.tables[table].base(name)
            assert np.isfinite(values).all(), (role, name)
            if not _column(world, role, name).scale:
                assert (values >= low).all(), (role, name)
                assert (values <= np.float32(high)).all(), (role, name)
