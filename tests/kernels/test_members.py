"""The rule of household members, person by person."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds import frozen
from wildsim.core.keys import start_ids
from wildsim.kernels.members import decide_members

PERSON = {
    "age": 40.0,
    "skill": 1.0,
    "work_cost": 0.1,
    "employer": -1,
    "wage": 0.0,
    "last_wage": 1000.0,
    "months_out": 2,
    "participates": 1,
    "away": 0,
    "law": 0,
}
RULE = {
    "demand_factor": 1.0,
    "wealth_pull": 0.1,
    "impatience": 1e-6,
    "target_factor": 1.0,
    "wage_unit": 1000.0,
    "search_base": 0.8,
    "search_drop": 0.5,
    "job_search": 0.05,
    "reservation_start": 1.0,
    "reservation_fall": 0.9,
    "review": 1.0,
    "hours_step": 0.0,
    "threshold_stop": 0.0,
    "spending_floor": 0.2,
    "search_floor": 0.1,
    "better_wage": 1.01,
}
TYPES = {
    "age": np.float32,
    "skill": np.float32,
    "work_cost": np.float32,
    "employer": np.int32,
    "wage": np.float64,
    "last_wage": np.float64,
    "months_out": np.int16,
    "participates": np.int8,
    "away": np.int8,
    "law": np.int8,
}


def decide(
    people: list[dict[str, Any]],
    households: list[dict[str, float]] | None = None,
    month: int = 0,
    subsidy: tuple[float, float, float] = (0.0, 0.0, 0.0),
    **rule: float,
) -> dict[str, Any]:
    """Return the decisions of `people`, living alone unless `households` says how many members there are.

    Args:
        subsidy: Rate on wages, USD/month up to which it is paid, rate of withdrawal.
    """
    homes = households or [{}] * len(people)
    homes = [{"members": 1, "deposits": 1000.0, "loans": 0.0, "income": 1000.0, "months": 1.0} | home for home in homes]
    rows = [PERSON | person for person in people]
    members = np.array([home["members"] for home in homes])
    count = len(rows)
    out = {
        "consumption": np.zeros(count),
        "hours": np.zeros(count, dtype=np.float32),
        "participate": np.zeros(count, dtype=np.int8),
        "search": np.zeros(count, dtype=np.float32),
        "reservation": np.zeros(count),
    }
    decide_members(
        0,
        1,
        frozen([0, len(homes)], np.int64),
        frozen(np.cumsum(members) - members, np.int32),
        frozen(members, np.int8),
        frozen([home["deposits"] for home in homes], np.float64),
        frozen([home["loans"] for home in homes], np.float64),
        frozen([home["income"] for home in homes], np.float64),
        frozen([home["months"] for home in homes], np.float32),
        frozen(start_ids(1, count), np.uint64),
        *(frozen([row[name] for row in rows], dtype) for name, dtype in TYPES.items()),
        frozen([0.5], np.float64),
        frozen([6.0], np.float64),
        np.array([800.0]),
        frozen([subsidy[0]], np.float64),
        np.array([subsidy[1]]),
        frozen([subsidy[2]], np.float64),
        np.array([0.0, 1500.0]),
        np.array([0.2, 0.4]),
        np.array([1.0, 0.8]),
        np.uint64(8),
        month,
        *(float(value) for value in (RULE | rule).values()),
        *out.values(),
    )
    return out


def test_spending_is_income_corrected_towards_target_wealth() -> None:
    """1000 + .1 * (3000 - 1 * 1000) = 1200, in equal parts."""
    found = decide([{}, {}], [{"members": 2, "deposits": 4000.0, "loans": 1000.0}])
    assert found["consumption"].tolist() == [600, 600]


def test_who_aims_at_little_spends_a_windfall_at_once() -> None:
    """Of 500 beyond the target of a month's income: .1 where patience is long, .1 + .9 e^-1 where it is a month."""
    windfall = [{"deposits": 1500.0}]
    assert decide([{}], windfall)["consumption"][0] == pytest.approx(1050)
    hasty = decide([{}], windfall, impatience=1.0)["consumption"][0]
    assert hasty == pytest.approx(1000 + 500 * (0.1 + 0.9 * np.exp(-1)))


@pytest.mark.parametrize(
    ("home", "factor", "expected"),
    [
        ({"deposits": 1000.0}, 1.1, 1100),
        ({"deposits": 1000.0}, 0.9, 900),
        ({"deposits": 10_000.0, "loans": 50_000.0}, 1.0, 200),
        ({"deposits": -900.0}, 1.0, 100),
        ({"deposits": -5000.0}, 1.0, 0),
    ],
    ids=["more demand", "less demand", "never below a fifth of income", "at most one's means", "nothing left"],
)
def test_spending_has_bounds(home: dict[str, float], factor: float, expected: float) -> None:
    found = decide([{}], [home], demand_factor=factor)
    assert found["consumption"][0] == pytest.approx(expected)


def test_hours_follow_the_bracket_of_full_time_pay() -> None:
    found = decide([{"skill": 1.0}, {"skill": 2.0}, {"employer": 3, "skill": 2.0}])
    assert found["hours"] == pytest.approx([1.0, 0.8, 0.8])
    assert decide([{"skill": 2.0}], hours_step=0.5)["hours"][0] == 1.0


