"""What is known of a reward so far, and which decision earned what: nothing of later, nothing missing counted as 0."""

from __future__ import annotations

import math

import numpy as np
import pytest

from wildsim.core.errors import InputError
from wildsim.core.keys import Keys
from wildsim.feedback.credit import OwnRewards, Shares, credit, sense_own
from wildsim.feedback.delayed import NEVER, partial
from wildsim.feedback.reward import Reward, Rewarded, Term
from wildsim.sensors.reading import MEASURED, NOT_KEPT, NOT_YET, Reading

LAGS = {"unemployment_rate": 1, "gdp_real": 3, "inflation": 2}
REWARD = Reward((Term("unemployment_rate", -2.0), Term("gdp_real", 1.0, "change"), Term("inflation", 1.0, target=0.02)))


def _as_of(indicator: str, month: int, period: int) -> Reading:
    due = period + LAGS[indicator]
    if period < 0:
        return Reading(indicator, period, due, math.nan, math.nan, "test", NOT_KEPT)
    late = due > month
    return Reading(
        indicator, period, due, math.nan if late else 0.1 * period, 0.0, "test", NOT_YET if late else MEASURED
    )


def test_a_reward_grows_as_its_parts_become_known() -> None:
    told = [partial(REWARD, _as_of, month, 24) for month in (24, 25, 26, 27)]
    assert [sorted(one.parts) for one in told] == [
        [],
        ["unemployment_rate"],
        ["inflation", "unemployment_rate"],
        ["gdp_real", "inflation", "unemployment_rate"],
    ]
    assert math.isnan(told[0].so_far)  # nothing known is not a reward of 0
    assert told[1].so_far == pytest.approx(-4.8)
    assert [math.isnan(one.value) for one in told] == [True, True, True, False]
    assert told[3].value == pytest.approx(REWARD.of(_as_of, 27, 24).value)
    assert [one.known_in for one in told] == [27, 27, 27, 27]
    assert "without gdp_real (not yet published; known in month 27), inflation (" in str(told[1])
    assert "without" not in str(told[3])


def test_what_will_never_be_known_is_said() -> None:
    found = partial(REWARD, _as_of, 20, 5)  # the change looks back to a month that is forgotten
    assert found.known_in == NEVER
    assert [str(part) for part in found.missing] == ["gdp_real (no longer kept; never known)"]


IDS = np.array([7, 3, 900], dtype=np.uint64)


def _own(lag: int = 2, values: np.ndarray | None = None) -> OwnRewards:
    """Return rewards of three agents in months 10 to 19: agent i earns i + month / 100; the last one dies after 14."""
    months = np.arange(10, 20)[:, None] / 100.0
    column = np.arange(3.0) + months if values is None else values
    column = column.copy()
    column[5:, 2] = np.nan
    return OwnRewards(IDS, 10, column, lag, "USD/month")


AGENTS, MONTHS = np.array([3, 7, 900, 900, 55], dtype=np.uint64), np.array([11, 16, 11, 13, 11])


def test_each_decision_gets_the_rewards_that_follow_it_once_they_are_known() -> None:
    found = credit(AGENTS, MONTHS, Shares(3, discount=0.5), 30, _own())
    assert found.value[0] == pytest.approx(1.11 + 0.5 * 1.12 + 0.25 * 1.13)
    assert found.value[1] == pytest.approx(0.16 + 0.5 * 0.17 + 0.25 * 0.18)
    assert found.known_in.tolist() == [15, 20, 15, NEVER, NEVER]
    assert found.missing.tolist() == [0, 0, 0, 1, 3]  # one died in the horizon; nobody has the id 55
    assert found.so_far[3] == pytest.approx(2.13 + 0.5 * 2.14)
    assert math.isnan(found.value[3])
    assert math.isnan(found.so_far[4])


