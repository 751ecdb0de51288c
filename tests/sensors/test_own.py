"""Own books: each row reads its own row, its home, employer, region and law, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from tests.worlds import SOCIAL, small_world
from wildsim.core.errors import InputError
from wildsim.core.table import NO_ROW
from wildsim.sensors.own import Eyes, Known, permitted
from wildsim.sensors.world_sensor import Sensors
from wildsim.state.world import World


@pytest.fixture(scope="module")
def world() -> World:
    return small_world(sectors=SOCIAL)


def _read(world: World, deciders: str, rows: list[int], path: str) -> Known:
    view = world.view()
    known = Eyes(view, deciders, np.array(rows), Sensors(view)).read(path)
    assert known is not None
    return known


def test_rows_see_their_own_home_region_employer_and_law(world: World) -> None:
    view = world.view()
    people, households = view.people, view.households
    rows = [3, 150, 399]
    home = people.household[rows]
    assert _read(world, "people", rows, "own.people.age").values.tolist() == people.age[rows].tolist()
    assert _read(world, "people", rows, "home.deposits").values.tolist() == households.deposits[home].tolist()
    wages = view.regions.market_wage[households.region[home]]
    assert _read(world, "people", rows, "region.market_wage").values.tolist() == wages.tolist()
    laws = view.laws.replacement[people.law[rows]]
    assert _read(world, "people", rows, "rule.replacement").values.tolist() == laws.tolist()
    wide = view.policing.perceived[households.region[home], 1]
    assert _read(world, "people", rows, "region.policing.perceived.1").values.tolist() == wide.tolist()


def test_what_is_not_there_does_not_apply(world: World) -> None:
    employer = world.view().people.employer
    rows = [int(np.flatnonzero(employer == NO_ROW)[0]), int(np.flatnonzero(employer != NO_ROW)[0])]
    known = _read(world, "people", rows, "firm.wage")
    assert known.applies.tolist() == [False, True]
    assert known.values[1] == world.view().firms.wage[employer[rows[1]]]


def test_scientists_reach_the_person_that_they_are(world: World) -> None:
    view = world.view()
    assert len(view.scientists)
    person = view.scientists.person[:2]
    assert _read(world, "scientists", [0, 1], "person.age").values.tolist() == view.people.age[person].tolist()
    words = _read(world, "scientists", [0, 1], "literature.nearby").values.tolist()
    assert [f"topic {view.scientists.topic[k]}:" in words[k] for k in (0, 1)] == [True, True]


def test_books_speak_of_last_month_and_the_law_of_this_one(world: World) -> None:
    month = world.clock.month
    assert _read(world, "people", [0], "own.people.wage").period == month - 1
    assert _read(world, "people", [0], "rule.replacement").period == month
    assert _read(world, "people", [0], "law.government.payroll_tax").period == month
    assert _read(world, "people", [0], "sensed.inflation").period == month - 1


def test_lists_of_the_law_are_words(world: World) -> None:
    assert _read(world, "government", [0], "law.government.income_tax_rates").values[0] == "0.09, 0.21, 0.29, 0.37"
    assert _read(world, "government", [0], "law.government.income_tax_rates.1").values[0] == 0.21


def test_columns_of_a_sector_that_is_off_are_not_there() -> None:
    view = small_world().view()
    eyes = Eyes(view, "people", np.array([0]), Sensors(view))
    assert eyes.read("own.pupils.stage") is None
    assert eyes.read("sensed.crime_rate") is None
    assert eyes.read("own.people.age") is not None


@pytest.mark.parametrize(
    ("deciders", "path", "why"),
    [
        ("people", "own.firms.price", "not open to rows of 'people'"),
        ("people", "own.households.deposits", "not open"),
        ("people", "own.member_decisions.consumption", "not open"),
        ("people", "own.crime_decisions.property_crime", "not open"),
        ("people", "home.home_decisions.bid", "not open"),
        ("people", "firm.manager_decisions.price", "not open"),
        ("people", "own.people.id", "no column 'id'"),
        ("people", "own.people.wag", "Did you mean 'wage'"),
        ("people", "own.macro.tfp", "not open"),
        ("firms", "own.banks.profit", "not open"),
        ("people", "macro.unemployment", "no path"),
        ("people", "world.people.age", "no path"),
        ("people", "literature.nearby", "no path"),
        ("people", "law.households.wealth_pull", "not known to agents"),
        ("people", "law.labour.search_drop", "not known to agents"),
        ("people", "region.policing.perceived", "has 2 entries"),
        ("people", "region.policing.perceived.2", "has 2 entries"),
        ("people", "own.people.age.1", "has 1 entries"),
        ("people", "sensed.unemployment", "unknown indicator"),
        ("people", "own.people", "no column"),
        ("people", "own.people.wage.__class__.x", "no path"),
    ],
)
def test_nothing_else_can_be_reached(deciders: str, path: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        permitted(path, deciders)


def test_who_is_no_person_has_no_home(world: World) -> None:
    with pytest.raises(InputError, match="no persons"):
        _read(world, "banks", [0], "home.deposits")