def test_pay_stops_at_a_threshold_where_that_is_said() -> None:
    """The threshold is 1,500 and hours above it .8: full-time pay of 1,600 to 1,875 stops there, 2,000 earns 1,600."""
    people = [{"skill": skill} for skill in (1.4, 1.5, 1.6, 1.8, 1.9, 2.0)]
    free, stopped = decide(people)["hours"], decide(people, threshold_stop=1.0)["hours"]
    assert free == pytest.approx([1.0, 1.0, 0.8, 0.8, 0.8, 0.8])
    assert stopped == pytest.approx([1.0, 1.0, 1.5 / 1.6, 1.5 / 1.8, 0.8, 0.8])


def test_who_has_a_job_keeps_it_and_asks_for_a_little_more() -> None:
    found = decide([{"employer": 0, "wage": 2000.0, "age": 60.0, "work_cost": 99.0}])
    assert found["participate"][0] == 1
    assert found["search"][0] == pytest.approx(0.05)
    assert found["reservation"][0] == pytest.approx(2020.0)


def test_the_old_and_the_young_do_not_search() -> None:
    found = decide([{"age": 65.0}, {"age": 14.9}, {"age": 64.9}])
    assert found["participate"].tolist() == [0, 0, 1]
    assert found["search"][:2].tolist() == [0, 0]


def test_pupils_prisoners_and_those_of_65_leave_their_jobs() -> None:
    job = {"employer": 3, "wage": 1000.0}
    found = decide([job, job | {"away": 1}, job | {"away": 2}, job | {"age": 65.0}, {"away": 2}])
    assert found["participate"].tolist() == [1, 0, 0, 0, 0]
    assert found["search"][1:].tolist() == [0, 0, 0, 0]


def test_working_must_pay_more_than_it_costs() -> None:
    """Full-time pay of 1,000 leaves 800 after tax, .8 of the mean wage."""
    found = decide([{"work_cost": 0.79}, {"work_cost": 0.81}])
    assert found["participate"].tolist() == [1, 0]


def test_a_wage_subsidy_is_part_of_what_working_pays() -> None:
    """Half of the first 800 is 400, of which a tenth of the 200 above is taken back: .8 + .38 of the mean wage."""
    people = [{"work_cost": 1.17}, {"work_cost": 1.19}]
    assert decide(people, subsidy=(0.5, 800.0, 0.1))["participate"].tolist() == [1, 0]
    assert decide(people)["participate"].tolist() == [0, 0]


def test_without_a_review_nothing_changes() -> None:
    found = decide([{"work_cost": 99.0}, {"work_cost": 0.0, "participates": 0}], review=0.0)
    assert found["participate"].tolist() == [1, 0]


def test_reviews_are_as_frequent_as_said() -> None:
    found = decide([{"work_cost": 99.0}] * 3000, review=0.25)
    assert found["participate"].mean() == pytest.approx(0.75, abs=0.04)


def test_benefits_damp_search_and_hold_up_the_reservation_wage() -> None:
    """Benefit 500 of a pay of 1,000: search .8 * (1 - .5 * .5); the floor 1,000 * .9^k falls to the benefit."""
    people = [{"months_out": 0}, {"months_out": 4}, {"months_out": 5}, {"months_out": 4, "participates": 0}]
    found = decide(people)
    assert found["search"] == pytest.approx([0.6, 0.6, 0.8, 0.8]), "six months are paid: 0 to 5 months out"
    assert found["reservation"] == pytest.approx([1000, 1000 * 0.9**4, 1000 * 0.9**5, 1000 * 0.9**4])
    long = decide([{"months_out": 4}], reservation_fall=0.5)
    assert long["reservation"][0] == pytest.approx(500)
    asked = decide([{"months_out": 1}], reservation_start=0.8)
    assert asked["reservation"][0] == pytest.approx(800 * 0.9), "the first month is asked for less than the last wage"


@given(st.integers(0, 10_000))
def test_decisions_are_legal_whatever_the_state(seed: int) -> None:
    luck = np.random.default_rng(seed)
    people = [
        {
            "age": luck.uniform(10, 90),
            "skill": luck.exponential(),
            "work_cost": luck.exponential(),
            "employer": int(luck.integers(-1, 2)),
            "wage": luck.exponential(1000),
            "last_wage": luck.exponential(1000) * luck.integers(0, 2),
            "months_out": int(luck.integers(0, 30_000)),
            "participates": int(luck.integers(0, 2)),
        }
        for _ in range(8)
    ]
    homes = [
        {
            "members": 2,
            "deposits": luck.normal(0, 5000),
            "loans": luck.exponential(3000),
            "income": luck.exponential(900),
        }
        for _ in range(4)
    ]
    found = decide(people, homes, seed, demand_factor=luck.uniform(0.5, 1.5), target_factor=luck.uniform(0, 3))
    assert (found["consumption"] >= 0).all()
    assert ((found["search"] >= 0) & (found["search"] <= 1)).all()
    assert ((found["hours"] >= 0) & (found["hours"] <= 1.5)).all()
    assert (found["reservation"] >= 0).all()
    assert np.isin(found["participate"], (0, 1)).all()
    means = np.maximum([home["deposits"] + home["income"] for home in homes], 0.0)
    assert (found["consumption"].reshape(4, 2).sum(axis=1) <= means + 1e-9).all()
