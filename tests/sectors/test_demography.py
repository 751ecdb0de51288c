"""Lives: people are born, age, pair, part, die and inherit; what a statistical office would see of it."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from tests.worlds import live, same, small_world
from wildsim.core.errors import InputError
from wildsim.core.parameters import resolve
from wildsim.core.table import NO_ROW
from wildsim.indicators.demography import AGES, life_table, window
from wildsim.scenario.schema import Scenario
from wildsim.society import Society
from wildsim.state.law import Law
from wildsim.state.start.fitting import fit, whole
from wildsim.state.start.population import joint_shares
from wildsim.state.world import World

DEMOGRAPHY = {"demography"}


def lives(world: World) -> Any:
    return world.view().lives


def people(world: World) -> Any:
    return world.view().people


# -- the start -------------------------------------------------------------------------------------------------------


def test_fitting_meets_its_margins() -> None:
    shares = joint_shares(Law(resolve("us", {})))
    law = Law(resolve("us", {}))
    ages = law.array("demography.age_counts") / law.array("demography.age_counts").sum()
    assert shares.sum() == pytest.approx(1.0)
    assert shares.sum(axis=(1, 2)) == pytest.approx(ages, rel=1e-9)
    assert shares.sum(axis=2)[:, 1] == pytest.approx(ages * law.array("demography.female_shares"), rel=1e-9)
    prime = shares[9].sum(axis=0) / shares[9].sum()  # 45 to 49
    assert prime == pytest.approx(law.array("demography.income_by_age")[3], rel=1e-6)


def test_margins_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(InputError, match="contradict"):
        fit(np.ones((2, 2)), [((0,), np.array([1.0, 1.0])), ((1,), np.array([3.0, 1.0]))])


def test_whole_numbers_add_up_and_are_near() -> None:
    shares = np.array([[0.2, 0.3], [0.5, 0.0]])
    found = whole(shares, 7)
    assert found.sum() == 7
    assert (np.abs(found - 7 * shares) < 1).all()


def test_the_first_people_have_the_ages_and_sexes_of_the_data() -> None:
    world = small_world(5_000, sectors=DEMOGRAPHY)
    shares = joint_shares(world.law)
    group = np.minimum(people(world).age // 5, 17).astype(int)
    counts = np.bincount(group * 2 + people(world).female, minlength=36).reshape(18, 2)
    assert (np.abs(counts - 5_000 * shares.sum(axis=2)) <= 5).all()


def _families_make_sense(world: World) -> None:
    """Partners are each other's and live together; parents are older; nobody minor lives alone; rows fit."""
    view = world.view()
    person, life, home = view.people, view.lives, view.households
    paired = np.flatnonzero(life.partner != NO_ROW)
    assert (life.partner[life.partner[paired]] == paired).all()
    assert (person.household[life.partner[paired]] == person.household[paired]).all()
    for parent in (life.mother, life.father):
        known = np.flatnonzero(parent != NO_ROW)
        assert (person.age[parent[known]] >= person.age[known] + 12).all()
    assert np.array_equal(np.bincount(person.household, minlength=len(home)), home.members)
    assert (home.members > 0).all()
    assert np.array_equal(np.cumsum(home.members) - home.members, home.first_member)
    assert (np.diff(home.region[person.household]) >= 0).all()
    adults = np.bincount(person.household[person.age >= 18], minlength=len(home))
    assert (adults[person.household[person.age < 18]] > 0).all()
    assert len(np.unique(person.id)) == len(person)


def test_families_make_sense_at_the_start_and_after_twenty_years() -> None:
    world = small_world(800, 2, sectors=DEMOGRAPHY)
    _families_make_sense(world)
    for _ in range(20):
        assert live(world, 12) <= 1e-9
        _families_make_sense(world)
    born = people(world).age < 20
    assert born.any()
    assert 0.4 < people(world).female[born].mean() < 0.6


def test_a_village_may_die_out_but_for_one() -> None:
    for seed in range(3):
        world = small_world(20, 1, seed=seed, sectors=DEMOGRAPHY)
        assert live(world, 24) <= 1e-9


# -- work and school -------------------------------------------------------------------------------------------------


def test_children_and_pupils_do_not_work_and_the_old_retire() -> None:
    world = small_world(2_000, sectors=DEMOGRAPHY)
    live(world, 30)
    person = people(world)
    works = person.employer != NO_ROW
    assert person.age[works].min() >= 15.0
    assert person.age[works].max() < 65.1
    assert not works[person.away != 0].any()
    young = (person.age >= 20) & (person.age < 30) & (person.away == 0)
    assert works[young].mean() > 0.5


