"""The linear model of a search by moves: slopes with their doubt, the share that a step promises, the best step."""

from __future__ import annotations

import math

import numpy as np
import pytest

from wildsim.studies import linear
from wildsim.studies.linear import Aims, Linear

LUCK = np.random.Generator(np.random.Philox(11))


def aims(*ranges: tuple[float, float]) -> Aims:
    low, high = np.array(ranges, dtype=float).T
    return Aims(low, high, np.full(len(low), 1 / len(low)))


def worlds(slope: np.ndarray, ways: np.ndarray, seeds: int, chaos: float) -> tuple[np.ndarray, np.ndarray]:
    """Return worlds at a point and beside it: luck of the seed is shared, chaos is not."""
    moments = len(slope)
    shared = LUCK.standard_normal((seeds, moments))
    own = chaos * LUCK.standard_normal((len(ways) + 1, seeds, moments))
    return shared + own[0], shared + own[1:] + (slope * ways).T[:, None, :]


def test_slopes_come_back_within_their_doubt() -> None:
    slope = LUCK.normal(0.0, 3.0, (40, 30))
    ways = np.where(np.arange(30) % 2, 0.3, -0.2)
    base, ends = worlds(slope, ways, seeds=5, chaos=0.4)
    model = linear.fit(base, np.broadcast_to(base, ends.shape), ends, ways)
    off = (model.slope - slope) / model.doubt
    assert model.doubt.mean() == pytest.approx(0.4 * math.sqrt(2 / 5) * np.abs(1 / ways).mean(), rel=0.1)
    assert 0.9 < off.std() < 1.2, "the doubt is the size of the errors"
    assert abs(off.mean()) < 0.1
    assert model.sd.mean() == pytest.approx(math.hypot(1.0, 0.4), rel=0.15)
    assert model.free.all()


def test_without_luck_there_is_no_doubt_and_shared_luck_is_none() -> None:
    slope = np.array([[2.0, 0.0], [-1.0, 4.0]])
    ways = np.array([0.25, -0.1])
    base, ends = worlds(slope, ways, seeds=3, chaos=0.0)
    model = linear.fit(base, np.broadcast_to(base, ends.shape), ends, ways)
    assert model.slope == pytest.approx(slope)
    assert model.doubt == pytest.approx(np.zeros((2, 2)), abs=1e-9)


def test_moves_to_both_sides_see_through_a_bend() -> None:
    def bent(place: float) -> np.ndarray:
        return np.array([[[2 * place + 9 * place**2]] * 2])

    base = np.zeros((2, 1))
    one = linear.fit(base, base[None], bent(0.2), np.array([0.2]))
    both = linear.fit(base, bent(0.2), bent(-0.2), np.array([-0.4]))
    assert one.slope[0, 0] == pytest.approx(2 + 9 * 0.2)
    assert both.slope[0, 0] == pytest.approx(2.0)


def test_what_falls_apart_beside_the_point_stays_and_what_is_unknown_counts_nothing() -> None:
    base, ends = worlds(np.ones((3, 2)), np.array([0.2, 0.2]), seeds=4, chaos=0.1)
    base[:, 2] = ends[:, :, 2] = np.nan  # nobody knows the third moment
    base[0, 1] = np.nan  # one world does not know the second
    ends[1, :3] = np.nan  # three worlds fall apart where the second parameter moved
    model = linear.fit(base, np.broadcast_to(base, ends.shape), ends, np.array([0.2, 0.2]))
    assert model.free.tolist() == [True, False]
    assert np.isnan(model.mean).tolist() == [False, False, True]
    assert model.known.tolist() == [1.0, 0.75, 0.0]
    assert model.slope[:, 1].tolist() == [0.0, 0.0, 0.0]
    wide = aims((-99, 99), (-99, 99), (-99, 99))
    assert linear.promised(model, wide, np.zeros(2))[0] == pytest.approx(1.75 / 3)
    step, _ = linear.best_step(model, aims((2, 3), (2, 3), (0, 1)), np.full(2, -0.3), np.full(2, 0.3), luck=1)
    assert step[0] == pytest.approx(0.3)
    assert step[1] == 0.0


