"""Personas say what the columns say, and nothing else."""

from __future__ import annotations

import re

import pytest

from tests.worlds import SOCIAL, small_world
from wildsim.core.table import NO_ROW
from wildsim.deliberation.persona import persona, personas
from wildsim.minds.roles import ROLES
from wildsim.state.firms import PUBLIC
from wildsim.state.world import World


@pytest.fixture(scope="module")
def world() -> World:
    return small_world(sectors=SOCIAL)


def test_every_persona_agrees_with_its_row(world: World) -> None:
    view = world.view()
    people, households, firms = view.people, view.households, view.firms
    rows = range(len(people))
    for row, text in zip(rows, persona(world, rows), strict=True):
        home = people.household[row]
        assert f"{int(people.age[row])}-year-old" in text
        assert bool(re.search(r"\b(woman|girl)\b", text)) == bool(people.female[row])
        assert bool(re.search(r"\b(boy|girl)\b", text)) == (people.age[row] < 18)
        assert f"in region {households.region[home]} and" in text
        assert ("alone" in text) == (households.members[home] == 1)
        at_work = people.employer[row] != NO_ROW and people.away[row] == 0
        assert (" and work for" in text) == at_work
        assert ("public agency" in text) == (at_work and firms.kind[people.employer[row]] == PUBLIC)
        numbers = {int(found) for found in re.findall(r"\d+", text)}
        known = {int(people.age[row]), round(float(people.schooling[row])), int(households.region[home])}
        assert numbers <= known | {int(households.members[home]) - 1}


def test_one_by_one_and_in_the_third_person(world: World) -> None:
    assert persona(world, [5, 9]) == persona(world, [5]) + persona(world, [9])
    third = personas(world, ROLES["advisor"], [5])[0]
    assert third.startswith("The person is a")
    assert not {"you", "your", "are"} & set(third.lower().split())
    assert personas(world, ROLES["household_member"], [5]) == persona(world, [5])
    assert personas(world, ROLES["central_banker"], [0]) == [""]
