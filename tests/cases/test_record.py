"""What a case keeps of an arm: people of the eve are found again, whoever has come or gone."""

from __future__ import annotations

import numpy as np
import pytest

from wildsim.cases import CASES
from wildsim.cases.record import find, of, with_changes
from wildsim.core.errors import InputError

#: Ids use all 64 bits: a row is found by its number, not by a float near it.
HIGH = np.uint64(2**63)


def ids(*numbers: int) -> np.ndarray:
    return np.array(numbers, dtype=np.uint64) + HIGH


def test_rows_of_ids_in_any_order() -> None:
    rows = find(ids(30, 10, 20), ids(10, 20, 25, 30, 9, 31))
    assert rows.tolist() == [1, 2, -1, 0, -1, -1]
    assert rows.dtype == np.int64
    assert find(ids(), ids(1, 2)).tolist() == [-1, -1]
    assert find(ids(1, 2), ids()).tolist() == []


def test_values_by_row() -> None:
    assert of(np.array([1, -1]), np.array([5.0, 6.0]), 0.0).tolist() == [6.0, 0.0]
    assert np.isnan(of(np.array([-1]), np.array([5.0]))).all()


def test_changes_leave_the_case_itself_alone() -> None:
    own = CASES["dividend"].scenario
    before = repr(own)
    changed = with_changes(own, {"society.people": "400", "parameters.households.habit": "0.3"})
    assert changed["society"] == {**own["society"], "people": 400}
    assert changed["parameters"] == {"households.habit": 0.3}
    assert repr(own) == before
    with pytest.raises(InputError, match="leads nowhere"):
        with_changes(own, {"burn_in.x": "1"})
