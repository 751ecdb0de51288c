"""Validation asked 400 times by somebody who climbs on its luck: protected it stays honest, unprotected it does not."""

from __future__ import annotations

import numpy as np
import pytest

from wildsim.core.errors import InputError
from wildsim.evaluation.ladder import Ladder

SEEDS, TRAITS, QUERIES = 100, 40, 400


def _climb(seed: int, protected: bool, truth: float = 0.0) -> tuple[float, float, float]:
    """Return the winner's validation score as told, its value on many fresh seeds, the standard error of a score."""
    rng = np.random.default_rng(seed)
    good = truth * np.eye(TRAITS)[0]

    def luck(count: int) -> np.ndarray:
        return rng.standard_normal((count, TRAITS)) + good

    validation, ladder = luck(SEEDS), Ladder(QUERIES, protected)
    here = np.zeros(TRAITS)
    here[-1] = 1.0
    best = ladder.ask(validation @ here)
    for _ in range(QUERIES - 1):
        there = here + 0.3 * rng.standard_normal(TRAITS)
        there /= np.linalg.norm(there)
        told = ladder.ask(validation @ there)
        if told > best:
            best, here = told, there
    assert ladder.queries == QUERIES
    return best, float((luck(20_000) @ here).mean()), 1.0 / SEEDS**0.5


@pytest.mark.parametrize("seed", range(8))
def test_400_queries_leave_the_score_honest_and_without_protection_they_do_not(seed: int) -> None:
    told, fresh, error = _climb(seed, protected=True)
    assert abs(told - fresh) <= 3.0 * error
    loose, value, _ = _climb(seed, protected=False)
    assert loose - value > 3.0 * error
    assert loose - value > told - fresh


def test_what_is_truly_better_is_seen() -> None:
    gains = [_climb(seed, protected=True, truth=2.0)[1] for seed in range(4)]
    assert np.mean(gains) > 0.6


def test_it_may_be_asked_so_often_and_no_more() -> None:
    ladder = Ladder(most=2)
    for _ in range(2):
        ladder.ask(np.arange(3.0))
    with pytest.raises(InputError, match="validation may be asked 2 times; it was"):
        ladder.ask(np.arange(3.0))


def test_a_candidate_without_scores_is_refused() -> None:
    for scores in ([1.0], [1.0, np.nan]):
        with pytest.raises(InputError, match="two validation seeds or more"):
            Ladder().ask(np.array(scores))
