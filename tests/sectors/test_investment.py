"""Whom firms order machines from."""

from __future__ import annotations

import numpy as np
import pytest

from tests.worlds import live, small_world
from wildsim.month import MONTH
from wildsim.state.world import World

BEFORE = MONTH[[step.name for step in MONTH].index("sectors.investment.invest") - 1].name


@pytest.mark.parametrize(("waiting_cost", "keeps"), [(0.0, True), (0.02, False)])
def test_who_delivers_late_is_left_though_cheap(waiting_cost: float, keeps: bool) -> None:
    world = small_world(
        people=600, regions=1, parameters={"firms.compare_makers": 1.0, "firms.waiting_cost": waiting_cost}
    )
    live(world, 3)
    firms = world.tables["firms"]
    maker = int(np.bincount(firms.base("supplier")[firms.base("supplier") >= 0]).argmax())
    customers = firms.base("id")[firms.base("supplier") == maker]

    def overload(world: World, step: str) -> None:
        if step == BEFORE:
            firms.base("price")[maker] *= 0.5
            for column, rows in (("on_order", firms.base("supplier") == maker), ("backlog", [maker])):
                firms.base(column)[rows] *= 1000.0

    live(world, 1, overload)
    still = firms.base("supplier")[np.isin(firms.base("id"), customers)] == maker
    assert still.all() if keeps else still.mean() < 0.5
    buys = firms.base("supplier") >= 0
    ordered = np.bincount(firms.base("supplier")[buys], firms.base("on_order")[buys], minlength=len(buys))
    assert firms.base("backlog") == pytest.approx(ordered), "orders went along"
