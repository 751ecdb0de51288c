"""What every step of the month must do: write what it declares and nothing else, and the same bytes every time."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numba.core.errors import TypingError

from tests.worlds import SOCIAL, live, same, small_world
from wildsim.month import MONTH
from wildsim.state.step import ALL, MovingStep, Step
from wildsim.state.world import DECISIONS, World

NAMES = [getattr(step, "name", "") for step in MONTH]
steps = pytest.mark.parametrize("number", range(len(MONTH)), ids=NAMES)
DECLARING = [number for number, step in enumerate(MONTH) if isinstance(step, Step)]

#: What the ledger writes beside money: which bank holds a loan.
LEDGERS = {"table.firms.lender"}


@pytest.fixture(scope="module")
def before() -> list[dict[str, Any]]:
    """The state before every step of a month in which firms fail, open and borrow, one entry a step."""
    world = _world()
    live(world, 3)
    poor = world.tables["firms"].base("loans")  # a firm that owes more than it has fails this month
    world.ledger.lend("lending_firms", "firms", np.where(np.arange(len(poor)) == 2, 1e6, 0.0))
    world.ledger.pay(
        "transfers",
        ("firms", np.where(np.arange(len(poor)) == 2, 1e6, 0.0)),
        "government",
    )
    states = []
    world.ledger.clear(world.clock.month)
    for step in MONTH:
        states.append(_all_state(world))
        step(world)
    return states


def _world() -> World:
    return small_world(300, sectors=SOCIAL, month=0, parameters={"adoption.innovators": 0.5, "adoption.rollout": 0.5})


def _all_state(world: World) -> dict[str, Any]:
    """The saved state and the flows of the month so far."""
    flows = {
        f"flows.{side}.{name}": values.copy()
        for side in ("received", "paid")
        for name, values in getattr(world.ledger, side).items()
    }
    return {**world.state(), **flows}


def _at(state: dict[str, Any]) -> World:
    world = _world()
    world.load({name: values for name, values in state.items() if not name.startswith("flows.")})
    world.ledger.clear(world.clock.month)
    for name, values in state.items():
        if name.startswith("flows."):
            _, side, account = name.split(".")
            getattr(world.ledger, side)[account][:] = values
    return world


def _money(world: World) -> set[str]:
    return {f"table.{t.name}.{c.name}" for t in world.tables.values() for c in t.columns.values() if c.kind == "money"}


def _allowed(step: Callable[[World], None], world: World) -> set[str]:
    assert isinstance(step, Step | MovingStep)
    return {
        f"table.{table}.{column}"
        for named, columns in step.writes.items()
        for table in (world.aligned(named) if columns == ALL else [named])  # rows of both move together
        for column in (world.tables[table].columns if columns == ALL else columns)
    } | _moved(step, world)


def _moved(step: Step | MovingStep, world: World) -> set[str]:
    """Columns that move with rows: those of tables alongside, and references to the rows."""
    moving = {table for table, columns in step.writes.items() if columns == ALL and isinstance(step, MovingStep)}
    found = set()
    for other in world.tables.values():
        for column in other.columns.values():
            if other.alongside in moving or column.ref in moving:
                found.add(f"table.{other.name}.{column.name}")
    return found


@steps
def test_writes_only_what_it_declares(before: list[dict[str, Any]], number: int) -> None:
    step, world = MONTH[number], _at(before[number])
    step(world)
    changed = {n for n in same(before[number], _all_state(world)) if n.startswith("table.")}
    assert changed <= _allowed(step, world) | _money(world) | LEDGERS


@steps
def test_money_moves_through_the_ledger_alone(before: list[dict[str, Any]], number: int) -> None:
    """Sums of money columns change by what the verbs booked, to rounding."""
    world = _at(before[number])
    MONTH[number](world)
    for (table, column), booked in world.ledger.booked.items():
        scale = world.ledger.turnover[table, column] + abs(world.tables[table].base(column)).sum()
        assert abs(world.ledger.total(table, column) - booked) <= 1e-11 * scale, (table, column)


@steps
def test_the_same_state_gives_the_same_bytes(before: list[dict[str, Any]], number: int) -> None:
    one, two = _at(before[number]), _at(before[number])
    MONTH[number](one)
    MONTH[number](two)
    assert same(_all_state(one), _all_state(two)) == []


@pytest.mark.parametrize("number", DECLARING, ids=[NAMES[n] for n in DECLARING])
def test_a_column_that_it_does_not_declare_cannot_be_written(before: list[dict[str, Any]], number: int) -> None:
    step, world = MONTH[number], _at(before[number])
    assert isinstance(step, Step)
    view = world.view(step.writes)
    for table in world.tables.values():
        for column in set(table.columns) - set(step.writes.get(table.name, ())):
            with pytest.raises(ValueError, match="read-only"):
                getattr(getattr(view, table.name), column)[...] = 0


def _plain(number: int) -> bool:
    """Say whether a step writes without a kernel, which would be compiled anew for read-only columns."""
    step = MONTH[number]
    assert isinstance(step, Step)
    module = inspect.getmodule(step.run)
    assert module is not None
    return bool(step.writes) and "tiles.run" not in inspect.getsource(module)


PLAIN = [number for number in DECLARING if _plain(number)]


@pytest.mark.parametrize("number", PLAIN, ids=[NAMES[n] for n in PLAIN])
def test_a_step_robbed_of_its_columns_is_stopped(before: list[dict[str, Any]], number: int) -> None:
    """The protection is no declaration on paper: the real step raises when it may not write."""
    step = MONTH[number]
    assert isinstance(step, Step)
    world = _at(before[number])
    step(world)
    if not set(same(before[number], _all_state(world))) & (_allowed(step, world) - _money(world)):
        return  # nothing to write in this month: no home was sold, say
    with pytest.raises((ValueError, TypingError), match=r"read-?only"):
        Step(step.name, step.run, {})(_at(before[number]))


def test_the_month_is_complete() -> None:
    """Every step is known here, and each role decides once."""
    assert len(set(NAMES)) == len(NAMES)
    deciding = [table for s in MONTH if isinstance(s, Step) for table in s.writes if table.endswith("_decisions")]
    assert sorted(deciding) == sorted(table.name for table in DECISIONS)
