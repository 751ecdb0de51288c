"""Schools: pupils learn and leave, the cut-off is an order statistic, training raises skill."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
import pytest

from tests.worlds import live, same, small_world
from wildsim.core.parameters import load_parameters
from wildsim.indicators import measure_all
from wildsim.policies import POLICIES
from wildsim.sectors import education
from wildsim.sectors.exam import CUTOFF, seats_now
from wildsim.state.education import AT_SCHOOL, HIGHER, LEFT, NEVER
from wildsim.state.people import HOME, PRISON, SCHOOL
from wildsim.state.start.education import draw_traits, start_education
from wildsim.state.world import World

LAW = "education."


def school_world(people: int = 2000, month: int = -12, **numbers: float) -> World:
    """Return a society of ages 0 to 80 that goes to school; no demography: `ageing` makes it older."""
    parameters = {LAW + name: value for name, value in numbers.items()}
    world = small_world(people, 2, month=month, sectors=["education"], parameters=parameters)
    persons, pupils = world.tables["people"], world.tables["pupils"]
    age = persons.base("age")
    age[:] = 80.0 * world.view().uniform_at("test.ages", "people", -5)
    persons.base("schooling")[:] = np.clip(np.floor(age - 6.0), 0.0, persons.base("schooling"))
    pupils.load({n: np.full_like(values, pupils.columns[n].default) for n, values in pupils.state().items()})
    persons.base("away")[:] = HOME
    start_education(world, world.law, world.keys)
    return world


def ageing(world: World, step: str) -> None:
    if step == "sectors.expectations.look_back":
        world.tables["people"].base("age")[:] += np.float32(1 / 12)


def with_policy(world: World, **given: Any) -> World:
    world.policies = [POLICIES[given["kind"]].model_validate(given)]
    return world


def column(world: World, table: str, name: str) -> np.ndarray:
    return world.tables[table].base(name)


def sat_now(world: World) -> np.ndarray:
    """Return who sat an exam within the last twelve months."""
    return column(world, "pupils", "exam_month") > world.clock.month - 12


def test_schooling_fits_the_age_at_the_start_and_later() -> None:
    world = school_world()
    for months in (0, 20):
        assert live(world, months, ageing) <= 1e-9
        age, years, stage = (
            column(world, *where) for where in (("people", "age"), ("people", "schooling"), ("pupils", "stage"))
        )
        child = (age >= 7.0) & (age < 17.0)
        assert (stage[child] == AT_SCHOOL).all()
        assert (np.abs(age[child] - 6.5 - years[child]) <= 1.0).all()
        assert (years <= np.maximum(age - 5.0, 0.0)).all()
        assert (stage[age >= 26.0] == LEFT).all()
        assert ((stage == HIGHER) <= (years >= 12.0)).all()


def test_pupils_of_working_age_are_away_and_do_not_work() -> None:
    world = school_world()
    live(world, 2, ageing)
    stage, age, away = column(world, "pupils", "stage"), column(world, "people", "age"), column(world, "people", "away")
    learns = (stage == AT_SCHOOL) | (stage == HIGHER)
    assert np.array_equal(away == SCHOOL, learns & (age >= 15.0))
    live(world, 1, ageing)
    assert (column(world, "people", "employer")[away == SCHOOL] == -1).all()
    assert not column(world, "people", "participates")[away == SCHOOL].any()


def test_a_year_of_school_is_a_year_of_return() -> None:
    """Skill rises by the return to schooling when a year is complete, and in no other month."""
    world = school_world()
    before, learnt = column(world, "people", "skill").copy(), column(world, "people", "schooling").copy()
    live(world, 5, ageing)
    assert np.array_equal(column(world, "people", "skill"), before)
    live(world, 1, ageing)
    gain = column(world, "people", "schooling") - learnt
    assert set(np.unique(gain)) == {0.0, 1.0}
    expected = before * np.exp(world.law("population.return_to_schooling") * gain)
    assert np.allclose(column(world, "people", "skill"), expected, rtol=1e-6)


def test_prisoners_stay_in_prison_when_school_ends_and_learn_nothing() -> None:
    world = school_world()
    live(world, 5, ageing)
    column(world, "people", "away")[:] = PRISON
    learnt = column(world, "people", "schooling").copy()
    live(world, 1, ageing)
    assert (column(world, "people", "away") == PRISON).all()
    assert np.array_equal(column(world, "people", "schooling"), learnt)
    stage, age = column(world, "pupils", "stage"), column(world, "people", "age")
    assert (stage[age >= 17.5] == LEFT).all()
    assert math.isnan(world.history.last(CUTOFF)), "nobody sat the exam"


def test_the_cutoff_is_the_order_statistic_at_the_seats() -> None:
    world = school_world(6000)
    live(world, 6, ageing)
    sat, got = sat_now(world), column(world, "pupils", "admitted") == 1
    score, applied = column(world, "pupils", "score"), column(world, "study_decisions", "study") == 1
    ranked = np.sort(score[sat & applied])[::-1]
    assert 10 < got.sum() < len(ranked)
    assert world.history.last(CUTOFF) == ranked[got.sum() - 1] == score[got].min()
    assert not (got & ~(sat & applied)).any()
    live(world, 3, ageing)
    assert world.history.last(CUTOFF) == ranked[got.sum() - 1], "held until the next exam"


@pytest.mark.parametrize("change", [0.1, 0.5, -0.1, -1.0, 5.0])
def test_more_seats_move_the_cutoff_exactly_to_the_new_order_statistic(change: float) -> None:
    """Predicted from the scores of the baseline alone, equal to the last bit."""
    plain, other = (school_world(4000, month=-1) for _ in range(2))
    with_policy(other, kind="school_seats", change=change)
    found: list[int] = []
    for world in (plain, other):
        live(world, 6, ageing)
        live(world, 1, lambda w, step: (ageing(w, step), _seats(w, step, found))[0])
    assert found[1] == math.floor(plain.law("education.seats") * min(1 + change, 1 / 0.44) * _cohort(plain) + 0.5)
    applied = sat_now(plain) & (column(plain, "study_decisions", "study") == 1)
    ranked = np.sort(column(plain, "pupils", "score")[applied])[::-1]
    predicted = ranked[min(found[1], len(ranked)) - 1] if found[1] else math.nan
    assert np.array_equal(other.history.last(CUTOFF), predicted, equal_nan=True)
    assert np.array_equal(column(plain, "pupils", "score"), column(other, "pupils", "score"))
    inner, outer = (column(w, "pupils", "admitted") == 1 for w in ((plain, other) if change > 0 else (other, plain)))
    assert (inner <= outer).all(), "who had a seat keeps it"


def _seats(world: World, step: str, found: list[int]) -> None:
    if step == "sectors.expectations.look_back":
        found.append(seats_now(world.view()))


def _cohort(world: World) -> int:
    age = column(world, "people", "age")
    return int(((age >= 18.0) & (age < 19.0)).sum())


def test_one_pupil_fewer_leaves_the_scores_of_all_others() -> None:
    """Chance belongs to the id and the exam; the cut-off moves to the next score at most."""
    plain, other = (school_world(3000) for _ in range(2))
    live(plain, 6, ageing)
    victim = int(np.flatnonzero(sat_now(plain) & (column(plain, "pupils", "admitted") == 1))[0])
    live(other, 5, ageing)
    column(other, "pupils", "stage")[victim] = LEFT
    live(other, 1, ageing)
    others = np.arange(3000) != victim
    assert np.array_equal(column(plain, "pupils", "score")[others], column(other, "pupils", "score")[others])
    changed = column(plain, "pupils", "admitted")[others] != column(other, "pupils", "admitted")[others]
    assert changed.sum() == 1


def test_scores_have_the_scale_and_depend_on_what_they_should() -> None:
    world = school_world(20000)
    live(world, 6, ageing)
    sat = sat_now(world)
    z = (column(world, "pupils", "score")[sat] - 500.0) / 100.0
    talent = column(world, "pupils", "talent")[sat]
    income = column(world, "households", "income_12m")[column(world, "people", "household")[sat]]
    logs = np.log(np.maximum(income, 0.05 * column(world, "macro", "mean_wage")[0]))
    design = np.column_stack([np.ones(len(z)), talent, logs])
    found = np.linalg.lstsq(design, z, rcond=None)[0]
    spread = world.law.array("education.family_income")[1]
    assert found[1] == pytest.approx(0.6, abs=0.12)
    assert found[2] == pytest.approx(0.3 / spread, abs=0.12)
    assert 0.8 < z.std() < 1.25


def test_spending_raises_scores_at_once_and_skill_when_pupils_leave() -> None:
    """Ten percent more over all years of school: wages by 7 percent (Jackson, Johnson, Persico 2016)."""
    plain, other = (school_world(month=0) for _ in range(2))
    with_policy(other, kind="school_spending", change=0.1)
    for world in (plain, other):
        live(world, 5, ageing)
    pupils = column(plain, "pupils", "stage") == AT_SCHOOL
    gained = column(other, "pupils", "funding")
    assert np.allclose(gained[pupils], 5 * math.log(1.1) / 144, rtol=0.005), "the norm grows within the month"
    assert not gained[~pupils].any()
    for world in (plain, other):
        live(world, 1, ageing)
    left = pupils & (column(plain, "pupils", "stage") == LEFT)
    ratio = column(other, "people", "skill")[left] / column(plain, "people", "skill")[left]
    assert left.any()
    assert np.allclose(ratio, 1.1 ** (0.7 * 6 / 144), rtol=1e-4)
    higher = (column(other, "pupils", "score") - column(plain, "pupils", "score"))[sat_now(plain)]
    assert np.median(higher) == pytest.approx(100 * 6 * math.log(1.1) / 144, abs=0.1), "family income apart"
    whole = 1.1 ** world.law("education.spending_return") - 1
    assert 0.06 < whole < 0.08


def test_the_leaving_age_holds_pupils_for_a_year() -> None:
    plain, other = (school_world(6000, month=0) for _ in range(2))
    with_policy(other, kind="school_leaving_age", change=1.0)
    years = []
    for world in (plain, other):
        live(world, 6, ageing)
        years.append(column(world, "people", "schooling").copy())
        live(world, 12, ageing)
        years.append(column(world, "people", "schooling").copy())
        early = (column(world, "pupils", "stage") == LEFT) & (column(world, "pupils", "known") == 1)
        assert early.any()
    assert np.array_equal(years[0], years[2]), "nobody learns more before a year is over"
    gain = years[3] - years[1]
    assert set(np.unique(gain)) <= {-1.0, 0.0, 1.0}
    assert gain.sum() > 10
    assert column(plain, "pupils", "score").max() == column(other, "pupils", "score").max()


def test_training_raises_skill_and_touches_nothing_else() -> None:
    plain, other = (school_world(month=0) for _ in range(2))
    with_policy(other, kind="training_places", places=0.5, months=3, random=True, until=1)
    live(plain, 1, ageing)
    live(other, 1, ageing)
    trained = column(other, "pupils", "trained") == 1
    assert trained.sum() >= 5
    assert (column(other, "people", "away")[trained] == SCHOOL).all()
    for name in ("skill", "ability", "schooling"):
        assert np.array_equal(column(plain, "people", name), column(other, "people", name)), name
    live(other, 1, ageing)
    assert not (column(other, "people", "wage")[trained] > 0.0).any()
    before = column(other, "people", "skill").copy()
    live(other, 1, ageing)
    assert (column(other, "people", "away")[trained] == HOME).all()
    factor = math.exp(other.law("education.training_return"))
    assert np.allclose(column(other, "people", "skill")[trained], before[trained] * factor, rtol=1e-6)
    assert np.array_equal(column(other, "people", "skill")[~trained], before[~trained])
    assert (column(other, "pupils", "training") == 0).all()


def test_rounds_of_training_take_nobody_twice() -> None:
    world = with_policy(school_world(month=0), kind="training_places", places=0.3, months=2)
    counts = []
    for _ in range(6):
        assert live(world, 1, ageing) <= 1e-9
        counts.append(int(column(world, "pupils", "trained").sum()))
    assert counts[0] == counts[1] < counts[2] == counts[3] < counts[4]


@pytest.mark.parametrize("people", [12, 60])
@pytest.mark.parametrize("age", [3.0, 16.5, 40.0, 80.0])
def test_few_people_of_any_age_live_without_a_warning(people: int, age: float) -> None:
    world = school_world(people)
    column(world, "people", "age")[:] = age
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert live(world, 14, ageing) <= 1e-9
        found = measure_all(world.view())
    for name in ("pupils", "people"):
        for what, values in world.tables[name].state().items():
            assert values.dtype.kind != "f" or np.isfinite(values).all(), what
    assert np.isnan(found["schooling_years"]) == (age < 20)
    assert np.isnan(found["enrolment_rate"]) == (age not in (16.5,))


@pytest.mark.parametrize("part", [0, 1])
@pytest.mark.parametrize("name", ["study", "stay"])
def test_any_decision_leaves_the_books_closed(name: str, part: int) -> None:
    world = school_world()
    world.minds = [lambda w, role, what, values: np.full(len(values), part) if what == name else None]
    assert live(world, 7, ageing) <= 1e-9
    applied, stage = column(world, "pupils", "admitted") == 1, column(world, "pupils", "stage")
    if name == "study":
        assert applied.any() == (part == 1)
    elif part == 0:
        free = (column(world, "people", "age") >= 17.2) & (stage == AT_SCHOOL)
        assert not free.any()


def test_a_trait_is_a_function_of_the_id() -> None:
    """Whoever is met later, as the newborn and migrants are, gets the traits that the id has."""
    world = school_world(300)
    pupils = world.tables["pupils"]
    drawn = pupils.base("talent").copy()
    pupils.base("known")[::3] = 0
    pupils.base("talent")[::3] = 9.0
    education.teach(world)
    assert np.array_equal(pupils.base("talent"), drawn)
    ids, ability = column(world, "people", "id"), column(world, "people", "ability")
    talent, taste = draw_traits(world.law, world.keys, ids, ability)
    assert np.allclose(talent, drawn, atol=1e-6)
    assert abs(np.corrcoef(talent, taste)[0, 1]) < 0.2


def test_saved_and_restored_it_lives_on_the_same() -> None:
    whole = with_policy(school_world(600, month=-4), kind="training_places", places=0.3, months=3)
    live(whole, 6, ageing)
    saved = whole.state()
    live(whole, 12, ageing)
    again = with_policy(school_world(600, month=-4), kind="training_places", places=0.3, months=3)
    again.load(saved)
    live(again, 12, ageing)
    assert same(again.state(), whole.state()) == []


def test_never_is_before_every_month() -> None:
    assert NEVER < -10_000


def test_money_times_1024_leaves_schools_as_they_are() -> None:
    """Scores and decisions rest on ratios to wages: not a bit of them moves with the unit of money."""
    worlds = []
    for factor in (1.0, 1024.0):
        scaled: dict[str, object] = {}
        for name, parameter in load_parameters("us").items():
            if parameter.unit.startswith("USD"):
                scaled[name] = (np.asarray(parameter.value) * factor).tolist()
        world = small_world(500, 2, month=-8, parameters=scaled, sectors=["demography", "education"])
        assert live(world, 18) <= 1e-9
        worlds.append(world)
    for table in ("pupils", "study_decisions"):
        assert same(worlds[0].tables[table].state(), worlds[1].tables[table].state()) == [], table
    assert worlds[0].history.last(CUTOFF) == worlds[1].history.last(CUTOFF)


def test_one_more_death_leaves_scores_talents_and_places_of_all_others() -> None:
    """Rows move, luck stays: what a pupil of another family draws and scores is the same to the bit."""
    found = []
    for dies in (False, True):
        world = small_world(1600, 2, month=-6, sectors=["demography", "education"])
        live(world, 5)
        old = int(np.flatnonzero(column(world, "people", "age") > 60.0)[0])

        def fate(world: World, step: str, old: int = old, dies: bool = dies) -> None:
            if step == "sectors.demography.age" and dies:
                world.tables["lives"].base("dies")[old] = 1

        live(world, 1, fate)
        while world.clock.month <= 5:
            live(world, 1)
        pupils = world.tables["pupils"]
        ids = column(world, "people", "id").tolist()
        found.append({n: dict(zip(ids, pupils.base(n).tolist(), strict=True)) for n in ("talent", "taste", "score")})
    plain, other = found
    both = plain["talent"].keys() & other["talent"].keys()
    assert len(both) >= 0.99 * len(plain["talent"])
    assert all(plain[name][i] == other[name][i] for name in ("talent", "taste") for i in both)
    scored = [i for i in both if plain["score"][i] != 0.0 and other["score"][i] != 0.0]
    moved = [i for i in scored if plain["score"][i] != other["score"][i]]
    assert len(scored) > 8
    assert all(abs(plain["score"][i] - other["score"][i]) < 20.0 for i in moved), "family income apart"