def test_the_share_is_that_of_a_normal_moment() -> None:
    wanted = Aims(np.array([-1.0, 0.0]), np.array([1.0, 5.0]), np.array([0.25, 0.75]))
    found = linear.share(wanted, np.array([0.0, 0.0]), np.array([1.0, 0.001]))
    assert found == pytest.approx(0.25 * math.erf(1 / math.sqrt(2)) + 0.75 * 0.5)
    assert linear.share(wanted, np.array([np.nan, 2.0]), np.ones(2) * 1e-9) == pytest.approx(0.75)
    lived = np.array([[0.5, np.nan], [-0.5, np.nan], [np.nan, np.nan], [0.0, np.nan]])
    assert linear.lived_share(wanted, lived, np.array([1e-9, 1.0])) == pytest.approx(0.25 * 0.75)


def model_of(moments: int, parameters: int) -> Linear:
    slope = LUCK.normal(0.0, 2.0, (moments, parameters))
    doubt = LUCK.uniform(0.0, 1.0, slope.shape)
    sd = LUCK.uniform(0.5, 1.0, moments)
    free = np.ones(parameters, dtype=bool)
    return Linear(LUCK.standard_normal(moments), np.ones(moments), sd, sd / 2, slope, doubt, free)


@pytest.mark.parametrize("widened", [1.0, 8.0])
def test_the_gradient_is_the_slope_of_the_promise(widened: float) -> None:
    model, wanted = model_of(18, 22), aims(*[(-0.7, 1.1)] * 18)
    step = LUCK.uniform(-0.3, 0.3, 22)
    gradient = linear.promised(model, wanted, step, widened)[1]
    for i in range(22):
        nudge = 1e-6 * np.eye(22)[i]
        rise = linear.promised(model, wanted, step + nudge, widened)[0]
        fall = linear.promised(model, wanted, step - nudge, widened)[0]
        assert gradient[i] == pytest.approx((rise - fall) / 2e-6, rel=1e-4, abs=1e-8)


def test_the_best_step_brings_far_moments_into_range_and_no_farther_than_allowed() -> None:
    slope = np.array([[40.0, 0.0], [0.0, -30.0]])
    sure = Linear(
        np.array([-8.0, 6.0]), np.ones(2), np.full(2, 0.1), np.zeros(2), slope, np.zeros((2, 2)), np.ones(2, bool)
    )
    wanted = aims((-0.5, 0.5), (-0.5, 0.5))
    step, share = linear.best_step(sure, wanted, np.full(2, -0.3), np.full(2, 0.3), luck=0)
    assert sure.mean + slope @ step == pytest.approx(np.zeros(2), abs=0.5), "from eighty standard deviations away"
    assert share > 0.98
    near, _ = linear.best_step(sure, wanted, np.full(2, -0.1), np.full(2, 0.1), luck=0)
    assert np.abs(near).max() <= 0.1


def test_of_two_ways_the_surer_is_taken() -> None:
    doubt = np.array([[0.1, 9.0]])
    model = Linear(
        np.array([-1.0]), np.ones(1), np.array([0.2]), np.zeros(1), np.array([[5.0, 5.0]]), doubt, np.ones(2, bool)
    )
    step, _ = linear.best_step(model, aims((-0.3, 0.3)), np.full(2, -0.5), np.full(2, 0.5), luck=0)
    assert step[0] > 4 * abs(step[1])


def test_nothing_to_gain_is_no_step() -> None:
    model = Linear(
        np.zeros(1), np.ones(1), np.array([0.01]), np.zeros(1), np.array([[5.0]]), np.array([[1.0]]), np.ones(1, bool)
    )
    step, share = linear.best_step(model, aims((-1.0, 1.0)), np.array([-0.3]), np.array([0.3]), luck=0)
    assert abs(step[0]) < 1e-3
    assert share == pytest.approx(1.0)
