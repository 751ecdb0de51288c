"""The labour market: separations, matching, payroll."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.worlds import frozen
from wildsim.core.keys import start_ids
from wildsim.kernels.labour import match, payroll, separate

KEY = np.uint64(11)


@dataclass
class Workers:
    """People of one region as the labour market sees them; `count` of them, all alike unless said."""

    count: int
    employer: Any = -1
    wage: Any = 0.0
    searching: Any = 1
    skill: Any = 1.0
    reservation: Any = 0.0
    employability: Any = 1.0
    last_wage: Any = 900.0
    hours: Any = 1.0
    search: Any = 1.0
    ids: Any = None
    months_out: Any = 5
    now: dict[str, NDArray[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ids = frozen(start_ids(1, self.count) if self.ids is None else self.ids, np.uint64)
        for name, dtype in (
            ("employer", np.int32),
            ("wage", np.float64),
            ("searching", np.int8),
            ("months_out", np.int16),
        ):
            self.now[name] = np.full(self.count, getattr(self, name), dtype=dtype)
        self.now["spell"] = np.zeros(self.count, dtype=np.int16)

    def column(self, name: str, dtype: type[np.generic]) -> NDArray[Any]:
        return frozen(np.full(self.count, getattr(self, name)), dtype)


def visit(
    workers: Workers,
    opened: Any,
    posted: Any,
    firm_ids: Any = None,
    visits: int = 4,
    suitable: float = 1.0,
    minimum: float = 0.0,
    low_skill: float = 1.0,
    month: int = 0,
    fade: float = 0.0,
    fade_months: int = 8,
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Run the matching of one region; return staff and posts left open."""
    firms = len(opened)
    staff, vacancies = np.full(firms, -5, dtype=np.int32), np.full(firms, -5, dtype=np.int32)
    now = workers.now
    match(
        0,
        1,
        frozen([0, workers.count], np.int64),
        frozen([0, firms], np.int64),
        frozen([64], np.int64),
        workers.ids,
        workers.column("skill", np.float32),
        workers.column("hours", np.float32),
        workers.column("search", np.float32),
        workers.column("reservation", np.float64),
        workers.column("employability", np.float32),
        workers.column("last_wage", np.float64),
        frozen(np.zeros(workers.count), np.int8),
        np.array([minimum]),
        now["searching"],
        frozen(start_ids(3, firms) if firm_ids is None else firm_ids, np.uint64),
        frozen(posted, np.float64),
        frozen(opened, np.int32),
        np.array([suitable]),
        visits,
        low_skill,
        fade,
        fade_months,
        KEY,
        np.uint64(7),
        month,
        now["employer"],
        now["wage"],
        now["months_out"],
        now["spell"],
        staff,
        vacancies,
    )
    return staff, vacancies


def test_one_searcher_and_one_post_meet() -> None:
    workers = Workers(1, skill=2.0, hours=0.5)
    staff, vacancies = visit(workers, [40], [300.0])
    assert (staff[0], vacancies[0]) == (1, 39)
    assert workers.now["employer"][0] == 0
    assert workers.now["wage"][0] == 300.0
    assert workers.now["months_out"][0] == 0
    assert workers.now["spell"][0] == 5


@pytest.mark.parametrize(
    ("workers", "rule"),
    [
        (Workers(20, searching=0), {}),
        (Workers(20, search=0.0), {}),
        (Workers(20, reservation=1001.0), {}),
        (Workers(20, employability=0.0), {}),
        (Workers(20), {"suitable": 0.0}),
        (Workers(20), {"visits": 0}),
        (Workers(20, skill=0.1), {"minimum": 900.0, "low_skill": 1e9}),
        (Workers(20, searching=2, employer=0, wage=900.0), {}),
    ],
    ids=[
        "not searching",
        "no effort",
        "too picky",
        "unemployable",
        "nothing suits",
        "no visits",
        "work not worth the wage",
        "own firm",
    ],
)
def test_nobody_is_hired(workers: Workers, rule: dict[str, Any]) -> None:
    before = workers.now["employer"].copy()
    _, vacancies = visit(workers, [10], [1000.0], **rule)
    assert (workers.now["employer"] == before).all()
    assert vacancies[0] == 10


