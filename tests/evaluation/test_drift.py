"""The drift alarm: rare without drift however long one watches, soon with it, and what advice follows."""

from __future__ import annotations

import numpy as np
import pytest

from tests.evaluation.test_scores import _paths
from wildsim.core.errors import InputError
from wildsim.evaluation.drift import advise, evidence, fewest_members, watch, watch_among

REPETITIONS, OUTCOMES, BEGINS = 1_000, 200, 100


def _rng(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(seed))


@pytest.mark.parametrize("shift", [0.0, 0.4])
def test_wealth_is_a_martingale_without_drift_alone(shift: float) -> None:
    wealth = evidence(_rng(1).standard_normal((400_000, 4)) + shift)
    error = wealth[:, -1].std() / len(wealth) ** 0.5
    assert (abs(wealth[:, -1].mean() - 1.0) <= 4 * error) == (shift == 0.0)


def _alarms(luck: np.ndarray) -> np.ndarray:
    """Return at which outcome each row raises an alarm, as `watch` says it; OUTCOMES for never."""
    over = evidence(luck) >= 1.0 / 0.05
    at = np.where(over.any(axis=1), over.argmax(axis=1), OUTCOMES)
    for row, place in zip(luck[:20], at[:20], strict=True):
        assert watch(row).at == (place if place < OUTCOMES else -1)
    return at


def test_false_alarms_of_independent_forecasts_stay_below_the_nominal_rate() -> None:
    assert np.mean(_alarms(_rng(2).standard_normal((REPETITIONS, OUTCOMES))) < OUTCOMES) <= 0.066


@pytest.mark.parametrize(
    ("shift", "spread", "power", "delay"), [(0.5, 1, 0.85, 70), (-1, 1, 0.99, 25), (2, 1, 0.99, 8), (0, 2, 0.99, 15)]
)
def test_the_alarm_fires_soon_after_drift(shift: float, spread: float, power: float, delay: float) -> None:
    luck = _rng(3).standard_normal((REPETITIONS, OUTCOMES))
    drifted = luck.copy()
    drifted[:, BEGINS:] = luck[:, BEGINS:] * spread + shift
    at = _alarms(drifted)
    assert np.mean(at < OUTCOMES) >= power
    assert np.median(at[at >= BEGINS]) - BEGINS + 1 <= delay
    # control: forecasts that drift along, the same luck
    assert np.mean(_alarms(luck) < OUTCOMES) <= 0.066


def test_false_alarms_among_paths_stay_below_the_nominal_rate_where_betting_breaks() -> None:
    rng, among, alone, fired, sides = _rng(4), 0, 0, 0, set()
    for number in range(REPETITIONS):
        members, real = _paths(rng, 40, 60), _paths(rng, 1, 60)[0]
        among += watch_among(real, members).alarm
        if number % 4:
            continue
        alone += watch(real).alarm
        drifted = watch_among(real + 3.0 * (np.arange(60) >= 30), members)
        fired += drifted.alarm
        sides.add(drifted.side)
    assert among / REPETITIONS <= 0.066
    assert 4 * alone / REPETITIONS >= 0.5  # taken for independent, every second society drifts
    assert 4 * fired / REPETITIONS >= 0.8
    assert "above" in sides


def test_several_series_are_watched_together_and_gaps_change_nothing() -> None:
    luck = _rng(5).standard_normal((2, 50))
    one = watch(luck[0]).evidence
    gapped = np.full(80, np.nan)
    gapped[np.arange(50) + 20] = luck[0]
    assert watch(gapped).evidence[20:70] == pytest.approx(one)
    assert (watch(gapped).evidence[:20] == 1.0).all()
    assert watch(luck).evidence == pytest.approx((one + watch(luck[1]).evidence) / 2)
    copies = np.repeat(luck[:1], 3, axis=0)  # however they hang together: three copies are as one
    assert watch(copies).evidence == pytest.approx(one)


def test_too_few_members_never_alarm_and_foreign_ones_are_refused() -> None:
    rng = _rng(6)
    assert fewest_members(0.05) == 19
    assert not watch_among(np.full(9, 9.0), rng.standard_normal((18, 9))).alarm
    assert watch_among(np.full(9, 9.0), rng.standard_normal((19, 9))).alarm
    with pytest.raises(InputError, match="do not go with members"):
        watch_among(np.zeros(9), rng.standard_normal((19, 8)))


def test_advice_stops_on_an_alarm_and_says_for_better_or_worse() -> None:
    luck = _rng(7).standard_normal(60)
    assert advise(watch(luck)).what == "go on"
    high = watch(luck + 2.0)
    assert (high.side, advise(high, "above").what) == ("above", "stop")
    assert "(above, for the worse)" in advise(high, "above").why
    assert "(above, for the better)" in advise(high, "below").why
    assert "(above)" in advise(high).why
    assert watch(3.0 * luck).side == "wider"
    shifted = [watch(luck[:5] + shift) for shift in np.arange(0, 2, 0.05)]
    worrying = next(one for one in shifted if one.evidence[-1] > one.look and not one.alarm)
    assert advise(worrying).what == "look closer"
