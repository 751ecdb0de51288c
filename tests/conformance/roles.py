"""What every role must do; `tests/minds/test_roles.py` has a test per role that inherits it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from functools import cache
from itertools import count
from typing import Any, ClassVar

import numpy as np
import pytest

from tests.worlds import SOCIAL
from wildsim.deliberation.observation import fields_of, observe
from wildsim.minds.block import FENCE
from wildsim.minds.mind import Field, Question, Seen
from wildsim.minds.prompt import PLACES, check_template, messages_of
from wildsim.minds.roles import ROLES
from wildsim.minds.roles.role import Item, Role, decision_table
from wildsim.scenario.schema import Scenario
from wildsim.sensors.own import Path, permitted
from wildsim.society import Society
from wildsim.state.law import Law
from wildsim.state.world import TABLES

MONTHS = 14
#: Longest prompt without memory and letters, in characters: in the economy alone, and with every sector.
SHORT, LONG = 3_000, 3_500
#: Columns that say which row is whose, and what is asked of whom; planting in them would ask somebody else.
LINKS = {
    *("people.household", "people.employer", "people.law", "households.region", "firms.region", "scientists.person"),
    *("people.age", "people.away", "pupils.stage", "firms.kind", "firms.staff"),
}
#: Legal ranges are multiples of them.
SCALES = {f"macro.{name}" for name in ("wage_anchor", "price_anchor", "mean_output", "private_output", "labour_force")}
#: What hardly anybody has in a society of a few hundred.
RARE = {"missed payments on debts"}
LITERATURE = {"scientists.topic", "papers.topic", "papers.month", "papers.citations"}


@cache
def society(sectors: frozenset[str]) -> Society:
    """Return a small society that has lived a little more than a year."""
    made = {name: True for name in sectors}
    scenario = Scenario(burn_in=0, months=MONTHS, society={"people": 500, "regions": 2}, sectors=made)  # type: ignore[arg-type]
    found = Society(scenario)
    found.run_for(MONTHS)
    return found


def columns_of(role: Role) -> set[str]:
    """Return "table.column" of every column that a role sees or decides, and what those hang on."""
    paths = [permitted(path, role.deciders) for item in role.sees for path in item.paths]
    seen = {f"{path.table}.{path.name}" for path in paths if path.table}
    decided = {f"{decision_table(role, name).name}.{name}" for name in role.decides}
    return seen | decided | LINKS | SCALES | (LITERATURE if role.name == "scientist" else set())


class RoleConformance:
    """Inherit it, and name the role."""

    role_name: ClassVar[str]

    @pytest.fixture
    def role(self) -> Role:
        return ROLES[self.role_name]

    @pytest.fixture(params=["as few sectors as can be", "all sectors"])
    def living(self, request: pytest.FixtureRequest, role: Role) -> Iterator[Society]:
        """A society that is put back as it was."""
        own = next(table.sector for table in TABLES if table.name == role.deciders)
        found = society(frozenset(SOCIAL) if request.param == "all sectors" else frozenset({own} - {""}))
        saved, law = found.world.state(), dict(found.world.law._now)
        yield found
        found.world.load(saved)
        found.world.law._now = law

    def rows(self, living: Society, role: Role) -> np.ndarray:
        return np.arange(len(living.world.tables[role.deciders]))

    def questions(self, living: Society, role: Role) -> list[Question]:
        view, rows = living.world.view(), self.rows(living, role)
        seen, fields = observe(view, role, rows), fields_of(view, role, rows)
        asked = zip(rows, seen, fields, strict=True)
        return [Question(1, f"x-{row}", living.month, role.name, a, b) for row, a, b in asked]

    def prompts(self, living: Society, role: Role, exact: bool = False) -> list[str]:
        asked = [messages_of(question, role, exact=exact) for question in self.questions(living, role)]
        return ["\n".join(message.content for message in messages) for messages in asked]

    # -- the role as written --

    def test_is_registered_under_its_name(self, role: Role) -> None:
        assert role.name == self.role_name

    def test_every_item_leads_somewhere_and_has_a_unit(self, role: Role) -> None:
        assert 10 <= len(role.sees) <= 32
        for item in role.sees:
            units = [permitted(path, role.deciders).unit for path in item.paths]
            assert item.words or item.unit or units[0] or item.of.startswith(("law.", "literature.")), item.name
            assert item.work is not None or not item.also, item.name
        assert len({item.name for item in role.sees}) == len(role.sees)

    def test_every_field_is_a_decision_with_words_for_strangers(self, role: Role) -> None:
        for name in role.decides:
            column = decision_table(role, name).columns[name]
            assert column.kind == "decision"
            assert role.about[name].endswith(".")
            if name in role.choices:
                assert len(role.choices[name]) == column.upper - column.lower + 1
        assert set(role.about) == set(role.decides)
        assert set(role.choices) | set(role.units) <= set(role.decides)

    def test_template_is_complete(self, role: Role) -> None:
        assert check_template(role.template) == []
        assert set(re.findall(r"\$([a-z]+)", role.template)) == set(PLACES)
        assert role.title.endswith(".")
        assert role.goal.endswith(".")

    # -- the role at work --

    def test_items_and_fields_are_there(self, living: Society, role: Role) -> None:
        """Every item of a sector that is on is seen by somebody, in the order of the role; values are plain."""
        all_on = living.world.sectors == frozenset(SOCIAL)
        seen: dict[str, Seen] = {}
        for question in self.questions(living, role):
            names = [one.name for one in question.seen]
            assert names == [item.name for item in role.sees if item.name in set(names)]
            for one in question.seen:
                assert type(one.value) in (float, str)
                assert one.period <= living.month
                assert one.source
                seen[one.name] = one
        missing = {item.name for item in role.sees} - set(seen)
        off = {item.name for item in role.sees if any(not living.world.has(_sector(p, role)) for p in item.paths)}
        assert off <= missing
        assert not all_on or missing <= {
            "machines on order",
            "missed payments on debts",
            "rent and other fixed payments",
        }

    def test_rule_lies_within_the_range(self, living: Society, role: Role) -> None:
        found = 0
        for question in self.questions(living, role):
            for field in question.fields:
                found += 1
                assert math.isfinite(field.low + field.high)
                assert field.low <= field.rule <= field.high
                assert field.unit
                assert field.doc
                assert not field.whole or field.rule == int(field.rule)
        assert found

    def test_rule_is_what_the_rule_decided(self, living: Society, role: Role) -> None:
        view = living.world.view()
        for row, question in enumerate(self.questions(living, role)):
            for field in question.fields:
                decided = float(getattr(getattr(view, decision_table(role, field.name).name), field.name)[row])
                assert field.rule == min(max(decided, field.low), field.high)

    def test_a_batch_is_what_one_by_one_is(self, living: Society, role: Role) -> None:
        view, rows = living.world.view(), self.rows(living, role)[::-7]
        one_by_one = [observe(view, role, [row])[0] for row in rows]
        assert list(map(_known, observe(view, role, rows))) == list(map(_known, one_by_one))
        assert fields_of(view, role, rows) == [fields_of(view, role, [row])[0] for row in rows]

    def test_prompt_reads_well(self, living: Society, role: Role) -> None:
        limit = LONG if len(living.world.sectors) > 1 else SHORT
        for exact in (False, True):
            for prompt in self.prompts(living, role, exact):
                assert "np." not in prompt
                assert "nan" not in re.findall(r"\w+", prompt.lower())
                assert "\n\n\n" not in prompt
                assert "$" not in prompt
                assert prompt.count(FENCE) == 1
                assert not re.search(r"\de[-+]?\d", prompt) or exact
                assert exact or len(prompt) <= limit

    def test_block_holds_fields_exactly_where_asked_to(self, living: Society, role: Role) -> None:
        asked = self.questions(living, role)
        for exact in (False, True):
            for question in asked:
                block = _block(messages_of(question, role, exact=exact)[1].content)
                assert list(block) == [field.name for field in question.fields]
                for field in question.fields:
                    _check_printed(block[field.name], field, exact)
        hidden = _block(messages_of(asked[0], role, show_rule=False)[1].content)
        assert all("rule_of_thumb" not in entry for entry in hidden.values())

    def test_prompt_shows_the_observation_and_nothing_else(self, living: Society, role: Role) -> None:
        """Unique numbers planted in every column that the role has no business with: not a letter changes."""
        before = self.prompts(living, role, exact=True)
        shown, planted = columns_of(role), []
        numbers = count(1)
        for name, table in living.world.tables.items():
            for column, about in table.columns.items():
                if f"{name}.{column}" in shown or column == "id":
                    continue
                number = next(numbers)
                mark = 71_000_000.0 + number + 0.625 if np.dtype(about.dtype).kind == "f" else 70 + number % 50
                table.base(column)[...] = mark
                planted.append(mark)
        _plant_in_law(living.world.law, role)
        after = self.prompts(living, role, exact=True)
        assert len(planted) > 60
        assert after == before
        unique = [str(int(mark)) for mark in planted if mark > 1e6]
        assert not [mark for mark in unique if any(mark in prompt for prompt in after)]

    def test_what_it_sees_changes_with_what_is_there(self, living: Society, role: Role) -> None:
        """The control of the test above: planted in what the role does see, the numbers are shown."""
        item, path = next(found for item in role.sees if (found := _plain(item, role, living)))
        before = self.prompts(living, role, exact=True)
        living.world.tables[path.table].base(path.name)[...] = 12_345.5
        after = self.prompts(living, role, exact=True)
        assert not any("12345.5" in prompt for prompt in before)
        assert all(f"- {item.name}: 12345.5" in prompt for prompt in after)


def _plain(item: Item, role: Role, living: Society) -> tuple[Item, Path] | None:
    """Return an item and its path if it is a number of the agent's own row or home, shown as it stands."""
    path = permitted(item.of, role.deciders)
    if item.work is not None or path.circle not in ("own", "home") or not living.world.has(path.sector):
        return None
    column = living.world.tables[path.table].columns[path.name]
    return (item, path) if column.dtype in (np.float64, np.float32) else None


