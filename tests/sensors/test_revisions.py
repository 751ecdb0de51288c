"""Releases of kind news and noise, as the sensor makes them, are told apart; where there are none, neither is found."""

from __future__ import annotations

import numpy as np
import pytest

from wildsim.core.errors import InputError
from wildsim.sensors.accounts import WINDOW, Accounts, Release, guess, spoilt
from wildsim.sensors.revisions import revisions_of

PERIODS, WORLDS, SIGNAL = 200, 200, 0.01
#: Revision variance of a fifth of the signal's.
ERROR = SIGNAL * 0.2**0.5


def _releases(kind: str, seed: int, errors: tuple[float, ...] = (ERROR, 0.0)) -> np.ndarray:
    """Return the growth of each release of 200 periods, shape (releases, periods)."""
    rng = np.random.default_rng(seed)
    logs = np.cumsum(0.002 + SIGNAL * rng.standard_normal(PERIODS + WINDOW + 2))
    make = {"news": guess, "noise": spoilt}[kind]
    spread = np.array(errors)
    rows = []
    for period in range(WINDOW + 1, len(logs) - 1):
        normal, past = rng.standard_normal(len(errors)), logs[period - WINDOW - 1 : period + 1]
        rows.append([make(past, spread, normal, number)[0] - logs[period - 1] for number in range(len(errors))])
    return np.array(rows).T


@pytest.mark.parametrize("kind", ["news", "noise"])
def test_the_kind_of_revisions_is_told_in_at_least_95_percent_of_worlds(kind: str) -> None:
    found = [revisions_of(*_releases(kind, seed)).kind for seed in range(WORLDS)]
    assert np.mean([one == kind for one in found]) >= 0.95


def test_revisions_have_the_size_that_was_asked_for() -> None:
    sizes = [revisions_of(*_releases(kind, 5)).size / ERROR for kind in ("news", "noise")]
    assert sizes == pytest.approx([1.0, 1.0], abs=0.15)


@pytest.mark.parametrize("kind", ["news", "noise"])
def test_each_release_is_nearer_the_truth(kind: str) -> None:
    releases = _releases(kind, 7, (0.008, 0.005, 0.002, 0.0))
    errors = [float((release - releases[-1]).std()) for release in releases]
    assert errors == sorted(errors, reverse=True)
    assert errors[:3] == pytest.approx([0.008, 0.005, 0.002], rel=0.2)


def test_news_cannot_be_foreseen_and_noise_can() -> None:
    for kind, foreseen in (("news", False), ("noise", True)):
        first, final = _releases(kind, 11)
        slope = np.polyfit(first, final - first, 1)[0]
        assert (slope < -0.1) == foreseen, f"{kind}: {slope:.3f}"


def test_without_revisions_there_is_no_kind() -> None:
    first, final = _releases("noise", 3, (0.0, 0.0))
    assert revisions_of(first, final).kind == "none"


def test_too_few_periods_say_nothing() -> None:
    with pytest.raises(InputError, match="3 periods were revised; 12 or more"):
        revisions_of(np.arange(3.0), np.arange(3.0) ** 2)


def test_accounts_measure_money_alone() -> None:
    accounts = Accounts("noise", (Release(1, 0.01),))
    accounts.check("gdp")
    with pytest.raises(InputError, match="'unemployment_rate' is in share"):
        accounts.check("unemployment_rate")
