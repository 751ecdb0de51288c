"""The search finds optima inside and at bounds, through noise, always the same way, and goes on where it stopped."""

from __future__ import annotations

import json

import numpy as np
import pytest

from wildsim.core.errors import InputError
from wildsim.planning.cross_entropy import CrossEntropy, Lever

LEVERS = (Lever("tax", 0.0, 0.6), Lever("benefit", 100.0, 900.0))


def _searched(goal: np.ndarray, noise: float, seed: int, generations: int = 25, levers: tuple[Lever, ...] = LEVERS):  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(seed)
    search = CrossEntropy(levers, seed, size=24)
    width = np.array([lever.high - lever.low for lever in levers])
    for _ in range(generations):
        asked = search.ask()
        scores = -(((asked - goal) / width) ** 2).sum(axis=1) + noise * rng.standard_normal(len(asked))
        search.tell(asked, scores)
    return search


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("goal", [(0.25, 500.0), (0.05, 850.0), (0.6, 100.0)])
def test_it_finds_the_best_levers_inside_and_at_the_bounds(goal: tuple[float, float], seed: int) -> None:
    for noise, near in ((0.0, 0.01), (0.01, 0.06)):
        found = _searched(np.array(goal), noise, seed).best
        assert abs(found[0] - goal[0]) / 0.6 < near
        assert abs(found[1] - goal[1]) / 800.0 < near


def test_scores_of_chance_alone_lead_nowhere_in_particular() -> None:
    ends = [_searched(np.array([0.3, 500.0]), 1e6, seed).best[0] / 0.6 for seed in range(12)]
    assert 0.05 < np.std(ends)
    assert abs(np.mean(ends) - 0.5) < 0.3


def test_candidates_stay_within_the_bounds() -> None:
    search = CrossEntropy(LEVERS, 5, size=200)
    search.mean, search.spread = np.array([0.0, 1.0]), np.array([0.5, 0.5])
    asked = search.ask()
    assert asked[:, 0].min() >= 0.0
    assert asked[:, 0].max() <= 0.6
    assert asked[:, 1].min() >= 100.0
    assert asked[:, 1].max() <= 900.0
    assert len(np.unique(asked[:, 0])) > 150


def test_the_same_seed_searches_the_same_way_and_goes_on_from_a_saved_state() -> None:
    one, other = CrossEntropy(LEVERS, 7), CrossEntropy(LEVERS, 7)
    for generation in range(6):
        if generation == 3:  # through a file, as a study that was stopped
            saved = json.loads(json.dumps(other.state()))
            other = CrossEntropy(LEVERS, 7)
            other.load(saved)
        assert (one.ask() == other.ask()).all()
        for search in (one, other):
            asked = search.ask()
            search.tell(asked, -asked[:, 0])
    assert (CrossEntropy(LEVERS, 8).ask()[1:] != CrossEntropy(LEVERS, 7).ask()[1:]).all()


def test_candidates_without_a_score_are_not_learned_from() -> None:
    search = CrossEntropy(LEVERS, 1, size=8)
    asked = search.ask()
    scores = np.full(8, np.nan)
    with pytest.raises(InputError, match="0 of 8 candidates have a score"):
        search.tell(asked, scores)
    scores[:2] = [1.0, 2.0]
    search.tell(asked, scores)
    assert np.isfinite(search.best).all()


def test_levers_and_generations_that_cannot_be_are_refused() -> None:
    with pytest.raises(InputError, match="lever tax: its high end, 0, must be above"):
        Lever("tax", 0.5, 0.0)
    with pytest.raises(InputError, match="fewer than two"):
        CrossEntropy(LEVERS, 1, size=4)
