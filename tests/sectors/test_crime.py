"""Crime: who offends, whom it hits, who is caught; levers; luck; the off switch."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.worlds import live, same, small_world
from wildsim.core.clock import Clock
from wildsim.core.keys import Keys
from wildsim.core.parameters import load_parameters, resolve
from wildsim.indicators import INDICATORS, measure_all
from wildsim.policies import POLICIES
from wildsim.state.law import Law
from wildsim.state.people import HOME, PRISON, SCHOOL
from wildsim.state.start.crime import propensities
from wildsim.state.world import World

ON = ("crime",)
#: Nobody offends with such a constant.
NEVER = {"crime.constant": [-50.0, -50.0]}
#: Everybody offends often.
OFTEN = {"crime.constant": [2.0, 1.0]}


def society(
    people: int = 600, regions: int = 2, seed: int = 1, policies: Iterable[dict[str, Any]] = (), **parameters: object
) -> World:
    named = {f"crime.{name}": value for name, value in parameters.items()}
    world = small_world(people, regions, seed, month=0, parameters=named, sectors=ON)
    world.policies = [POLICIES[policy["kind"]].model_validate(policy) for policy in policies]
    return world


def base(world: World, table: str, column: str) -> NDArray[Any]:
    return world.tables[table].base(column)


def counted(world: World, months: int) -> NDArray[np.float64]:
    """Live some months and return offences by kind."""
    found = np.zeros(2)
    for _ in range(months):
        live(world)
        found += base(world, "policing", "offences").sum(axis=0)
    return found


# -- the off switch --------------------------------------------------------------------------------------------------


def test_without_offences_the_economy_is_that_of_the_off_switch_to_the_bit() -> None:
    off, on = small_world(400), small_world(400, parameters=NEVER, sectors=ON)
    live(off, 12)
    live(on, 12)
    assert base(on, "policing", "offences").sum() == 0.0
    found = on.state()
    assert not [name for name in same(off.state(), {name: found[name] for name in off.state()}) if name]


def test_off_there_is_no_table_and_no_indicator() -> None:
    world = small_world(100, 1)
    live(world)
    assert {"offending", "policing", "crime_decisions"}.isdisjoint(world.tables)
    mine = [name for name, item in INDICATORS.items() if item.sector == "crime"]
    assert len(mine) == 7
    assert all(math.isnan(measure_all(world.view())[name]) for name in mine)


def test_nobody_gives_no_rate() -> None:
    rows = dict.fromkeys(("people", "households", "firms", "banks", "regions"), 0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = measure_all(World(rows, Law(resolve("us", {})), Keys(1), Clock(0), sectors=ON).view())
    assert all(math.isnan(found[name]) for name, item in INDICATORS.items() if item.sector == "crime")


# -- books, money, corners -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("often", [False, True])
def test_books_close(often: bool) -> None:
    world = society(**{name.removeprefix("crime."): value for name, value in OFTEN.items()} if often else {})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert live(world, 18) <= 1e-9
    assert base(world, "policing", "offences").sum() > 0.0 or not often


@pytest.mark.parametrize("chance", [0.0, 1.0])
def test_whatever_is_decided_the_books_close(chance: float) -> None:
    world = society(200)
    world.minds = [lambda w, role, name, values: np.full(len(values), chance) if name.endswith("_crime") else None]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert live(world, 12) <= 1e-9
    inmates = (base(world, "people", "away") == PRISON).mean()
    assert inmates == 0.0 if chance == 0.0 else inmates > 0.2


def test_one_household_finds_no_victim() -> None:
    """Whoever has no neighbour robs nobody: an offence needs a victim of another household."""
    world = society(**{"constant": [10.0, 10.0]})
    homes, people = base(world, "households", "region"), base(world, "people", "household")
    alone = np.flatnonzero(homes == 0)[0]
    base(world, "households", "members")[(homes == 0) & (np.arange(len(homes)) != alone)] = 0  # nobody to be met
    base(world, "offending", "known")[people != alone] = 0
    from wildsim.behaviour import offender
    from wildsim.sectors import crime

    offender.decide(world)
    assert base(world, "crime_decisions", "property_crime")[people == alone].min() > 0.7
    crime.live(world)
    assert base(world, "policing", "offences").sum() == 0.0


def rob(world: World, months: int, look: Callable[[NDArray[Any], NDArray[Any]], None]) -> None:
    """Live months; tell `look` each month what households had on deposit before the thefts and what they lost."""
    before: dict[str, NDArray[Any]] = {}

    def watch(w: World, step: str) -> None:
        deposits = base(w, "households", "deposits")
        if step == "sectors.goods.buy":
            before["deposits"] = deposits.copy()
        elif step == "sectors.crime.live":
            look(before["deposits"], before["deposits"] - deposits)

    live(world, months, watch)


def test_one_theft_takes_at_most_a_part_of_the_deposits() -> None:
    """Offences are so rare that hardly anybody is robbed twice in a month."""
    world = society(2000, **{"constant": [-3.0, -50.0], "loot": 100.0})
    share = world.law("crime.loot_most")
    parts: list[float] = []
    rob(world, 3, lambda had, lost: parts.extend((lost[lost > 0.0] / had[lost > 0.0]).tolist()))
    assert len(parts) > 20
    assert np.quantile(parts, 0.75) <= share + 1e-9


def test_loot_is_what_victims_lose_and_at_most_a_part_of_their_deposits() -> None:
    world = society(**{"constant": [2.0, -50.0], "loot": 100.0})
    live(world, 2)
    share = world.law("crime.loot_most")

    def look(had: NDArray[Any], lost: NDArray[Any]) -> None:
        assert (lost <= np.maximum(had, 0.0) + 1e-6).all(), "several thefts may add up"
        assert (lost > 0.5 * share * had).any()
        loot = base(world, "policing", "loot").sum()
        assert world.ledger.paid["theft"].sum() == pytest.approx(loot)
        assert float(lost.sum()) == pytest.approx(0.0, abs=1e-6 * loot)

    rob(world, 2, look)


def test_money_times_1024_leaves_everything_real_to_the_bit() -> None:
    scaled = {
        name: float(parameter.value) * 1024.0
        for name, parameter in load_parameters("us").items()
        if parameter.unit.startswith("USD") and isinstance(parameter.value, float)
    }
    one = small_world(400, 2, parameters=OFTEN, sectors=ON)
    other = small_world(400, 2, parameters={**scaled, **OFTEN}, sectors=ON)
    live(one, 8)
    live(other, 8)
    for table in ("offending", "crime_decisions", "policing"):
        for name, column in one.tables[table].columns.items():
            factor = 1024.0 if column.unit.startswith("USD") else 1.0
            assert np.array_equal(base(one, table, name) * factor, base(other, table, name)), (table, name)
    assert base(one, "policing", "loot").sum() > 0.0


# -- prison and records ----------------------------------------------------------------------------------------------


def test_prison_ends_the_job_keeps_from_offending_and_is_left_after_the_term() -> None:
    world = society(**{name.removeprefix("crime."): value for name, value in NEVER.items()})
    live(world)
    row = int(np.flatnonzero(base(world, "people", "employer") >= 0)[0])
    base(world, "people", "away")[row] = PRISON
    base(world, "offending", "months_left")[row] = 3
    base(world, "offending", "record")[row] = 1.0
    live(world)
    assert base(world, "people", "employer")[row] == -1
    assert base(world, "crime_decisions", "property_crime")[row] == 0.0
    live(world)
    assert base(world, "people", "away")[row] == PRISON
    live(world)
    assert base(world, "people", "away")[row] == HOME
    assert 0.5 < base(world, "people", "employability")[row] < 0.6
    base(world, "offending", "record")[row] = 0.011
    live(world, 12)
    assert base(world, "people", "employability")[row] == 1.0, "forgotten"


def test_pupils_offend_get_records_no_prison_and_stay_at_school() -> None:
    world = society(**{"constant": [10.0, -50.0], "clearance": [0.99, 0.5], "reported": [1.0, 0.5]})
    age, away = base(world, "people", "age"), base(world, "people", "away")
    age[:40] = 14.0
    away[:40] = SCHOOL
    live(world, 3)
    assert base(world, "offending", "career")[:40].min() >= 1
    assert (away[:40] == SCHOOL).all()
    assert base(world, "offending", "record")[:40].max() <= world.law("crime.record_arrest")
    assert (away[40:] == PRISON).any()
    age[:40] = 11.0
    live(world)
    assert base(world, "crime_decisions", "property_crime")[:40].max() == 0.0


def test_a_record_makes_work_harder_to_find() -> None:
    """Months without work in the two years after: those with a fresh record against the same people without it."""
    found = []
    for record in (0.0, 1.0):
        world = small_world(
            600, 2, parameters={**NEVER, "crime.record_memory": 12000.0, "crime.record_penalty": 0.9}, sectors=ON
        )
        live(world, 3)
        marked = (base(world, "people", "id") % np.uint64(4)) == 0
        base(world, "offending", "record")[marked] = record
        jobless = 0
        for _ in range(24):
            live(world)
            searching = (base(world, "people", "employer") < 0) & (base(world, "people", "participates") == 1)
            jobless += int(searching[marked].sum())
        found.append(jobless)
    assert found[1] > 1.15 * found[0]


def test_prisons_buy_goods() -> None:
    bought = []
    for inmates in (0, 60):
        world = society(**{name.removeprefix("crime."): value for name, value in NEVER.items()})
        live(world, 2)
        base(world, "people", "away")[:inmates] = PRISON
        base(world, "offending", "months_left")[:inmates] = 99
        live(world)
        bought.append(world.ledger.paid["government_purchases"].sum())
    cost = 60 * world.law("crime.prison_cost") * base(world, "macro", "mean_wage")[0]
    assert 0.5 * cost < bought[1] - bought[0] < 1.2 * cost


# -- beliefs and levers ----------------------------------------------------------------------------------------------


def test_every_chance_falls_with_perceived_arrest_and_the_sentence() -> None:
    from wildsim.behaviour import offender

    world = society()
    live(world, 3)
    found = []
    for perceived, sentence in ((1.0, 1.0), (1.3, 1.0), (1.3, 1.5)):
        base(world, "policing", "perceived")[:] = perceived * np.array([0.07, 0.2])
        world.law.set("crime.sentence", [16.0 * sentence, 42.0 * sentence])
        offender.decide(world)
        found.append({k: base(world, "crime_decisions", k).copy() for k in ("property_crime", "violent_crime")})
    for kind, before in found[0].items():
        may = before > 0.0
        assert may.sum() > 500
        assert (found[1][kind][may] < before[may]).all()
        assert (found[2][kind][may] < found[1][kind][may]).all()


def test_unemployment_low_wages_youth_men_and_peers_raise_the_chance() -> None:
    from wildsim.behaviour import offender

    def chances(table: str, column: str, value: float) -> NDArray[Any]:
        world = society(300)
        base(world, "people", "participates")[:] = 1
        base(world, table, column)[:40] = value
        offender.decide(world)
        return base(world, "crime_decisions", "property_crime")[:40].copy()

    for table, column, less, more in (
        ("people", "employer", 0, -1),
        ("people", "skill", 2.0, 0.5),
        ("people", "age", 45.0, 20.0),
        ("people", "female", 1, 0),
        ("people", "schooling", 18.0, 10.0),
        ("offending", "propensity", -1.0, 1.0),
        ("offending", "peers", -0.05, 0.5),
    ):
        assert (chances(table, column, less) < chances(table, column, more)).all(), column


def test_the_age_curve_peaks_between_16_and_25() -> None:
    from wildsim.behaviour import offender

    world = society(200)
    years = np.arange(100)
    for column in ("female", "schooling", "skill", "employer", "participates", "household"):
        base(world, "people", column)[:100] = base(world, "people", column)[0]
    base(world, "offending", "propensity")[:100] = 0.0
    base(world, "people", "age")[:100] = years
    offender.decide(world)
    for kind in ("property_crime", "violent_crime"):
        chance = base(world, "crime_decisions", kind)[:100]
        assert 16 <= years[np.argmax(chance)] <= 25
        assert (chance[:12] == 0.0).all()
        assert 0.2 < chance[40] / chance.max() < 0.5
        assert chance[60] / chance.max() < 0.15


def test_beliefs_follow_what_the_police_do() -> None:
    world = society(2000, 1, policies=[{"kind": "clearance", "change": 1.0}], constant=[-4.5, -6.0])
    live(world)
    early = base(world, "policing", "perceived")[0].copy()
    live(world, 72)
    normal = world.law.array("crime.reported") * np.asarray(world.law.start["crime.clearance"])
    late = base(world, "policing", "perceived")[0] / normal
    assert late[0] == pytest.approx(2.0, rel=0.15)
    assert late[1] == pytest.approx(2.0, rel=0.25)
    assert (early > 0.0).all()


@pytest.fixture(scope="module")
def levers() -> dict[str, NDArray[np.float64]]:
    """Offences of three seeds in six years by lever, the same seeds in each arm."""
    arms: dict[str, list[dict[str, Any]]] = {
        "baseline": [],
        "police": [{"kind": "police", "change": 0.6}],
        "fewer": [{"kind": "police", "change": -0.4}],
        "sentence": [{"kind": "sentence", "change": 2.0}],
        "clearance": [{"kind": "clearance", "change": 0.5}],
    }
    found = {}
    for name, policies in arms.items():
        seeds = [counted(society(1200, 2, seed, policies), 72) for seed in (1, 2, 3)]
        found[name] = np.array(seeds)
    return found


@pytest.mark.parametrize("lever", ["police", "sentence", "clearance"])
def test_levers_lower_crime(levers: dict[str, NDArray[np.float64]], lever: str) -> None:
    assert levers[lever].sum() < 0.96 * levers["baseline"].sum()


def test_more_police_never_raises_crime(levers: dict[str, NDArray[np.float64]]) -> None:
    fewer, normal, more = (levers[name].sum(axis=1) for name in ("fewer", "baseline", "police"))
    assert (fewer > normal).all()
    assert (normal > more).all()


def test_recording_counts_more_and_changes_nothing_else() -> None:
    strict = [{"kind": "crime_recording", "strictness": 0.9}]
    plain, other = society(), society(policies=strict)
    live(plain, 12)
    live(other, 12)
    allowed = {"history.crime.recorded", "history.crime.recording", "table.policing.recorded"}
    assert set(same(plain.state(), other.state())) <= allowed
    one, two = (measure_all(world.view()) for world in (plain, other))
    assert two["crime_recorded_rate"] > one["crime_recorded_rate"]
    assert two["crime_rate"] == one["crime_rate"]
    assert two["crime_rate"] >= two["crime_recorded_rate"]


# -- luck ------------------------------------------------------------------------------------------------------------


def test_one_decision_leaves_the_other_region_bit_identical() -> None:
    grown = society(600, 2)
    live(grown, 3)
    state = grown.state()
    arms = []
    for bold in (False, True):
        world = society(600, 2)
        world.load(state)
        if bold:
            world.minds = [
                lambda w, role, name, values: (
                    np.where(np.arange(len(values)) == 5, 1.0, values) if name.endswith("_crime") else None
                )
            ]
        live(world)
        arms.append(world)
    assert base(arms[1], "policing", "offences")[0].sum() > base(arms[0], "policing", "offences")[0].sum()
    elsewhere = base(arms[0], "households", "region")[base(arms[0], "people", "household")] == 1
    for table, rows in (("people", elsewhere), ("offending", elsewhere), ("policing", np.array([False, True]))):
        for name in arms[0].tables[table].columns:
            a, b = (base(world, table, name)[rows] for world in arms)
            assert np.array_equal(a, b), (table, name)


def test_newcomers_leave_the_draws_of_others_and_have_traits_of_their_own_id() -> None:
    policy = [{"kind": "migration", "share": 0.1, "from": 1}]
    plain, other = society(), society(policies=policy)
    live(plain, 3)
    live(other, 3)
    traits = [
        dict(zip(base(w, "people", "id"), base(w, "offending", "propensity"), strict=True)) for w in (plain, other)
    ]
    assert len(traits[1]) > len(traits[0])
    assert all(traits[1][number] == value for number, value in traits[0].items())
    assert (base(other, "offending", "known") == 1).all()
    ids = base(other, "people", "id")
    drawn = propensities(other.keys, ids[::-1].copy())[::-1].astype(np.float32)
    assert np.array_equal(base(other, "offending", "propensity"), drawn)


@pytest.mark.parametrize("gone", [3, 40, 111])
def test_one_household_fewer_changes_only_picks_that_fell_on_it(gone: int) -> None:
    """Victims of one month, found by what they lost: taking one household off the list moves only its own offences."""
    from wildsim.behaviour import offender
    from wildsim.sectors import crime

    found = []
    for absent in (False, True):
        world = society(300, 1, constant=[-3.0, -50.0])
        victim = world.tables["households"]
        if absent:
            base(world, "offending", "known")[base(world, "people", "household") == gone] = 0
            victim.base("members")[gone] = 0
        before = victim.base("deposits").copy()
        offender.decide(world)
        crime.live(world)
        found.append((before - victim.base("deposits"), base(world, "policing", "offences").sum()))
    changed = np.flatnonzero(np.abs(found[0][0] - found[1][0]) > 1e-9)
    assert len(changed) <= 8
    assert abs(found[0][1] - found[1][1]) <= 2


def test_a_restored_society_goes_on_the_same() -> None:
    whole = society()
    live(whole, 7)
    state = whole.state()
    live(whole, 8)
    other = society()
    other.load(state)
    live(other, 8)
    assert same(whole.state(), other.state()) == []


def test_any_number_of_threads_gives_the_same_bytes() -> None:
    one = small_world(600, 4, parameters=OFTEN, sectors=ON)
    several = small_world(600, 4, threads=3, parameters=OFTEN, sectors=ON)
    live(one, 4)
    live(several, 4)
    several.tiles.close()
    assert same(one.state(), several.state()) == []
