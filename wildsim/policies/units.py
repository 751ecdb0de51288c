"""What a dollar in a policy is worth, and what a policy remembers from month to month."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wildsim.state.world import World


def wage_index(world: World) -> float:
    """Return the mean wage relative to the start of the society, before burn-in.

    A dollar in a policy is a dollar of the country's data (2019 for the United States), when the society starts:
    wages grow by burn-in, so amounts grow with them. 500 USD a month stay 11 % of the mean wage, as they were then.
    """
    return float(world.view().macro.mean_wage[0]) / float(world.law.start["labour.mean_wage"])


def remember(world: World, number: int, name: str, make: Callable[[], Any]) -> NDArray[Any]:
    """Return what policy `number` remembers under `name`, making it the first time it is asked for.

    An array with one entry a row of a table has a name ending in "@table", so that it moves with the rows.
    """
    key = f"policy{number}.{name}"
    if key not in world.memory:
        world.memory[key] = np.atleast_1d(np.asarray(make()))
    return world.memory[key]


def usd_at_start(world: World, number: int, amount: float) -> float:
    """Return `amount` USD of the society's start in USD of the first month of policy `number`."""
    return amount * float(remember(world, number, "wages", lambda: wage_index(world))[0])


def prices_since_start(world: World, number: int) -> float:
    """Return the consumer price relative to the first month of policy `number`."""
    level = world.view().macro.price_level
    return float(level[0]) / float(remember(world, number, "prices", level.copy)[0])
