"""What is done with the social network: newcomers settle in, ties are renewed, values are averaged over ties.

Other sectors ask `peers_mean`, where `world.has("network")`. Networks for analysis come as compressed rows or, up to
about 10^5 people, as a networkx graph.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from wildsim.core.table import F64, I32, I64, NO_ROW
from wildsim.kernels import network as forming
from wildsim.kernels import peers
from wildsim.kernels.philox import fill_uniform
from wildsim.state.network import SLOTS
from wildsim.state.world import WorldView

if TYPE_CHECKING:
    import networkx

#: Month of the draws that fix a trait: one of its own, so that the trait is a function of the id alone.
ALWAYS = -(2**30)
#: Log incomes count up to so many standard deviations from the mean; technical, for those with next to no income.
_FAR = 3.0


def peers_mean(world: WorldView, values: NDArray[Any], alone: F64 | None = None) -> F64:
    """Return the mean of a number over the close ties of everybody, those at home included, (people).

    Args:
        values: A number for every person; none may be NaN. alone: What people without ties get, the own value where
            left out.
    """
    people, households = world.people, world.households
    given = np.array(values, dtype=np.float64)
    given.flags.writeable = False
    sums = np.empty((len(people), 2))
    world.tiles.run(
        peers.add_up,
        world.tiles.people,
        frozen(world.acquaintances.friend),
        people.household,
        households.first_member,
        households.members,
        given,
        sums,
    )
    mean = (given if alone is None else alone).copy()
    np.divide(sums[:, 0], sums[:, 1], out=mean, where=sums[:, 1] > 0.0)
    return mean


def introduce(world: WorldView) -> None:
    """Give newcomers a sociability and new households a neighbourhood, each for good.

    Sociability is lognormal. The place of residence is a normal deviate that correlates with log income (equivalised,
    relative to the mean wage, as it is when the household comes), cut into neighbourhoods of equal numbers of people.
    """
    circles, addresses, law = world.acquaintances, world.addresses, world.law
    new = np.flatnonzero(circles.wanted == 0)
    if len(new):
        deviate = ndtri(_luck(world, "network.sociability", "people", new))
        ties = law("network.close_ties") * np.exp(law("network.sociability_spread") * deviate)
        circles.wanted[new] = np.clip(np.rint(ties), 1, SLOTS)
    new = np.flatnonzero(addresses.block == NO_ROW)
    if len(new):
        quarters, region = world.quarters, world.households.region[new]
        score = (log_income(world, new) - quarters.income_level[region]) / quarters.income_spread[region]
        sorting = law("network.income_sorting")
        deviate = ndtri(_luck(world, "network.address", "households", new))
        place = sorting * np.clip(score, -_FAR, _FAR) + math.sqrt(1.0 - sorting**2) * deviate
        blocks = quarters.blocks[region]
        addresses.block[new] = np.minimum((ndtr(place) * blocks).astype(np.int32), blocks - 1)


def log_income(world: WorldView, rows: I64) -> F64:
    """Return log equivalised permanent income of some households relative to the mean wage."""
    households = world.households
    size = np.sqrt(np.maximum(households.members[rows], 1))
    relative = households.permanent_income[rows] / size / float(world.macro.mean_wage[0])
    tiny = np.finfo(np.float32).tiny
    return np.asarray(np.log(np.maximum(relative, tiny)))


def _luck(world: WorldView, stream: str, table: str, rows: I64) -> F64:
    """Return one uniform draw for some rows of a table, the same in every month."""
    ids = np.ascontiguousarray(getattr(world, table).id[rows])
    ids.flags.writeable = False
    out = np.empty((len(ids), 1))
    fill_uniform(world.keys.stream(stream, table, ALWAYS), ALWAYS, ids, out)
    return out[:, 0]


def renew_ties(world: WorldView, month: int, turns: int, meetings: int) -> None:
    """Let every `turns`-th person lose ties and make new ones (see kernels.network.renew).

    Args:
        month: Whose draws are used. meetings: Most new ties of a person.
    """
    people, households, law = world.people, world.households, world.law
    world.tiles.run(
        forming.renew,
        world.tiles.people,
        people.id,
        people.household,
        people.age,
        people.employer,
        frozen(world.acquaintances.wanted),
        frozen(world.acquaintances.ties),
        households.first_member,
        households.members,
        frozen(world.addresses.block),
        world.firms.id,
        world.quarters.blocks,
        world.quarters.seats,
        turns,
        max(law("network.about"), 1.0 / turns),
        law("network.lonely"),
        meetings,
        *(
            1.0 - (1.0 - law(name)) ** (law("network.turns") / 12.0)
            for name in ("network.fading", "network.fading_bridges")
        ),
        law("network.strangers"),
        law("network.nobody"),
        law("network.closure"),
        (1.0 - law("network.closure")) * law("network.at_work"),
        (1.0 - law("network.closure")) * (1.0 - law("network.at_work")) * law("network.nearby"),
        law("network.age_reach"),
        law("network.club_reach"),
        law("network.first_age"),
        world.keys.stream("network.ties", "people", month),
        month,
        world.acquaintances.friend,
    )


def spread_news(world: WorldView) -> None:
    """Count everybody's ties and find out what those out of work hear of posts (see kernels.peers.tell)."""
    people, households, circles, law = world.people, world.households, world.acquaintances, world.law
    world.tiles.run(
        peers.tell,
        world.tiles.people,
        frozen(circles.friend),
        people.household,
        households.first_member,
        households.members,
        people.employer,
        people.participates,
        law("network.pass_on"),
        law("network.through_ties"),
        circles.ties,
        circles.contacts,
        circles.news,
    )