def test_work_adds_experience_and_skill_by_the_wage_equation() -> None:
    world = small_world(2_000, sectors=DEMOGRAPHY)
    ids = people(world).id.copy()
    before = {n: getattr(people(world), n).astype(float) for n in ("experience", "skill", "schooling")}
    live(world, 1)
    person = people(world)
    order = np.argsort(person.id)
    here = np.isin(ids, person.id)
    rows = order[np.searchsorted(person.id, ids[here], sorter=order)]
    was = {n: values[here] for n, values in before.items()}
    linear, square = world.law.array("population.return_to_experience")
    x, y = was["experience"], person.experience[rows].astype(float)
    learned = person.schooling[rows] - was["schooling"]
    expected = linear * (y - x) + square * (y**2 - x**2) + world.law("population.return_to_schooling") * learned
    assert np.log(person.skill[rows] / was["skill"]) == pytest.approx(expected, abs=2e-6)
    assert ((y - x) > 0).sum() > 500
    assert (learned > 0).sum() > 200


def test_mean_skill_of_workers_does_not_drift_over_a_generation() -> None:
    world = small_world(1_500, sectors=DEMOGRAPHY)
    means = []
    for _ in range(4):
        live(world, 72)
        person = people(world)
        means.append(float(person.skill[person.employer != NO_ROW].mean()))
    assert means == pytest.approx([1.0] * 4, abs=0.1)


# -- death and statistics --------------------------------------------------------------------------------------------


def test_life_table_of_a_constant_hazard_is_its_inverse() -> None:
    years = np.full(len(AGES), 1e6)
    assert life_table(years * 0.02, years)[0] == pytest.approx(50.0, rel=0.01)


def test_life_table_of_gompertz_deaths_is_its_integral() -> None:
    def alive(age: np.ndarray) -> np.ndarray:
        return np.exp(-1e-4 / 0.085 * (np.exp(0.085 * age) - 1.0))

    fine = np.linspace(0, 130, 130_001)
    expected = float(np.trapezoid(alive(fine), fine))
    ends = np.append(AGES, 130.0)
    years = np.array([np.trapezoid(alive(f := np.linspace(a, b, 5_001)), f) for a, b in pairwise(ends)])
    deaths = alive(ends[:-1]) - alive(ends[1:])
    found = life_table(1e5 * deaths, 1e5 * years)
    assert found[0] == pytest.approx(expected, abs=0.1)
    at_65 = int(np.searchsorted(AGES, 65.0))
    rest = np.linspace(65, 130, 65_001)
    assert found[at_65] == pytest.approx(float(np.trapezoid(alive(rest), rest) / alive(np.array(65.0))), abs=0.1)


@pytest.mark.parametrize(("a_month", "months"), [(20, 12), (10, 20), (4, 50), (3, None)])
def test_the_window_grows_until_it_holds_200_deaths(a_month: int, months: int | None) -> None:
    world = small_world(300, sectors=DEMOGRAPHY)
    for _ in range(60):
        world.history.add({"deaths.m.18": a_month, "alive.m.18": 1200.0})
    found = window(world.view(), "mf")
    if months is None:
        assert found is None
    else:
        assert found is not None
        assert found[0].sum() == a_month * months
        assert found[1].sum() == pytest.approx(100.0 * months)


def test_too_few_deaths_give_no_life_expectancy() -> None:
    story = {"burn_in": 0, "months": 12, "society": {"people": 400, "regions": 1}, "sectors": {"demography": True}}
    society = Society(Scenario.model_validate(story))
    society.run_for(6)
    assert math.isnan(society.indicators["life_expectancy"])
    assert society.indicators["population"] == len(society.people)
    society.close()


def test_life_expectancy_and_gompertz_slope_are_those_of_a_real_country() -> None:
    """Figures of the issue: 74-82 years, slope of log mortality over 40-90 .075-.095 a year.

    Three societies together: of one alone, with some 460 deaths, the slope has a standard error of .005.
    """
    story = {"burn_in": 0, "months": 84, "society": {"people": 12_000, "regions": 4}, "sectors": {"demography": True}}
    deaths, years = np.zeros(len(AGES)), np.zeros(len(AGES))
    for seed in (1, 2, 3):
        society = Society(Scenario.model_validate(story), seed=seed)
        society.run_for(84)
        deaths += sum(_counts(society, "deaths", sex) for sex in "mf")
        years += sum(_counts(society, "alive", sex) for sex in "mf")
        assert 74.0 <= society.indicators["life_expectancy"] <= 82.0
        society.close()
    groups = (AGES >= 40) & (AGES < 85)
    rate = deaths[groups] / years[groups] * 12.0
    slope = np.polyfit(AGES[groups] + 2.5, np.log(rate), 1, w=np.sqrt(deaths[groups]))[0]
    assert 0.075 <= slope <= 0.095