def test_the_best_of_several_offers_is_taken() -> None:
    workers = Workers(1)
    visit(workers, [5] * 4, [10.0, 40.0, 20.0, 30.0], visits=60)
    assert workers.now["employer"][0] == 1
    assert workers.now["wage"][0] == 40.0


def test_nobody_earns_less_than_the_minimum_wage() -> None:
    workers = Workers(30, skill=0.5, hours=0.8)
    visit(workers, [60], [1000.0], minimum=700.0, low_skill=0.0)
    hired = workers.now["employer"] >= 0
    assert hired.any()
    assert workers.now["wage"][hired] == pytest.approx(560.0)


def test_a_minimum_wage_above_the_worth_of_work_costs_jobs() -> None:
    hired = {}
    for elasticity in (0.0, 2.0):
        workers = Workers(400, skill=0.5)
        visit(workers, [400] * 40, [1000.0] * 40, visits=1, minimum=1000.0, low_skill=elasticity)
        hired[elasticity] = int((workers.now["employer"] >= 0).sum())
    assert hired[2.0] == pytest.approx(hired[0.0] / 4, abs=25), "(500 / 1000) ** 2 = 1 / 4"


def test_employers_call_those_long_out_of_work_back_less() -> None:
    """One visit, many posts: 1 - .5 min(k, 8) / 8 of those k months out are hired, and all who never worked."""
    for worker, expected in (
        ({"months_out": 0}, 1.0),
        ({"months_out": 4}, 0.75),
        ({"months_out": 8}, 0.5),
        ({"months_out": 40}, 0.5),
        ({"months_out": 40, "last_wage": 0.0}, 1.0),
        ({"months_out": 40, "searching": 2, "employer": 1, "wage": 1.0}, 1.0),
    ):
        workers = Workers(2000, **worker)
        visit(workers, [3000, 0], [1000.0, 1.0], visits=1, fade=0.5)
        assert (workers.now["employer"] == 0).mean() == pytest.approx(expected, abs=0.04), worker


def test_who_moves_on_leaves_a_place_behind() -> None:
    workers = Workers(1, employer=0, wage=10.0, searching=2, reservation=10.1, months_out=0)
    staff, vacancies = visit(workers, [0, 20], [10.0, 12.0], visits=20)
    assert staff.tolist() == [0, 1]
    assert vacancies.tolist() == [0, 19]
    assert workers.now["spell"][0] == 0, "no spell of unemployment has ended"


@given(st.integers(0, 10_000))
def test_posts_filled_are_people_hired(seed: int) -> None:
    luck = np.random.default_rng(seed)
    firms, count = 6, 40
    employer = luck.integers(-1, firms, count)
    searching = np.where(employer < 0, luck.integers(0, 2, count), 2 * luck.integers(0, 2, count))
    workers = Workers(
        count,
        employer=employer,
        wage=np.where(employer >= 0, luck.uniform(5, 15, count), 0.0),
        searching=searching,
        skill=luck.uniform(0.5, 2.0, count),
        reservation=luck.uniform(0, 12, count),
    )
    opened = luck.integers(0, 6, firms)
    staff, vacancies = visit(workers, opened, luck.uniform(5, 15, firms), month=seed)
    now = workers.now
    assert (vacancies >= 0).all()
    assert (vacancies <= opened).all()
    assert (np.bincount(now["employer"][now["employer"] >= 0], minlength=firms) == staff).all()
    moved = now["employer"] != employer
    assert int((opened - vacancies).sum()) == int(moved.sum())
    assert (searching[moved] > 0).all()
    assert (now["wage"][moved] >= workers.reservation[moved]).all()
    kept = ~moved & (employer >= 0)
    assert (now["wage"][kept] == workers.wage[kept]).all()


@given(st.integers(0, 10_000))
def test_a_firm_that_goes_changes_only_choices_that_fell_on_it(seed: int) -> None:
    """With more posts than searchers nobody is crowded out, so choices can be compared one by one."""
    firms, gone = 8, 3
    ids, posted = start_ids(3, firms), np.random.default_rng(seed).uniform(5, 15, firms)
    rest = np.delete(np.arange(firms), gone)
    before, after = Workers(10), Workers(10)
    visit(before, [12] * firms, posted, ids, visits=1, month=seed)
    visit(after, [12] * (firms - 1), posted[rest], ids[rest], visits=1, month=seed)
    for old, new in zip(before.now["employer"], after.now["employer"], strict=True):
        if old not in (gone, -1):
            assert rest[new] == old


