"""The search finds the tax rates that public economics derives, on the package's own labour supply and taxes.

The truth, pairs of an elasticity of hours e and a Pareto exponent a, is planted by `pytest --planted SEED`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest

from tests.studies.closed_form import (
    BOUNDS,
    FLAT,
    NEAR,
    THRESHOLD,
    TOP,
    Pair,
    found,
    lived,
    pairs,
    revenue,
    tail_of,
    wages,
)
from wildsim.engine.parallel import Workers

Search = Callable[[tuple[str, str], Sequence[str]], float]

#: Rate below the threshold in scenarios/top_rate.yaml.
BOTTOM = 0.2
RATES = (0.05, 0.3, 0.6, 0.9)
PAIR = Pair(e=0.5, a=2.0)


@pytest.fixture(scope="module")
def planted(request: pytest.FixtureRequest) -> int:
    """The seed of the truth."""
    seed: int = request.config.getoption("--planted")
    return seed


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Search]:
    """Searches whose candidates live in one process, which stays."""
    with Workers(1) as workers:
        yield lambda where, settings: found(where, settings, workers, tmp_path_factory.mktemp("study"))


def _check(pair: Pair, search: Search) -> None:
    """Compare both rates with their closed forms: Laffer's peak, and Saez's top rate at the a of the sample.

    That is the a of those who pay the top rate that was found, which is the condition of the optimum, and also the a of
    what is earned at the bottom rate alone, which is what a statistician would know before.
    """
    flat, top = search(FLAT, pair.settings), search(TOP, pair.settings)
    now, before = (tail_of(wages(TOP[0], [*pair.settings, f"{TOP[1]}={rate!r}"])) for rate in (top, BOTTOM))
    peak, best, guess = 1.0 / (1.0 + pair.e), 1.0 / (1.0 + now * pair.e), 1.0 / (1.0 + before * pair.e)
    print(f"e {pair.e:.3f}  a {pair.a:.3f}: flat {flat:.4f}, closed form {peak:.4f}; top {top:.4f}, ", end="")
    print(f"closed form {best:.4f} (a {now:.3f}), {guess:.4f} (a {before:.3f})")
    assert flat == pytest.approx(peak, abs=NEAR), pair
    assert top == pytest.approx(best, abs=NEAR), (pair, now)
    assert top == pytest.approx(guess, abs=NEAR), (pair, before)
    # another formula does not fit: half the exponent, or the peak of a flat tax
    for wrong in (0.5 * pair.a, 1.0):
        assert abs(top - 1.0 / (1.0 + wrong * pair.e)) > NEAR, pair


def test_peak_and_top_rate_are_found(planted: int, search: Search) -> None:
    for pair in pairs(planted, 1):
        _check(pair, search)


@pytest.mark.slow
def test_peak_and_top_rate_are_found_for_twenty_hidden_pairs(planted: int, search: Search) -> None:
    for pair in pairs(planted, 20):
        _check(pair, search)


@pytest.mark.parametrize("where", [FLAT, pytest.param(TOP, marks=pytest.mark.slow)], ids=["flat", "top"])
def test_without_response_the_best_rate_is_the_highest(where: tuple[str, str], search: Search) -> None:
    assert search(where, Pair(e=0.0, a=2.0).settings) > BOUNDS[1] - NEAR


def test_a_rule_that_never_stops_at_a_threshold_has_another_best_top_rate(search: Search) -> None:
    """Who falls below the threshold then pays less at the bottom rate too, which the formula does not know."""
    without = [*PAIR.settings, "parameters.labour.threshold_stop=0"]
    top = search(TOP, without)
    a = tail_of(wages(TOP[0], [*without, f"{TOP[1]}={top!r}"]))
    assert top < 1.0 / (1.0 + a * PAIR.e) - NEAR


def _departure(settings: list[str], months: int) -> float:
    """Return how far revenue is from r (1 - r)^e times a constant, over rates and months, relative."""
    ratios = []
    for rate in RATES:
        society = lived("laffer", [*PAIR.settings, *settings, f"policies.0.rate={rate!r}"], 0)
        for _ in range(months):
            society.step()
            ratios.append(society.indicators["income_tax_revenue"] / (rate * (1.0 - rate) ** PAIR.e))
        society.close()
    return max(ratios) / min(ratios) - 1.0


def test_pay_responds_by_the_elasticity_and_to_nothing_else_for_two_years() -> None:
    assert _departure([], 24) < 1e-6  # hours are kept in single precision


@pytest.mark.parametrize(
    ("name", "usual", "months"),
    [
        ("labour.hours_step", "0.25", 1),
        ("labour.unemployment_start", "0.0596", 1),
        ("labour.separation_rate", "0.0133", 1),
        ("labour.layoff_share", "0.5", 6),
        ("labour.wage_review", "0.13", 6),
        ("labour.hours_band", "[0.8, 1.15]", 6),
        ("government.pension", "0.32", 1),
        ("firms.dividends_start", "0.13", 1),
        ("firms.payout", "0.06", 6),
        ("banks.deposit_spread", "0.01", 1),
        ("government.tax_rule", "0.06", 6),
    ],
)
def test_every_channel_that_is_switched_off_would_move_revenue(name: str, usual: str, months: int) -> None:
    assert _departure([f"parameters.{name}={usual}"], months) > 1e-3


def test_above_the_threshold_pay_responds_to_the_top_rate_or_stops() -> None:
    """Rates .2 and .5; full-time pay at most 4,460, in between, or above 4,460 / (.5 / .8)^e."""
    settings = [*PAIR.settings, f"{TOP[1]}=0.5"]
    full = wages("top_rate", [*PAIR.settings, f"{TOP[1]}=0.2"])
    pay = wages("top_rate", settings)
    less = full * (0.5 / 0.8) ** PAIR.e
    wanted = np.where(full <= THRESHOLD, full, np.maximum(less, THRESHOLD))
    assert pay == pytest.approx(wanted, rel=1e-6)
    assert 0.02 < np.mean((full > THRESHOLD) & (less < THRESHOLD)) < 0.3
    assert 0.02 < np.mean(less > THRESHOLD) < 0.5
    owed = 0.2 * pay.sum() + 0.3 * np.maximum(pay - THRESHOLD, 0.0).sum()
    assert revenue("top_rate", settings) == pytest.approx(owed, rel=1e-9)
