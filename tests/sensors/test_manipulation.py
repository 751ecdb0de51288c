"""Ways to misreport: each does what it says to those who take part, and nothing to the others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from wildsim.sensors.manipulation import (
    ATTACKS,
    Attack,
    Collusion,
    Push,
    Reclassified,
    Silence,
    Sybil,
    Within,
    spread_of,
)

COUNT = 400


def _honest() -> Any:
    return 100.0 + 10.0 * np.random.Generator(np.random.Philox(3)).standard_normal(COUNT)


def _who(attackers: int) -> Any:
    return np.arange(COUNT) < attackers


LUCK = np.random.Generator(np.random.Philox(5)).random(COUNT)


@pytest.mark.parametrize("kind", ATTACKS.values(), ids=ATTACKS.keys())
@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_those_who_take_no_part_are_untouched(kind: type[Attack], side: float) -> None:
    honest, who = _honest(), _who(80)
    kept = honest.copy()
    spoilt = kind().spoil(honest, who, side, LUCK)
    assert (honest == kept).all()
    real = spoilt.origin >= 0
    untouched = real & ~spoilt.lies
    assert (spoilt.values[untouched] == honest[spoilt.origin[untouched]]).all()
    assert set(spoilt.origin[untouched].tolist()) >= set(np.flatnonzero(~who).tolist())
    nobody = kind().spoil(honest, _who(0), side, LUCK)
    assert (nobody.values == honest).all()
    assert not nobody.lies.any()
    again = kind().spoil(honest, who, side, LUCK)
    assert (again.values == spoilt.values).all()


@pytest.mark.parametrize("kind", [kind for name, kind in ATTACKS.items() if name != "truth"])
@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_each_moves_the_mean_to_its_side_and_the_control_does_not(kind: type[Attack], side: float) -> None:
    honest = _honest()
    moved = kind().spoil(honest, _who(80), side, LUCK).values.mean() - honest.mean()
    assert side * moved > 0.5
    assert (ATTACKS["truth"]().spoil(honest, _who(80), side, LUCK).values == honest).all()


def test_what_each_does() -> None:
    honest, who, spread = _honest(), _who(80), spread_of(_honest())
    middle = np.median(honest)
    push = Push(size=2.0).spoil(honest, who, -1.0, LUCK)
    assert push.values[:80] == pytest.approx(honest[:80] - 2.0 * spread)
    within = Within().spoil(honest, who, 1.0, LUCK)
    assert (within.values[:80] >= middle - 0.1).all()
    assert (within.values[:80] <= honest.max()).all()
    lied = within.values != honest
    assert (lied == (who & (honest < middle))).all()
    assert not np.isin(within.values[lied], honest).any()
    ranks = np.sort(honest).searchsorted(within.values[lied]), np.sort(honest).searchsorted(honest[lied])
    assert np.abs(ranks[0] + ranks[1] - COUNT).max() <= 1
    assert set(Collusion(size=1.0).spoil(honest, who, 1.0, LUCK).values[:80]) == {middle + spread}
    sybil = Sybil(size=2.0).spoil(honest, who, 1.0, LUCK)
    assert (len(sybil.values), int(sybil.lies.sum()), int((sybil.origin < 0).sum())) == (480, 80, 80)
    assert np.isin(np.round(sybil.values[400:] - 2.0 * spread, 9), np.round(honest, 9)).all()
    silent = Silence().spoil(honest, who, 1.0, LUCK)
    gone = set(range(COUNT)) - set(silent.origin.tolist())
    assert gone == {k for k in range(80) if honest[k] < middle}
    fewer = Reclassified(moved=0.25).spoil(honest, who, -1.0, LUCK)
    assert fewer.values[:80] == pytest.approx(0.75 * honest[:80])
    assert Push(price=7.0).price == 7.0


def test_the_spread_is_robust_and_never_zero_where_values_differ() -> None:
    honest = _honest()
    assert spread_of(honest) == pytest.approx(10.0, rel=0.1)
    assert spread_of(np.append(honest, 1e9)) == pytest.approx(spread_of(honest), rel=0.01)
    assert spread_of(np.array([0.0, 0.0, 0.0, 1.0])) > 0.0
