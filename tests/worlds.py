"""Small societies for tests that need real tables, books and months."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wildsim.core.clock import Clock
from wildsim.core.keys import Keys
from wildsim.core.parameters import resolve
from wildsim.month import MONTH
from wildsim.scenario.schema import SECTORS
from wildsim.state import identities
from wildsim.state.law import Law
from wildsim.state.start.world import new_world
from wildsim.state.world import World

#: Every social sector.
SOCIAL = frozenset(SECTORS)
SHOCKS = ("productivity", "demand", "sentiment", "government_spending")


def small_world(
    people: int = 400,
    regions: int = 2,
    seed: int = 1,
    month: int = -240,
    threads: int = 1,
    parameters: Mapping[str, object] = MappingProxyType({}),
    sectors: Iterable[str] = (),
) -> World:
    """Return a society at its start, from the real figures of the United States but for `parameters`."""
    law = Law(resolve("us", parameters), shocks=SHOCKS)
    return new_world(people, regions, law, Keys(seed), Clock(month), threads, sectors)


def live(world: World, months: int = 1, meddle: Callable[[World, str], None] = lambda world, step: None) -> float:
    """Live months, calling `meddle(world, name of the step)` after each step; return the largest identity error."""
    worst = 0.0
    for _ in range(months):
        world.ledger.clear(world.clock.month)
        opening = identities.net_worths(world.ledger)
        for step in MONTH:
            step(world)
            meddle(world, getattr(step, "name", ""))
        worst = max(worst, identities.close_month(world.ledger, world.clock.month, opening))
        world.history.add({"cpi": float(world.tables["macro"].base("price_level")[0])})
        world.clock.tick()
    return worst


def same(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Return the names under which two saved states differ in any byte."""
    names = set(one) ^ set(other)
    for name in set(one) & set(other):
        a, b = np.asarray(one[name]), np.asarray(other[name])
        if a.dtype != b.dtype or a.shape != b.shape or a.tobytes() != b.tobytes():
            names.add(name)
    return sorted(names)


def frozen(values: Any, dtype: type[np.generic]) -> NDArray[Any]:
    """Return a read-only array, as a sector sees the columns that it did not declare."""
    array = np.array(values, dtype=dtype)
    array.flags.writeable = False
    return array
