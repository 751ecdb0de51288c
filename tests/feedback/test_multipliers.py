"""Multipliers: where the right one is known in closed form, dual ascent finds it; held at 0 the floor is broken."""

from __future__ import annotations

import math

import numpy as np
import pytest

from wildsim.core.errors import InputError
from wildsim.feedback.multipliers import Multipliers, constraints
from wildsim.feedback.reward import Reward, Term

CAP = 0.3
REWARD = Reward((Term("gdp_real", 1.0), Term("emissions", 7.0, ceiling=CAP)))
ROUNDS = 4_000


def _plan(weights: Multipliers) -> float:
    """Return the x in 0..1 that is best at these weights: max x - x^2 / 2 - w x, in closed form."""
    return min(max(1.0 - weights.values["emissions"], 0.0), 1.0)


def _learn(noise: float = 0.0, learning: bool = True) -> tuple[Multipliers, float]:
    """Return the weights, and the mean plan of the last half."""
    rng = np.random.Generator(np.random.Philox(1))
    weights, plans = Multipliers.of(REWARD, step=0.5), []
    for _ in range(ROUNDS):
        plans.append(_plan(weights))
        sensed = plans[-1] + noise * float(rng.standard_normal())
        if learning:
            weights = weights.updated({"emissions": REWARD.terms[1].room(sensed)})
    return weights, float(np.mean(plans[ROUNDS // 2 :]))


@pytest.mark.parametrize(("noise", "within"), [(0.0, 1e-3), (0.1, 0.02)])
def test_the_multiplier_of_a_ceiling_converges_to_the_known_one(noise: float, within: float) -> None:
    weights, plan = _learn(noise)  # at the optimum x = c, and the multiplier is the slope of x - x^2 / 2 there: 1 - c
    assert weights.values["emissions"] == pytest.approx(1.0 - CAP, abs=0.01 if noise == 0.0 else 0.06)
    assert weights.means["emissions"] == pytest.approx(1.0 - CAP, abs=0.03)
    assert plan == pytest.approx(CAP, abs=within)


def test_held_at_0_the_ceiling_is_broken() -> None:
    weights, plan = _learn(learning=False)
    assert weights.values["emissions"] == 0.0
    assert plan == 1.0 > CAP


def test_of_a_linear_problem_the_means_converge_though_the_last_plan_swings() -> None:
    weights, total, walked = Multipliers.of(REWARD, step=0.5), 0.0, 0.0
    for k in range(ROUNDS):
        plan = 1.0 if weights.values["emissions"] < 1.0 else 0.0  # max x - w x
        step = 0.5 / math.sqrt(k + 1)
        total, walked = total + step * plan, walked + step
        weights = weights.updated({"emissions": CAP - plan})
    assert weights.means["emissions"] == pytest.approx(1.0, abs=0.02)
    assert total / walked == pytest.approx(CAP, abs=0.02)


def test_a_constraint_with_room_costs_nothing_in_the_end_and_one_not_known_stays() -> None:
    weights = Multipliers({"emissions": 0.4}, step=0.1)
    for _ in range(200):
        weights = weights.updated({"emissions": 0.2})
    assert weights.values["emissions"] == 0.0
    held = Multipliers({"emissions": 0.4})
    assert held.updated({"emissions": math.nan}).values["emissions"] == 0.4


def test_weights_go_into_the_reward_and_nowhere_else() -> None:
    assert list(constraints(REWARD)) == ["emissions"]
    applied = Multipliers({"emissions": 0.7}).applied(REWARD)
    assert [term.weight for term in applied.terms] == [1.0, 0.7]
    assert applied.terms[1].ceiling == CAP
    assert Term("wage_mean", 1.0, floor=10.0).room(8.0) == -2.0
    with pytest.raises(InputError, match="the reward has the constraints emissions"):
        Multipliers({"inflation": 0.7}).applied(REWARD)
    with pytest.raises(InputError, match="rooms are given of inflation"):
        Multipliers({"emissions": 0.7}).updated({"inflation": 0.0})
    with pytest.raises(InputError, match="must be 0 or more"):
        Multipliers({"emissions": -0.7})
    with pytest.raises(InputError, match="step is 0"):
        Multipliers({}, step=0.0)
