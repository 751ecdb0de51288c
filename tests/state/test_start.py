"""A society at its start: balanced books, whole tables, figures near those of the United States."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.worlds import small_world
from wildsim.core.table import NO_ROW
from wildsim.state import identities
from wildsim.state.firms import CAPITAL_GOODS, NECESSITIES, OTHER_GOODS, PUBLIC
from wildsim.state.households import NECESSITY_SHOPS
from wildsim.state.ownership import household_equity
from wildsim.state.world import World

SIZES = [(100, 1), (300, 1), (1000, 3), (20_000, 8)]


@pytest.fixture(scope="module", params=SIZES, ids=[f"{people} people" for people, _ in SIZES])
def world(request: pytest.FixtureRequest) -> World:
    return small_world(*request.param)


@pytest.fixture(scope="module")
def large() -> World:
    return small_world(20_000, 8)


def test_books_balance(world: World) -> None:
    world.ledger.clear()
    assert identities.close_month(world.ledger, 0, identities.net_worths(world.ledger)) < 1e-12


def test_net_worth_of_everybody_together_is_the_real_wealth(world: World) -> None:
    ledger = world.ledger
    real = ledger.total("firms", "capital_value") + ledger.total("firms", "inventory_value")
    assert sum(identities.net_worths(ledger).values()) == pytest.approx(real, rel=1e-12)


def test_nobody_starts_in_the_red(world: World) -> None:
    for table in world.tables.values():
        for name, column in table.columns.items():
            if column.kind == "money":
                assert (table.base(name) >= 0).all(), (table.name, name)
            if table.base(name).dtype.kind == "f":
                assert np.isfinite(table.base(name)).all(), (table.name, name)
    assert (world.tables["banks"].base("last_equity") > 0).all()


def test_households_are_one_or_two_consecutive_people_of_one_region(world: World) -> None:
    people, households = world.tables["people"], world.tables["households"]
    members, first = households.base("members"), households.base("first_member")
    assert set(np.unique(members)) <= {1, 2}
    assert members.sum() == len(people)
    assert (people.base("household") == np.repeat(np.arange(len(households)), members)).all()
    assert (first == np.cumsum(members) - members).all()
    assert (np.diff(households.base("region")) >= 0).all()


def test_people_work_shop_and_order_in_their_own_region(world: World) -> None:
    people, households, firms = (world.tables[n] for n in ("people", "households", "firms"))
    home, place, kind = households.base("region"), firms.base("region"), firms.base("kind")
    works = people.base("employer") != NO_ROW
    assert (place[people.base("employer")[works]] == home[people.base("household")[works]]).all()
    shop = households.base("shop")
    for k in range(shop.shape[1]):
        known = shop[:, k] != NO_ROW
        assert (place[shop[known, k]] == home[known]).all()
        assert (kind[shop[known, k]] == (NECESSITIES if k < NECESSITY_SHOPS else OTHER_GOODS)).all()
    buys = firms.base("supplier") != NO_ROW
    assert (buys == (kind <= OTHER_GOODS)).all()
    assert (kind[firms.base("supplier")[buys]] == CAPITAL_GOODS).all()
    assert (place[firms.base("supplier")[buys]] == place[buys]).all()


def test_every_region_has_every_kind_of_employer_and_every_household_a_shop(world: World) -> None:
    firms, shop = world.tables["firms"], world.tables["households"].base("shop")
    for region in range(len(world.tables["regions"])):
        assert set(firms.base("kind")[firms.base("region") == region]) == {0, 1, 2, PUBLIC}
    assert (shop[:, 0] != NO_ROW).all()
    assert (shop[:, NECESSITY_SHOPS] != NO_ROW).all()
    for row in shop[:200]:
        known = row[row != NO_ROW]
        assert len(set(known)) == len(known)


def test_staff_and_orders_agree_with_those_who_work_and_order(world: World) -> None:
    people, firms = world.tables["people"], world.tables["firms"]
    employer = people.base("employer")
    assert (np.bincount(employer[employer >= 0], minlength=len(firms)) == firms.base("staff")).all()
    buys = firms.base("supplier") != NO_ROW
    ordered = np.bincount(firms.base("supplier")[buys], weights=firms.base("on_order")[buys], minlength=len(firms))
    assert ordered == pytest.approx(firms.base("backlog"))


def test_ids_are_those_of_start_rows(world: World) -> None:
    for table in world.tables.values():
        if "id" in table.columns:
            assert (table.base("id") == (table.code << 56) + np.arange(len(table), dtype=np.uint64)).all()


def test_lists_have_fixed_capacities_that_are_powers_of_two(world: World) -> None:
    for name in ("job_slots", "shop_slots"):
        slots = world.tables["regions"].base(name)
        assert (slots & (slots - 1) == 0).all()
    firms = world.tables["firms"]
    shops = np.bincount(firms.base("region")[firms.base("kind") <= OTHER_GOODS], minlength=world.tiles.count)
    assert (world.tables["regions"].base("shop_slots") >= 2 * shops).all(), "two entries a seller fit"


def test_unemployment_and_participation_are_the_american_ones(large: World) -> None:
    """BLS: 5.96 % unemployed; about three quarters of those aged 18-64 take part."""
    people = large.tables["people"]
    works, takes_part = people.base("employer") >= 0, people.base("participates") == 1
    assert 1.0 - works.sum() / takes_part.sum() == pytest.approx(0.0596, abs=0.006)
    working_age = people.base("age") < 65
    assert 0.74 <= takes_part[working_age].mean() <= 0.78
    assert not takes_part[~working_age].any()


def test_ages_sexes_and_schooling_are_the_american_ones(large: World) -> None:
    """Census: 21 % of adults are 65 or over; a third or more have a bachelor's degree."""
    people = large.tables["people"]
    assert (people.base("age") >= 65).mean() == pytest.approx(0.212, abs=0.012)
    assert people.base("age").min() >= 18
    assert people.base("female").mean() == pytest.approx(0.5, abs=0.01)
    grown = people.base("age") >= 25
    assert (people.base("schooling")[grown] >= 16).mean() == pytest.approx(0.36, abs=0.012)
    assert (people.base("schooling") <= people.base("age") - 6.0).all()
    members = large.tables["households"].base("members")
    assert (members[members == 2].sum() / members.sum()) == pytest.approx(0.62, abs=0.012), "Pew 2021: with a partner"


