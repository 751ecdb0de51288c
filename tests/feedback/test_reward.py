"""Rewards: what their terms are worth, that nothing unknown counts as nothing, and that shaping moves no optimum."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wildsim.core.errors import InputError
from wildsim.feedback.reward import Reward, Term, shaped
from wildsim.sensors.reading import Reading

VALUES = {"unemployment_rate": 0.06, "gdp_real": 120.0, "inflation": 0.05, "wage_mean": 4000.0, "price_level": 2.0}


def _as_of(lag: int = 1):  # type: ignore[no-untyped-def]
    def known(indicator: str, month: int, period: int) -> Reading:
        value = VALUES[indicator] * (1.0 + period / 100.0) if period + lag <= month else math.nan
        return Reading(indicator, period, period + lag, value, 0.0, "test")

    return known


@pytest.mark.parametrize(
    ("term", "worth", "words"),
    [
        (Term("gdp_real", 2.0), 2 * 120 * 1.24, "+2 x gdp_real [USD of month 0/month]"),
        (Term("gdp_real", 1.0, "change"), 120 * 0.12, "change over 12 months]"),
        (Term("gdp_real", 10.0, "growth"), 10 * (1.24 / 1.12 - 1), "+10 x growth of gdp_real [share, growth over 12"),
        (Term("wage_mean", 1.0, "ratio", per="price_level"), 2000.0, "+1 x wage_mean / price_level [USD/month / ratio"),
        (Term("inflation", 3.0, target=0.02), -3 * (0.05 * 1.24 - 0.02), "-3 x distance of inflation from 0.02"),
        (Term("inflation", 3.0, target=0.2), -3 * (0.2 - 0.05 * 1.24), "-3 x distance of inflation from 0.2"),
        (Term("unemployment_rate", 5.0, ceiling=0.05), -5 * (0.06 * 1.24 - 0.05), "exceeds 0.05 by"),
        (Term("unemployment_rate", 5.0, ceiling=0.5), 0.0, "exceeds 0.5 by"),
        (Term("wage_mean", 1.0, floor=5000.0), -(5000 - 4000 * 1.24), "-1 x what wage_mean lacks to 5000"),
        (Term("wage_mean", 1.0, floor=100.0), 0.0, "lacks to 100"),
    ],
)
def test_what_a_term_is_worth_and_how_it_reads(term: Term, worth: float, words: str) -> None:
    assert term.value(_as_of(), 30, 24) == pytest.approx(worth)
    assert words in str(term)


def test_a_reward_is_known_when_its_last_term_is() -> None:
    reward = Reward((Term("unemployment_rate", -1.0), Term("gdp_real", 0.01, "growth")))
    early, late = reward.of(_as_of(3), 26, 24), reward.of(_as_of(3), 27, 24)
    assert math.isnan(early.value)
    assert early.known_in == late.known_in == 27
    assert late.value == pytest.approx(-0.06 * 1.24 + 0.01 * (1.24 / 1.12 - 1))
    assert math.isnan(reward.total([1.0, early.value]))
    assert Reward(reward.terms, 0.5).total([1.0, 1.0, 1.0]) == 1.75


@pytest.mark.parametrize("aim", [{"floor": 1.0}, {"ceiling": 1.0}, {"target": 1.0}, {}])
def test_what_is_not_known_is_not_nothing(aim: dict[str, float]) -> None:
    assert math.isnan(Term("gdp_real", 1.0, **aim).value(_as_of(5), 24, 24))  # type: ignore[arg-type]


def test_terms_that_cannot_be_are_refused() -> None:
    for wrong in ({"of": "ratio"}, {"per": "gdp_real"}, {"floor": 1.0, "target": 2.0}):
        with pytest.raises(InputError, match="wage_mean: "):
            Term("wage_mean", 1.0, **wrong)  # type: ignore[arg-type]


@given(st.integers(0, 10**6), st.floats(0.5, 1.0))
def test_shaping_changes_the_sum_by_the_same_whatever_was_done(seed: int, discount: float) -> None:
    """Two ways from one state to one state, n steps each: shaping adds the same to both, so it prefers neither."""
    rng = np.random.default_rng(seed)
    start, end = rng.standard_normal(2)
    worth = Reward((), discount).total
    gains = []
    for _ in range(2):
        rewards = rng.standard_normal(6).tolist()
        potentials = [start, *rng.standard_normal(5).tolist(), end]
        gains.append(worth(shaped(rewards, potentials, discount)) - worth(rewards))
    assert gains[0] == pytest.approx(gains[1], abs=1e-9)
    assert gains[0] == pytest.approx(discount**6 * end - start, abs=1e-9)
    with pytest.raises(InputError, match="6 rewards need 7 potentials"):
        shaped([0.0] * 6, [0.0] * 6, discount)