def _counts(society: Society, kind: str, sex: str) -> np.ndarray:
    history = society.world.history
    return np.array([np.nansum(history.series(f"{kind}.{sex}.{group}")) for group in range(len(AGES))])


# -- money -----------------------------------------------------------------------------------------------------------


def _doom(world: World, rows: np.ndarray) -> Any:
    def meddle(here: World, step: str) -> None:
        if step == "sectors.demography.age":
            here.tables["lives"].base("dies")[rows] = 1
            here.tables["lives"].base("bears")[rows] = 0

    return meddle


def test_who_dies_alone_leaves_what_is_left_after_debts_to_the_children() -> None:
    world = small_world(1_000, sectors=DEMOGRAPHY)
    live(world, 2)
    accounts: dict[str, dict[int, float]] = {}
    story: dict[str, Any] = {}

    def watch(here: World, step: str) -> None:
        person, life, home = people(here), lives(here), here.view().households
        if step == "sectors.demography.age":
            here.tables["lives"].base("dies")[:] = 0
            alone = _rich_and_alone(here)
            here.tables["lives"].base("dies")[alone] = 1
            children = np.flatnonzero((life.mother == alone) | (life.father == alone))
            story["heirs"] = {int(home.id[person.household[child]]) for child in children}
            story["ended"] = int(home.id[person.household[alone]])
            story["estate"] = float((home.deposits - home.loans)[person.household[alone]])
        if step in ("sectors.demography.age", "sectors.population.turn_over"):
            accounts[step] = dict(zip(home.id.tolist(), home.deposits.tolist(), strict=True))

    assert live(world, 1, watch) <= 1e-9
    before, after = accounts.values()
    assert story["ended"] in before
    assert story["ended"] not in after
    each = story["estate"] / len(story["heirs"])
    gains = [after[heir] - before[heir] for heir in story["heirs"] if heir in after]
    assert gains
    assert np.median(gains) == pytest.approx(each, rel=1e-6)


def _rich_and_alone(world: World) -> int:
    """Return somebody who lives alone, owns more than is owed, and has children."""
    person, life, home = people(world), lives(world), world.view().households
    worth = (home.deposits - home.loans)[person.household]
    parents = set(life.mother.tolist()) | set(life.father.tolist())
    alone = np.flatnonzero((home.members[person.household] == 1) & (worth > 100))
    return next(int(row) for row in alone if int(row) in parents)


def test_an_orphan_who_moves_to_another_region_leaves_the_job_behind() -> None:
    world = small_world(2_000, 2, sectors=DEMOGRAPHY)
    live(world, 2)
    person, life, home = people(world), lives(world), world.view().households
    region = home.region[person.household]
    young = (person.age > 16) & (person.age < 17.8) & (home.members[person.household] <= 3)
    granny = np.where(life.mother >= 0, life.mother[np.maximum(life.mother, 0)], -1)
    orphan = int(np.flatnonzero(young & (granny >= 0))[0])
    parents = person.household == person.household[orphan]
    parents[orphan] = False
    same_region = (region == region[orphan]) & (person.age >= 18)
    firm = int(np.flatnonzero(world.view().firms.region == region[orphan])[0])
    world.tables["people"].base("employer")[orphan] = firm
    world.tables["people"].base("away")[orphan] = 0
    assert (
        live(world, 1, _doom(world, np.flatnonzero((parents | same_region) & (np.arange(len(person)) != orphan))))
        <= 1e-9
    )
    assert live(world, 2) <= 1e-9
    person = people(world)
    works = person.employer >= 0
    where = world.view().households.region[person.household]
    assert (world.view().firms.region[person.employer[works]] == where[works]).all()


def test_orphans_find_a_home_and_a_region_can_empty() -> None:
    world = small_world(400, 2, sectors=DEMOGRAPHY)
    live(world, 2)
    region = world.view().households.region[people(world).household]
    adults_of_one = np.flatnonzero((region == 1) & (people(world).age >= 18))
    assert live(world, 1, _doom(world, adults_of_one)) <= 1e-9
    _families_make_sense(world)
    region = world.view().households.region[people(world).household]
    assert (region == 0).all()  # children went where adults are
    assert live(world, 8) <= 1e-9


def test_everybody_but_one_can_die() -> None:
    world = small_world(60, 2, sectors=DEMOGRAPHY)
    live(world, 1)
    adult = int(np.flatnonzero(people(world).age >= 18)[0])
    others = np.delete(np.arange(len(people(world))), adult)
    assert live(world, 1, _doom(world, others)) <= 1e-9
    assert len(people(world)) == 1
    assert live(world, 3) <= 1e-9


# -- luck ------------------------------------------------------------------------------------------------------------


