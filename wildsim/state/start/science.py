"""The first scientists: chosen among the people; they have written nothing yet."""

from __future__ import annotations

import numpy as np

from wildsim.core.keys import Keys
from wildsim.state.careers import appeal, best, posts_by_region, suited
from wildsim.state.law import Law
from wildsim.state.people import People
from wildsim.state.science import Scientists
from wildsim.state.start.people import draws
from wildsim.state.world import World

#: Bits of a start id above those that number the rows (see core.keys.start_ids).
_TABLE_BITS = np.uint64(56)


def start_science(world: World, law: Law, keys: Keys) -> None:
    """Fill the posts, deal out grants, and let science give what it gives at normal spending."""
    rows = _first(world, law, keys)
    scientists = world.tables["scientists"]
    for name in world.aligned("scientists"):
        world.tables[name].take(np.empty(0, dtype=np.int64), len(rows))
    world.tables["papers"].take(np.empty(0, dtype=np.int64), 0)
    code = np.uint64(Scientists.code) - np.uint64(People.code)
    scientists.base("id")[:] = world.tables["people"].base("id")[rows] + (code << _TABLE_BITS)
    scientists.base("person")[:] = rows
    u = draws(keys, "start.grants", "scientists", scientists.base("id"), 2)
    wins = law("science.success") / law("science.apply_every") * law("science.grant_months")
    running = np.where(u[0] < wins / (1.0 + wins), 1.0 + np.floor(u[1] * law("science.grant_months")), 0.0)
    scientists.base("grant_months")[:] = running
    knowledge = world.tables["knowledge"]
    knowledge.base("tested")[:] = knowledge.base("developed")[:] = law("science.lag") / 2.0


def _first(world: World, law: Law, keys: Keys) -> np.ndarray:
    """Return the rows of the people who get the first posts, in the order of their rows."""
    people = world.tables["people"].view()
    posts = posts_by_region(law, people.age, world.tiles.people)
    world.tables["knowledge"].base("posts")[:] = posts.sum()
    able = np.flatnonzero(suited(law, people))
    u = draws(keys, "science.call", "people", people.id[able], 1)[0]
    region = np.searchsorted(world.tiles.people, able, side="right") - 1
    return np.sort(able[best(appeal(law, people.ability[able], u), region, posts)])
