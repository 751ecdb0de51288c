"""Every role keeps what all roles must keep, and says what it is for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.conformance.roles import RoleConformance, society
from tests.worlds import SOCIAL
from wildsim.core.errors import InputError
from wildsim.core.table import NO_ROW
from wildsim.deliberation.observation import fields_of, observe
from wildsim.minds.roles import ROLES
from wildsim.minds.roles.role import Item, Role
from wildsim.state.firms import CAPITAL_GOODS, PUBLIC

ALL = frozenset(SOCIAL)


class TestHouseholdMember(RoleConformance):
    role_name = "household_member"


class TestAdvisor(RoleConformance):
    role_name = "advisor"

    def test_fields_are_those_of_the_person(self) -> None:
        view = society(ALL).world.view()
        rows = range(len(view.people))
        advice, own = (fields_of(view, ROLES[name], rows) for name in ("advisor", "household_member"))
        same = [[(f.name, f.low, f.high, f.rule) for f in fields] for fields in own]
        assert [[(f.name, f.low, f.high, f.rule) for f in fields] for fields in advice] == same

    def test_no_item_speaks_to_the_person(self, role: Role) -> None:
        words = " ".join(item.name for item in role.sees) + " ".join(role.about.values())
        assert not {"you", "your"} & set(words.lower().split())


class TestFirmManager(RoleConformance):
    role_name = "firm_manager"

    def test_agencies_are_asked_nothing_and_makers_of_machines_do_not_order_any(self, role: Role) -> None:
        view = society(ALL).world.view()
        asked = fields_of(view, role, range(len(view.firms)))
        for kind, fields in zip(view.firms.kind, asked, strict=True):
            assert (fields == ()) == (kind == PUBLIC)
            assert ("investment" in {f.name for f in fields}) == (kind not in (PUBLIC, CAPITAL_GOODS))


class TestBankOfficer(RoleConformance):
    role_name = "bank_officer"


class TestGovernment(RoleConformance):
    role_name = "government"


class TestCentralBanker(RoleConformance):
    role_name = "central_banker"


class TestPlatform(RoleConformance):
    role_name = "platform"


class TestScientist(RoleConformance):
    role_name = "scientist"


def test_every_role_is_tried_and_has_its_file() -> None:
    tried = {kind.role_name for kind in RoleConformance.__subclasses__()}
    assert tried == set(ROLES)
    names = "household_member firm_manager bank_officer government central_banker platform scientist advisor"
    assert set(ROLES) == set(names.split())


def test_children_prisoners_and_the_retired_are_asked_what_they_may_decide() -> None:
    view = society(ALL).world.view()
    people = view.people
    asked = fields_of(view, ROLES["household_member"], range(len(people)))
    names = [{field.name for field in fields} for fields in asked]
    for age, away, found in zip(people.age, people.away, names, strict=True):
        assert (found == set()) == (age < 15.0 or away == 2)
        if found:
            assert "consumption" in found
            assert ("search" in found) == (age < 65.0 and away == 0)
    pupils = [found for found, stage in zip(names, view.pupils.stage, strict=True) if stage == 1 and found]
    assert pupils
    assert all("stay" in found for found in pupils)
    assert not any("stay" in found for found, stage in zip(names, view.pupils.stage, strict=True) if stage == 3)


def test_people_out_of_work_hear_of_their_last_job_and_others_of_theirs() -> None:
    view = society(ALL).world.view()
    people = view.people
    seen = observe(view, ROLES["household_member"], range(len(people)))
    for row, items in enumerate(seen):
        values = {one.name: one.value for one in items}
        at_work = people.employer[row] != NO_ROW
        assert ("your gross wage" in values) == at_work
        assert values.get("your gross wage", people.wage[row]) == people.wage[row]
        assert not (at_work and "months without a job" in values)


def test_an_item_out_of_bounds_is_refused() -> None:
    spy = replace(ROLES["central_banker"], sees=(Item("profit of the first firm", "own.firms.profit"),))
    with pytest.raises(InputError, match="not open to rows of 'central_bank'"):
        observe(society(frozenset()).world, spy, [0])


def test_no_rows_give_no_questions() -> None:
    view = society(ALL).world.view()
    none = np.zeros(0, dtype=np.int64)
    assert observe(view, ROLES["household_member"], none) == []
    assert fields_of(view, ROLES["household_member"], none) == []
