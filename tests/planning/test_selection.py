"""Choosing by a proxy: normal noise costs what theory says, heavy tails turn more choice into less, stopping saves."""

from __future__ import annotations

import numpy as np
import pytest

from wildsim.core.errors import InputError
from wildsim.planning.selection import best_of, expected_best, expected_gold, stop_early

SIZES = (1, 4, 16, 64, 256, 1024)
CANDIDATES = 2_000_000


@pytest.mark.parametrize("noise", [0.5, 2.0])
def test_best_of_n_with_normal_noise_is_as_theory_says(noise: float) -> None:
    rng = np.random.default_rng(41)
    gold = rng.standard_normal(CANDIDATES)
    proxy = gold + noise * rng.standard_normal(CANDIDATES)
    for n in SIZES:
        found = best_of(proxy, gold, n)
        assert abs(found.gold - expected_gold(n, noise)) <= 3.0 * found.error
        if n > 1:  # without the noise's discount theory is off by far
            assert abs(found.gold - expected_best(n)) > 3.0 * found.error
            assert found.proxy > found.gold


def test_the_largest_of_two_and_three_is_known() -> None:
    assert expected_best(2) == pytest.approx(1 / np.sqrt(np.pi), abs=1e-6)
    assert expected_best(3) == pytest.approx(1.5 / np.sqrt(np.pi), abs=1e-6)
    assert expected_best(1) == pytest.approx(0.0, abs=1e-6)


POWERS = tuple(2**k for k in range(13))


def _heavy(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return proxy, gold and validation of the best of n, noise t with 3 degrees of freedom, by n."""
    rng = np.random.default_rng(seed)
    gold = rng.standard_normal(4_096 * 400)
    proxy = gold + rng.standard_t(3, len(gold))
    seen = gold + rng.standard_normal(len(gold))  # other luck, no tails
    rows = [(best_of(proxy, gold, n), best_of(proxy, seen, n)) for n in POWERS]
    return (
        np.array([row[0].proxy for row in rows]),
        np.array([row[0].gold for row in rows]),
        np.array([row[1].gold for row in rows]),
    )


@pytest.mark.parametrize("seed", [43, 44, 45])
def test_with_heavy_tails_gold_falls_while_the_proxy_rises_and_stopping_early_saves_it(seed: int) -> None:
    proxy, gold, validation = _heavy(seed)
    assert (np.diff(proxy) > 0).all()
    peak = int(gold.argmax())
    assert 0 < peak < len(POWERS) - 1
    assert gold[-1] <= 0.5 * gold[peak]
    stopped = stop_early(validation, gold)
    assert stopped.regret_removed >= 0.9
    assert stop_early(proxy, gold).regret_removed == 0.0  # the proxy itself never says stop


def test_where_going_on_loses_nothing_there_is_no_regret() -> None:
    assert np.isnan(stop_early(np.arange(4.0), np.arange(4.0)).regret_removed)
    with pytest.raises(InputError, match="10 candidates make no two groups of 6"):
        best_of(np.zeros(10), np.zeros(10), 6)
