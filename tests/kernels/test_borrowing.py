"""Consumer credit: service, default, new loans."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds import frozen
from wildsim.kernels.borrowing import consumer_credit

HOME = {"deposits": 1000.0, "loans": 0.0, "income": 1000.0, "wanted": 500.0, "arrears": 0, "barred": 0}


def serve(
    *homes: dict[str, Any], rate: float = 0.12, limit: float = 0.4, months: float = 4.0
) -> dict[str, list[float]]:
    """Return what households pay and borrow: rate 1 % a month, 10 months to repay, default after 3, barred for 24."""
    rows = [HOME | home for home in homes]
    count = len(rows)
    arrears = np.array([row["arrears"] for row in rows], dtype=np.int8)
    barred = np.array([row["barred"] for row in rows], dtype=np.int8)
    out = {name: np.full(count, 777.0) for name in ("interest", "repaid", "lost", "lent")}
    consumer_credit(
        0,
        1,
        frozen([0, count], np.int64),
        frozen(2 * np.arange(count), np.int32),
        frozen(np.full(count, 2), np.int8),
        frozen(np.zeros(count), np.int16),
        *(frozen([row[name] for row in rows], np.float64) for name in ("deposits", "loans", "income")),
        frozen(np.repeat([row["wanted"] / 2 for row in rows], 2), np.float64),
        frozen([rate], np.float64),
        frozen([limit], np.float64),
        10.0,
        months,
        3,
        24,
        arrears,
        barred,
        *out.values(),
    )
    return {name: values.tolist() for name, values in (out | {"arrears": arrears, "barred": barred}).items()}


def test_debt_is_served_first_and_the_rest_of_the_budget_borrowed() -> None:
    """Of 1,000 in cash 10 go to interest, 100 to repayment; 890 are left of 1,390 wanted, so 500 are lent."""
    found = serve({"loans": 1000.0, "wanted": 1390.0, "arrears": 2})
    assert found["interest"] == [10]
    assert found["repaid"] == [100]
    assert found["lent"] == pytest.approx([500])
    assert found["arrears"] == [0]
    assert found["lost"] == [0]


def test_who_has_enough_borrows_nothing() -> None:
    assert serve({"wanted": 1000.0})["lent"] == [0]


@pytest.mark.parametrize(
    ("limit", "months", "loans", "lent"),
    [(0.4, 4.0, 0.0, 0.4 / 0.11 * 1000), (0.9, 4.0, 0.0, 4000), (0.9, 4.0, 3000.0, 1300), (0.1, 4.0, 3000.0, 0)],
    ids=["debt service binds", "debt binds", "old debt counts after repayment", "too much already"],
)
def test_limits_of_lending(limit: float, months: float, loans: float, lent: float) -> None:
    found = serve({"wanted": 1e6, "loans": loans}, limit=limit, months=months)
    assert found["lent"] == pytest.approx([lent])


def test_missed_service_counts_and_ends_in_default() -> None:
    poor = {"deposits": 50.0, "loans": 1000.0, "wanted": 400.0}
    found = serve(poor, poor | {"arrears": 1}, poor | {"arrears": 2})
    assert found["arrears"] == [1, 2, 0]
    assert found["lost"] == [0, 0, 1000]
    assert found["barred"] == [0, 0, 24]
    assert found["interest"] == found["repaid"] == found["lent"] == [0, 0, 0]


def test_after_a_default_nothing_is_lent_until_the_bar_ends() -> None:
    found = serve({"wanted": 2000.0, "barred": 2}, {"wanted": 2000.0, "barred": 1})
    assert found["barred"] == [1, 0]
    assert found["lent"] == [0, 1000]


@given(st.integers(0, 10_000))
def test_nobody_pays_more_than_he_has_or_owes(seed: int) -> None:
    luck = np.random.default_rng(seed)
    homes = [
        {
            "deposits": luck.normal(500, 1000),
            "loans": luck.exponential(2000) * luck.integers(0, 2),
            "income": luck.exponential(1000),
            "wanted": luck.exponential(1500),
            "arrears": int(luck.integers(0, 3)),
            "barred": int(luck.integers(0, 3)),
        }
        for _ in range(12)
    ]
    found = {name: np.array(values) for name, values in serve(*homes).items()}
    cash = np.array([home["deposits"] for home in homes])
    loans = np.array([home["loans"] for home in homes])
    assert (found["interest"] + found["repaid"] <= np.maximum(cash, 0.0) + 1e-9).all()
    assert (found["repaid"] + found["lost"] <= loans).all()
    assert (found["lent"] >= 0).all()
    assert ((found["lent"] == 0) | (found["lost"] == 0)).all()
    limit = 4.0 * np.array([home["income"] for home in homes])
    assert ((found["lent"] == 0) | (loans - found["repaid"] + found["lent"] <= limit + 1e-6)).all()
