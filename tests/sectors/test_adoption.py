"""AI agents in firms: the money goes somewhere, tasks move, people are paired and displaced, levers act."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.worlds import live, same, small_world
from wildsim.behaviour.adoption import _told, peers
from wildsim.behaviour.log import executed
from wildsim.core.parameters import load_parameters, resolve
from wildsim.core.table import NO_ROW
from wildsim.indicators import INDICATORS, measure_all
from wildsim.scenario.schema import Scenario
from wildsim.sectors import ai_services
from wildsim.sectors.adoption import multiplier
from wildsim.society import Society
from wildsim.state import identities
from wildsim.state.ai_tasks import TRAITS, cost_of, exposure, worthwhile
from wildsim.state.firms import OTHER_GOODS, PUBLIC
from wildsim.state.reorganise import reorganise
from wildsim.state.world import World

ON = ("adoption",)
MINE = [name for name, item in INDICATORS.items() if item.sector == "adoption"]
#: Everybody who can starts at once.
EAGER: dict[str, object] = {"adoption.speed": 100.0, "adoption.innovators": 0.1, "adoption.rollout": 0.5}


def _base(world: World, table: str, column: str) -> NDArray[Any]:
    return world.tables[table].base(column)


def _economy(world: World) -> dict[str, Any]:
    """The saved state without tables of the sector."""
    own = tuple(f"table.{name}." for name, table in world.tables.items() if table.sector)
    return {name: values for name, values in world.state().items() if not name.startswith(own)}


def _world(people: int = 600, seed: int = 1, threads: int = 1, **parameters: object) -> World:
    named = {f"adoption.{name}": value for name, value in parameters.items()}
    return small_world(people, 2, seed, month=0, threads=threads, parameters={**EAGER, **named}, sectors=ON)


@pytest.fixture(scope="module")
def spread() -> dict[str, Any]:
    """The state of a society in which AI agents have spread for a year."""
    world = _world()
    live(world, 12)
    return world.state()


def _at(spread: dict[str, Any], **parameters: object) -> World:
    world = _world(**parameters)
    world.load(spread)
    return world


# -- off, and a dose of nothing ------------------------------------------------------------------------------------


def test_nobody_adopts_at_speed_zero_and_the_economy_is_that_without_the_sector() -> None:
    off = small_world(400, 2, month=-26)
    zero = small_world(400, 2, month=-26, parameters={"adoption.speed": 0.0}, sectors=ON)
    live(off, 40)
    live(zero, 40)
    assert same(off.state(), _economy(zero)) == []
    assert not _base(zero, "adopters", "tasks").any()


def test_nobody_adopts_before_the_first_month() -> None:
    off = small_world(300, 2, month=-30)
    waiting = small_world(300, 2, month=-30, parameters={"adoption.speed": 100.0}, sectors=ON)
    live(off, 6)
    live(waiting, 6)
    assert same(off.state(), _economy(waiting)) == []
    live(waiting, 1)
    assert _base(waiting, "adopters", "tasks").any()


def test_agencies_have_no_agents(spread: dict[str, Any]) -> None:
    world = _at(spread)
    agency = _base(world, "firms", "kind") == PUBLIC
    assert agency.any()
    assert not _base(world, "adopters", "tasks")[agency].any()
    assert (_base(world, "firms", "automation")[agency] == 1.0).all()


# -- published numbers ---------------------------------------------------------------------------------------------


def test_ai_pays_for_a_quarter_of_exposed_tasks_and_saves_a_quarter_of_their_cost() -> None:
    """Svanberg et al. 2024: 23 %; Acemoglu 2024: 27 % saved, 4.6 % of all tasks, .66 % of productivity in ten years."""
    view = _world().view()
    share = worthwhile(view, np.ones(1))
    assert share[0] == pytest.approx(0.23, abs=0.003)
    saved = 1.0 - cost_of(view, share)[0] / share[0]
    assert saved == pytest.approx(0.27, abs=0.01)
    private = view.firms.kind != PUBLIC
    tasks = share[0] * float(view.law("adoption.exposure"))
    assert tasks == pytest.approx(0.046, abs=0.001)
    assert tasks * saved * 0.57 == pytest.approx(0.0066, abs=0.0008), "Hulten: times the labour share of .57"
    assert exposure(view)[private].mean() == pytest.approx(0.2, abs=0.04)


def test_cost_of_the_cheapest_tasks_is_the_integral() -> None:
    """The closed form against the sum over a fine grid of tasks, in order of their cost."""
    from scipy.special import ndtri

    view = _world().view()
    law = view.law
    places = (np.arange(200_000) + 0.5) / 200_000
    cost = law("adoption.price_start") * np.exp(law("adoption.price_spread") * ndtri(places))
    for share in (0.1, 0.5, 0.9):
        assert cost_of(view, np.array([share]))[0] == pytest.approx(cost[places < share].sum() / 200_000, rel=1e-3)
    assert cost_of(view, np.zeros(1))[0] == 0.0


def test_gains_of_the_paired_are_those_of_the_papers(spread: dict[str, Any]) -> None:
    """Brynjolfsson, Li, Raymond 2023: +14 % on average, +34 % for the least skilled, about 0 at the top."""
    world = _world(4000, pair_most=1.0, pair_outside=0.2)
    live(world, 6)
    gain, skill = _base(world, "pairings", "gain"), _base(world, "people", "skill")
    paired = _base(world, "pairings", "paired") == 1
    inside = paired & (gain > 0.0)
    assert inside.sum() > 200
    assert gain[inside].mean() == pytest.approx(0.14, abs=0.015)
    low, high = np.quantile(skill[inside], [0.1, 0.9])
    assert gain[inside & (skill < low)].mean() == pytest.approx(0.33, abs=0.03)
    assert gain[inside & (skill > high)].mean() < 0.03
    outside = paired & (gain < 0.0)
    assert np.allclose(gain[outside], -0.19)
    assert outside.sum() / paired.sum() == pytest.approx(0.2, abs=0.05)


# -- money -----------------------------------------------------------------------------------------------------------


def test_what_buyers_pay_sellers_get_and_the_tax_goes_to_the_state(spread: dict[str, Any]) -> None:
    world = _at(spread, tax=0.3)
    before: dict[str, Any] = {}

    def look(world: World, step: str) -> None:
        columns = ("revenue", "sold", "inventories", "expenses", "taxed_sales", "deposits")
        now = {name: _base(world, "firms", name).copy() for name in columns}
        if step == "sectors.income.earn":
            before.update(now)
        if step == "sectors.ai_services.buy":
            before.update({f"{name}_after": values for name, values in now.items()})

    assert live(world, 1, look) <= 1e-9
    spending, tax, sales = (_base(world, "adopters", name) for name in ("spending", "tax", "sales"))
    assert spending.sum() > 0.0
    assert (spending > 0.0).sum() > 3
    assert sales.sum() == pytest.approx(spending.sum())
    assert tax == pytest.approx(0.3 * spending)
    ledger = world.ledger
    assert ledger.net("ai_services", "firms") == pytest.approx(0.0, abs=1e-6)
    assert ledger.net("ai_tax", "government") == pytest.approx(tax.sum())
    moved = {n: before[f"{n}_after"] - before[n] for n in ("revenue", "expenses", "deposits", "sold", "inventories")}
    assert moved["revenue"] == pytest.approx(sales)
    assert moved["expenses"] == pytest.approx(spending + tax)
    assert moved["deposits"] == pytest.approx(sales - spending - tax, abs=1e-6)
    assert moved["sold"] == pytest.approx(-moved["inventories"])
    assert moved["sold"] * _base(world, "firms", "price") == pytest.approx(sales)
    assert (before["taxed_sales"] == before["taxed_sales_after"]).all(), "services to firms bear no product tax"
    assert set(np.flatnonzero(sales)) <= set(ai_services.providers(world.view()))


def test_a_seller_without_stock_leaves_buyers_unserved(spread: dict[str, Any]) -> None:
    """What was not bought is missing next month, and labour has to do those tasks."""
    world = _at(spread)
    users = _base(world, "adopters", "running") > 0.0

    def empty(world: World, step: str) -> None:
        if step == "sectors.income.earn":
            _base(world, "firms", "inventories")[:] = 0.0

    live(world, 1, empty)
    assert not _base(world, "adopters", "served")[users].any()
    assert not _base(world, "adopters", "spending").any()
    live(world, 1, empty)
    assert not _base(world, "adopters", "running").any()
    assert (_base(world, "firms", "automation") == 1.0).all()


def test_a_firm_without_cash_does_not_start() -> None:
    rich, poor = _world(), _world(fixed_cost=10_000.0, payback=600.0)
    live(rich, 2)
    live(poor, 2)
    assert (_base(rich, "adopters", "tasks") > 0.0).sum() > 5
    assert not _base(poor, "adopters", "tasks").any()


# -- labour ----------------------------------------------------------------------------------------------------------


def test_agents_save_labour_and_new_tasks_take_some_back(spread: dict[str, Any]) -> None:
    """(1 + z n) / (1 - s + n): Acemoglu, Restrepo 2019, displacement and reinstatement."""
    world = _at(spread)
    adopters = world.tables["adopters"]
    adopters.base("served")[:] = 1.0
    adopters.base("running")[:] = adopters.base("tasks")[:] = 0.2
    for new, wanted in ((0.0, 1.25), (0.1, 1.027 / 0.9)):
        adopters.base("new_tasks")[:] = new
        assert multiplier(world.view()) == pytest.approx(wanted)


def test_new_tasks_approach_half_of_the_automated_ones() -> None:
    world = _world(new_tasks_speed=0.5)
    live(world, 24)
    adopters = world.tables["adopters"]
    tasks, new = adopters.base("tasks"), adopters.base("new_tasks")
    uses = tasks > 0.05
    assert uses.sum() > 5
    assert new[uses].sum() / tasks[uses].sum() == pytest.approx(0.5, abs=0.05)


def test_nothing_stays_in_skill(spread: dict[str, Any]) -> None:
    """Pay and units of the paired end with the pairing: skill is never touched."""
    plain = _world(speed=0.0)
    skill = _base(plain, "people", "skill").copy()
    world = _at(spread)
    assert (_base(world, "pairings", "paired") == 1).any()
    assert np.array_equal(_base(world, "people", "skill"), skill)
    alone = _at(spread, pair_most=0.0, new_tasks_skill=0.0)
    live(alone, 1)
    people, firms = alone.tables["people"], alone.tables["firms"]
    works = np.flatnonzero(people.base("employer") != NO_ROW)
    units = people.base("skill")[works] * _base(alone, "member_decisions", "hours")[works]
    floor = _base(alone, "laws", "minimum_wage")[0] * _base(alone, "manager_decisions", "wage").max()
    pay = _base(alone, "manager_decisions", "wage")[people.base("employer")[works]] * units
    above = pay > floor
    assert people.base("wage")[works][above] == pytest.approx(pay[above], rel=1e-6)
    assert firms.base("labour").sum() == pytest.approx(units.sum(dtype=np.float64), rel=1e-6)


def test_pairing_pays_a_part_of_the_gain_and_the_firm_keeps_the_rest(spread: dict[str, Any]) -> None:
    with_, without = _at(spread), _at(spread, pair_most=0.0)
    pay = []
    for world in (with_, without):
        found: dict[str, Any] = {}

        def keep(world: World, step: str, found: dict[str, Any] = found) -> None:
            if step == "sectors.adoption.pair":
                found["wage"] = _base(world, "people", "wage").copy()
                found["automation"] = _base(world, "firms", "automation").copy()

        live(world, 1, keep)
        pay.append(found)
    gain, employer = _base(with_, "pairings", "gain"), _base(without, "people", "employer")
    inside = gain > 0.02
    assert inside.sum() > 5
    assert pay[0]["wage"][inside] / pay[1]["wage"][inside] == pytest.approx(1.0 + 0.3 * gain[inside], rel=0.02)
    lost = gain < 0.0
    assert pay[0]["wage"][lost] == pytest.approx(pay[1]["wage"][lost]), "a fall in output is not charged"
    best = employer[inside & (employer >= 0)]
    assert pay[0]["automation"][best].mean() > pay[1]["automation"][best].mean()


@pytest.mark.parametrize("pending", [0.0, 0.2, 5.0])
def test_dismissals_because_of_ai_are_those_that_would_not_have_been(spread: dict[str, Any], pending: float) -> None:
    """With a tenth of all staff dismissed, the same draws say who would have stayed without labour to spare by AI."""
    world = _at(spread)
    world.minds = [lambda world, role, name, values: np.full(len(values), 0.1) if name == "layoffs" else None]
    _base(world, "adopters", "pending")[:] = pending
    _base(world, "pairings", "displaced")[:] = 0
    before = _base(world, "people", "employer").copy()
    wage = _base(world, "people", "wage") / float(_base(world, "macro", "mean_wage")[0])
    luck = world.view().uniform("separation", "people", 2)
    live(world, 1)
    spared = 0.1 - world.law("labour.layoff_share") * world.law("labour.hiring_speed") * pending
    stays = _base(world, "member_decisions", "participate") == 1
    lost = (before >= 0) & stays & (luck[0] >= world.law("labour.separation_rate"))
    lost &= (luck[1] < np.float32(0.1)) & (luck[1] >= max(spared, 0.0))
    assert (lost.sum() > 3) == (pending > 0.0)
    assert np.array_equal(_base(world, "pairings", "displaced") == 1, lost)
    assert np.array_equal(_base(world, "pairings", "wage_before")[lost], wage[lost])


def test_the_displaced_are_counted_for_a_while() -> None:
    world = _world(2000, displaced_months=4)
    longest = 0
    for _ in range(20):
        live(world, 1)
        months = _base(world, "pairings", "displaced")
        longest = max(longest, int(months.max()))
        assert (_base(world, "pairings", "wage_before")[months > 0] > 0.1).all()
    assert longest == 4


# -- what every sector must do ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", [0.0, 0.5, 1.0, math.nan, math.inf])
def test_whatever_managers_decide_the_books_close(part: float) -> None:
    world = _world(400)

    def mind(world: World, role: str, name: str, values: NDArray[Any]) -> NDArray[Any] | None:
        return np.full(len(values), 0.9 * part) if name == "tasks" else None

    world.minds = [mind]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert live(world, 12) <= 1e-9
    tasks = _base(world, "adopters", "tasks")
    assert (tasks <= exposure(world.view()) + 1e-12).all()
    assert (tasks >= 0.0).all()
    assert np.isfinite(_base(world, "firms", "automation")).all()


def test_money_times_1024_leaves_everything_real_to_the_bit() -> None:
    values, factor = resolve("us", {}), 1024.0
    usd = {
        n: np.multiply(values[n], factor).tolist() for n, p in load_parameters("us").items() if p.unit.startswith("USD")
    }
    one = small_world(500, 2, month=0, parameters=EAGER, sectors=ON)
    other = small_world(500, 2, month=0, parameters={**EAGER, **usd}, sectors=ON)
    live(one, 12)
    live(other, 12)
    for name in ("adopters", "pairings", "adoption_decisions", "people", "firms"):
        for column in one.tables[name].columns.values():
            a = one.tables[name].base(column.name) * (factor if "USD" in column.unit else 1)
            assert np.array_equal(a, other.tables[name].base(column.name)), (name, column.name)


def test_saved_and_restored_it_goes_on_the_same(spread: dict[str, Any]) -> None:
    whole, again = _world(), _at(spread)
    live(whole, 18)
    live(again, 6)
    assert same(whole.state(), {**again.state(), **_history(whole)}) == []


def _history(world: World) -> dict[str, Any]:
    return {name: values for name, values in world.state().items() if name.startswith("history.")}


def test_births_deaths_and_migrants_find_their_place() -> None:
    """With demography on: rows of people and firms come and go, the books close, traits stay with their ids."""
    size = {"country": "us", "people": 1500, "regions": 2}
    story = {
        "burn_in": 0,
        "months": 36,
        "society": size,
        "sectors": {"adoption": True, "demography": True},
        "parameters": EAGER,
        "policies": [{"kind": "migration", "share": 0.1, "from": 6}],
    }
    society = Society(Scenario.model_validate(story))
    first = society.people.id.copy()
    society.run_for(18)
    assert society.largest_error <= 1e-9
    view = society.world.view()
    people, pairings = view.people, view.pairings
    assert len(np.setdiff1d(people.id, first)) > 20
    assert len(np.setdiff1d(first, people.id)) > 5
    assert len(pairings) == len(people)
    paired = np.flatnonzero(pairings.paired == 1)
    assert len(paired) > 20
    assert (view.adopters.tasks[people.employer[paired]] > 0.0).mean() > 0.95
    trait = world_trait(society.world)
    sure = trait[paired] < society.world.law("adoption.pair_most")
    assert sure.all(), "only those whose own lot is low enough are paired, whoever was born or died"


def test_one_more_death_leaves_the_other_region_bit_identical() -> None:
    """Ids, draws, pairings and agents of everybody elsewhere are those of the arm in which nobody died."""
    both = (*ON, "demography")
    first = small_world(1000, 2, month=0, parameters=EAGER, sectors=both)
    live(first, 8)
    people = first.view().people
    old = np.flatnonzero((people.age > 70) & (first.view().households.region[people.household] == 0))[0]
    state, seen = first.state(), []
    for dies in (False, True):
        world = small_world(1000, 2, month=0, parameters=EAGER, sectors=both)
        world.load(state)
        if dies:
            _base(world, "people", "age")[old] = 500.0
        live(world, 1)
        view = world.view()
        there = view.households.region[view.people.household] == 1
        firms = view.firms.region == 1
        found = {f"pairings.{n}": _base(world, "pairings", n)[there] for n in ("paired", "gain", "displaced")}
        found |= {f"adopters.{n}": _base(world, "adopters", n)[firms] for n in ("tasks", "served", "running")}
        found |= {"id": view.people.id[there], "course": view.uniform("ai_course", "people")[0][there]}
        seen.append((len(view.people), found))
    assert seen[1][0] == seen[0][0] - 1
    assert all(np.array_equal(seen[0][1][name], values) for name, values in seen[1][1].items())


def test_word_of_mouth_is_the_share_of_ties_who_work_with_ai() -> None:
    """Only where a social network runs; where all firms use AI it is the share of ties who work for a private firm."""
    both = (*ON, "network")
    world = small_world(800, 2, month=0, parameters=EAGER, sectors=both)
    assert live(world, 3) <= 1e-9
    none, some = (small_world(800, 2, month=0, parameters=EAGER, sectors=both) for _ in range(2))
    for other, tasks in ((none, 0.0), (some, 0.2)):
        other.load(world.state())
        _base(other, "adopters", "tasks")[:] = tasks
    assert not peers(none.view()).any()
    uses = _base(some, "firms", "kind") != PUBLIC
    told = _told(some.view(), uses)
    assert ((told >= 0.0) & (told <= 1.0)).all()
    people = some.view().people
    working = (people.employer >= 0) & uses[people.employer]
    assert told[_base(some, "firms", "staff") > 0].mean() == pytest.approx(working.mean(), abs=0.15)


def world_trait(world: World) -> NDArray[np.float64]:
    """Return the lot of each person that decides on pairing."""
    return np.asarray(world.view().uniform_at("ai_traits", "people", TRAITS))


def test_the_record_says_which_tasks_were_handed_over(spread: dict[str, Any]) -> None:
    world = _at(spread)
    live(world, 1)
    found = executed(world.view())["firm_manager", "tasks"]
    assert np.array_equal(found, _base(world, "adopters", "tasks"))


def test_any_number_of_threads_gives_the_same_bytes() -> None:
    one, two = _world(), _world(threads=2)
    live(one, 6)
    live(two, 6)
    two.tiles.close()
    assert same(one.state(), two.state()) == []


def test_one_firm_fewer_changes_only_choices_of_it(spread: dict[str, Any]) -> None:
    """A seller that closes: those who chose others still do, those who chose it choose anew."""
    chosen = []
    for close in (False, True):
        world = _at(spread, provider_share=0.5)
        _base(world, "adopters", "provider")[:] = NO_ROW
        _base(world, "adopters", "tasks")[:] = np.where(_base(world, "firms", "kind") == PUBLIC, 0.0, 0.1)
        gone = np.zeros(len(world.tables["firms"]), dtype=bool)
        gone[ai_services.providers(world.view())[0]] = close
        victim = _base(world, "firms", "id")[gone]
        if close:
            _close(world, gone)
        ai_services._choose_provider(world.view({"adopters": ("provider",)}))
        ids = _base(world, "firms", "id")
        users = np.flatnonzero(_base(world, "adopters", "provider") != NO_ROW)
        sellers = _base(world, "adopters", "provider")[users]
        chosen.append(dict(zip(ids[users].tolist(), ids[sellers].tolist(), strict=True)))
    before, after = chosen
    assert len(set(before.values())) > 3
    gone_id = int(victim[0])
    assert gone_id in before.values()
    for buyer, seller in after.items():
        assert seller != buyer
        assert seller == before[buyer] or before[buyer] == gone_id


def _close(world: World, gone: NDArray[np.bool_]) -> None:
    ledger = world.ledger
    ledger.clear()
    firms = world.tables["firms"]
    opening = identities.net_worths(ledger)
    ledger.lend("lending_firms", "firms", np.where(gone, np.maximum(-firms.base("deposits"), 0.0), 0.0))
    ledger.pay("estate", ("firms", np.where(gone, firms.base("deposits"), 0.0)), "government")
    ledger.write_off("write_off_firms", "firms", np.where(gone, firms.base("loans"), 0.0))
    for column in ("inventory_value", "capital_value"):
        ledger.revalue("scrapping", column, np.where(gone, firms.base(column), 0.0), -1.0)
    reorganise(world, "firms", gone, np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.int16))
    identities.close_month(ledger, world.clock.month, opening)


def test_a_failed_firm_leaves_starts_of_others_alone(spread: dict[str, Any]) -> None:
    draws = []
    for close in (False, True):
        world = _at(spread)
        if close:
            _close(world, np.arange(len(world.tables["firms"])) == 3)
        luck = world.view().uniform("ai_start", "firms")[0]
        traits = exposure(world.view())
        ids = _base(world, "firms", "id").tolist()
        draws.append(dict(zip(ids, zip(luck.tolist(), traits.tolist(), strict=True), strict=True)))
    assert len(draws[1]) == len(draws[0]) - 1
    assert all(draws[0][number] == found for number, found in draws[1].items())


@pytest.mark.parametrize("kinds", [(OTHER_GOODS,), (0, 1, 2)], ids=["no sellers of services", "no firms"])
def test_without_sellers_or_firms_nothing_breaks(spread: dict[str, Any], kinds: tuple[int, ...]) -> None:
    world = _at(spread)
    _close(world, np.isin(_base(world, "firms", "kind"), kinds))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert live(world, 4) <= 1e-9
        found = measure_all(world.view())
    assert found["ai_spending"] >= 0.0


def test_indicators_are_undefined_where_nobody_is() -> None:
    off, young = small_world(300, 2), small_world(300, 2, sectors=ON)
    live(off, 1)
    live(young, 1)
    none, some = measure_all(off.view()), measure_all(young.view())
    assert all(math.isnan(none[name]) for name in MINE)
    assert math.isnan(some["income_paired"])
    assert math.isnan(some["income_displaced"])
    assert some["ai_adoption"] == some["ai_spending"] == some["paired_share"] == 0.0


@pytest.mark.parametrize("factor", [1024.0, 0.01])
def test_indicators_in_another_unit_of_money(spread: dict[str, Any], factor: float) -> None:
    world = _at(spread)
    live(world, 6)
    before = measure_all(world.view())
    for table in world.tables.values():
        for column in table.columns.values():
            if "USD" in column.unit:
                table.base(column.name)[...] *= factor
    after = measure_all(world.view())
    for name in MINE:
        wanted = before[name] * (factor if INDICATORS[name].unit.startswith("USD") else 1.0)
        assert after[name] == pytest.approx(wanted, rel=1e-9), name
        assert math.isfinite(before[name]), name
