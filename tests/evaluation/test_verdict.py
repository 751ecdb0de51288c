"""The verdict of sealed indicators: false alarms as nominal, planted effects found, harm outweighs."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from wildsim.evaluation.verdict import standardised, verdict_of

ASKED = ("employment_rate", "crime_rate")
SEEDS, MONTHS = 16, 6


def frame(luck: np.random.Generator, common: np.ndarray, employment: float = 0.0, crime: float = 0.0) -> pd.DataFrame:
    """Return months of both indicators: what a seed shares with its pair, luck of its own, and what is planted."""
    index = pd.MultiIndex.from_product([range(SEEDS), range(MONTHS)], names=["seed", "month"])
    values = np.repeat(common, MONTHS, axis=0) + 0.3 * np.repeat(luck.standard_normal((SEEDS, 2)), MONTHS, axis=0)
    return pd.DataFrame(values + np.array([employment, crime]), index=index, columns=list(ASKED))


def world(planted: int, number: int, employment: float = 0.0, crime: float = 0.0) -> tuple[pd.DataFrame, pd.DataFrame]:
    luck = np.random.Generator(np.random.Philox([planted, number]))
    common = luck.standard_normal((SEEDS, 2))
    return frame(luck, common), frame(luck, common, employment, crime)


def test_without_an_effect_it_speaks_in_five_of_a_hundred(planted: int) -> None:
    words = [verdict_of(*world(planted, number), ASKED, 1).word for number in range(1000)]
    # nominal 5 %; 6.6 % is its upper 99th percentile in 1,000 repetitions
    assert 1000 - words.count("inconclusive") <= 66


@pytest.mark.parametrize(
    ("employment", "crime", "word"), [(1.0, 0.0, "adopt"), (0.0, 1.0, "reject"), (1.0, 1.0, "reject")]
)
def test_a_planted_effect_is_named(employment: float, crime: float, word: str, planted: int) -> None:
    words = [verdict_of(*world(planted, number, employment, crime), ASKED, 1).word for number in range(200)]
    assert words.count(word) >= 190  # nominal 5 % of the other indicator may speak, too


def test_gains_are_in_the_better_direction_and_in_standard_deviations(planted: int) -> None:
    baseline, candidate = world(planted, 1, employment=1.0, crime=1.0)
    found = verdict_of(baseline, candidate, ASKED, 3)
    employment, crime = found.judged
    spread = baseline.groupby("seed")["employment_rate"].mean().std()
    assert employment.gain == pytest.approx(employment.difference / spread)
    assert crime.gain < 0.0 < employment.gain
    assert crime.gain_interval[0] < crime.gain < crime.gain_interval[1]
    assert found.gain == pytest.approx((employment.gain + crime.gain) / 2)
    assert found.opened == 3


def test_worlds_that_do_not_differ_have_no_standard_gain() -> None:
    assert math.isnan(standardised(1.0, np.ones(5)))
    assert math.isnan(standardised(1.0, np.array([1.0])))
