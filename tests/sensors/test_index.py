"""The price index: baskets drawn by size, Laspeyres within them, replacement without a jump, honest errors."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from wildsim.scenario.schema import Scenario
from wildsim.sensors.basket import Market, change, draw, inclusion, now, renewed
from wildsim.sensors.reading import UNDEFINED, kept_as
from wildsim.society import Society

SELLERS, SAMPLE = 300, 40


def _luck(seed: int, stream: int = 0) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(key=[seed, stream]))


def _market(seed: int, sellers: int = SELLERS) -> Market:
    """Return sellers of very different size, with fresh luck."""
    sizes = _luck(1).lognormal(0.0, 1.0, sellers)
    return Market(np.arange(sellers, dtype=np.uint64), _luck(seed, 1).random(sellers), sizes, np.ones(sellers))


def _risen(market: Market) -> np.ndarray:
    """Return later prices that rose more for larger sellers, so that who is drawn and how it is weighted matters."""
    return 1.05 + 0.02 * np.log(market.sales) + _luck(2).normal(0.0, 0.05, len(market.ids))


def test_chances_go_with_size_and_add_up() -> None:
    chances = inclusion(_market(1).sales, SAMPLE)
    assert chances.sum() == pytest.approx(SAMPLE, rel=1e-12)
    assert chances.max() == 1.0
    small = chances < 1.0
    assert np.ptp(chances[small] / _market(1).sales[small]) < 1e-12
    assert inclusion(np.array([0.0, 1.0, 2.0]), 5).tolist() == [0.0, 1.0, 1.0]


def test_everybody_followed_is_the_index_of_laspeyres() -> None:
    market = _market(1)
    found, variance = change(draw(market, SELLERS), _risen(market))
    assert found == pytest.approx((market.sales * _risen(market)).sum() / market.sales.sum(), rel=1e-12)
    assert variance == 0.0


def test_where_all_prices_rise_alike_any_basket_is_the_truth() -> None:
    found, variance = change(draw(_market(1), 7), np.full(7, 1.03))
    assert found == pytest.approx(1.03, rel=1e-14)
    assert variance == pytest.approx(0.0, abs=1e-25)


def test_intervals_hold_the_index_of_all_as_often_as_they_say() -> None:
    """Of 1,000 baskets, as many as 95 % +- 2.6 standard errors; sellers drawn and weighted as if alike miss."""
    hits, plain, errors = 0, 0, []
    for seed in range(1000):
        market = _market(seed)
        risen = _risen(market)
        truth = (market.sales * risen).sum() / market.sales.sum()
        basket = draw(market, SAMPLE)
        found, variance = change(basket, now(basket, Market(market.ids, market.luck, market.sales, risen)))
        errors.append(math.log(found / truth))
        hits += abs(errors[-1]) < 1.96 * math.sqrt(variance)
        simple = np.argsort(market.luck)[:SAMPLE]  # sellers drawn and weighted alike
        spread = risen[simple].std(ddof=1) / math.sqrt(SAMPLE) * math.sqrt(1.0 - SAMPLE / SELLERS)
        plain += abs(risen[simple].mean() - truth) < 1.96 * spread
    assert 932 <= hits <= 968
    assert plain < 850
    assert abs(np.mean(errors)) < 4.0 * np.std(errors) / math.sqrt(1000)


def test_who_fails_is_replaced_and_the_index_does_not_jump() -> None:
    market = _market(1)
    basket, risen = draw(market, SAMPLE), _risen(market)
    left = ~np.isin(market.ids, basket.ids[[3, 10, 11]])
    later = Market(market.ids[left], market.luck[left], market.sales[left], risen[left])
    before, _ = change(basket, now(basket, later))
    again = renewed(basket, later, SAMPLE)
    assert len(again.ids) == len(np.unique(again.ids)) == SAMPLE
    assert np.isin(again.ids, later.ids).all()
    after, _ = change(again, now(again, later))
    assert after == pytest.approx(before, rel=1e-12)
    assert (np.delete(again.ids, [3, 10, 11]) == np.delete(basket.ids, [3, 10, 11])).all()
    assert again.weights.sum() == pytest.approx(basket.weights.sum(), rel=1e-12)


def test_a_basket_shrinks_where_nobody_is_left_and_says_nothing_when_empty() -> None:
    market = _market(1, 5)
    basket = draw(market, 5)
    two = Market(market.ids[:2], market.luck[:2], market.sales[:2], market.prices[:2])
    assert renewed(basket, two, 5).ids.tolist() == [0, 1]
    nobody = Market(*(getattr(market, part)[:0] for part in ("ids", "luck", "sales", "prices")))
    empty = renewed(basket, nobody, 5)
    assert len(empty.ids) == 0
    assert math.isnan(change(empty, now(empty, nobody))[0])


def test_one_seller_more_changes_only_a_pick_that_falls_on_it() -> None:
    market = _market(1)
    fewer = Market(*(getattr(market, part)[:-1] for part in ("ids", "luck", "sales", "prices")))
    with_, without = set(draw(market, SAMPLE).ids.tolist()), set(draw(fewer, SAMPLE).ids.tolist())
    assert len(with_ ^ without) <= 2


STORY: dict[str, Any] = {"months": 36, "burn_in": 24, "society": {"people": 2000, "regions": 2}}


def _lived(sample: int, seed: int = 1, review: int = 12) -> tuple[np.ndarray, np.ndarray]:
    """Return level, its error, inflation, its error by month, and the two truths."""
    entry = {"index": {"sample": sample, "review": review}}
    society = Society(Scenario(**STORY, sensors={"price_level": entry, "inflation": entry}), seed=seed)
    society.burn_in()
    read, truth = [], []
    for _ in range(36):
        society.step()
        level, inflation = society.sensed()
        read.append((level.value, level.se, inflation.value, inflation.se))
        truth.append([society.indicators[name] for name in ("price_level", "inflation")])
    society.close()
    return np.array(read), np.array(truth)


def test_in_a_society_buyers_who_turn_to_cheaper_sellers_bias_it_at_each_review() -> None:
    """The true level is a mean over what is bought. All sellers are followed, so that nothing is left to chance."""
    often, truth = _lived(1_000_000, review=6)
    seldom, same = _lived(1_000_000, review=36)
    assert (truth == same).all()
    assert (often[:, 1] == 0.0).all()
    assert 1.005 < often[-1, 0] / truth[-1, 0] < 1.03
    assert abs(seldom[-1, 0] / truth[-1, 0] - 1.0) < 0.5 * (often[-1, 0] / truth[-1, 0] - 1.0)
    assert np.corrcoef(np.log(often[:, 0]), np.log(truth[:, 0]))[0, 1] > 0.99
    assert abs(often[:3, 2] - truth[:3, 1]).max() < 0.01  # the currency reform before month 0 leaves no trace


@pytest.mark.slow
def test_the_bias_of_substitution_is_what_the_page_says() -> None:
    """After 4 years, of four societies: shares of the level, lowest and highest, by months between reviews."""
    page = {1: (0.007, 0.021), 6: (0.006, 0.019), 12: (0.006, 0.014), 24: (0.0, 0.006), 48: (-0.001, 0.004)}
    for review, (low, high) in page.items():
        for seed in (1, 2, 3, 4):
            entry = {"price_level": {"index": {"sample": 1_000_000, "review": review}}}
            size = {"people": 2000, "regions": 2}
            society = Society(Scenario(months=48, burn_in=24, society=size, sensors=entry), seed=seed)
            society.burn_in()
            society.run_for(48)
            [reading] = society.sensed()
            assert low < reading.value / society.indicators["price_level"] - 1.0 < high, (review, seed)
            society.close()


def _laspeyres(before: dict[int, tuple[float, float]], after: dict[int, tuple[float, float]]) -> float:
    """Return prices of those who sell in both months, with the quantities of the first, over those of the first."""
    common = [seller for seller in before if seller in after]
    old = np.array([before[seller] for seller in common])
    new = np.array([after[seller] for seller in common])
    return float(np.dot(new[:, 0], old[:, 1]) / np.dot(old[:, 0], old[:, 1]))


def _sellers(society: Society) -> dict[int, tuple[float, float]]:
    """Return the consumer price and the quantity sold of every seller of consumer goods, by its id."""
    firms = society.firms
    gross = 1.0 + society.world.law("government.product_tax")
    return {
        int(firms.id[row]): (float(firms.price[row]) * gross, float(firms.sold[row]))
        for row in np.flatnonzero(firms.kind < 2)
    }


def _ruin(society: Society) -> None:
    """Let three sellers owe more than they have: they fail this month."""
    firms = society.firms
    poor = np.isin(np.arange(len(firms.id)), np.flatnonzero(firms.kind < 2)[[1, 5, 9]])
    ledger = society.world.ledger
    ledger.lend("lending_firms", "firms", np.where(poor, 1e7, 0.0))
    ledger.pay("transfers", ("firms", np.where(poor, 1e7, 0.0)), "government")


def test_with_all_sellers_and_a_basket_a_month_each_change_is_that_of_laspeyres() -> None:
    """Against sums made here, while taxes rise and firms come and go, and over the restatement before month 0."""
    story: dict[str, Any] = {**STORY, "burn_in": 12, "months": 40}
    rise = {"kind": "vat", "rate": 0.2, "from": 10}
    entry = {"index": {"sample": 10_000_000, "review": 1}}
    society = Society(Scenario(**story, sensors={"price_level": entry}, policies=[rise]))
    society.burn_in()
    before, last, known = _sellers(society), 1.0, set[int]()
    for month in range(40):
        if month in (5, 15):
            _ruin(society)
        society.step()
        after, (reading,) = _sellers(society), society.sensed()
        assert (reading.period, reading.se) == (month, 0.0)
        assert reading.value / last == pytest.approx(_laspeyres(before, after), rel=1e-11)
        known |= set(before) ^ set(after)
        before, last = after, reading.value
    assert len(known) >= 6
    society.close()


def test_where_nobody_of_the_basket_is_left_the_next_one_goes_on_from_there() -> None:
    entry = {"index": {"sample": 20, "review": 48}}
    society = Society(Scenario(**{**STORY, "burn_in": 0}, sensors={"price_level": entry}))
    society.run_for(6)
    (before,) = society.sensed()
    gone = kept_as("price_level", "ids")
    society.world.memory[gone] = society.world.memory[gone] + np.uint64(1 << 40)  # as if all of them had failed
    society.step()
    (lost,) = society.sensed()
    assert (math.isnan(lost.value), lost.quality) == (True, UNDEFINED)
    society.step()
    (found,) = society.sensed()
    assert found.value / before.value == pytest.approx(1.0, abs=0.03)
    society.close()


def test_in_a_society_samples_err_as_they_say() -> None:
    far = []
    for seed in (1, 2):
        (some, _), (everybody, _) = _lived(25, seed), _lived(1_000_000, seed)
        assert (some[:, 1] > 0.0).all()
        far += [(some[:, k] - everybody[:, k]) / some[:, k + 1] for k in (0, 2)]
    assert 0.4 < np.concatenate(far).std() < 1.8
    assert max(np.abs(one).max() for one in far) > 0.3


@pytest.mark.slow
def test_errors_that_add_up_over_baskets_are_as_large_as_they_are_said_to_be() -> None:
    """Twenty-four societies, ten baskets each; nominal is 1, and 1.66 where the newest basket stands for all before."""
    far = []
    for seed in range(1, 25):
        found = []
        for sample in (20, 10_000_000):
            entry = {"index": {"sample": sample, "review": 6}}
            story: dict[str, Any] = {"months": 60, "burn_in": 48, "society": {"people": 1000, "regions": 1}}
            society = Society(Scenario(**story, sensors={"price_level": entry}), seed=seed)
            society.burn_in()
            read = []
            for _ in range(60):
                society.step()
                (reading,) = society.sensed()
                read.append((reading.value, reading.se))
            society.close()
            found.append(np.array(read)[1:])
        far.append((found[0][:, 0] - found[1][:, 0]) / found[0][:, 1])
    assert 0.7 < np.sqrt(np.mean(np.square(far))) < 1.4


def test_what_the_office_remembers_survives_being_saved() -> None:
    scenario = Scenario(**{**STORY, "burn_in": 0}, sensors={"price_level": {"index": 20}})
    society, other = Society(scenario), Society(scenario)
    society.run_for(15)
    other.restore(society.snapshot())
    for _ in range(10):
        society.step()
        other.step()
        assert society.sensed() == other.sensed()
    society.close()
    other.close()
