"""Wellbeing: undefined without people, higher with income, lower without work, the same in any money."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.worlds import live, small_world
from wildsim.core.clock import Clock
from wildsim.core.keys import Keys
from wildsim.core.parameters import resolve
from wildsim.core.table import NO_ROW
from wildsim.indicators import INDICATORS
from wildsim.indicators.wellbeing import child_poverty_rate, life_evaluation
from wildsim.state.law import Law
from wildsim.state.world import World

NAMES = ("wellbeing", "wellbeing_p10", "poverty_gap")


@pytest.fixture
def world() -> World:
    """A society after a month."""
    world = small_world(500)
    live(world, 1)
    return world


def _measured(world: World, name: str = "wellbeing") -> float:
    return INDICATORS[name].measure(world.view())


@pytest.mark.parametrize("name", NAMES)
def test_nobody_has_none(name: str) -> None:
    rows = dict.fromkeys(("people", "households", "firms", "banks", "regions"), 0)
    assert math.isnan(_measured(World(rows, Law(resolve("us", {})), Keys(1), Clock(0)), name))


def test_starts_near_the_united_states(world: World) -> None:
    """6.9 on average (World Happiness Report 2020)."""
    assert 6.6 < _measured(world) < 7.2
    assert 5.0 < _measured(world, "wellbeing_p10") < _measured(world)
    values = life_evaluation(world.view())
    assert (values >= 0.0).all()
    assert (values <= 10.0).all()
    assert np.corrcoef(values, world.view().households.income_12m[world.view().people.household])[0, 1] > 0.3


def test_a_log_unit_of_income_is_worth_what_is_said(world: World) -> None:
    before = _measured(world)
    world.tables["households"].base("income_12m")[:] *= math.e
    assert _measured(world) - before == pytest.approx(world.law("wellbeing.income"), rel=0.02)


def test_prices_take_away_what_income_gives(world: World) -> None:
    before = _measured(world)
    world.tables["households"].base("income_12m")[:] *= 2.0
    world.tables["macro"].base("price_level")[:] *= 2.0
    assert _measured(world) == before


def test_losing_work_hurts_beyond_the_money(world: World) -> None:
    people = world.tables["people"]
    someone = int(np.flatnonzero(people.base("employer") != NO_ROW)[0])
    before = life_evaluation(world.view())[someone]
    people.base("employer")[someone] = NO_ROW
    assert life_evaluation(world.view())[someone] - before == pytest.approx(world.law("wellbeing.unemployment"))


def test_unemployment_and_inflation_hurt_everybody(world: World) -> None:
    before = life_evaluation(world.view())
    for name in ("unemployment", "inflation"):
        world.tables["macro"].base(name)[:] += 0.05
        after = life_evaluation(world.view())
        assert (after < before).all()
        before = after


def test_crime_hurts_where_it_is_counted(world: World) -> None:
    before = _measured(world)
    world.history.add({"crime_rate": 5000.0})
    assert _measured(world) - before == pytest.approx(5000.0 * world.law("wellbeing.crime"))


def test_the_poverty_gap_is_that_of_the_formula(world: World) -> None:
    households = world.view().households
    weight = households.members.astype(float)
    income = households.income / np.sqrt(weight)
    everyone = np.repeat(income, households.members)
    line = 0.6 * np.sort(everyone)[len(everyone) // 2]
    wanted = np.clip((line - everyone) / line, 0.0, 1.0).mean()
    assert _measured(world, "poverty_gap") == pytest.approx(wanted, rel=0.05)
    assert _measured(world, "poverty_gap") < _measured(world, "poverty_rate")


def test_poverty_of_children(world: World) -> None:
    view = world.view()
    assert math.isnan(child_poverty_rate(view)), "adults only"
    poorest = int(np.argmin(view.households.income / np.sqrt(view.households.members)))
    child = int(view.households.first_member[poorest])
    world.tables["people"].base("age")[child] = 5.0
    assert child_poverty_rate(world.view()) == 1.0
