"""Keys: ids that are no counters, streams that know no order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wildsim.core.errors import RunError
from wildsim.core.keys import Keys, check_unique, find, label, new_id, start_ids
from wildsim.core.table import NO_ROW


def test_a_stream_has_the_same_key_whoever_asks_and_in_whatever_order() -> None:
    one, other = Keys(7), Keys(7)
    first = [one.stream(name, "people", 3) for name in ("a", "b", "c")]
    second = [other.stream(name, "people", 3) for name in ("c", "b", "a")]
    assert first == second[::-1]


def test_streams_tables_and_seeds_have_keys_of_their_own() -> None:
    keys = {
        int(Keys(seed).stream(name, table, 0))
        for seed in (1, 2, 11)
        for name in ("a", "b", "1/a")
        for table in ("people", "firms")
    }
    assert len(keys) == 18


def test_rekey_changes_every_draw_from_its_month_on() -> None:
    plain, placebo = Keys(1), Keys(1, rekey=5, rekey_from=10)
    assert placebo.stream("a", "people", 9) == plain.stream("a", "people", 9)
    assert placebo.stream("a", "people", 10) != plain.stream("a", "people", 10)
    assert placebo.stream("a", "people", 9) == plain.stream("a", "people", 9)


def test_start_ids_are_table_code_and_number() -> None:
    assert start_ids(3, 2).tolist() == [3 << 56, (3 << 56) + 1]


def test_a_birth_renames_nobody_else() -> None:
    parent, other = 17, 18
    alone = new_id(3, other, 5, 0)
    new_id(3, parent, 5, 0)
    assert new_id(3, other, 5, 0) == alone


def test_ids_differ_by_table_parent_month_and_order() -> None:
    ids = {
        int(new_id(code, parent, month, order))
        for code in (1, 3)
        for parent in (1, 11, 111)
        for month in (-3, 1, 11)
        for order in (0, 1)
    }
    assert len(ids) == 36
    assert all(row_id >> 63 for row_id in ids), "never the id of a start row"


def test_check_unique_refuses_ids_that_are_taken_or_occur_twice() -> None:
    taken = start_ids(3, 4)
    check_unique(taken, [new_id(3, 1, 1, 0), new_id(3, 1, 1, 1)])
    with pytest.raises(RunError, match="same id"):
        check_unique(taken, [taken[2]])
    with pytest.raises(RunError, match="same id"):
        check_unique(taken, [new_id(3, 1, 1, 0), new_id(3, 1, 1, 0)])
    with pytest.raises(RunError, match="same id"):
        check_unique(taken, [np.uint64(5 << 60)])


@given(st.integers(0, 30), st.integers(1, 9))
def test_find_undoes_label(row: int, code: int) -> None:
    ids = np.append(start_ids(code, 30), new_id(code, 4, 2, 0))
    assert find(ids, code, label("firm", int(ids[row]))) == row


@pytest.mark.parametrize(
    "text", ["firm-99", "firm", "", "firm-", "firm-x", "firm-seven", "firm-x" + "f" * 40, "firm-" + "9" * 40, "firm--1"]
)
def test_find_knows_what_it_does_not_know(text: str) -> None:
    assert find(start_ids(3, 5)[2:], 3, text) == NO_ROW


def test_labels_read_well() -> None:
    assert label("person", int(start_ids(1, 18)[17])) == "person-17"
    assert label("firm", int(new_id(3, 1, 1, 0))).startswith("firm-x")
