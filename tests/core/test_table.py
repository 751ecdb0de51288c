"""Tables: declared columns, protected views, saving, moving rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wildsim.core.errors import RunError, WriteProtectionError
from wildsim.core.table import F32, F64, I8, I32, NO_ROW, U64, Table, column, decision, money, rows_of, sum_by
from wildsim.state.world import TABLES


class Animals(Table):
    """A table for these tests."""

    name = "animals"
    row_name = "animal"
    code = 77

    id: U64 = column(0, unit="id", doc="Identity.")
    weight: F32 = column(2.5, unit="kg", doc="Weight.")
    legs: I8 = column(4, unit="legs", doc="Legs.")
    friends: I32 = column(NO_ROW, unit="row", ref="animals", width=3, doc="Friends.")
    purse: F64 = money("Savings.")


class Dogs(Animals):
    """Animals with one more column, and one declared anew."""

    tail: F64 = decision(0.0, unit="share", lower=0.0, upper=1.0, doc="Wagging.")
    legs: I8 = column(3, unit="legs", doc="Legs of an unlucky dog.")


def test_declared_columns_have_name_type_unit_and_default() -> None:
    assert list(Animals.columns) == ["id", "weight", "legs", "friends", "purse"]
    table = Animals(2)
    assert table.base("weight").dtype == np.float32
    assert table.base("weight").tolist() == [2.5, 2.5]
    assert table.base("friends").shape == (2, 3)
    assert (table.base("friends") == NO_ROW).all()
    assert Animals.columns["weight"].unit == "kg"
    assert Animals.columns["purse"].kind == "money"
    assert Animals.columns["purse"].unit == "USD"


def test_a_subclass_inherits_columns_and_may_declare_them_anew() -> None:
    assert Dogs.columns["legs"].default == 3
    assert Animals.columns["legs"].default == 4
    assert Dogs.columns["tail"].kind == "decision"
    assert "tail" not in Animals.columns


def test_a_view_reads_the_live_columns() -> None:
    table = Animals(3)
    view = table.view(["weight"])
    table.base("legs")[1] = 5
    assert view.legs.tolist() == [4, 5, 4]
    assert len(view) == 3


def test_only_declared_columns_can_be_written() -> None:
    table = Animals(3)
    view = table.view(["weight"])
    view.weight[:] = 7.0
    assert (table.base("weight") == 7.0).all()
    with pytest.raises(ValueError, match="read-only"):
        view.legs[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        view.friends[0, 1] = 1
    with pytest.raises(ValueError, match="read-only"):
        view.purse[:] += 1.0


def test_views_do_not_unlock_each_other() -> None:
    table = Animals(3)
    writer, reader = table.view(["weight"]), table.view()
    writer.weight[0] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        reader.weight[0] = 2.0
    assert table.base("weight").flags.writeable


def test_money_can_never_be_declared() -> None:
    with pytest.raises(WriteProtectionError, match=r"animals\.purse.*ledger"):
        Animals(1).view(["purse"])


def test_unknown_columns_are_named() -> None:
    with pytest.raises(WriteProtectionError, match="wings"):
        Animals(1).view(["wings"])
    with pytest.raises(AttributeError, match="wings"):
        _ = Animals(1).view().wings


def test_a_column_cannot_be_replaced() -> None:
    view = Animals(2).view(["weight"])
    with pytest.raises(WriteProtectionError, match="weight"):
        view.weight = np.zeros(2)


def test_take_keeps_rows_in_the_order_given_and_appends_defaults() -> None:
    table = Animals(4)
    table.base("legs")[:] = [0, 1, 2, 3]
    table.base("friends")[:, 0] = [10, 11, 12, 13]
    table.take(np.array([3, 1]), 2)
    assert len(table) == 4
    assert table.base("legs").tolist() == [3, 1, 4, 4]
    assert table.base("friends")[:, 0].tolist() == [13, 11, NO_ROW, NO_ROW]


def test_load_restores_what_state_saved_and_keeps_its_own_copy() -> None:
    table, other = Animals(3), Animals(1)
    table.base("weight")[:] = [1, 2, 3]
    saved = table.state()
    other.load(saved)
    assert len(other) == 3
    other.base("weight")[:] = 0
    assert saved["weight"].tolist() == [1, 2, 3], "a snapshot can be loaded more than once"
    table.base("weight")[:] = 9
    assert saved["weight"].tolist() == [1, 2, 3]


def test_load_refuses_other_columns_and_unequal_lengths() -> None:
    table = Animals(2)
    short = table.state()
    short["legs"] = short["legs"][:1]
    with pytest.raises(RunError, match="length"):
        table.load(short)
    missing = table.state()
    del missing["legs"]
    with pytest.raises(RunError, match="legs"):
        table.load(missing)


@given(st.lists(st.tuples(st.integers(0, 4), st.floats(-1e6, 1e6)), max_size=30))
def test_sum_by_adds_what_belongs_to_each_row(pairs: list[tuple[int, float]]) -> None:
    rows = np.array([row for row, _ in pairs], dtype=np.int64)
    found = sum_by(rows, np.array([amount for _, amount in pairs], dtype=np.float64), 5)
    assert found.dtype == np.float64
    assert found == pytest.approx([sum(a for r, a in pairs if r == row) for row in range(5)], abs=1e-6)


@given(st.lists(st.integers(0, 12), unique=True), st.lists(st.integers(0, 12)))
def test_rows_are_found_by_id(ids: list[int], wanted: list[int]) -> None:
    found = rows_of(np.array(ids, dtype=np.uint64), np.array(wanted, dtype=np.uint64))
    assert found.tolist() == [ids.index(one) if one in ids else NO_ROW for one in wanted]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_column_of_a_society_says_unit_and_meaning(table: type[Table]) -> None:
    names = {t.name for t in TABLES}
    for what in table.schema():
        assert what.unit, what.name
        assert what.doc.endswith("."), what.name
        assert what.ref == "" or what.ref in names, what.name
        if what.kind == "decision":
            assert what.lower < what.upper, what.name
            assert what.lower <= what.default, what.name


def test_tables_have_codes_of_their_own() -> None:
    codes = [table.code for table in TABLES]
    assert len(set(codes)) == len(codes)
