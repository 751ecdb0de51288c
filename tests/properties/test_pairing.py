"""Two arms of one seed share their luck: what one agent does or suffers shifts nobody else's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.worlds import SOCIAL, live, small_world
from wildsim.core.keys import new_id
from wildsim.state.reorganise import reorganise
from wildsim.state.world import World

kinds = pytest.mark.parametrize("sectors", [frozenset(), SOCIAL], ids=["economy", "society"])


def _ids(world: World, table: str) -> NDArray[np.uint64]:
    return world.tables[table].base("id")


def _luck(world: World, table: str, stream: str = "test") -> dict[int, list[float]]:
    """Return the draws of every row of a table by id."""
    draws = world.view().uniform(stream, table, 5)
    return dict(zip(_ids(world, table).tolist(), draws.T.tolist(), strict=True))


def _end(world: World, row: int) -> None:
    """Let a firm end: its debts are written off, its cash goes to the government, its machines are scrapped."""
    firms, ledger = world.tables["firms"], world.ledger
    mask = np.arange(len(firms)) == row
    ledger.lend("lending_firms", "firms", np.where(mask, np.maximum(-firms.base("deposits"), 0.0), 0.0))
    ledger.pay("estate", ("firms", np.where(mask, firms.base("deposits"), 0.0)), "government")
    ledger.write_off("write_off_firms", "firms", np.where(mask, firms.base("loans"), 0.0))
    for column in ("inventory_value", "capital_value"):
        ledger.revalue("scrapping", column, np.where(mask, firms.base(column), 0.0), -1.0)
    reorganise(world, "firms", mask, np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.int16))


def _pair(sectors: frozenset[str] = frozenset()) -> tuple[World, World]:
    arms = small_world(600, 2, sectors=sectors), small_world(600, 2, sectors=sectors)
    for world in arms:
        live(world, 2)
    return arms


@kinds
def test_one_decision_leaves_the_draws_of_all_others(sectors: frozenset[str]) -> None:
    baseline, other = _pair(sectors)
    spender = int(_ids(other, "people")[17])

    def mind(world: World, role: str, name: str, values: NDArray[Any]) -> NDArray[Any] | None:
        if (role, name) != ("household_member", "consumption"):
            return None
        chosen = values.copy()
        chosen[_ids(world, "people") == spender] = 1e9
        return chosen

    other.minds = [mind]
    for world in (baseline, other):
        live(world, 3)
    spent = [float(world.tables["households"].base("spending").sum()) for world in (baseline, other)]
    assert spent[0] != spent[1], "the decision mattered"
    for table in [name for name, table in baseline.tables.items() if "id" in table.columns]:
        one, two = _luck(baseline, table), _luck(other, table)
        assert len(one.keys() & two.keys()) >= 0.9 * len(one)
        for row_id in one.keys() & two.keys():
            assert one[row_id] == two[row_id]


@kinds
def test_one_failure_leaves_ids_and_draws_of_all_others(sectors: frozenset[str]) -> None:
    baseline, other = _pair(sectors)
    lost = int(_ids(other, "firms")[3])
    other.ledger.clear()
    _end(other, 3)
    one, two = _luck(baseline, "firms"), _luck(other, "firms")
    assert set(one) - set(two) == {lost}
    assert all(one[row_id] == two[row_id] for row_id in two)


@kinds
def test_one_birth_leaves_ids_and_draws_of_all_others(sectors: frozenset[str]) -> None:
    baseline, other = _pair(sectors)
    households = other.tables["households"]
    born = np.array([new_id(2, int(_ids(other, "households")[0]), 5, 0)])
    nobody = np.zeros(len(households), dtype=bool)
    home = reorganise(other, "households", nobody, born, np.array([1], dtype=np.int16))
    child = np.array([new_id(1, int(_ids(other, "people")[0]), 5, 0)])
    households.base("members")[home] = 1
    reorganise(other, "people", np.zeros(len(other.tables["people"]), dtype=bool), child, home)
    for table, newcomer in (("households", born), ("people", child)):
        one, two = _luck(baseline, table), _luck(other, table)
        assert set(two) - set(one) == set(newcomer.tolist())
        assert all(one[row_id] == two[row_id] for row_id in one)


def test_a_region_where_nothing_happens_is_not_touched_at_once() -> None:
    """In the month after a firm of region 0 ends, only choices that fell on it change: shops in region 1 stay."""
    baseline, other = _pair()
    other.ledger.clear()
    _end(other, 3)
    live(baseline, 1)
    live(other, 1)
    ids = [_ids(world, "firms") for world in (baseline, other)]
    regions = baseline.tables["households"].base("region")
    known = []
    for world, firm_ids in zip((baseline, other), ids, strict=True):
        shop = world.tables["households"].base("shop")[regions == 1]
        known.append(np.where(shop >= 0, firm_ids[np.maximum(shop, 0)], 0))
    assert (known[0] == known[1]).mean() > 0.99


@pytest.mark.parametrize("months", [1, 3])
def test_few_shops_change_when_one_firm_goes(months: int) -> None:
    """Picks by row number would redirect a third of all customers at once (architecture.md, 4)."""
    baseline, other = _pair()
    lost = _ids(other, "firms")[3]
    other.ledger.clear()
    _end(other, 3)
    live(baseline, months)
    live(other, months)
    names = []
    for world in (baseline, other):
        shop = world.tables["households"].base("shop")
        names.append(np.where(shop >= 0, _ids(world, "firms")[np.maximum(shop, 0)], 0))
    changed = (names[0] != names[1]) & (names[0] != lost) & (names[0] != 0) & (names[1] != 0)
    assert changed.mean() < 0.05 * months
