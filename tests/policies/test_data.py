"""Policies as data: dates, groups, what every kind documents."""

from __future__ import annotations

import numpy as np
import pytest

from wildsim.policies import POLICIES, Selector, Where

INTERFACE = set(
    "no_change income_tax vat corporate_tax payroll_tax wealth_tax unemployment_benefit basic_income rebate "
    "wage_subsidy minimum_wage public_spending public_jobs policy_rate credit_rule migration".split()
)
INTERFACE |= set(
    "carbon_tax training_places police sentence clearance crime_recording school_seats school_spending "
    "school_leaving_age research_grants health_coverage health_spending ai_tax ai_licence ai_training platform_rule "
    "energy_mix".split()
)


def test_every_kind_of_the_interface_is_here() -> None:
    assert set(POLICIES) >= INTERFACE


@pytest.mark.parametrize("kind", sorted(INTERFACE))
def test_every_field_is_documented(kind: str) -> None:
    model = POLICIES[kind]
    assert model.about
    assert model.model_fields["kind"].default == kind
    for name, field in model.model_fields.items():
        assert field.description or name == "kind", f"{kind}.{name}"


def test_dates() -> None:
    vat = POLICIES["vat"].model_validate({"rate": 0.1, "from": 3, "until": 5})
    assert [vat.active(month) for month in range(6)] == [False, False, False, True, True, False]
    shift = POLICIES["policy_rate"].model_validate({"shift": 0.01, "from": 2, "months": 2})
    assert [shift.active(month) for month in range(5)] == [False, False, True, True, False]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (3, [False, False, True, False]),
        ([2, 3], [False, True, True, False]),
        ({"in": [1, 4]}, [True, False, False, True]),
    ],
)
def test_selectors_are_inclusive(given: object, expected: list[bool]) -> None:
    assert Selector.model_validate(given).select(np.array([1, 2, 3, 4])).tolist() == expected


def test_where_gives_one_selector_a_column() -> None:
    where = Where.model_validate({"employed": False, "age": [16, 24]})
    chosen = where.selectors()
    assert list(chosen) == ["age", "employed"]
    assert chosen["employed"].select(np.array([True, False])).tolist() == [False, True]
