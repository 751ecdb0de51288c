"""Rows move in one place: ids stay with their data, and references follow."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.worlds import live, small_world
from wildsim.core.errors import RunError
from wildsim.core.keys import new_id
from wildsim.core.table import NO_ROW
from wildsim.state.reorganise import reorganise
from wildsim.state.world import ROLES, World

NOBODY = np.empty(0, dtype=np.uint64)
NOWHERE = np.empty(0, dtype=np.int16)


@pytest.fixture(scope="module")
def grown() -> dict[str, Any]:
    world = small_world(600, 3)
    live(world, 2)
    return world.state()


def fresh(grown: dict[str, Any]) -> World:
    world = small_world(600, 3)
    world.load(grown)
    return world


@pytest.fixture
def world(grown: dict[str, Any]) -> World:
    return fresh(grown)


def empty(world: World, rows: NDArray[np.bool_]) -> None:
    """Take all money from firms, as a sector would have done with the ledger."""
    for name, column in world.tables["firms"].columns.items():
        if column.kind == "money":
            world.tables["firms"].base(name)[rows] = 0.0


def by_id(world: World, table: str) -> dict[int, dict[str, Any]]:
    """Return every row of a table by id, references as ids of what they mean."""
    rows: dict[int, dict[str, Any]] = {}
    columns = world.tables[table].columns
    meant = {}
    for name, column in columns.items():
        values = world.tables[table].base(name)
        if column.ref and "id" in world.tables[column.ref].columns:
            ids = world.tables[column.ref].base("id")
            values = np.where(values >= 0, ids[np.maximum(values, 0)].astype(object), None)
        meant[name] = values.tolist()
    for i, row_id in enumerate(world.tables[table].base("id").tolist()):
        rows[row_id] = {name: meant[name][i] for name in columns}
    return rows


def gone(world: World, *rows: int) -> NDArray[np.bool_]:
    mask = np.zeros(len(world.tables["firms"]), dtype=bool)
    mask[list(rows)] = True
    return mask


def test_removing_a_firm_leaves_everybody_elses_data(world: World) -> None:
    row = 4
    mask = gone(world, row)
    empty(world, mask)
    lost = int(world.tables["firms"].base("id")[row])
    before = {name: by_id(world, name) for name in ("people", "households", "firms")}
    reorganise(world, "firms", mask, NOBODY, NOWHERE)
    after = {name: by_id(world, name) for name in before}
    assert set(before["firms"]) - set(after["firms"]) == {lost}

    def without(value: Any) -> Any:
        if isinstance(value, list):
            return [without(each) for each in value]
        return None if value == lost else value

    for name, rows in after.items():
        for row_id, data in rows.items():
            expected = {
                k: without(v) if k in ("employer", "shop", "supplier") else v for k, v in before[name][row_id].items()
            }
            assert data == expected, (name, row_id)


def test_staff_shops_and_suppliers_of_a_lost_firm_have_nobody(world: World) -> None:
    people, firms = world.tables["people"], world.tables["firms"]
    row = int(np.bincount(people.base("employer")[people.base("employer") >= 0]).argmax())
    staff = np.flatnonzero(people.base("employer") == row)
    mask = gone(world, row)
    empty(world, mask)
    reorganise(world, "firms", mask, NOBODY, NOWHERE)
    assert len(staff)
    assert (people.base("employer")[staff] == NO_ROW).all()
    for table, name in (("people", "employer"), ("households", "shop"), ("firms", "supplier")):
        assert world.tables[table].base(name).max() < len(firms)


def test_decisions_move_with_those_who_took_them(world: World) -> None:
    firms, plans = world.tables["firms"], world.tables["manager_decisions"]
    plans.base("price")[:] = np.arange(len(firms))
    price_of = dict(zip(firms.base("id").tolist(), plans.base("price").tolist(), strict=True))
    mask = gone(world, 0, 7)
    empty(world, mask)
    born = np.array([new_id(3, 1, 5, 0)])
    reorganise(world, "firms", mask, born, np.array([1], dtype=np.int16))
    assert len(plans) == len(firms)
    for row_id, price in zip(firms.base("id").tolist(), plans.base("price").tolist(), strict=True):
        assert price == price_of.get(row_id, plans.columns["price"].default)


def test_newcomers_stand_in_their_region_with_default_values(world: World) -> None:
    firms = world.tables["firms"]
    born = np.array([new_id(3, 1, 5, k) for k in range(3)])
    rows = reorganise(world, "firms", gone(world), born, np.array([2, 0, 2], dtype=np.int16))
    assert (firms.base("id")[rows] == born).all()
    assert firms.base("region")[rows].tolist() == [2, 0, 2]
    assert (np.diff(firms.base("region")) >= 0).all()
    assert (firms.base("price")[rows] == firms.columns["price"].default).all()
    assert (world.tiles.firms == np.searchsorted(firms.base("region"), np.arange(4))).all()


def test_a_row_with_money_may_not_end(world: World) -> None:
    with pytest.raises(RunError, match="still has"):
        reorganise(world, "firms", gone(world, 1), NOBODY, NOWHERE)


def test_an_id_that_is_taken_is_refused(world: World) -> None:
    taken = world.tables["firms"].base("id")[[3]]
    with pytest.raises(RunError, match="same id"):
        reorganise(world, "firms", gone(world), taken, np.array([0], dtype=np.int16))


def test_an_id_of_another_table_is_refused(world: World) -> None:
    born = np.array([1 << 63], dtype=np.uint64)
    reorganise(world, "firms", gone(world), born, np.array([0], dtype=np.int16))
    with pytest.raises(RunError, match="same id"):
        reorganise(
            world,
            "households",
            np.zeros(len(world.tables["households"]), dtype=bool),
            born,
            np.array([0], dtype=np.int16),
        )


def test_books_close_in_the_months_after(world: World) -> None:
    mask = gone(world, 4)
    people = world.tables["people"]
    for column in world.tables["firms"].columns.values():
        if column.kind == "money" and column.name not in ("deposits", "loans"):
            world.ledger.revalue(
                "scrapping", column.name, np.where(mask, world.tables["firms"].base(column.name), 0.0), -1.0
            )
    firms = world.tables["firms"]
    world.ledger.write_off("write_off_firms", "firms", np.where(mask, firms.base("loans"), 0.0))
    world.ledger.pay("estate", ("firms", np.where(mask, firms.base("deposits"), 0.0)), "government")
    reorganise(world, "firms", mask, NOBODY, NOWHERE)
    assert live(world, 3) < 1e-12
    assert people.base("employer").max() < len(firms)


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_any_mix_of_ends_and_births_keeps_rows_whole(grown: dict[str, Any], seed: int) -> None:
    world, luck = fresh(grown), np.random.default_rng(seed)
    firms = world.tables["firms"]
    mask = luck.random(len(firms)) < 0.2
    empty(world, mask)
    born = np.array([new_id(3, seed, 5, k) for k in range(luck.integers(0, 6))], dtype=np.uint64)
    before = by_id(world, "firms")
    kept = set(firms.base("id")[~mask].tolist())
    reorganise(world, "firms", mask, born, luck.integers(0, 3, len(born)).astype(np.int16))
    after = by_id(world, "firms")
    assert set(after) == kept | set(born.tolist())
    assert (np.diff(firms.base("region")) >= 0).all()
    for row_id in kept:
        plain = [name for name, column in firms.columns.items() if not column.ref]
        assert [after[row_id][name] for name in plain] == [before[row_id][name] for name in plain]
    for decisions, deciders in ROLES.values():
        assert len(world.tables[decisions]) == len(world.tables[deciders])


def test_a_new_household_and_its_members_find_each_other(world: World) -> None:
    people, households = world.tables["people"], world.tables["households"]
    old = by_id(world, "people")
    home = reorganise(
        world,
        "households",
        np.zeros(len(households), dtype=bool),
        np.array([new_id(2, 1, 5, 0)]),
        np.array([1], dtype=np.int16),
    )
    households.base("members")[home] = 2
    born = np.array([new_id(1, 1, 5, k) for k in range(2)])
    rows = reorganise(world, "people", np.zeros(len(people), dtype=bool), born, np.repeat(home, 2))
    first = households.base("first_member")[home[0]]
    assert rows.tolist() == [first, first + 1]
    assert (people.base("household")[rows] == home[0]).all()
    assert (np.cumsum(households.base("members")) - households.base("members") == households.base("first_member")).all()
    now = by_id(world, "people")
    assert all(now[row_id] == data for row_id, data in old.items())
