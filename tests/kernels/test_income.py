"""What households earn and owe, against plain Python."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds import frozen
from wildsim.kernels.income import household_income
from wildsim.kernels.members import benefit_of, income_tax

STARTS, RATES = np.array([0.0, 1000.0, 3000.0]), np.array([0.1, 0.2, 0.4])
RESULTS = ("wages", "public_wages", "benefits", "pensions", "subsidies", "tax", "gross", "income")


def plain_tax(income: float, starts: list[float], rates: list[float]) -> float:
    """Tax each dollar at the rate of the bracket that it falls into."""
    ends = [*starts[1:], float("inf")]
    return sum(rate * max(0.0, min(income, end) - start) for start, end, rate in zip(starts, ends, rates, strict=True))


@given(
    st.floats(-100, 50_000),
    st.lists(st.floats(0, 20_000), min_size=1, max_size=7, unique=True).map(sorted),
    st.lists(st.floats(0, 0.9), min_size=7, max_size=7),
)
def test_income_tax_is_marginal(income: float, starts: list[float], rates: list[float]) -> None:
    rates = rates[: len(starts)]
    found = income_tax(income, np.array(starts), np.array(rates))
    assert found == pytest.approx(plain_tax(income, starts, rates), abs=1e-9)


@pytest.mark.parametrize(("income", "tax"), [(0, 0), (500, 50), (1000, 100), (2000, 300), (3000, 500), (4000, 900)])
def test_income_tax_by_hand(income: float, tax: float) -> None:
    assert income_tax(float(income), STARTS, RATES) == pytest.approx(tax)


def test_benefit_ends_and_is_capped() -> None:
    law = (np.array([0.5]), np.array([6.0]), np.array([800.0]))
    assert benefit_of(1000.0, 0, 0, *law) == 500
    assert benefit_of(1000.0, 5, 0, *law) == 500
    assert benefit_of(1000.0, 6, 0, *law) == 0
    assert benefit_of(9000.0, 1, 0, *law) == 800


def earn(people: list[dict[str, Any]], members: list[int], **rule: Any) -> dict[str, list[float]]:
    """Return the incomes of households with these `people`; firm 0 is private, firm 1 public."""
    base = {"age": 40, "employer": -1, "wage": 0.0, "last_wage": 0.0, "months_out": 0, "participates": 1, "law": 0}
    rows = [base | person for person in people]
    rule = {"dividends": 0.0, "interest": 0.0, "hours_pay": [1.0, 1.0], "pension": 0.0, "assistance": 0.0} | rule
    rule = {"subsidy_in": 0.0, "subsidy_until": 0.0, "subsidy_out": 0.0} | rule
    count = len(members)
    out = {name: np.full(count, 777.0) for name in RESULTS}

    def person(name: str, dtype: type[np.generic]) -> Any:
        return frozen([row[name] for row in rows], dtype)

    household_income(
        0,
        1,
        frozen([0, count], np.int64),
        frozen(np.cumsum(members) - members, np.int32),
        frozen(members, np.int8),
        frozen(np.full(count, rule["dividends"]), np.float64),
        np.full(count, float(rule["interest"])),
        person("age", np.float32),
        person("employer", np.int32),
        person("wage", np.float64),
        person("last_wage", np.float64),
        person("months_out", np.int16),
        person("participates", np.int8),
        person("law", np.int8),
        np.array(rule["hours_pay"], dtype=np.float64),
        np.array([0, 1], dtype=np.int8),
        frozen([0.5, 1.0], np.float64),
        frozen([6.0, 6.0], np.float64),
        np.array([800.0, 800.0]),
        frozen([rule["subsidy_in"], 0.0], np.float64),
        np.array([rule["subsidy_until"], 0.0], dtype=np.float64),
        frozen([rule["subsidy_out"], 0.0], np.float64),
        STARTS.copy(),
        RATES.copy(),
        float(rule["pension"]),
        float(rule["assistance"]),
        *out.values(),
    )
    return {name: values.tolist() for name, values in out.items()}


def test_a_couple_is_taxed_on_half_its_income_each() -> None:
    """2,000 from a private firm at 1.5 hours' pay and 1,000 from an agency: 4,000 in all, tax 2 * 300."""
    couple = [{"employer": 0, "wage": 2000.0}, {"employer": 1, "wage": 1000.0}]
    found = earn(couple, [2], hours_pay=[1.5, 1.0])
    assert found["wages"] == [3000]
    assert found["public_wages"] == [1000]
    assert found["tax"] == pytest.approx([600])
    assert found["income"] == pytest.approx([3400])


