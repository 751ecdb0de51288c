"""Range, precision, bites: each criterion alone can fail a case."""

from __future__ import annotations

import numpy as np
import pytest

from wildsim.cases import CASES, Case
from wildsim.cases.verdict import count, judge, reasons, row

SPREAD = np.linspace(-1.0, 1.0, 20)


@pytest.fixture
def case() -> Case:
    return CASES["dividend"]


def numbers(
    estimate: float = 0.0, spread: float = 0.1, income: float = 4.0, consumption: float = 2.0
) -> dict[str, np.ndarray]:
    fixed = {"income": np.full(20, income), "consumption": np.full(20, consumption)}
    return {"estimate": estimate + spread * SPREAD, **fixed}


def test_all_criteria_hold(case: Case) -> None:
    found = judge(case, numbers())
    assert found.passed
    assert reasons(case, found) == []
    assert found.estimate.n == 20


def test_the_standard_error_is_that_of_the_mean(case: Case) -> None:
    values = numbers(spread=2.0)["estimate"]
    found = judge(case, numbers(spread=2.0)).estimate
    assert found.error == pytest.approx(values.std(ddof=1) / np.sqrt(20))
    assert found.low < found.value < found.high


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"estimate": 3.5}, ["above the range"]),
        ({"estimate": -3.5}, ["below the range"]),
        ({"spread": 12.0}, ["not precise enough"]),
        ({"income": 1.0}, ["not seen: real household income rises by 1.5 % or more"]),
        (
            {"income": 0.0, "estimate": 4.0},
            ["above the range", "not seen: real household income rises by 1.5 % or more"],
        ),
    ],
    ids=["above", "below", "imprecise", "no bite", "both"],
)
def test_each_criterion_alone_fails_a_case(case: Case, given: dict[str, float], why: list[str]) -> None:
    found = judge(case, numbers(**given))
    assert not found.passed
    assert reasons(case, found) == why


def test_a_standard_error_of_exactly_a_quarter_of_the_width_will_do(case: Case) -> None:
    unit = numbers(spread=1.0)["estimate"].std(ddof=1) / np.sqrt(20)
    assert judge(case, numbers(spread=0.2499 * 6.0 / unit)).precise
    assert not judge(case, numbers(spread=0.2501 * 6.0 / unit)).precise


def test_an_interval_must_reach_where_the_case_says_so() -> None:
    """The wage subsidy: no change of participation at all is in the range, but not its interval above zero."""
    subsidy, income = CASES["wage_subsidy"], np.full(20, 10.0)
    dead = judge(subsidy, {"estimate": np.zeros(20), "income": income})
    assert reasons(subsidy, dead) == ["its interval ends at 0, not above 0"]
    assert judge(subsidy, {"estimate": 0.5 + SPREAD, "income": income}).passed


@pytest.mark.parametrize("name", ["estimate", "income"])
def test_a_seed_without_a_number_fails_the_case(case: Case, name: str) -> None:
    given = numbers()
    given[name] = given[name].copy()
    given[name][3] = np.nan
    found = judge(case, given)
    assert found.missing == 1
    assert not found.passed
    assert reasons(case, found) == ["1 seeds without a number"]


def test_one_seed_has_no_standard_error_and_fails(case: Case) -> None:
    found = judge(case, {name: values[:1] for name, values in numbers().items()})
    assert not found.precise
    assert not found.passed


def test_the_count_tells_ranges_with_zero_from_others(case: Case) -> None:
    good, dead = judge(case, numbers()), judge(case, numbers(income=0.0))
    rebate = CASES["rebate"]
    bites = {"poor_more": np.full(20, 0.1)}
    other = judge(
        rebate, {"estimate": 0.5 + 0.01 * SPREAD, **bites, "poor": SPREAD, "rest": SPREAD, "necessities": SPREAD}
    )
    rows = [row(case, good, dead), row(rebate, other, None), row(case, dead, good)]
    found = count(rows)
    assert (found["cases"], found["passed"], found["passed_without_zero"]) == (3, 2, 1)
    assert (found["placebos"], found["placebos_failed"]) == (2, 1)
