"""Posting: amounts reach accounts, banks and totals alike, tile by tile."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds import frozen
from wildsim.kernels.posting import add_up, post


def test_post_by_hand() -> None:
    accounts = np.array([10.0, 20.0, 30.0])
    by_bank, totals = np.zeros((2, 2)), np.zeros(2)
    bank = np.array([0, 1, 1], dtype=np.int16)
    post(0, 2, frozen([0, 2, 3], np.int64), frozen([1, 2, 4], np.float64), -1.0, accounts, bank, by_bank, totals)
    assert accounts.tolist() == [9, 18, 26]
    assert by_bank.tolist() == [[1, 2], [0, 4]]
    assert totals.tolist() == [3, 4]


@pytest.mark.parametrize("bad", [-1.0, math.nan, -math.inf])
def test_a_bad_amount_spoils_the_total_of_its_tile_alone(bad: float) -> None:
    totals = np.zeros(2)
    amounts = frozen([1, bad, 4], np.float64)
    bank = np.zeros(3, dtype=np.int16)
    post(0, 2, frozen([0, 2, 3], np.int64), amounts, 1.0, np.zeros(3), bank, np.zeros((2, 1)), totals)
    assert math.isnan(totals[0])
    assert totals[1] == 4


@given(st.lists(st.tuples(st.floats(0, 1e6), st.integers(0, 2)), min_size=1, max_size=40), st.integers(0, 40))
def test_what_leaves_accounts_is_what_banks_and_totals_show(rows: list[tuple[float, int]], cut: int) -> None:
    amounts = frozen([amount for amount, _ in rows], np.float64)
    bank = np.array([b for _, b in rows], dtype=np.int16)
    starts = frozen([0, min(cut, len(rows)), len(rows)], np.int64)
    accounts, by_bank, totals = np.zeros(len(rows)), np.zeros((2, 3)), np.zeros(2)
    post(0, 2, starts, amounts, -1.0, accounts, bank, by_bank, totals)
    assert (accounts == -amounts).all()
    assert by_bank.sum() == pytest.approx(amounts.sum())
    assert totals == pytest.approx(by_bank.sum(axis=1))
    held = np.zeros((2, 3))
    add_up(0, 2, starts, accounts, bank, held)
    assert (held == -by_bank).all()
