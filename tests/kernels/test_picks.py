"""Picks: the choice of one firm knows nothing of how many there are."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.worlds import frozen
from wildsim.core.keys import start_ids
from wildsim.kernels.picks import pick_rival, repair


def picks(ids: NDArray[Any], kinds: Any, starts: Any = None, choosing: Any = None, month: int = 0) -> NDArray[np.int32]:
    """Let every firm pick a rival of its own kind; return rows."""
    count = len(ids)
    picked = np.full(count, -9, dtype=np.int32)
    pick_rival(
        0,
        1 if starts is None else len(starts) - 1,
        frozen([0, count] if starts is None else starts, np.int64),
        frozen(ids, np.uint64),
        frozen(kinds, np.int8),
        frozen(kinds, np.int8),
        np.array(np.ones(count) if choosing is None else choosing, dtype=np.int8),
        np.uint64(99),
        month,
        picked,
    )
    return picked


def test_a_rival_is_of_the_kind_and_region_and_never_oneself() -> None:
    kinds = np.arange(60) % 3
    starts = [0, 20, 60]
    picked = picks(start_ids(3, 60), kinds, starts)
    assert (picked >= 0).all()
    assert (kinds[picked] == kinds).all()
    assert (picked != np.arange(60)).all()
    assert ((picked < 20) == (np.arange(60) < 20)).all()


def test_nobody_to_pick_and_nobody_choosing() -> None:
    assert picks(start_ids(3, 3), [0, 1, 1]).tolist() == [-1, 2, 1]
    assert picks(start_ids(3, 3), [0, 0, 0], choosing=[0, 1, 0])[[0, 2]].tolist() == [-1, -1]


@given(st.integers(2, 40), st.data())
def test_removing_one_firm_changes_only_picks_that_fell_on_it(count: int, data: st.DataObject) -> None:
    gone = data.draw(st.integers(0, count - 1))
    ids = start_ids(3, count)
    kinds = np.arange(count) % 2
    rest = np.delete(np.arange(count), gone)
    before, after = picks(ids, kinds)[rest], picks(ids[rest], kinds[rest])
    for old, new in zip(before, after, strict=True):
        if old not in (gone, -1):
            assert rest[new] == old


def test_picks_are_even_and_change_with_the_month() -> None:
    ids, kinds = start_ids(3, 10), np.zeros(10)
    months = [picks(ids, kinds, month=month) for month in range(400)]
    tally = np.bincount(np.concatenate(months), minlength=10)
    assert (np.abs(tally - 400) < 5 * np.sqrt(400)).all()


def test_repair_follows_rows_and_leaves_gaps_alone() -> None:
    references = np.array([2, -1, 0, 1], dtype=np.int32)
    repair(references, frozen([5, -1, 7], np.int32))
    assert references.tolist() == [7, -1, 5, -1]