def test_wages_are_spread_like_american_ones(large: World) -> None:
    """CPS: standard deviation of log wages .45-.75; the mean worker has skill 1."""
    people = large.tables["people"]
    works = people.base("employer") >= 0
    assert 0.45 <= np.log(people.base("wage")[works]).std() <= 0.75
    assert people.base("skill")[people.base("participates") == 1].mean() == pytest.approx(1.0, abs=1e-4)
    level = large.law("labour.mean_wage")
    assert people.base("wage")[works].mean() == pytest.approx(level, rel=0.02)


def test_wealth_is_concentrated_like_american_wealth(large: World) -> None:
    """SCF: the richest tenth own 60-80 %; income is far less concentrated than wealth."""
    view = large.view()
    wealth = np.sort(view.households.deposits - view.households.loans + household_equity(view))[::-1]
    income = np.sort(view.households.income)[::-1]
    tenth = len(wealth) // 10
    assert 0.60 <= wealth[:tenth].sum() / wealth.sum() <= 0.80
    assert 0.25 <= income[:tenth].sum() / income.sum() <= 0.5


def test_sectors_have_the_size_that_the_parameters_say(large: World) -> None:
    law, ledger = large.law, large.ledger
    year = 12.0 * float(large.tables["macro"].base("gdp")[0])
    assert ledger.total("government", "bonds") / year == pytest.approx(law("government.debt"), rel=0.02)
    employer = large.tables["people"].base("employer")
    public = np.flatnonzero(large.tables["firms"].base("kind") == PUBLIC)
    staff = np.isin(employer, public).sum() / (employer >= 0).sum()
    assert staff == pytest.approx(law("government.staff"), abs=0.005)
    banks = large.tables["banks"]
    assets = sum(banks.base(name) for name in ("reserves", "bonds", "firm_loans", "household_loans"))
    assert banks.base("last_equity") == pytest.approx(law("banks.equity_target") * assets, rel=0.05)


def test_there_are_a_few_large_firms_and_many_small_ones(large: World) -> None:
    firms = large.tables["firms"]
    staff = np.sort(firms.base("staff")[firms.base("kind") != PUBLIC])[::-1]
    assert np.median(staff) < staff.mean()
    assert staff[: len(staff) // 10].sum() / staff.sum() > 0.25
    assert staff[0] > 5 * staff.mean()


def test_size_does_not_matter() -> None:
    """Figures a person are those of a society ten times as large."""
    small, large = small_world(4000, 2), small_world(40_000, 20)

    def figures(world: World) -> dict[str, float]:
        people = len(world.tables["people"])
        totals = {
            f"{table}.{column}": world.ledger.total(table, column) / people for table, column in world.ledger.booked
        }
        return totals | {"gdp": float(world.tables["macro"].base("gdp")[0]) / people}

    expected = figures(large)
    for name, value in figures(small).items():
        if not math.isclose(expected[name], 0.0, abs_tol=1e-9):
            assert value == pytest.approx(expected[name], rel=0.10), name


def test_more_people_leave_the_first_ones_as_they_were() -> None:
    """Draws are keyed by id, so the first people of a larger society are the same people."""
    small, large = small_world(1000, 1), small_world(2000, 1)
    for name in ("ability", "schooling"):
        one, other = (world.tables["people"].base(name) for world in (small, large))
        assert (one[:900] == other[:900]).all()