def test_the_queue_is_drawn_by_id_not_by_row() -> None:
    ids = start_ids(1, 30)
    turned = np.random.default_rng(2).permutation(30)
    one, other = Workers(30, ids=ids), Workers(30, ids=ids[turned])
    visit(one, [3, 4], [10.0, 12.0])
    visit(other, [3, 4], [10.0, 12.0])
    assert (other.now["employer"] == one.now["employer"][turned]).all()


def _separate(participate: int, search: float, layoff: float, separation: float, employer: int) -> dict[str, Any]:
    count = 2000
    now = {
        "employer": np.full(count, employer, dtype=np.int32),
        "wage": np.full(count, 100.0 if employer >= 0 else 0.0),
        "last_wage": np.full(count, 50.0),
        "months_out": np.full(count, 0 if employer >= 0 else 4, dtype=np.int16),
        "participates": np.full(count, 1, dtype=np.int8),
        "spell": np.full(count, 9, dtype=np.int16),
        "searching": np.full(count, 9, dtype=np.int8),
    }
    separate(
        0,
        1,
        frozen([0, count], np.int64),
        frozen(start_ids(1, count), np.uint64),
        frozen(np.full(count, participate), np.int8),
        frozen(np.full(count, search), np.float32),
        frozen([layoff], np.float32),
        separation,
        KEY,
        3,
        *now.values(),
    )
    return now


def test_nobody_leaves_a_safe_job() -> None:
    now = _separate(1, 0.25, 0.0, 0.0, 0)
    assert (now["employer"] == 0).all()
    assert (now["wage"] == 100).all()
    assert (now["spell"] == 0).all()
    assert (now["searching"] == 2).mean() == pytest.approx(0.25, abs=0.04), "some search on the job"


def test_chance_and_dismissal_end_jobs_apart_from_each_other() -> None:
    now = _separate(1, 0.0, 0.3, 0.2, 0)
    left = now["employer"] < 0
    assert left.mean() == pytest.approx(1 - 0.7 * 0.8, abs=0.04)
    assert (now["last_wage"][left] == 100).all()
    assert (now["wage"][left] == 0).all()
    assert (now["searching"][left] == 1).all()
    assert (now["months_out"][left] == 0).all()
    assert (now["searching"][~left] == 0).all()


def test_who_leaves_the_labour_force_quits_and_does_not_search() -> None:
    now = _separate(0, 1.0, 0.0, 0.0, 0)
    assert (now["employer"] == -1).all()
    assert (now["participates"] == 0).all()
    assert (now["searching"] == 0).all()


def test_searchers_grow_older_in_unemployment() -> None:
    now = _separate(1, 1.0, 1.0, 1.0, -1)
    assert (now["months_out"] == 5).all()
    assert (now["last_wage"] == 50).all()
    assert (now["searching"] == 1).all()


def test_payroll_by_hand() -> None:
    """Firm 0 pays 10 a unit: a worker of skill 2, and one of skill .1 who gets the minimum of 4; firm 1 nobody."""
    wage, counts = np.array([7.0, 7.0, 7.0, 7.0]), np.full((1, 8), 9.0)
    staff, labour, base_pay = np.full(2, 9, dtype=np.int32), np.full(2, 9.0), np.full(2, 9.0)
    payroll(
        0,
        1,
        frozen([0, 4], np.int64),
        frozen([0, 2], np.int64),
        frozen([2.0, 0.1, 1.0, 1.0], np.float32),
        frozen([1.0, 0.5, 1.0, 1.0], np.float32),
        frozen([30, 70, 40, 80], np.float32),
        np.array([0, 0, -1, -1], dtype=np.int32),
        np.array([1, 1, 1, 0], dtype=np.int8),
        frozen([0, 0, 0, 0], np.int8),
        np.array([4.0]),
        frozen([10.0, 99.0], np.float64),
        wage,
        staff,
        labour,
        base_pay,
        counts,
    )
    assert wage.tolist() == [20, 2, 7, 7]
    assert staff.tolist() == [2, 0]
    assert labour == pytest.approx([2.05, 0])
    assert base_pay.tolist() == [22, 0]
    assert counts[0] == pytest.approx([2, 1, 3, 2, 2, 22, 2.05, 4])
