"""Shopping: what is spent is what is taken, and nobody spends what he has not."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.worlds import frozen
from wildsim.core.keys import start_ids
from wildsim.kernels.goods import list_sellers, shop
from wildsim.kernels.order import sort_by


class Market:
    """Households and sellers in one region, or several of equal size, with the results of a month of shopping."""

    def __init__(self, known: Any, deposits: Any, wanted: Any, stock: Any, kinds: Any, price: Any, **rule: Any):
        self.known = np.array(known, dtype=np.int32)
        count, firms = len(self.known), len(stock)
        self.deposits = frozen(deposits, np.float64)
        self.price = frozen(price, np.float64)
        self.stock, self.kinds = np.array(stock, dtype=np.float64), frozen(kinds, np.int8)
        self.before = self.stock.copy()
        self.spending, self.necessities = np.full(count, 777.0), np.full(count, 777.0)
        self.demand, self.sold, self.revenue = np.zeros(firms), np.zeros(firms), np.zeros(firms)
        rule = {"tax": 0.0, "basic": 0.0, "share": 0.5, "swap": 0.0, "cheaper": 0.99, "month": 0, "tiles": 1} | rule
        self.gross = self.price * (1.0 + rule["tax"])
        ids = rule.get("ids", start_ids(2, count))
        firm_ids = rule.get("firm_ids", start_ids(3, firms))
        tiles = int(rule["tiles"])
        shop(
            0,
            tiles,
            frozen(np.linspace(0, count, tiles + 1), np.int64),
            frozen(np.linspace(0, firms, tiles + 1), np.int64),
            frozen([16] * tiles, np.int64),
            frozen(ids, np.uint64),
            frozen(np.arange(count), np.int32),
            frozen(np.ones(count), np.int8),
            self.deposits,
            np.full(len(self.deposits), float(rule.get("prepaid", 0.0))),
            frozen(wanted, np.float64),
            frozen(firm_ids, np.uint64),
            self.kinds,
            np.full(firms, 2, dtype=np.int32),
            self.price,
            float(rule["tax"]),
            float(rule["basic"]),
            float(rule["share"]),
            float(rule["swap"]),
            float(rule["cheaper"]),
            np.uint64(4),
            np.uint64(5),
            int(rule["month"]),
            self.known,
            self.spending,
            self.necessities,
            self.stock,
            self.demand,
            self.sold,
            self.revenue,
        )


NONE = [-1] * 7


def test_a_budget_is_split_by_subsistence_and_share_then_evenly_over_shops() -> None:
    """Budget 100: necessities 20 + .5 * 80 = 60, half in each of two shops; other goods 40 in one."""
    market = Market(
        [[0, 1, -1, 2, -1, -1, -1]], [500], [100], [1000] * 3, [0, 0, 1], [2.0, 3.0, 4.0], basic=20, share=0.5
    )
    assert market.sold.tolist() == [15, 10, 10]
    assert market.demand.tolist() == [15, 10, 10]
    assert market.revenue.tolist() == [30, 30, 40]
    assert (market.spending[0], market.necessities[0]) == (100, 60)
    assert market.stock.tolist() == [985, 990, 990]


def test_product_tax_is_in_what_households_pay() -> None:
    market = Market([[0, *NONE[1:]]], [500], [100], [1000], [0], [2.0], tax=0.25, share=1.0)
    assert market.sold[0] == pytest.approx(40)
    assert market.revenue[0] == pytest.approx(100)


def test_what_one_shop_lacks_is_asked_of_the_next_but_counts_as_demand_once() -> None:
    """30 USD in each of two shops at price 1; the first has 10 goods, so 20 more are bought at the second."""
    market = Market([[0, 1, *NONE[2:]]], [60], [60], [10, 100], [0, 0], [1.0, 1.0], share=1.0)
    assert market.sold.tolist() == [10, 50]
    assert market.demand.tolist() == [30, 30]
    assert market.spending[0] == 60


def test_what_no_shop_has_is_not_spent() -> None:
    market = Market([[0, 1, *NONE[2:]]], [60], [60], [10, 5], [0, 0], [1.0, 2.0], share=1.0)
    assert market.spending[0] == 20
    assert market.stock.tolist() == [0, 0]


def test_what_was_paid_before_is_not_spent_again() -> None:
    plain = Market([[0, -1, -1, 1, -1, -1, -1]], [1000.0], [100.0], [1e6, 1e6], [0, 1], [1.0, 1.0])
    early = Market([[0, -1, -1, 1, -1, -1, -1]], [1000.0], [100.0], [1e6, 1e6], [0, 1], [1.0, 1.0], prepaid=30.0)
    over = Market([[0, -1, -1, 1, -1, -1, -1]], [1000.0], [100.0], [1e6, 1e6], [0, 1], [1.0, 1.0], prepaid=130.0)
    assert [m.spending[0] for m in (plain, early, over)] == pytest.approx([100.0, 70.0, 0.0])


def test_deposits_bound_the_budget_and_debtors_buy_nothing() -> None:
    market = Market([[0, *NONE[1:]]] * 3, [10, 0, -50], [1000, 1000, 1000], [1000], [0], [1.0], share=1.0)
    assert market.spending.tolist() == [10, 0, 0]


def test_without_a_shop_nothing_is_spent() -> None:
    market = Market([NONE], [100], [50], [0, 0], [2, 2], [1.0, 1.0])
    assert market.spending.tolist() == [0]
    assert market.necessities.tolist() == [0]


def test_a_shop_that_was_sold_out_is_replaced_by_another_of_its_kind() -> None:
    found = set()
    for month in range(30):
        market = Market([[0, -1, -1, 2, -1, -1, -1]], [60], [60], [1, 9, 999], [0, 0, 1], [1.0] * 3, month=month)
        assert market.known[0, 3] == 2
        found.add(int(market.known[0, 0]))
    assert found == {0, 1}


def test_a_cheaper_shop_is_taken_and_a_dearer_one_is_not() -> None:
    for price, expected in ((0.9, {0, 1}), (0.995, {0}), (1.1, {0})):
        found = set()
        for month in range(60):
            full = [[0, 0, 0, 2, 2, 2, 2]]
            market = Market(full, [6], [6], [99] * 3, [0, 0, 1], [1.0, price, 1.0], month=month, swap=1.0)
            found |= set(market.known[0, :3].tolist())
        assert found == expected, price


def test_the_order_of_households_is_drawn_anew_every_month() -> None:
    """The single good goes to whoever comes first."""
    firsts = []
    for month in range(200):
        market = Market([[0, *NONE[1:]]] * 4, [1] * 4, [1] * 4, [1], [0], [1.0], share=1.0, month=month)
        firsts.append(int(np.argmax(market.spending)))
    assert np.bincount(firsts, minlength=4).min() > 25


def test_rows_may_stand_in_any_order() -> None:
    """Order comes from ids: the same households in other rows buy the same."""
    ids = start_ids(2, 30)
    turned = np.random.default_rng(1).permutation(30)
    one = Market([[0, *NONE[1:]]] * 30, [3] * 30, [3] * 30, [40], [0], [1.0], share=1.0, ids=ids)
    other = Market([[0, *NONE[1:]]] * 30, [3] * 30, [3] * 30, [40], [0], [1.0], share=1.0, ids=ids[turned])
    assert (other.spending == one.spending[turned]).all()


def _random_market(seed: int, tiles: int = 2) -> Market:
    luck = np.random.default_rng(seed)
    households, firms = 20 * tiles, 6 * tiles
    kinds = luck.integers(0, 4, firms)
    known = np.full((households, 7), -1)
    for h in range(households):
        here = np.arange(firms)[(h // 20) * 6 : (h // 20) * 6 + 6]
        for good, low, high in ((0, 0, 3), (1, 3, 7)):
            sellers = here[kinds[here] == good]
            chosen = luck.permutation(sellers)[: high - low]
            known[h, low : low + len(chosen)] = chosen
    return Market(
        known,
        luck.exponential(50, households) - 5,
        luck.exponential(60, households),
        luck.exponential(100, firms) * (luck.random(firms) > 0.2),
        kinds,
        luck.uniform(0.5, 2.0, firms),
        tax=0.1,
        basic=luck.uniform(0, 30),
        share=luck.random(),
        swap=0.3,
        month=seed,
        tiles=tiles,
    )


@given(st.integers(0, 10_000))
def test_money_and_goods_are_conserved(seed: int) -> None:
    market = _random_market(seed)
    assert market.revenue.sum() == pytest.approx(market.spending.sum(), rel=1e-12)
    assert (market.spending <= np.maximum(market.deposits, 0.0) + 1e-9).all()
    assert (market.necessities <= market.spending + 1e-9).all()
    assert (market.stock >= 0.0).all()
    assert market.before == pytest.approx(market.stock + market.sold, rel=1e-12)
    assert market.revenue == pytest.approx(market.sold * market.gross, rel=1e-12)


@given(st.integers(0, 10_000))
def test_shops_stay_in_their_half_of_the_list_and_in_their_region(seed: int) -> None:
    market = _random_market(seed)
    for h, row in enumerate(market.known):
        for k, firm in enumerate(row):
            if firm >= 0:
                assert market.kinds[firm] == (0 if k < 3 else 1)
                assert firm // 6 == h // 20
        known = row[row >= 0]
        assert len(set(known)) == len(known), "no shop stands twice in a list"


@numba.njit
def _sorted(keys: NDArray[np.uint32], ids: NDArray[np.uint64]) -> NDArray[np.int32]:
    return sort_by(keys, ids)


@numba.njit
def _listed(ids: NDArray[np.uint64], kinds: NDArray[np.int8], entries: NDArray[np.int32]) -> NDArray[np.int32]:
    return list_sellers(64, ids, kinds, entries, 1, 0, ids.size, np.uint64(5), 0)


@given(st.lists(st.tuples(st.integers(0, 2**32 - 1) | st.integers(0, 3), st.integers(0, 2**64 - 1)), max_size=60))
def test_sort_by_sorts_by_key_then_id(pairs: list[tuple[int, int]]) -> None:
    keys = np.array([key for key, _ in pairs], dtype=np.uint32)
    ids = np.array([row_id for _, row_id in pairs], dtype=np.uint64)
    order = _sorted(keys, ids)
    assert sorted(order.tolist()) == list(range(len(pairs)))
    assert [pairs[i] for i in order] == sorted(pairs)


def test_one_more_seller_changes_only_the_places_it_takes() -> None:
    count = 12
    ids, kinds, entries = start_ids(3, count), np.ones(count, dtype=np.int8), np.full(count, 5, dtype=np.int32)
    kinds[3] = 0
    whole, without = _listed(ids, kinds, entries), _listed(ids[:-1], kinds[:-1], entries[:-1])
    taken = whole == count - 1
    assert taken.any()
    assert (whole[~taken] == without[~taken]).all()
    assert 3 not in whole