def test_nothing_of_later_is_used() -> None:
    early = credit(AGENTS, MONTHS, Shares(3), 14, _own())
    assert early.missing.tolist() == [1, 3, 1, 3, 3]
    assert early.known_in[:2].tolist() == [15, 20]
    for now in range(9, 24):
        changed = np.arange(3.0) + np.arange(10, 20)[:, None] / 100.0
        changed[np.arange(10, 20) + 2 > now] += 1_000.0
        social = [Rewarded(period, period + 4, 1.0 if period + 4 <= now else 5e5, {}) for period in range(10, 30)]
        plain = [Rewarded(period, period + 4, 1.0, {}) for period in range(10, 30)]
        both = Shares(3, 0.9, own=1.0, social=2.0)
        before, after = (
            credit(AGENTS, MONTHS, both, now, own, shared)
            for own, shared in ((_own(), plain), (_own(values=changed), social))
        )
        np.testing.assert_array_equal(before.value, after.value)
        np.testing.assert_array_equal(before.so_far, after.so_far)
    # control: a sensor that tells a month too early lets the future in
    changed = np.arange(3.0) + np.arange(10, 20)[:, None] / 100.0
    changed[np.arange(10, 20) + 2 > 14] += 1_000.0
    hasty = [credit(AGENTS, MONTHS, Shares(3), 14, own).so_far for own in (_own(1), _own(1, changed))]
    assert (hasty[0] != hasty[1]).any()


def test_social_rewards_are_the_same_for_all_and_known_when_they_are() -> None:
    social = [Rewarded(period, period + 4, float(period), {}) for period in range(11, 14)]
    found = credit(AGENTS, np.full(5, 11), Shares(3, own=0.0, social=1.0), 17, None, social)
    assert found.value.tolist() == [36.0] * 5
    assert found.known_in.tolist() == [17] * 5
    ahead = credit(AGENTS, np.full(5, 12), Shares(3, own=0.0, social=1.0), 17, None, social)
    assert np.isnan(ahead.value).all()
    assert ahead.missing.tolist() == [1] * 5
    assert (ahead.known_in == 18).all()


def test_errors_of_measuring_belong_to_the_agent_and_the_month() -> None:
    true = np.zeros((6, 3))
    keys = Keys(4)
    found = sense_own(IDS, 10, true, 1, 2.0, keys, "USD/month")
    alone = sense_own(IDS[1:2], 10, true[:, 1:2], 1, 2.0, keys, "USD/month")
    np.testing.assert_array_equal(found.values[:, 1], alone.values[:, 0])
    later = sense_own(IDS, 12, true[2:], 1, 2.0, keys, "USD/month")
    np.testing.assert_array_equal(found.values[2:], later.values)
    many = sense_own(np.arange(5_000, dtype=np.uint64), 0, np.zeros((2, 5_000)), 1, 2.0, keys, "USD/month").values
    assert many.std() == pytest.approx(2.0, rel=0.03)
    assert abs(np.corrcoef(many)[0, 1]) < 0.05
    np.testing.assert_array_equal(sense_own(IDS, 10, true, 1, 0.0, keys, "USD/month").values, true)


def test_what_does_not_go_together_is_refused() -> None:
    for wrong, says in (
        (lambda: OwnRewards(IDS, 0, np.zeros((2, 2)), 1, ""), "do not go together"),
        (lambda: OwnRewards(IDS[[0, 0]], 0, np.zeros((2, 2)), 1, ""), "there twice"),
        (lambda: OwnRewards(IDS, 0, np.zeros((2, 3)), 0, ""), "a month later at the earliest"),
        (lambda: Shares(0), "1 or more"),
        (lambda: credit(AGENTS, MONTHS, Shares(1), 9, None), "none are given"),
        (lambda: credit(AGENTS, MONTHS, Shares(1), 9, _own(), [Rewarded(1, 2, 0.0, {})] * 2), "there twice"),
    ):
        with pytest.raises(InputError, match=says):
            wrong()
