"""Estimators on data whose answer is known."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from tests.facts.tables import evidence
from wildsim.facts import FACTS, estimators
from wildsim.facts.estimators import (
    fixed_effects_slope,
    gini,
    gompertz_slope,
    grouped_median,
    mincer_return,
    sd_of_logs,
    zipf_exponent,
)
from wildsim.facts.firms import growth_rates
from wildsim.facts.labour import WEEKS
from wildsim.facts.moments import shape
from wildsim.indicators.demography import AGES, YEARS


def draws(seed: int = 1) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(seed))


def even(count: int) -> np.ndarray:
    """Return evenly spread shares in (0, 1): a sample without luck."""
    return (np.arange(count) + 0.5) / count


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (np.full(500, 7.0), 0.0),
        (even(1500), 1 / 3),
        (-np.log(even(1500)), 1 / 2),
        (even(40_000), 1 / 3),
        (-np.log(even(40_000)), 1 / 2),
    ],
    ids=["equal", "uniform", "exponential", "many uniform", "many exponential"],
)
def test_gini_of_known_distributions(values: np.ndarray, wanted: float) -> None:
    assert gini(values) == pytest.approx(wanted, abs=2e-3)


def test_spread_of_logs() -> None:
    assert sd_of_logs(np.exp(draws().normal(8.0, 0.6, 20_000))) == pytest.approx(0.6, abs=0.01)
    assert math.isnan(sd_of_logs(np.zeros(100)))


@pytest.mark.parametrize("exponent", [0.9, 1.06, 1.5, 2.0])
def test_pareto_sizes_have_their_exponent(exponent: float) -> None:
    sizes = np.floor(even(20_000) ** (-1 / exponent))
    assert zipf_exponent(sizes) == pytest.approx(exponent, rel=0.05)


def test_sizes_that_are_no_power_law_have_a_steep_tail() -> None:
    assert zipf_exponent(np.ceil(-10.0 * np.log(even(20_000)))) > 1.5
    assert math.isnan(zipf_exponent(np.full(1000, 3.0)))
    assert math.isnan(zipf_exponent(np.empty(0)))


def test_a_planted_return_to_schooling_is_found() -> None:
    luck, people = draws(), 20_000
    schooling = luck.choice([10.0, 12.0, 14.0, 16.0], people)
    experience = luck.uniform(0, 40, people) - 0.5 * schooling  # correlated with it: the control matters
    wage = np.exp(7 + 0.09 * schooling + 0.03 * experience - 0.0004 * experience**2 + luck.normal(0, 0.5, people))
    assert mincer_return(wage, schooling, experience) == pytest.approx(0.09, abs=0.005)
    assert abs(np.polyfit(schooling, np.log(wage), 1)[0] - 0.09) > 0.01, "without the control it is another number"
    assert math.isnan(mincer_return(wage, np.full(people, 12.0), experience))


def test_the_median_of_grouped_values() -> None:
    values = -np.log(even(100_000)) * 10.0
    counts = np.bincount((values / 4.0).astype(int)).astype(float)
    assert grouped_median(counts, 4.0) == pytest.approx(10.0 * math.log(2), abs=0.2), "even within a group"
    assert math.isnan(grouped_median(np.zeros(5), 4.0))


def spells(shape_of: float, scale: float) -> Any:
    """Return evidence of searches with Weibull durations, one cohort a month in a steady state."""
    begun = 1e6 * np.exp(-((np.arange(62) / scale) ** shape_of))
    hired = begun[1:61] - begun[2:62]
    return evidence(spell__under_way=begun[1:61], spell__at_risk=begun[1:61], spell__hired=hired)


def test_hazards_of_weibull_durations() -> None:
    ratio, median, rate = (FACTS[name].measure for name in ("hazard_ratio", "median_duration", "finding_rate"))
    assert ratio(spells(0.6, 2.0)) < 0.75
    assert ratio(spells(1.0, 2.0)) == pytest.approx(1.0, abs=0.01)
    assert ratio(spells(1.5, 3.0)) > 1.3
    constant = spells(1.0, 2.0)
    assert rate(constant) == pytest.approx(1 - math.exp(-0.5), abs=0.01)
    steady = 1 - math.exp(-0.5)  # spells under way are geometric: half of them are in their first months
    assert median(constant) == pytest.approx(WEEKS * (1 + (0.5 - steady) / (steady * (1 - steady))), rel=0.01)
    assert math.isnan(ratio(spells(3.0, 1.0))), "no search lasts half a year"


def test_slope_within_regions() -> None:
    luck = draws()
    jobless = luck.uniform(3, 12, (20, 8)) + np.arange(8.0)
    crime = 5 + 0.01 * jobless - 0.3 * np.arange(8.0) + luck.normal(0, 0.001, (20, 8))
    assert fixed_effects_slope(crime, jobless) == pytest.approx(0.01, abs=1e-3)
    assert np.polyfit(jobless.ravel(), crime.ravel(), 1)[0] < 0, "without region effects the sign is wrong"
    crime[3, 2] = np.nan
    assert fixed_effects_slope(crime, jobless) == pytest.approx(0.01, abs=1e-3)
    assert math.isnan(fixed_effects_slope(crime, np.full_like(jobless, 5.0)))


def test_gompertz_deaths_have_their_slope() -> None:
    middle = AGES + np.minimum(YEARS, 5.0) / 2
    years = np.full(len(AGES), 1e5)
    deaths = years * 1e-4 * np.exp(0.085 * middle)
    old = AGES >= 40
    assert gompertz_slope(middle[old], deaths[old], years[old]) == pytest.approx(0.085)
    assert math.isnan(gompertz_slope(middle, np.zeros(len(AGES)), years))


def test_kurtosis_of_known_distributions() -> None:
    luck = draws()
    assert shape(luck.laplace(size=200_000))[1] == pytest.approx(3.0, abs=0.3)
    assert shape(luck.normal(size=200_000))[1] == pytest.approx(0.0, abs=0.1)


def firms(**columns: Any) -> Any:
    rows = len(next(iter(columns.values())))
    filled: dict[str, Any] = {"age": np.full(rows, 100), "region": np.zeros(rows), "kind": np.ones(rows)}
    filled |= {"price": np.ones(rows), "sales": np.ones(rows), "staff": np.ones(rows)} | columns
    return evidence(**{f"firm__{name}": values for name, values in filled.items()})


def test_growth_follows_firms_by_identity() -> None:
    """Firm 1 doubles, 2 halves, 3 ends, 4 is new: two rates, and the mean is taken out."""
    ids = np.array([1, 2, 3, 2, 1, 4], dtype=np.uint64)
    year, staff = np.array([0, 0, 0, 1, 1, 1]), np.array([10.0, 8.0, 5.0, 4.0, 20.0, 9.0])
    found = growth_rates(firms(id=ids, year=year, staff=staff), "staff")
    assert sorted(found) == pytest.approx([-math.log(2), math.log(2)])
    young = firms(id=ids, year=year, staff=staff, age=np.array([5, 100, 100, 100, 17, 5]))
    assert len(growth_rates(young, "staff")) == 1, "the first year of firm 1 was not whole"


def test_prices_are_compared_within_markets() -> None:
    price = np.concatenate([10 + np.tile([-1.0, 1.0], 20), 100 + np.tile([-10.0, 10.0], 20)])
    region = np.repeat([0, 1], 40)
    measure = FACTS["price_dispersion"].measure
    found = measure(firms(id=np.arange(80, dtype=np.uint64), year=np.zeros(80), price=price, region=region))
    assert found == pytest.approx(0.1, rel=0.02), "10 % in both; over both together it would be 90 %"
    few = firms(id=np.arange(4, dtype=np.uint64), year=np.zeros(4))
    assert math.isnan(measure(few))


def test_failures_in_slumps_are_countercyclical() -> None:
    quarters = np.repeat(np.arange(80), 3)
    wave = np.sin(2 * np.pi * quarters / 20)
    level = 1e6 * np.exp(0.03 * wave)
    months = {
        "gdp": level,
        "gdp_real": level,
        "consumption_real": 0.6 * level,
        "investment_real": 0.2 * level,
        "unemployment_rate": 0.05 - 0.01 * wave,
        "vacancy_rate": 0.03 + 0.01 * wave,
        "bankruptcy_rate": 0.02 - 0.01 * wave,
    }
    made = evidence(months)
    assert FACTS["failures_cycle"].measure(made) == pytest.approx(-1.0, abs=0.01)
    assert FACTS["beveridge"].measure(made) == pytest.approx(-1.0, abs=0.01)
    assert FACTS["failure_rate"].measure(made) == pytest.approx(0.02)


def test_few_values_give_no_estimate() -> None:
    few = np.arange(1.0, estimators.LEAST)
    assert math.isnan(gini(few))
    assert math.isnan(zipf_exponent(few))
    assert math.isnan(mincer_return(few, few, few))
