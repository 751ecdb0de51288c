"""The curve of an optimisation: gap, drop, and where to stop, on gold whose rise and fall are planted."""

from __future__ import annotations

import math

import numpy as np
import pytest

from wildsim.studies.goodhart.curve import Curve

STEPS, WORLDS = 21, 24


def planted(peak: float, seed: int) -> Curve:
    """Return a curve whose proxy rises by 3 while gold rises to `peak` of the way, and falls as fast as it rose."""
    luck = np.random.Generator(np.random.Philox(seed))
    way = np.linspace(0.0, 1.0, STEPS)
    meant = peak - np.abs(way - peak)
    worlds = meant[:, None] + 0.1 * luck.standard_normal((STEPS, WORLDS))
    worlds[0] = 0.0
    return Curve(3.0 * way, np.repeat(3.0 * way[:, None], WORLDS, axis=1), worlds)


@pytest.mark.parametrize("seed", range(20))
def test_gold_that_falls_is_seen_and_stopped_in_time(seed: int) -> None:
    curve = planted(0.4, seed)
    assert curve.drop == pytest.approx(1.5, abs=0.3)  # from .4 down to -.2, over a rise of .4
    assert curve.gap[-1] == pytest.approx(3.2, abs=0.1)
    assert abs(curve.stop - 8) <= 2
    assert curve.regret_removed >= 0.75  # of half of the worlds, whose own best step may be the next one


def test_gold_that_goes_on_rising_is_not_stopped() -> None:
    curve = planted(1.0, 1)
    assert curve.stop >= STEPS - 3
    assert curve.drop < 0.15


def test_gold_that_never_rises_has_no_drop_in_parts_of_its_rise() -> None:
    falling = np.repeat(-np.arange(5.0)[:, None], 8, axis=1)
    curve = Curve(np.arange(5.0), falling, falling)
    assert math.isnan(curve.drop)
    assert curve.stop == 0