def frozen(values: NDArray[Any]) -> NDArray[Any]:
    """Return a read-only view of a column, for kernels that only read what the step writes elsewhere."""
    view = values.view()
    view.flags.writeable = False
    return view


def edges(world: WorldView) -> tuple[I32, I32]:
    """Return both ends of every tie once, those at home included, the lower row first, in ascending order."""
    people, households = world.people, world.households
    person, slot = np.nonzero(world.acquaintances.friend != NO_ROW)
    other = world.acquaintances.friend[person, slot]
    home, region = people.household, households.region
    there = (home[person] != home[other]) & (region[home[person]] == region[home[other]])
    ends = [(person[there], other[there])]
    row = np.arange(len(people))
    last = (households.first_member + households.members)[home]
    for step in range(1, int(households.members.max(initial=0))):
        with_next = row[row + step < last]
        ends.append((with_next, with_next + step))
    one, two = (np.concatenate([e[k] for e in ends]).astype(np.int64) for k in (0, 1))
    pairs = np.unique(np.minimum(one, two) * len(people) + np.maximum(one, two))
    return (pairs // max(len(people), 1)).astype(np.int32), (pairs % max(len(people), 1)).astype(np.int32)


def compressed(one: I32, two: I32, people: int) -> tuple[I64, I32]:
    """Return ties as compressed rows: where each person's neighbours start, and the neighbours in ascending order."""
    ends, others = np.concatenate([one, two]), np.concatenate([two, one])
    order = np.lexsort((others, ends))
    starts = np.zeros(people + 1, dtype=np.int64)
    np.cumsum(np.bincount(ends, minlength=people), out=starts[1:])
    return starts, others[order].astype(np.int32)


def clustering(starts: I64, neighbours: I32, rows: I64) -> F64:
    """Return the local clustering of some people: the share of pairs of their ties that are tied, 0 below two ties."""
    found = np.empty(len(rows))
    peers.triangles(frozen(starts), frozen(neighbours), frozen(rows), found)
    return found


def graph(world: WorldView) -> networkx.Graph[int]:
    """Return the network for analysis: one node a person (its row), one edge a tie; for up to about 10^5 people."""
    import networkx

    made: networkx.Graph[int] = networkx.Graph()
    made.add_nodes_from(range(len(world.people)))
    made.add_edges_from(np.column_stack(edges(world)).tolist())
    return made
