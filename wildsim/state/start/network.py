"""The social network at the start: neighbourhoods, sociability and the ties of people who have lived there for long."""

from __future__ import annotations

import numpy as np

from wildsim.core.keys import Keys
from wildsim.state.friends import ALWAYS, introduce, log_income, renew_ties, spread_news
from wildsim.state.law import Law
from wildsim.state.network import SLOTS
from wildsim.state.world import World


def start_network(world: World, law: Law, keys: Keys) -> None:
    """Number the neighbourhoods, settle everybody in, and let ties form until they are as they will stay."""
    _start_quarters(world, law)
    introduce(world.view({"acquaintances": ("wanted",), "addresses": ("block",)}))
    view = world.view({"acquaintances": ("friend", "ties", "contacts", "news")})
    for number in range(int(law("network.start_rounds"))):
        renew_ties(view, ALWAYS + number, 1, SLOTS)
    spread_news(view)


def _start_quarters(world: World, law: Law) -> None:
    """Fix the number of neighbourhoods, the capacity of the list of meeting places, and the scale of incomes."""
    view = world.view({"quarters": ("blocks", "seats", "income_level", "income_spread")})
    quarters = view.quarters
    people = np.diff(world.tiles.people)
    quarters.blocks[:] = np.maximum(np.rint(people / law("network.block_people")), 1)
    quarters.seats[:] = 2 ** np.ceil(np.log2(np.maximum(people, 16))).astype(np.int64)
    logs = log_income(view, np.arange(len(view.households)))
    for t in range(len(quarters)):
        here = logs[world.tiles.households[t] : world.tiles.households[t + 1]]
        if len(here) > 1 and here.std() > 0.0:
            quarters.income_level[t], quarters.income_spread[t] = here.mean(), here.std()
