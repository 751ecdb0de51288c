"""People lose touch, meet, become close; those out of work hear of posts from those at work."""

from __future__ import annotations

import numpy as np

from wildsim.core.table import F32
from wildsim.state.friends import frozen, introduce, renew_ties, spread_news
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
    spread_news(world)


def informed(world: WorldView, search: F32) -> F32:
    """Return the search effort of everybody with the job information of those out of work; as it is without network.

    The mean over the searchers of a region does not move: who hears more does so at the expense of who hears less.
    """
    if not world.has("network"):
        return search
    return frozen(np.minimum(search * world.acquaintances.news, np.float32(1.0)))
