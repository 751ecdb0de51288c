"""The social network: how many close ties people have, how tightly knit they are, who knows somebody at work."""

from __future__ import annotations

import math

import numpy as np

from wildsim.core.table import F64, I64, NO_ROW
from wildsim.indicators import indicator, sample
from wildsim.kernels.peers import clustering_of
from wildsim.state.friends import ALWAYS
from wildsim.state.world import WorldView

#: People whose ties are looked at one by one, and most ties of one of them (more are not counted).
MOST, MOST_TIES = 2_000, 128


def asked(view: WorldView) -> I64:
    """Return the rows of a sample of people, the same ones as long as they live."""
    ids = view.people.id
    if len(ids) <= MOST:
        return np.arange(len(ids))
    luck = view.uniform_at("network.sample", "people", ALWAYS)
    lucky = np.flatnonzero(luck < 2.0 * MOST / len(ids))  # about twice as many as are asked, so that few are sorted
    lucky = lucky if len(lucky) > MOST else np.arange(len(ids))
    return np.sort(lucky[np.argpartition(luck[lucky], MOST)[:MOST]])


@sample("close_ties", unit="ties a person", doc="Close ties, those at home included.", sector="network")
def close_ties(view: WorldView) -> F64:
    """Return the number of close ties of everybody."""
    return np.asarray(view.acquaintances.ties.astype(np.float64))


@sample("clustering", unit="share", doc="Pairs of a person's close ties that are tied themselves.", sector="network")
def local_clustering(view: WorldView) -> F64:
    """Return the local clustering (Watts, Strogatz 1998) of a sample of people, 0 with fewer than two ties."""
    found: F64 | None = view.__dict__.get("local_clustering")
    if found is None:
        people, households = view.people, view.households
        rows = asked(view)
        place = np.full(len(people), NO_ROW, dtype=np.int16)
        place[rows] = np.arange(len(rows))
        found = np.zeros(len(rows))
        view.tiles.run(
            clustering_of,
            view.tiles.people,
            np.searchsorted(rows, view.tiles.people),
            rows,
            place,
            view.acquaintances.friend,
            people.household,
            households.first_member,
            households.members,
            np.empty((len(rows), MOST_TIES), dtype=np.int32),
            found,
        )
        view.__dict__["local_clustering"] = found
    return found


@indicator(
    "mean_degree",
    unit="ties a person",
    source="Hill, Dunbar 2003: sympathy group, people seen at least monthly",
    direction=0,
    doc="Mean number of close ties, those at home included.",
    sector="network",
)
def mean_degree(view: WorldView) -> float:
    """Return the mean number of ties; NaN where nobody lives."""
    ties = view.acquaintances.ties
    return float(ties.mean()) if len(ties) else math.nan


@indicator(
    "clustering",
    unit="share",
    source="Watts, Strogatz 1998: mean local clustering; of up to 2,000 people",
    direction=0,
    doc="Share of the pairs of a person's ties that are tied themselves.",
    sector="network",
)
def clustering(view: WorldView) -> float:
    """Return the mean local clustering of a sample of people."""
    found = local_clustering(view)
    return float(found.mean()) if len(found) else math.nan


@indicator(
    "employed_friends_gap",
    unit="share",
    source="Cingano, Rosolia 2012; Calvo-Armengol, Jackson 2004: work is correlated between ties",
    direction=0,
    doc="Share of ties at work of those at work, less that of those who search without work.",
    sector="network",
)
def employed_friends_gap(view: WorldView) -> float:
    """Return the difference of mean shares; NaN where one of the groups has no ties."""
    people, circles = view.people, view.acquaintances
    known = circles.ties > 0
    share = circles.contacts / np.maximum(circles.ties, 1)
    works = known & (people.employer != NO_ROW)
    looks = known & (people.employer == NO_ROW) & (people.participates == 1)
    if not (works.any() and looks.any()):
        return math.nan
    return float(share[works].mean() - share[looks].mean())
