"""Mechanisms are named right in worlds whose rule stands here, and nowhere in the package."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from wildsim.core.errors import InputError
from wildsim.studies.goodhart.mechanism import MECHANISMS, NONE, Arm, Evidence, name_mechanism

WORLDS, SELECTED = 60, 2
REPETITIONS = 200


@dataclass(frozen=True)
class Rule:
    """A rule of the worlds: levers x (a number) and luck u, v (by world) in; proxy without noise, and gold, out."""

    proxy: Callable[[Any, np.ndarray, bool], np.ndarray]
    gold: Callable[[float, np.ndarray, bool], np.ndarray]
    noise: float
    candidates: int


def extremal_gold(x: float, u: np.ndarray, seen: bool) -> np.ndarray:
    return u + x - 0.35 * max(x - 1.0, 0.0) ** 2


RULES = {
    # each candidate works a little, and is measured badly: the best of many is the luckiest
    "regressional": Rule(lambda x, u, seen: u + 0.1 * x, lambda x, u, seen: u + 0.1 * x, 1.5, 8192),
    # worlds that do well have a high proxy; the lever moves the proxy alone
    "causal": Rule(lambda x, u, seen: u + x, lambda x, u, seen: u + 0.05 * x, 0.2, 32),
    # what is good in the range that is known ruins what is meant far beyond it
    "extremal": Rule(lambda x, u, seen: u + x, extremal_gold, 0.2, 32),
    # those who know that they are judged by the proxy dress it up, and pay for that with the gold
    "adversarial": Rule(
        lambda x, u, seen: u + x + (1.5 * x if seen else 0.0),
        lambda x, u, seen: u + x - (0.5 * x if seen else 0.0),
        0.2,
        32,
    ),
    NONE: Rule(lambda x, u, seen: u + x, lambda x, u, seen: u + x, 0.2, 32),
}


def lived(rule: Rule, number: int, planted: int) -> Evidence:
    """Return what four arms of a rule give: levers up to 4, the best of the candidates on few worlds."""
    luck = np.random.Generator(np.random.Philox([planted, number]))
    size = float(luck.uniform(3.0, 5.0))

    def measured(x: Any, worlds: np.ndarray, seen: bool) -> np.ndarray:
        true = rule.proxy(x, worlds, seen)
        return true + rule.noise * luck.standard_normal(true.shape)

    few = luck.standard_normal(SELECTED)
    before = np.mean([measured(0.0, few, True) for _ in range(16)], axis=0)  # the start can be measured at leisure
    tried = luck.uniform(0.0, size, rule.candidates)
    scores = measured(tried[:, None], few, True) - before
    best = int(np.argmax(scores.mean(axis=1)))
    push, selected = float(tried[best]), float(scores[best].mean())
    error = float(np.sqrt(scores.var(axis=1, ddof=1).mean() / SELECTED))
    worlds = luck.standard_normal(WORLDS)

    def arm(x: float, seen: bool) -> Arm:
        gold = rule.gold(x, worlds, seen) + 0.2 * luck.standard_normal(WORLDS)
        return Arm(measured(x, worlds, seen), measured(x, worlds, seen), gold)

    return Evidence(arm(0.0, False), arm(0.25 * push, False), arm(push, False), arm(push, True), selected, error)


@pytest.mark.parametrize("name", RULES)
def test_the_mechanism_is_named(name: str, planted: int) -> None:
    said = [name_mechanism(lived(RULES[name], number, planted)).name for number in range(REPETITIONS)]
    assert said.count(name) >= 0.95 * REPETITIONS, {word: said.count(word) for word in (*MECHANISMS, NONE)}


def test_without_the_seen_arm_adversaries_go_unnamed(planted: int) -> None:
    said = [name_mechanism(replace(lived(RULES["adversarial"], n, planted), seen=None)).name for n in range(100)]
    assert "adversarial" not in said


def test_without_a_small_push_extremes_look_like_causes(planted: int) -> None:
    """A small push as large as the whole one says nothing of where the relation ends."""
    worlds = [lived(RULES["extremal"], number, planted) for number in range(100)]
    said = [name_mechanism(replace(world, small=world.blind)).name for world in worlds]
    assert said.count("extremal") == 0


def test_without_selection_there_is_no_regression(planted: int) -> None:
    worlds = [lived(RULES["regressional"], number, planted) for number in range(100)]
    said = []
    for world in worlds:
        honest = (world.seen.measured if world.seen else world.blind.measured) - world.observed.measured
        said.append(name_mechanism(replace(world, selected=float(honest.mean()))).name)
    assert said.count("regressional") == 0


def test_the_losses_add_up(planted: int) -> None:
    for name, rule in RULES.items():
        found = name_mechanism(lived(rule, 7, planted))
        assert sum(loss.value for loss in found.losses) == pytest.approx(found.promise - found.gain), name


def test_worlds_of_other_numbers_are_refused(planted: int) -> None:
    world = lived(RULES[NONE], 1, planted)
    with pytest.raises(InputError, match="each arm needs the same worlds"):
        replace(world, small=world.small.without(0))
