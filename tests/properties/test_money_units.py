"""Money is a unit of account: cents, dollars or thousands give the same society."""

from __future__ import annotations

import numpy as np
import pytest

from tests.worlds import SOCIAL, live, small_world
from wildsim.core.parameters import load_parameters, resolve
from wildsim.state.world import World

FACTOR = 1024.0  # a power of two, so that not even the last bit may differ


def _society(factor: float, sectors: frozenset[str]) -> World:
    values = resolve("us", {})
    scaled: dict[str, object] = {}
    for name, parameter in load_parameters("us").items():
        value = values[name]
        if parameter.unit.startswith("USD"):
            scaled[name] = value * factor if isinstance(value, int | float) else [factor * float(x) for x in value]
    return small_world(500, 2, parameters=scaled, sectors=sectors)


def _differences(one: World, other: World) -> list[str]:
    found = []
    for name, table in one.tables.items():
        for column in table.columns.values():
            a, b = table.base(column.name), other.tables[name].base(column.name)
            if (name, column.name) == ("regions", "counts"):
                a = a * np.where(np.arange(a.shape[1]) == 5, FACTOR, 1.0)
            elif "USD" in column.unit:
                a = a * FACTOR
            if a.shape != b.shape or not np.array_equal(a, b, equal_nan=a.dtype.kind == "f"):
                found.append(f"{name}.{column.name}")
    return found


@pytest.mark.parametrize("months", [1, 24])
@pytest.mark.parametrize("sectors", [frozenset(), SOCIAL], ids=["economy", "society"])
def test_money_times_1024_leaves_everything_real_to_the_bit(months: int, sectors: frozenset[str]) -> None:
    one, other = _society(1.0, sectors), _society(FACTOR, sectors)
    live(one, months)
    live(other, months)
    assert _differences(one, other) == []
