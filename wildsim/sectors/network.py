"""People lose touch, meet, become close; those out of work hear of posts from those at work."""

from __future__ import annotations

import numpy as np

from wildsim.core.table import F32
from wildsim.kernels.network import count_ties, hear
from wildsim.state.friends import frozen, introduce, renew_ties
from wildsim.state.step import step
from wildsim.state.world import WorldView


@step(sector="network", acquaintances="wanted friend", addresses="block")
def meet(world: WorldView) -> None:
    """Settle newcomers in and renew the ties of those whose turn it is (Feld 1981; Kossinets, Watts 2006)."""
    introduce(world)
    law = world.law
    renew_ties(world, world.month, int(law("network.turns")), int(law("network.meetings")))


@step(sector="network", acquaintances="ties contacts news")
def tell(world: WorldView) -> None:
    """Count ties and pass on news of posts (Granovetter 1974; Calvo-Armengol, Jackson 2004)."""
    people, households, circles, tiles = world.people, world.households, world.acquaintances, world.tiles
    searchers = np.empty(len(people), dtype=np.int16)
    known = (circles.friend, people.household, households.first_member, households.members)
    work = (people.employer, people.participates)
    tiles.run(count_ties, tiles.people, *known, *work, circles.ties, circles.contacts, searchers)
    pass_on, through_ties = world.law("network.pass_on"), world.law("network.through_ties")
    tiles.run(hear, tiles.people, *known, *work, searchers, pass_on, through_ties, circles.news)


def informed(world: WorldView, search: F32) -> F32:
    """Return the search effort of everybody with the job information of those out of work; as it is without network.

    The mean over the searchers of a region does not move: who hears more does so at the expense of who hears less.
    """
    if not world.has("network"):
        return search
    return frozen(np.minimum(search * world.acquaintances.news, np.float32(1.0)))