def test_children_are_fed_but_not_taxed() -> None:
    """A couple of 4,000 with two children pays what it pays without them; four people are topped up."""
    couple = [{"employer": 0, "wage": 4000.0}, {}]
    child = {"age": 9.0, "participates": 0}
    assert earn([*couple, child, child], [4])["tax"] == earn(couple, [2])["tax"] == [pytest.approx(600)]
    assert earn([{"participates": 0}, child], [2], assistance=300.0)["benefits"] == [600]
    assert earn([child], [1], dividends=2000.0)["tax"] == pytest.approx([300])


def test_searchers_get_benefits_others_do_not() -> None:
    people = [{"last_wage": 1000.0}, {"last_wage": 1000.0, "participates": 0}, {"last_wage": 1000.0, "law": 1}]
    found = earn(people, [1, 1, 1])
    assert found["benefits"] == [500, 0, 800]
    assert found["tax"] == pytest.approx([50, 0, 80])


def test_assistance_tops_up_to_its_line_and_is_not_taxed() -> None:
    found = earn([{"last_wage": 200.0}, {"participates": 0}], [1, 1], assistance=300.0)
    assert found["benefits"] == [300, 300]
    assert found["gross"] == [100, 0]
    assert found["tax"] == pytest.approx([10, 0])
    assert found["income"] == pytest.approx([290, 300])


def test_pensioners_get_a_pension_each_and_capital_income_is_taxed() -> None:
    found = earn([{"age": 70, "participates": 0}] * 2, [2], pension=700.0, dividends=400.0, interest=200.0)
    assert found["pensions"] == [1400]
    assert found["gross"] == [2000]
    assert found["tax"] == pytest.approx([200])


@pytest.mark.parametrize(("wage", "subsidy"), [(500, 100), (1000, 200), (1500, 100), (2000, 0), (9000, 0)])
def test_wage_subsidy_rises_then_is_withdrawn(wage: float, subsidy: float) -> None:
    found = earn([{"employer": 0, "wage": wage}], [1], subsidy_in=0.2, subsidy_until=1000.0, subsidy_out=0.2)
    assert found["subsidies"] == pytest.approx([subsidy])


@given(st.integers(0, 10_000))
def test_income_is_what_comes_in_less_tax(seed: int) -> None:
    luck = np.random.default_rng(seed)
    people = [
        {"age": a, "employer": e, "wage": w if e >= 0 else 0.0, "last_wage": w, "months_out": m, "participates": p}
        for a, e, w, m, p in zip(
            luck.uniform(20, 80, 12),
            luck.integers(-1, 2, 12),
            luck.uniform(0, 5000, 12),
            luck.integers(0, 12, 12),
            luck.integers(0, 2, 12),
            strict=True,
        )
    ]
    found = earn(people, [1, 2, 3, 4, 2], pension=600.0, assistance=250.0, dividends=30.0, subsidy_in=0.1)
    parts = np.array([found[name] for name in ("wages", "public_wages", "benefits", "pensions", "subsidies")])
    income = parts.sum(axis=0) + 30.0 - np.array(found["tax"])
    assert np.array(found["income"]) == pytest.approx(income)
    assert (np.array(found["tax"]) <= np.array(found["gross"]) + 1e-9).all()
