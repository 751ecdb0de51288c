"""Science: careers, grants, papers, discoveries; what holds whatever the numbers, and how grants reach production."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from tests.sectors.science_worlds import college, column, spend, think
from tests.worlds import live, same, small_world
from wildsim.behaviour.guard import bounds
from wildsim.behaviour.scientist import best_care
from wildsim.core.parameters import load_parameters, resolve
from wildsim.core.table import NO_ROW
from wildsim.indicators import INDICATORS, SAMPLES, collect_all, measure_all
from wildsim.policies import POLICIES
from wildsim.scenario.schema import Scenario
from wildsim.sectors.science_practice import use
from wildsim.society import Society
from wildsim.state.functions import spending_ratio
from wildsim.state.reorganise import reorganise
from wildsim.state.science import TOPICS, ScienceDecisions
from wildsim.state.world import World

OWN = [name for name, item in INDICATORS.items() if item.sector == "science"]


def society(*policies: dict[str, Any], science: bool = True, people: int = 600, months: int = 24) -> Society:
    size = {"country": "us", "people": people, "regions": 2}
    data = {
        "burn_in": 0,
        "months": months,
        "society": size,
        "policies": list(policies),
        "sectors": {"science": science},
    }
    return Society(Scenario.model_validate(data))


@pytest.fixture(scope="module")
def grown() -> World:
    """Twenty thousand people after twenty years of science."""
    world = college()
    think(world, 240)
    return world


# -- whatever the numbers --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"science.schooling": 30},  # nobody is suited
        {"science.fewest": 0, "science.share": 0},
        {"science.leaving": 1, "science.hiring_every": 1},
        {"science.rate": 100, "science.references": 1000, "science.initial_attraction": 1000},
        {"science.rate": 0},
        {"science.success": 1, "science.apply_every": 1, "science.grant_months": 1},
        {"science.lag": 1, "science.growth": 0.2, "science.discovery": 1, "science.fishing_out": 0},
        {"science.own_funds": 0, "science.equal_share": 0, "science.success": 0},
    ],
    ids=lambda given: " ".join(given) or "plain",
)
def test_books_close_and_numbers_are_finite(parameters: dict[str, object]) -> None:
    world = small_world(300, sectors=["science"], parameters=parameters)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert live(world, 14) <= 1e-9
        found = measure_all(world.view())
        collect_all(world.view())
    for table in ("scientists", "papers", "knowledge", "macro"):
        for name, values in world.tables[table].state().items():
            assert np.isfinite(values).all(), (table, name)
    nobody = not len(world.tables["scientists"])
    assert nobody == ("science.schooling" in parameters or "science.share" in parameters)
    assert np.isnan(found["h_index"]) == nobody


@pytest.mark.parametrize("part", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("name", list(ScienceDecisions.columns))
def test_any_legal_decision_keeps_the_books(name: str, part: float) -> None:
    world = small_world(300, sectors=["science"])
    low, high = bounds(world, ScienceDecisions.columns[name])

    def mind(world: World, role: str, what: str, values: Any) -> Any:
        return np.full(len(values), low + part * (high - low)) if (role, what) == ("scientist", name) else None

    world.minds = [mind]
    assert live(world, 8) <= 1e-9
    if name == "topic":
        assert (column(world, "papers", "topic") == round(low + part * (high - low))).all()
    elif (name, part) == ("effort", 0.0):
        assert len(world.tables["papers"]) == 0, "no effort, no papers"


def test_off_means_not_there_and_on_touches_only_the_trend() -> None:
    on, off = (small_world(300, sectors=sectors) for sectors in (["science"], []))
    assert not {"scientists", "papers", "knowledge", "science_decisions"} & set(off.tables)
    live(on)
    live(off)
    assert [name for name in same(on.state(), off.state()) if name in off.state()] == []
    column(on, "knowledge", "developed")[:] = 0.0
    use(on)
    assert [name for name in same(on.state(), off.state()) if name in off.state()] == ["table.macro.trend"]
    assert all(np.isnan(measure_all(off.view())[name]) for name in OWN)
    assert len(OWN) == 6


def test_grants_do_nothing_at_all_where_science_is_off() -> None:
    grants = {"kind": "research_grants", "change": 1.0, "allocation": "lottery"}
    plain, paid = society(science=False), society(grants, science=False)
    for one in (plain, paid):
        one.run_for(6)
    assert same(plain.snapshot(), paid.snapshot()) == []


def test_interrupted_is_the_same_as_not() -> None:
    story = ({"kind": "research_grants", "change": 0.5, "from": 2},)
    whole = society(*story)
    whole.run_for(7)
    saved = {name: values.copy() for name, values in whole.snapshot().items()}
    whole.run_for(12)
    other = society(*story)
    other.restore(saved)
    other.run_for(12)
    assert same(whole.snapshot(), other.snapshot()) == []


def test_money_in_another_unit_leaves_science_to_the_bit() -> None:
    arms = []
    for factor in (1.0, 1024.0):
        values = resolve("us", {})
        scaled: dict[str, Any] = {
            name: factor * values[name]
            for name, parameter in load_parameters("us").items()
            if parameter.unit.startswith("USD") and isinstance(values[name], float)
        }
        world = small_world(300, sectors=["science"], parameters=scaled)
        live(world, 13)
        arms.append(world.state())
    own = ("table.scientists", "table.papers", "table.knowledge", "table.science", "table.macro.trend")
    assert [name for name in same(*arms) if name.startswith(own)] == []


def test_indicators_of_an_empty_society_are_nan() -> None:
    world = small_world(300, sectors=["science"])
    for name in world.aligned("scientists"):
        world.tables[name].take(np.empty(0, dtype=np.int64), 0)
    found = measure_all(world.view())
    assert found["scientists"] == 0.0
    assert all(np.isnan(found[name]) for name in ("papers", "h_index", "citations_per_paper", "discoveries"))
    assert {name for name, item in SAMPLES.items() if item.sector == "science"} <= set(collect_all(world.view()))


# -- careers ---------------------------------------------------------------------------------------------------------


def test_posts_are_held_by_graduates_of_the_region_one_each(grown: World) -> None:
    person = column(grown, "scientists", "person")
    assert len(np.unique(person)) == len(person)
    assert (column(grown, "people", "schooling")[person] >= 16).all()
    region = np.searchsorted(grown.tiles.people, person, side="right") - 1
    held = np.bincount(region, minlength=grown.tiles.count)
    posts = float(column(grown, "knowledge", "posts")[0])
    assert held.min() >= 3
    assert 0.85 * posts <= held.sum() <= posts
    assert column(grown, "people", "ability")[person].mean() > 1.0


def test_careers_end_at_the_rate_of_leaving() -> None:
    world = college(20_000, leaving=0.2, hiring_every=1)
    before = column(world, "scientists", "id").copy()
    think(world, 24)
    stayed = np.isin(before, column(world, "scientists", "id")).mean()
    assert stayed == pytest.approx(0.8**2, abs=0.16)


def test_who_dies_leaves_science_and_the_papers_stay(grown: World) -> None:
    world = college()
    world.load(grown.state())
    victim = int(column(world, "scientists", "person")[0])
    gone = np.arange(len(world.tables["people"])) == victim
    name, wrote = column(world, "scientists", "id")[0], (column(world, "papers", "author") == 0).sum()
    assert wrote > 0
    shared = np.delete(np.arange(len(gone)), victim)
    others = column(world, "people", "id")[column(world, "scientists", "person")[1:]]
    reorganise(world, "people", gone, np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.int64))
    assert np.array_equal(column(world, "people", "id")[column(world, "scientists", "person")[1:]], others)
    assert column(world, "scientists", "person")[0] == NO_ROW
    assert len(shared) == len(world.tables["people"])
    orphans = (column(world, "papers", "author") == NO_ROW).sum()
    think(world, 1)
    assert name not in column(world, "scientists", "id")
    assert (column(world, "papers", "author") == NO_ROW).sum() >= orphans + wrote


def test_one_scientist_fewer_leaves_the_others_their_luck(grown: World) -> None:
    """What others draw, write and find is the same, but for means that move by a hair."""
    arms = []
    for fewer in (False, True):
        world = college()
        world.load(grown.state())
        if fewer:
            column(world, "scientists", "person")[3] = NO_ROW
        before = set(column(world, "papers", "id").tolist())
        think(world, 12)
        arms.append((world, set(column(world, "papers", "id").tolist()) - before))
    (plain, first), (other, second) = arms
    lost = int(column(grown, "scientists", "id")[3])
    assert lost not in column(other, "scientists", "id")
    ids = [column(world, "scientists", "id").tolist() for world in (plain, other)]
    draws = [
        dict(zip(own, world.view().uniform("science.papers", "scientists")[0].tolist(), strict=True))
        for own, world in zip(ids, (plain, other), strict=True)
    ]
    both = draws[0].keys() & draws[1].keys()
    assert len(both) >= len(ids[0]) - 3
    assert all(draws[0][one] == draws[1][one] for one in both)
    assert len(first & second) >= 0.8 * len(first)


def test_newcomers_traits_depend_on_their_id_alone() -> None:
    world, later = college(2000, leaving=0.5), college(2000, leaving=0.5)
    think(world, 30)
    later.load(world.state())
    for name, drawn in (("known", 0), ("output", 1.0), ("quality", 1.0)):
        column(later, "scientists", name)[:] = drawn
    later.clock.month += 1
    topics = column(later, "scientists", "topic").copy()
    from wildsim.sectors.science_careers import _draw_traits

    _draw_traits(later)
    for name in ("output", "quality"):
        assert np.array_equal(column(later, "scientists", name), column(world, "scientists", name))
    assert topics.max() < TOPICS


# -- grants, papers, discoveries -------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [-1.0, 0.0, 1.0])
def test_funds_add_up_to_what_is_spent(grown: World, change: float) -> None:
    world = college()
    world.load(grown.state())
    spend(world, change)
    think(world, 1)
    own = world.law("science.own_funds")
    assert spending_ratio(world.view(), "research") == pytest.approx(1.0 + change, abs=1e-4)
    expected = own + (1.0 - own) * (1.0 + change)
    assert column(world, "scientists", "funding").mean() == pytest.approx(expected, rel=1e-4)


def test_no_money_no_papers() -> None:
    world = college(2000, own_funds=0)
    spend(world, -1.0)
    assert sum(papers for papers, _ in think(world, 12)) == 0


def test_normal_spending_gives_the_papers_of_the_norm() -> None:
    sums, posts = np.zeros(2), 0.0
    for seed in (1, 2, 3, 4):
        world = college(60_000, seed)
        sums += np.sum(think(world, 120), axis=0)
        posts += 10 * float(column(world, "knowledge", "posts")[0])
    papers, discoveries = sums / posts
    assert papers == pytest.approx(2.0, rel=0.1)
    assert discoveries == pytest.approx(2.0 * 0.05, rel=0.15)


def test_merit_goes_to_the_cited_and_a_lottery_to_anybody(grown: World) -> None:
    gaps = []
    for merit in (1.0, 0.0):
        world = college(merit=merit, equal_share=0.0)
        world.load(grown.state())
        think(world, 96)
        holds = column(world, "scientists", "grant_months") > 0
        record = np.log1p(column(world, "scientists", "recent") * 60)
        gaps.append(record[holds].mean() - record[~holds].mean())
    assert gaps[0] > 0.8
    assert abs(gaps[1]) < gaps[0] / 2


def test_equal_grants_write_more_and_merit_writes_better() -> None:
    """Diminishing returns against talent: Fortin and Currie 2013; time for proposals: Gross and Bergstrom 2019."""
    quality, number = [], []
    for merit, equal in ((1.0, 0.0), (1.0, 1.0)):
        world = college(50_000, merit=merit, equal_share=equal)
        number.append(sum(papers for papers, _ in think(world, 180)[60:]))
        new = column(world, "papers", "month") > world.clock.month - 120
        quality.append(column(world, "papers", "quality")[new].mean())
    assert number[1] > 1.1 * number[0]
    assert quality[0] > 1.02 * quality[1]


def test_counting_papers_gives_more_of_them_and_fewer_discoveries() -> None:
    """A measure that becomes a target (Goodhart): Butler 2003 on Australia. Discoveries go with the sum of quality."""
    number, quality = [], []
    for counting in (0.0, 0.5):
        world = college(60_000)
        world.law.set("science.counting", counting)
        number.append(sum(papers for papers, _ in think(world, 120)))
        quality.append(column(world, "papers", "quality").sum())
    assert number[1] > 1.3 * number[0]
    assert quality[1] < 0.95 * quality[0]
    assert quality[1] / number[1] < 0.7 * quality[0] / number[0]
    assert (column(world, "science_decisions", "care") < 0.5).all()


def test_care_is_what_earns_most() -> None:
    for counting in (0.0, 0.3, 0.9):
        world = small_world(300, sectors=["science"], parameters={"science.counting": counting})
        gain, care = world.law("science.care_return"), np.linspace(0.01, 3.0, 3000)
        earned = care ** (gain * (1.0 - counting)) / (1.0 - gain + gain * care)
        assert best_care(world.view()) == pytest.approx(care[earned.argmax()], abs=0.002)


def test_a_discovery_comes_into_use_after_the_lag() -> None:
    """The response to one discovery begins at zero, peaks after years, and its mean delay is the lag."""
    paths = []
    for more in (0, 1):
        world = small_world(300, sectors=["science"], parameters={"science.fishing_out": 0})
        found, levels = column(world, "knowledge", "found"), []
        column(world, "knowledge", "posts")[:] = 100.0
        for month in range(600):
            found[0, -1] = more if month == 0 else 0
            use(world)
            levels.append(float(column(world, "knowledge", "level")[0]))
        paths.append(np.array(levels))
    response = np.diff(paths[1] - paths[0], prepend=0.0)
    assert response[0] == pytest.approx(0.0, abs=1e-15)
    assert 24 <= response.argmax() <= 36
    assert (response * np.arange(600)).sum() / response.sum() == pytest.approx(60, rel=0.02)
    worth = 0.006 / 12 / (100 * 2.0 / 12 * 0.05)
    assert response.sum() == pytest.approx(worth, rel=1e-6)


def test_more_science_for_good_raises_the_level_not_growth_for_good() -> None:
    """Semi-endogenous growth: the level goes to log(2) / 3.1 (Bloom et al. 2020), whatever the speed."""
    world = small_world(300, sectors=["science"], parameters={"science.growth": 0.2})
    column(world, "knowledge", "posts")[:] = 240.0  # two discoveries a month are normal
    for _ in range(1200):
        column(world, "knowledge", "found")[0, -1] = 4
        use(world)
    assert column(world, "knowledge", "level")[0] == pytest.approx(np.log(2) / 3.1, rel=1e-3)
    assert column(world, "macro", "trend")[0] == pytest.approx(np.exp(np.log(2) / 3.1), rel=1e-3)


# -- the lever -------------------------------------------------------------------------------------------------------


def test_elasticity_of_papers_and_discoveries() -> None:
    """Between .5 and .7 (Adams and Griliches 1998; Jones and Williams 1998), from paired seeds."""
    ratios = []
    for seed in (1, 2, 3):
        sums = []
        for change in (0.0, 0.5):
            world = college(60_000, seed)
            think(world, 24)
            spend(world, change)
            sums.append(np.sum(think(world, 96), axis=0))
        ratios.append(np.log(sums[1] / sums[0]) / np.log(1.5))
    papers, discoveries = np.mean(ratios, axis=0)
    assert 0.5 <= papers <= 0.6
    assert 0.45 <= discoveries <= 0.7


def test_level_sets_and_changes_add_up() -> None:
    kind = POLICIES["research_grants"]
    world = small_world(300, sectors=["science"])
    kind.model_validate({"kind": "research_grants", "level": 0.014}).put_in_force(world, 0)
    assert spending_ratio(world.view(), "research") == pytest.approx(2.0)
    kind.model_validate({"kind": "research_grants", "change": 0.5}).put_in_force(world, 1)
    assert spending_ratio(world.view(), "research") == pytest.approx(2.5)
    kind.model_validate({"kind": "research_grants", "level": 0.007, "size": 0.5}).put_in_force(world, 2)
    assert spending_ratio(world.view(), "research") == pytest.approx(1.75)
    kind.model_validate({"kind": "research_grants", "allocation": "equal"}).put_in_force(world, 3)
    assert (world.law("science.merit"), world.law("science.equal_share")) == (1.0, 1.0)
    for wrong in ({}, {"change": 0.1, "level": 0.01}):
        with pytest.raises(ValueError, match="research_grants"):
            kind.model_validate({"kind": "research_grants", **wrong})


def test_public_spending_on_research_is_the_same_lever() -> None:
    one = society({"kind": "public_spending", "function": "research", "change": 0.01})
    one.run_for(3)
    assert spending_ratio(one.world.view(), "research") > 1.5
    assert column(one.world, "scientists", "funding").mean() > 1.4


@pytest.mark.slow
def test_grants_move_papers_discoveries_and_after_years_productivity() -> None:
    """Five paired seeds of 20,000 people; grants doubled for ten years; each effect differs from zero (95 %, t)."""
    names = ("papers", "discoveries", "science_gain", "productivity", "gdp_real")
    gains = []
    for seed in range(1, 6):
        arms: list[np.ndarray] = []
        burned: dict[str, Any] = {}
        for change in (0.0, 1.0):
            size = {"country": "us", "people": 20_000, "regions": 8}
            policies = [{"kind": "research_grants", "change": change, "from": 0}]
            data = {"burn_in": 36, "months": 120, "society": size, "policies": policies, "sectors": {"science": True}}
            made = Society(Scenario.model_validate(data), seed=seed)
            if arms:
                made.restore(burned)
            else:
                made.burn_in()
                burned = made.snapshot()
            arms.append(np.array([_month(made, names) for _ in range(120)]))
            assert made.largest_error <= 1e-9
            made.close()
        gains.append((arms[1] - arms[0])[60:].mean(axis=0))
    found = np.array(gains)
    low = found.mean(axis=0) - 2.78 * found.std(axis=0, ddof=1) / np.sqrt(len(found))
    assert (low > 0.0).all(), dict(zip(names, found.T.tolist(), strict=True))


def _month(made: Society, names: tuple[str, ...]) -> list[float]:
    made.step()
    return [made.indicators[name] for name in names]
