"""What agents of a role see and may decide this month, for many of them at once."""

from __future__ import annotations

import gc
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from wildsim.behaviour.guard import bound_to_the_rule, bounds
from wildsim.core.table import I64, Column
from wildsim.minds.mind import Field, Seen
from wildsim.minds.roles.role import Item, Role, decision_table
from wildsim.sensors.own import Eyes, Known
from wildsim.sensors.world_sensor import Sensors
from wildsim.state.world import World, WorldView

T = TypeVar("T")


def observe(
    world: World | WorldView, role: Role, rows: Sequence[int] | I64, sensors: Sensors | None = None
) -> list[tuple[Seen, ...]]:
    """Return what each of `rows` of the deciders sees, in the order of the role's items.

    What does not apply to a row, or belongs to a sector that is off, is left out; what is not known is NaN.

    Args:
        sensors: What measures the indicators; identity sensors where left out.

    Raises:
        InputError: An item of the role leads out of what it may see.
    """
    view = world.view() if isinstance(world, World) else world
    eyes = Eyes(view, role.deciders, np.asarray(rows, dtype=np.int64), sensors or Sensors(view))
    with _no_collection():
        return _rows([_column(eyes, item) for item in role.sees], len(rows))


def _column(eyes: Eyes, item: Item) -> list[Seen | None] | None:
    """Return an item for every row, None for rows that it does not apply to; None where its sector is off."""
    parts: list[Known] = []
    for path in item.paths:
        known = eyes.read(path)
        if known is None:
            return None
        parts.append(known)
    first, applies = parts[0], np.logical_and.reduce([part.applies for part in parts])
    values: NDArray[Any] = first.values
    if item.work is not None:
        # rows without such a thing hold what stands in another row: let it do no harm here, it is left out below
        with np.errstate(all="ignore"):
            made = item.work(*(_plain(part.values) for part in parts))
        applies = applies & ~np.ma.getmaskarray(made)
        values = np.ma.getdata(made)
    words = bool(item.words) or values.dtype.kind not in "fiub"
    unit = "" if words else item.unit or first.unit
    seen = Seen(item.name, math.nan, unit, first.period, first.source)
    if all(part.common for part in parts) and len(values):
        one = replace(seen, value=_spoken(item, values[:1])[0])
        return [one if there else None for there in applies.tolist()]
    made_of = _copies(seen, "value", _spoken(item, values))
    return [one if there else None for one, there in zip(made_of, applies.tolist(), strict=True)]


def _plain(values: NDArray[Any]) -> NDArray[Any]:
    return values.astype(np.float64) if values.dtype.kind in "fiub" else values


def _spoken(item: Item, values: NDArray[Any]) -> list[float | str]:
    """Return the values as plain Python numbers or words."""
    if values.dtype.kind not in "fiub":
        return [str(value) for value in values.tolist()]
    numbers = values.astype(np.float64).tolist()
    if not item.words:
        return numbers  # type: ignore[no-any-return]
    last = len(item.words) - 1
    return [item.words[int(v)] if math.isfinite(v) and 0 <= v <= last else v for v in numbers]


def fields_of(world: World | WorldView, role: Role, rows: Sequence[int] | I64) -> list[tuple[Field, ...]]:
    """Return what each of `rows` of the deciders is asked to decide, in the order of the role.

    Ranges are those of this month, and `rule` is what the rule decided, brought into the range as the guard will. Left
    out are fields of sectors that are off, and those in which the row is bound to the rule or has nothing to decide.
    """
    view = world.view() if isinstance(world, World) else world
    at = np.asarray(rows, dtype=np.int64)
    asked = role.asked(view, at)
    with _no_collection():
        return _rows([_fields(view, role, name, at, asked) for name in role.decides], len(at))


def _fields(
    view: WorldView, role: Role, name: str, rows: I64, asked: Mapping[str, NDArray[np.bool_]]
) -> list[Field | None] | None:
    """Return one field for every row, None for rows that are not asked; None where its sector is off."""
    table = decision_table(role, name)
    if not view.has(table.sector):
        return None
    column: Column = table.columns[name]
    values: NDArray[Any] = getattr(getattr(view, table.name), name)
    low, high = bounds(view, column)
    rule = np.clip(values[rows].astype(np.float64), low, high)
    whole = values.dtype.kind == "i"
    about, choices = role.about.get(name, column.doc), role.choices.get(name, ())
    unit = role.units.get(name, column.unit)
    one_field = Field(name, unit, about, low, high, whole, math.nan, choices)
    free = _free(view, role, name, rows, asked)
    numbers = rule.tolist()
    if whole:  # few different values: rows share them
        different = sorted(set(numbers))
        known = dict(zip(different, _copies(one_field, "rule", different), strict=True))
        made = [known[number] for number in numbers]
    else:
        made = _copies(one_field, "rule", numbers)
    return [one if there else None for one, there in zip(made, free.tolist(), strict=True)]


def free_to_decide(view: WorldView, role: Role, name: str, rows: I64) -> NDArray[np.bool_]:
    """Return which of `rows` may decide the field `name` at all; the rule stands for the others, shape (rows)."""
    return _free(view, role, name, rows, role.asked(view, rows))


def _free(
    view: WorldView, role: Role, name: str, rows: I64, asked: Mapping[str, NDArray[np.bool_]]
) -> NDArray[np.bool_]:
    everybody = len(getattr(view, role.deciders))
    free = ~bound_to_the_rule(view, role.deciders, name, everybody)[rows]
    return np.asarray(free & asked.get(name, np.ones(len(rows), dtype=bool)))


def _rows(columns: Sequence[list[T | None] | None], count: int) -> list[tuple[T, ...]]:
    """Return what stands in each row of some columns; columns that are None, and gaps, are left out."""
    there = [column for column in columns if column is not None]
    if not there:
        return [() for _ in range(count)]
    return [tuple(filter(None, row)) for row in zip(*there, strict=True)]


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep Python from searching for garbage while a quarter of a million things are made, none of which is any.

    It would search again and again, and take four times as long as making them.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _copies(like: T, name: str, values: Sequence[Any]) -> list[T]:
    """Return one copy of `like`, a frozen dataclass, a value: equal but for the attribute `name`.

    For 10,000 people and 25 things each, calling the class would take most of a month: it sets every attribute of a
    frozen dataclass through a call of its own.
    """
    kind, new, first, made = type(like), object.__new__, dict(like.__dict__), []
    for value in values:
        one = new(kind)
        one.__dict__.update(first)
        one.__dict__[name] = value
        made.append(one)
    return made
