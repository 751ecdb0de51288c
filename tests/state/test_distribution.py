"""Quantiles and Gini coefficients: exact for few values, from fine groups for many."""

from __future__ import annotations

import math

import numpy as np
import pytest

from wildsim.state.distribution import MANY, groups

SAMPLES = {
    "lognormal": np.random.default_rng(1).lognormal(8.0, 1.5, 20_000),
    "with debts": np.random.default_rng(2).normal(1e4, 3e4, 20_000),
    "pareto": np.random.default_rng(3).pareto(1.2, 20_000) * 1e6,
    "many zeros": np.maximum(np.random.default_rng(4).normal(0.0, 1.0, 20_000), 0.0),
    "tiny and huge": np.exp(np.random.default_rng(5).uniform(-60, 60, 20_000)),
    "all debts": -np.random.default_rng(6).lognormal(3.0, 1.0, 20_000),
}


def _gini(values: np.ndarray, weights: np.ndarray) -> float:
    """Mean absolute difference over twice the mean, from its definition on sorted values."""
    order = np.argsort(values)
    x, w = values[order], weights[order]
    before = np.cumsum(w) - w
    return float((w * x * (2 * before + w)).sum() / ((w * x).sum() * w.sum()) - 1.0)


@pytest.mark.parametrize("name", SAMPLES)
def test_groups_agree_with_sorting(name: str) -> None:
    values = SAMPLES[name]
    weights = np.random.default_rng(9).integers(1, 3, len(values)).astype(np.float64)
    found = groups(values, weights)
    order = np.argsort(values, kind="stable")
    cumulated = np.cumsum(weights[order])
    for share in (0.1, 0.5, 0.9, 0.99):
        exact = values[order][np.searchsorted(cumulated, share * cumulated[-1])]
        assert found.quantile(share) == pytest.approx(exact, rel=0.005, abs=1e-6 * np.abs(values).max())
    assert found.weight.sum() == weights.sum()
    assert (found.value * found.weight).sum() == pytest.approx((values * weights).sum(), rel=1e-9)
    assert (np.diff(found.value) > 0).all()
    if values.sum() > 0:
        assert found.gini() == pytest.approx(_gini(values, weights), abs=1e-5)
    else:
        assert math.isnan(found.gini())


def test_few_values_by_hand() -> None:
    found = groups(np.array([30.0, 10.0, 20.0, 40.0]))
    assert [found.quantile(share) for share in (0.25, 0.5, 1.0)] == [10, 20, 40]
    assert found.share_below(30.0) == 0.5
    assert found.gini() == pytest.approx(0.25)
    assert groups(np.array([0.0, 0.0, 0.0, 9.0])).gini() == pytest.approx(0.75)
    assert groups(np.full(7, 5.0)).gini() == pytest.approx(0.0)


def test_nobody_and_nothing_are_not_zero() -> None:
    nobody = groups(np.empty(0))
    assert math.isnan(nobody.quantile(0.5))
    assert math.isnan(nobody.share_below(1.0))
    assert math.isnan(groups(np.zeros(5)).gini())


def test_the_unit_of_money_does_not_matter() -> None:
    values = SAMPLES["with debts"]
    one, other = groups(values), groups(1024.0 * values)
    assert (1024.0 * one.value == other.value).all()
    assert one.gini() == other.gini()


def test_the_change_from_sorting_to_groups_is_not_seen() -> None:
    values = SAMPLES["lognormal"][:MANY]
    exact, grouped = groups(values[:-1]), groups(values)
    assert grouped.quantile(0.5) == pytest.approx(exact.quantile(0.5), rel=0.01)
    assert grouped.gini() == pytest.approx(exact.gini(), abs=0.01)
