"""The curve of an optimisation: gap, drop and stop, on the best of n whose tails are known to be heavy or not."""

from __future__ import annotations

import math

import numpy as np
import pytest

from wildsim.core.errors import InputError
from wildsim.planning.selection import best_of
from wildsim.studies.goodhart.curve import Curve, curve_of, pressure_of_best

SIZES = tuple(2**k for k in range(12))


def _of(heavy: bool, seed: int) -> Curve:
    """Return the curve of the best of n by gold plus noise, normal or t with 3 degrees of freedom."""
    rng = np.random.Generator(np.random.Philox(seed))
    gold = rng.standard_normal(2_048 * 200)
    proxy = gold + (rng.standard_t(3, len(gold)) if heavy else rng.standard_normal(len(gold)))
    rows = [best_of(proxy, gold, n) for n in SIZES]
    return curve_of(
        np.array([row.proxy for row in rows]),
        np.array([row.gold for row in rows]),
        pressure=np.array([pressure_of_best(n) for n in SIZES]),
        gold_error=np.array([row.error for row in rows]),
        validation=np.array([best_of(proxy, gold + rng.standard_normal(len(gold)), n).gold for n in SIZES]),
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_gold_falls_with_heavy_tails_and_not_with_normal_noise(seed: int) -> None:
    heavy, normal = _of(True, seed), _of(False, seed)
    assert heavy.falls
    assert 0.3 < heavy.drop < 1.2
    assert heavy.stopped.regret_removed >= 0.9
    assert (np.diff(heavy.gap) > 0).all()
    assert not normal.falls
    assert normal.drop < 0.05
    assert "may be chance" not in str(heavy)


def test_the_numbers_of_a_curve_are_what_they_say() -> None:
    found = curve_of(np.array([1.0, 2.0, 3.0, 4.0]), np.array([0.0, 4.0, 3.0, 1.0]), slope=2.0)
    assert found.gap.tolist() == [0.0, -2.0, 1.0, 5.0]
    assert (found.peak, found.drop, found.falls) == (1, 0.75, True)
    assert (found.stopped.step, found.stopped.regret_removed) == (1, 1.0)
    assert str(found) == "gap 5 at the end; gold falls by 75% of its rise; stop at step 1"
    unsure = curve_of(np.arange(4.0), np.array([0.0, 4.0, 3.0, 1.0]), gold_error=np.full(4, 2.0))
    assert not unsure.falls
    assert "may be chance" in str(unsure)
    never = curve_of(np.arange(3.0), np.array([0.0, -1.0, -2.0]))
    assert math.isnan(never.drop)
    assert "gold never rose" in str(never)
    assert [pressure_of_best(n) for n in (1, 2)] == [0.0, pytest.approx(math.log(2) - 0.5)]


def test_curves_that_do_not_go_together_are_refused() -> None:
    for wrong, says in (
        (lambda: curve_of(np.zeros(1), np.zeros(1)), "two steps or more"),
        (lambda: curve_of(np.zeros(3), np.zeros(2)), "as long as gold"),
        (lambda: curve_of(np.zeros(2), np.array([0.0, np.nan])), "has no number"),
        (lambda: curve_of(np.zeros(2), np.zeros(2), pressure=np.zeros(2)), "must rise"),
        (lambda: pressure_of_best(0), "is nobody"),
    ):
        with pytest.raises(InputError, match=says):
            wrong()
