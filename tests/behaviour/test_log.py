"""The record of decisions and the control societies."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from wildsim.scenario.schema import Scenario
from wildsim.society import Society
from wildsim.state.world import ROLES


def society(**more: Any) -> Society:
    """Return a small society."""
    data = {"name": "t", "months": 3, "burn_in": 0, "society": {"people": 300, "regions": 1}} | more
    return Society(Scenario.model_validate(data))


def rows(made: Society) -> list[dict[str, Any]]:
    """Return the record of the month, one mapping a decision and field."""
    columns = {name: values.tolist() for name, values in made.decisions().items()}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def test_every_decision_of_everybody_is_kept_with_four_values() -> None:
    made = society(record={"decisions": "all"})
    made.step()
    kept = rows(made)
    firms = sum(1 for row in kept if row["role"] == "firm_manager" and row["field"] == "price")
    assert {row["role"] for row in kept} == set(ROLES)
    assert sum(1 for row in kept if row["field"] == "consumption") == 300
    assert firms == len(made.world.tables["manager_decisions"]) or firms > 0
    for row in kept:
        assert math.isfinite(row["proposed"])
        assert row["rule"] == row["proposed"]
        assert row["source"] == "rule"
    made.close()


def test_spending_executed_is_what_households_spent() -> None:
    made = society(record={"decisions": "all"})
    made.step()
    spent = sum(row["executed"] for row in rows(made) if row["field"] == "consumption")
    assert spent == pytest.approx(float(made.households.spending.sum()), rel=1e-9)
    made.close()


def test_an_illegal_proposal_is_kept_beside_what_the_guard_made_of_it() -> None:
    made = society(record={"decisions": "panel", "panel": 5})

    def greedy(world: Any, role: str, name: str, rule: np.ndarray[Any, Any]) -> Any:
        return np.full(len(rule), 9.0) if name == "rate" else None

    made.world.minds.append(greedy)
    made.step()
    (row,) = (row for row in rows(made) if row["field"] == "rate")
    assert (row["proposed"], row["guarded"], row["source"]) == (9.0, 0.25, "mind")
    assert row["executed"] == pytest.approx(0.25)
    assert row["reason"]
    assert 0.0 <= row["rule"] < 0.25
    assert sum(1 for r in rows(made) if r["field"] == "hours") == 5
    made.close()


def test_recording_changes_nothing() -> None:
    plain, kept = society(), society(record={"decisions": "all", "panel": 20})
    plain.run_for(3)
    kept.run_for(3)
    assert plain.indicators == kept.indicators
    plain.close()
    kept.close()


@pytest.mark.parametrize("behaviour", ["random", "shuffled"])
def test_controls_keep_the_books_and_differ_from_rules(behaviour: str) -> None:
    control, rules = society(behaviour=behaviour), society()
    control.run_for(12)
    rules.run_for(12)
    assert control.largest_error <= 1e-9
    assert control.indicators["gdp_real"] != rules.indicators["gdp_real"]
    assert all(math.isfinite(v) or math.isnan(v) for v in control.indicators.values())
    control.close()
    rules.close()


def test_newcomers_never_join_the_panel() -> None:
    made = society(record={"panel": 30}, policies=[{"kind": "migration", "from": 1, "share": 0.3, "skill": "low"}])
    made.step()
    before = list(made.panel()["person"])
    made.run_for(2)
    assert len(made.people) > 300
    assert list(made.panel()["person"]) == before
    made.close()
