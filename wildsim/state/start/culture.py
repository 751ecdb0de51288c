"""The first catalogue: places without titles, which the first month fills."""

from __future__ import annotations

import numpy as np

from wildsim.core.keys import Keys, start_ids
from wildsim.state.culture import Titles
from wildsim.state.law import Law
from wildsim.state.world import World

#: Society for which `culture.catalogue` is given, people.
NORM = 10_000.0


def start_culture(world: World, law: Law, keys: Keys) -> None:
    """Give the catalogue its places; their number is fixed for good."""
    titles = world.tables["titles"]
    size = len(world.tables["people"]) / NORM
    places = max(2, round(law("culture.catalogue") * size ** law("culture.catalogue_growth")))
    titles.take(np.empty(0, dtype=np.int64), places)
    titles.base("id")[:] = start_ids(Titles.code, places)
