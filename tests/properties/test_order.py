"""The order of rows means nothing: only ids do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.worlds import SOCIAL, live, small_world
from wildsim.state.world import TABLES, World


def _permute(world: World, table: str, order: NDArray[np.int64]) -> None:
    """Put the rows of a table into `order`, with their decisions, and repair every reference to them."""
    moved = np.empty(len(order), dtype=np.int32)
    moved[order] = np.arange(len(order), dtype=np.int32)
    for name in world.aligned(table):
        world.tables[name].take(order, 0)
    for other in world.tables.values():
        for column in other.columns.values():
            if column.ref == table:
                values = other.base(column.name)
                values[...] = np.where(values >= 0, moved[np.maximum(values, 0)], values)


def _shuffled(groups: NDArray[Any], seed: int) -> NDArray[np.int64]:
    """Return an order of rows that is random within groups and keeps the groups in order."""
    luck = np.random.default_rng(seed).random(len(groups))
    return np.lexsort((luck, groups))


def _shuffle(world: World, table: str, seed: int) -> None:
    if table == "firms":
        _permute(world, "firms", _shuffled(world.tables["firms"].base("region"), seed))
    elif table == "people":  # within their households
        _permute(world, "people", _shuffled(world.tables["people"].base("household"), seed))
        _place_members(world)
    else:
        households, people = world.tables["households"], world.tables["people"]
        _permute(world, "households", _shuffled(households.base("region"), seed))
        _permute(world, "people", np.argsort(people.base("household"), kind="stable"))
        _place_members(world)
    world.place_tiles()


def _place_members(world: World) -> None:
    households = world.tables["households"]
    homes = world.tables["people"].base("household")
    households.base("first_member")[:] = np.searchsorted(homes, np.arange(len(households)))


def _by_id(world: World) -> dict[str, NDArray[Any]]:
    """Return every column in the order of ids, references as ids, so that two orders of rows can be compared."""
    found = {}
    for table in world.tables.values():
        owner = world.tables[_owner(table.name)]
        order = np.argsort(owner.base("id")) if "id" in owner.columns else np.arange(len(owner))
        for column in table.columns.values():
            values = table.base(column.name)
            if column.ref:
                target = world.tables[column.ref].base("id")
                values = np.where(values >= 0, target[np.maximum(values, 0)], 0)
            found[f"{table.name}.{column.name}"] = values[order]
    found.pop("households.first_member")  # not a person, but the place where the members begin
    return found


def _owner(table: str) -> str:
    return next((other.alongside for other in TABLES if other.name == table and other.alongside), table)


def _differences(one: World, other: World) -> list[str]:
    a, b = _by_id(one), _by_id(other)
    differing = []
    money = {f"{t.name}.{c.name}" for t in one.tables.values() for c in t.columns.values() if "USD" in c.unit}
    for name, values in a.items():
        if values.shape != b[name].shape:
            differing.append(f"{name}: {values.shape} and {b[name].shape} rows")
        elif values.dtype == np.float64:
            scale = np.maximum(np.abs(values), np.abs(b[name]))
            # beside 1e-9 of itself: what is left after a subtraction carries the rounding of what was subtracted
            floor = 1e-12 * float(a["macro.gdp"][0]) if name in money else 1e-12 * float(scale.mean())
            if not (np.abs(values - b[name]) <= 1e-9 * scale + floor).all():
                differing.append(f"{name}: {np.max(np.abs(values - b[name])):.3g} of {float(scale.mean()):.3g}")
        elif values.dtype == np.float32:
            if not np.allclose(values, b[name], rtol=1e-6, atol=1e-6):
                differing.append(name)
        elif not np.array_equal(values, b[name]):
            differing.append(name)
    return differing


#: The economy; a society over the turn of a year, in which incomes are ranked and people hired; one over June and July,
#: with the exam: (seed, sectors, month in which it starts).
KINDS = {"economy": (1, frozenset(), -240), "society": (2, SOCIAL, -4), "society in June": (3, SOCIAL, 2)}


@pytest.mark.parametrize("table", ["people", "households", "firms"])
@pytest.mark.parametrize("kind", list(KINDS))
def test_rows_in_another_order_live_the_same_three_months(table: str, kind: str) -> None:
    seed, sectors, month = KINDS[kind]
    plain, shuffled = (small_world(600, 2, seed=seed, month=month, sectors=sectors) for _ in range(2))
    for world in (plain, shuffled):
        live(world, 2)
    _shuffle(shuffled, table, seed)
    assert _differences(plain, shuffled) == [], "the shuffle itself changes nothing"
    ids = [world.tables[table].base("id") for world in (plain, shuffled)]
    assert (ids[0] != ids[1]).mean() > 0.2, "rows did move"
    for world in (plain, shuffled):
        assert live(world, 3) <= 1e-9
    assert _differences(plain, shuffled) == []