def _sector(path: str, role: Role) -> str:
    return permitted(path, role.deciders).sector


def _known(seen: tuple[Seen, ...]) -> list[tuple[Any, ...]]:
    """Return what is seen in a form in which unknown equals unknown."""
    return [(s.name, repr(s.value), s.unit, s.period, s.source) for s in seen]


def _block(user: str) -> dict[str, dict[str, Any]]:
    """Return the JSON of the block of fields."""
    found: dict[str, dict[str, Any]] = json.loads(user.split(FENCE + "\n")[1].split("\n```")[0])
    return found


def _check_printed(entry: dict[str, Any], field: Field, exact: bool) -> None:
    printed = (entry["low"], entry["rule_of_thumb"], entry["high"])
    assert entry["about"] == field.doc
    assert entry["unit"] == field.unit
    assert entry["whole"] == field.whole
    assert tuple(entry.get("choices", ())) == field.choices
    if exact:
        assert printed == (field.low, field.rule, field.high)
        return
    assert field.low <= printed[0] <= printed[1] <= printed[2] <= field.high
    assert printed[1] == pytest.approx(field.rule, rel=2e-3, abs=1e-12)


def _plant_in_law(law: Law, role: Role) -> None:
    """Change every number of the law that the role does not see, but for those by which topics are shown."""
    seen = {permitted(path, role.deciders).name for item in role.sees for path in item.paths}
    seen |= {"science.record_months", "science.topic_reach"}
    for name, value in law._now.items():
        if name not in seen and isinstance(value, float):
            law._now[name] = 71_900_000.625
