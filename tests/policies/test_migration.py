"""Newcomers: how many, who, and that nobody else's luck changes."""

from __future__ import annotations

import numpy as np
import pytest

from tests.policies.cases import PEOPLE, column, living
from wildsim.kernels.philox import fill_uniform
from wildsim.state.identities import balance_sheet


def _new(case: dict[str, object], months: int = 1) -> tuple[object, np.ndarray]:
    made = living({"kind": "migration", **case}, months=months)
    return made, ~np.isin(made.people.id, living().people.id)


def _force(made: object) -> np.ndarray:
    region = made.households.region[made.people.household]
    return np.bincount(region[made.people.participates == 1], minlength=2)


def test_the_labour_force_grows_by_the_share() -> None:
    before = _force(living())
    made, new = _new({"share": 0.1, "where": {"region": 1}})
    region = made.households.region[made.people.household]
    assert not (region[new] == 0).any()
    assert new.sum() == pytest.approx(0.1 * before[1], abs=1)
    assert len(made.people) == PEOPLE + new.sum()
    assert made.indicators["population"] == len(made.people)


def test_rows_and_references_hold_together() -> None:
    made, new = _new({"share": 0.1}, months=3)
    people, households = made.people, made.households
    assert (np.diff(people.household) >= 0).all()
    assert (np.diff(households.region) >= 0).all()
    assert np.array_equal(np.bincount(people.household), households.members)
    assert np.array_equal(people.household[households.first_member], np.arange(len(households)))
    region = households.region[people.household]
    works = people.employer >= 0
    assert (made.firms.region[people.employer[works]] == region[works]).all()
    shops = households.shop
    known = shops >= 0
    assert (made.firms.region[shops] == households.region[:, None])[known].all()
    assert known[people.household[new]].any(axis=1).all()
    for table in ("people", "households"):
        assert len(np.unique(column(made, table, "id"))) == len(made.world.tables[table])
    assert len(made.world.tables["member_decisions"]) == len(people)


def test_ids_do_not_depend_on_who_is_there() -> None:
    made, new = _new({"share": 0.1})
    more, also = _new({"share": 0.2})
    assert set(made.people.id[new]) < set(more.people.id[also])


def test_nobody_elses_draws_change() -> None:
    base = living(months=1)
    made, new = _new({"share": 0.1})
    base_u, made_u = (s.world.view().uniform("any", "people", 3) for s in (base, made))
    assert np.array_equal(base_u, made_u[:, ~new])
    out = np.empty((PEOPLE, 1))
    fill_uniform(np.uint64(1), 0, base.people.id, out)
    same = made.people
    for name in ("age", "skill", "ability", "schooling", "work_cost", "female"):
        assert np.array_equal(getattr(same, name)[~new], getattr(base.people, name)), name


def test_low_skill_comes_from_the_lowest_quarter() -> None:
    made, new = _new({"share": 0.3, "skill": "low"})
    people = made.people
    working = ~new & (people.age < 65)
    limit = np.quantile(people.skill[working], 0.25)
    assert (people.skill[new] < limit).mean() > 0.95
    like, also = _new({"share": 0.5})
    assert like.people.skill[also].mean() == pytest.approx(
        like.people.skill[working[: len(like.people)].nonzero()[0]].mean(), rel=0.25
    )
    assert (people.age[new] < 65).all()


def test_what_they_bring_is_owed_by_abroad() -> None:
    made, _ = _new({"share": 0.1})
    brought = [amount for name, payer, _, amount in made.flows() if name == "migration" and payer == "abroad"]
    assert balance_sheet(made.world.ledger)["abroad"]["foreign"] == pytest.approx(-sum(brought))
    assert sum(brought) > 0


def test_memory_by_row_moves_with_the_rows() -> None:
    tax = {"kind": "minimum_wage", "raise": 0.1, "where": {"decile": [1, 3]}}
    made = living(tax, {"kind": "migration", "share": 0.1, "from": 2}, months=2)
    before = dict(zip(made.households.id.tolist(), made.world.memory["policy0.decile@households"], strict=True))
    made.run_for(2)
    after = dict(zip(made.households.id.tolist(), made.world.memory["policy0.decile@households"], strict=True))
    assert {k: after[k] for k in before} == before
    assert {after[k] for k in after.keys() - before.keys()} == {0}
    assert not made.people.law[made.world.memory["policy0.decile@households"][made.people.household] == 0].any()


def test_two_migrations_and_a_restore_in_a_fresh_society() -> None:
    cases = ({"kind": "migration", "share": 0.05}, {"kind": "migration", "share": 0.05, "from": 2})
    made = living(*cases, months=4)
    other = living(*cases)
    other.restore(made.snapshot())
    other.run_for(2)
    made.run_for(2)
    assert np.array_equal(made.people.wage, other.people.wage)
    assert made.largest_error < 1e-9
