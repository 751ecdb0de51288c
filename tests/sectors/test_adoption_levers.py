"""Policies on AI agents: a tax, a licence, courses. They work through the sector alone, and do what they say."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.worlds import same
from wildsim.core.table import NO_ROW
from wildsim.policies import POLICIES
from wildsim.scenario.schema import Scenario
from wildsim.society import Society

KINDS: list[dict[str, Any]] = [
    {"kind": "ai_tax", "rate": 1.0},
    {"kind": "ai_licence", "share": 0.2},
    {"kind": "ai_licence", "pause_months": 6},
    {"kind": "ai_training", "places": 0.5},
]
#: Month 0 stands in the middle of the diffusion, so that small and short runs show what policies do.
FAST = {"adoption.speed": 4.0, "adoption.price_start": 0.6}


def _society(
    *policies: dict[str, Any], on: bool = True, parameters: dict[str, float] | None = None, people: int = 1000
) -> Society:
    story = {
        "burn_in": 24,
        "months": 60,
        "society": {"country": "us", "people": people, "regions": 2},
        "sectors": {"adoption": on},
        "parameters": {**FAST, **(parameters or {})},
        "policies": list(policies),
    }
    return Society(Scenario.model_validate(story))


@cache
def _burned(on: bool = True, people: int = 1000) -> dict[str, Any]:
    made = _society(on=on, people=people)
    made.burn_in()
    return made.snapshot()


def _lived(*policies: dict[str, Any], months: int, on: bool = True, people: int = 1000) -> Society:
    made = _society(*policies, on=on, people=people)
    made.restore(_burned(on, people))
    made.run_for(months)
    return made


def _base(society: Society, table: str, column: str) -> NDArray[Any]:
    return society.world.tables[table].base(column)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: "-".join(map(str, kind.values())))
def test_with_the_sector_off_the_effect_is_exactly_zero(kind: dict[str, Any]) -> None:
    plain, other = _lived(months=6, on=False), _lived({**kind, "from": 1}, months=6, on=False)
    assert same(plain.snapshot(), other.snapshot()) == []
    assert "adopters" not in other.world.tables


def test_the_dose_sets_the_speed() -> None:
    found = []
    for dose in (0.0, 0.5, 4.0, 40.0):
        society = _society(parameters={"adoption.speed": dose})
        society.run_for(24)
        found.append(society.indicators["ai_adoption"])
    assert found[0] == 0.0
    assert found == sorted(set(found))
    assert found[-1] > 0.5


def test_a_tax_lowers_adoption_and_pays_the_state() -> None:
    plain, taxed = (_lived(*policies, months=30) for policies in ((), ({"kind": "ai_tax", "rate": 2.0},)))
    for name in ("ai_adoption", "ai_tasks", "ai_spending", "ai_productivity", "paired_share"):
        assert taxed.indicators[name] < plain.indicators[name], name
    flows = {account: amount for account, _, _, amount in taxed.flows()}
    assert flows["ai_tax"] == pytest.approx(2.0 * flows["ai_services"])
    assert "ai_tax" not in {account for account, *_ in plain.flows()}


@pytest.mark.parametrize(("size", "frozen"), [(1.0, 12), (0.5, 6)])
def test_a_pause_freezes_every_firm_exactly(size: float, frozen: int) -> None:
    """Then it goes on; `size` scales the months of the pause."""
    policy = {"kind": "ai_licence", "pause_months": 12, "from": 2, "size": size}
    society = _lived(policy, months=2)
    start = _tasks(society)
    assert sum(share > 0.0 for share in start.values()) > 10
    for _ in range(frozen):
        society.step()
        now = _tasks(society)
        assert all(now[firm] == start.get(firm, 0.0) for firm in now)
    society.step()
    assert any(share > start.get(firm, 0.0) for firm, share in _tasks(society).items())


def _tasks(society: Society) -> dict[int, float]:
    ids, tasks = _base(society, "firms", "id"), _base(society, "adopters", "tasks")
    return dict(zip(ids.tolist(), tasks.tolist(), strict=True))


def test_firms_without_a_licence_wind_their_agents_down() -> None:
    """A wider licence keeps all that a narrower one allows."""
    users = {}
    for share in (0.0, 0.3, 0.6, 1.0):
        society = _lived({"kind": "ai_licence", "share": share}, months=59)
        users[share] = {firm for firm, tasks in _tasks(society).items() if tasks > 0.0}
    assert users[0.0] == set()
    assert 0 < len(users[0.3]) < len(users[0.6]) < len(users[1.0])
    licensed = len(users[0.3] & users[0.6] & users[1.0])
    assert licensed >= 0.8 * len(users[0.3])


def test_a_licence_for_small_firms_leaves_large_ones_without() -> None:
    society = _lived({"kind": "ai_licence", "staff": [0, 5]}, months=59)
    tasks, staff = _base(society, "adopters", "tasks"), _base(society, "firms", "staff")
    small, large = staff <= 4, staff >= 12
    assert (tasks[small] > 0.0).mean() > 0.2
    assert tasks[large].sum() < 0.05 * large.sum()


def test_a_course_raises_skill_once_and_pay_only_through_it() -> None:
    policy = {"kind": "ai_training", "places": 0.6, "from": 1}
    plain, taught = _lived(months=8), _lived(policy, months=8)
    done = _base(taught, "pairings", "trained") == 1
    begun = _base(taught, "pairings", "training") > 0
    assert done.sum() > 20
    assert not (done & begun).any()
    ratio = _base(taught, "people", "skill") / _base(plain, "people", "skill")
    assert np.allclose(ratio[done], np.exp(0.05), rtol=1e-6)
    assert (ratio[~done] == 1.0).all()


def test_a_course_that_costs_nothing_changes_nothing_before_it_ends() -> None:
    """Bit for bit: being in a course neither pays anybody nor keeps anybody from work."""
    policy = {"kind": "ai_training", "places": 0.6, "from": 0}
    plain, taught = (_society(*p, parameters={"adoption.training_cost": 0.0}) for p in ((), (policy,)))
    for society in (plain, taught):
        society.restore(_burned())
        society.run_for(6)
    assert (_base(taught, "pairings", "training") > 0).sum() > 50
    assert same(plain.snapshot(), taught.snapshot()) == ["table.pairings.training"]


def test_courses_cost_the_state_and_stop_with_the_policy() -> None:
    society = _lived({"kind": "ai_training", "places": 0.6, "from": 1, "until": 5}, months=4)
    world = society.world
    in_course = float((_base(society, "pairings", "training") > 0).sum())
    cost = world.law("adoption.training_cost") * float(_base(society, "macro", "mean_wage")[0])
    price = float(_base(society, "macro", "goods_price")[0])
    society.step()
    assert world.law.extra_purchases == pytest.approx(in_course * cost / price)
    society.run_for(2)
    assert world.law.extra_purchases == 0.0
    assert not _base(society, "pairings", "training").any()


def test_two_courses_at_once_are_paid_once() -> None:
    one = {"kind": "ai_training", "places": 0.3, "from": 1}
    society = _lived(one, {**one, "who": "unemployed"}, months=4)
    in_course = float((_base(society, "pairings", "training") > 0).sum())
    cost = society.world.law("adoption.training_cost") * float(_base(society, "macro", "mean_wage")[0])
    price = float(_base(society, "macro", "goods_price")[0])
    society.step()
    assert society.world.law.extra_purchases == pytest.approx(in_course * cost / price)


def test_courses_help_those_who_get_them() -> None:
    """The same people with and without the course: more are paired, and they earn more (lots decide who gets one)."""
    course = {"kind": "ai_training", "places": 0.3, "from": 1}
    plain, taught = (_lived(*p, months=48, people=3000) for p in ((), (course,)))
    done = _base(taught, "pairings", "trained") == 1
    ids = [_base(society, "people", "id") for society in (plain, taught)]
    assert np.array_equal(*ids)
    paired, pay = [], []
    for society in (plain, taught):
        works = _base(society, "people", "employer") != NO_ROW
        paired.append((_base(society, "pairings", "paired") == 1)[done].mean())
        wage = np.where(works, _base(society, "people", "wage"), 0.0)
        pay.append(wage[done].mean() / wage[~done].mean())
    assert done.sum() > 200
    assert paired[1] > 1.2 * paired[0]
    assert pay[1] > 1.02 * pay[0]


def test_mistakes_are_named() -> None:
    for wrong in ({}, {"staff": {"in": [1, 2]}}, {"share": 30}, {"pause_months": 0}):
        with pytest.raises(ValueError, match=r"share|staff|pause_months"):
            POLICIES["ai_licence"].model_validate({"kind": "ai_licence", **wrong})
    for kind in ("ai_tax", "ai_licence", "ai_training"):
        model = POLICIES[kind]
        assert model.sector == "adoption"
        assert model.about
        assert all(field.description or name == "kind" for name, field in model.model_fields.items())
