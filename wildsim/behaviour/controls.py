"""Controls: societies whose people decide without reason. What also shows there says nothing about behaviour."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wildsim.behaviour.guard import bounds
from wildsim.state.world import World


def random_mind(world: World, role: str, name: str, rule: NDArray[Any]) -> NDArray[Any]:
    """Return a draw from the legal range of the decision for every agent of the role (`behaviour: random`)."""
    decisions, deciders = _tables(world, role, name)
    low, high = bounds(world, world.tables[decisions].columns[name])
    luck = world.view().uniform(f"random.{name}", deciders)[0]
    return np.asarray(np.rint(low + luck * (high - low)) if rule.dtype.kind == "i" else low + luck * (high - low))


def shuffled_mind(world: World, role: str, name: str, rule: NDArray[Any]) -> NDArray[Any]:
    """Return what the rules decided, dealt anew among the agents of the role (`behaviour: shuffled`).

    Each gets what the next one in keyed order decided, so that one agent more changes what one other gets.
    """
    _, deciders = _tables(world, role, name)
    luck = world.view().uniform(f"shuffled.{name}", deciders)[0]
    order = np.argsort(luck, kind="stable")
    dealt = np.empty_like(rule)
    dealt[order] = np.roll(rule[order], -1)
    return dealt


def _tables(world: World, role: str, name: str) -> tuple[str, str]:
    """Return the table of decisions of a role that has the column `name`, and the table of those who decide."""
    return next((d, who) for r, d, who in world.deciding() if r == role and name in world.tables[d].columns)


CONTROLS = {"random": random_mind, "shuffled": shuffled_mind}