def test_one_extra_birth_leaves_ids_and_draws_of_all_others() -> None:
    arms = []
    for extra in (False, True):
        world = small_world(600, 2, sectors=DEMOGRAPHY)
        live(world, 2)
        region = world.view().households.region[people(world).household]
        rows = (people(world).female == 1) & (people(world).age > 20) & (people(world).age < 40) & (region == 0)
        mother = int(np.flatnonzero(rows & (lives(world).bears == 0))[3])
        if extra:

            def bear(here: World, step: str, row: int = mother) -> None:
                if step == "sectors.demography.age":
                    here.tables["lives"].base("bears")[row] = 1

            live(world, 1, bear)
        else:
            live(world, 1)
        arms.append(world)
    plain, other = arms
    ids = [set(people(world).id.tolist()) for world in arms]
    assert ids[0] < ids[1]
    assert len(ids[1] - ids[0]) == 1
    for stream, table in (
        ("lives", "people"),
        ("matching", "people"),
        ("shopping", "households"),
        ("managers", "firms"),
    ):
        draws = []
        for world in arms:
            found = world.view().uniform(stream, table, 3)
            draws.append(dict(zip(world.tables[table].base("id").tolist(), found.T.tolist(), strict=True)))
        assert all(draws[1][name] == drawn for name, drawn in draws[0].items())
    # the other region lived the same month, bit for bit
    for table in ("people", "firms"):
        one, two = (_region_1(world, table) for world in (plain, other))
        for name in one:
            assert np.array_equal(one[name], two[name], equal_nan=one[name].dtype.kind == "f"), (table, name)


def _region_1(world: World, table: str) -> dict[str, np.ndarray]:
    view, what = world.view(), world.tables[table]
    region = view.households.region[view.people.household] if table == "people" else view.firms.region
    shared = {"deposits", "loans", "capital_value", "inventory_value", "profit", "dividend", "lender"}
    names = [n for n, c in what.columns.items() if n not in shared and not c.ref and c.kind != "money"]
    return {name: what.base(name)[region == 1] for name in names}


def test_saved_and_restored_lives_go_on_the_same() -> None:
    whole_life = small_world(500, 2, sectors=DEMOGRAPHY)
    live(whole_life, 14)
    saved = whole_life.state()
    live(whole_life, 8)
    other = small_world(500, 2, sectors=DEMOGRAPHY)
    other.load(saved)
    live(other, 8)
    assert same(whole_life.state(), other.state()) == []


def test_threads_do_not_matter() -> None:
    one, two = (small_world(800, 4, threads=n, sectors=DEMOGRAPHY) for n in (1, 3))
    live(one, 13)
    live(two, 13)
    two.tiles.close()
    assert same(one.state(), two.state()) == []


# -- levers ----------------------------------------------------------------------------------------------------------


def _lived(months: int, on: bool, *policies: dict[str, Any], seed: int = 1) -> Society:
    size = {"people": 3_000, "regions": 2}
    story = {"burn_in": 0, "months": months, "society": size, "sectors": {"demography": on}, "policies": list(policies)}
    society = Society(Scenario.model_validate(story), seed=seed)
    deaths = 0.0
    for _ in range(months):
        society.step()
        deaths += float(society.world.view().vital.deaths[0]) if on else 0.0
    society.died = deaths
    return society


@pytest.mark.parametrize(
    "policy",
    [{"kind": "health_spending", "change": 2.0}, {"kind": "health_coverage", "level": 1.0}],
    ids=["spending", "coverage"],
)
def test_health_policies_raise_health_and_save_lives(policy: dict[str, Any]) -> None:
    plain, treated = _lived(120, True), _lived(120, True, policy)
    assert treated.indicators["health"] > plain.indicators["health"] + 0.01
    assert treated.died < plain.died
    plain.close()
    treated.close()


@pytest.mark.parametrize("kind", ["health_spending", "health_coverage"])
def test_without_demography_health_policies_do_nothing_and_say_so(kind: str) -> None:
    policy = {"kind": kind, "change": 0.1}
    plain, treated = _lived(3, False), _lived(3, False, policy)
    assert same(plain.snapshot(), treated.snapshot()) == []
    assert "works through the demography sector" in treated.scenario.warnings()[0]


def test_faces_of_the_dead_are_dropped() -> None:
    size = {"people": 300, "regions": 1}
    story = {"burn_in": 0, "months": 120, "society": size, "sectors": {"demography": True}, "record": {"panel": 200}}
    society = Society(Scenario.model_validate(story))
    before = {agent.unique_id for agent in society.agents if agent.table == "people"}
    society.run_for(60)
    after = {agent.unique_id for agent in society.agents if agent.table == "people"}
    alive = set(society.people.id.tolist())
    assert len(before) == 200
    assert after == before & alive
    assert after < before
    assert len(society.panel()) == len(after)
    society.close()
