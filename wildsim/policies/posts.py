"""Places in public jobs: who gets one, and how they end."""

from __future__ import annotations

import numpy as np

from wildsim.core.table import I64, NO_ROW, sum_by
from wildsim.policies.units import remember
from wildsim.state.firms import PUBLIC
from wildsim.state.world import World, WorldView


def fill_places(world: World, number: int, share: float, random: bool) -> None:
    """Give work to a share of the unemployed of every region in the first month; add the posts in every month.

    Args:
        number: Place of the policy in the list. random: Draw them by lot, else take those longest without work.
    """
    held = remember(world, number, "place@people", lambda: np.zeros(len(world.tables["people"]), dtype=np.uint64))
    if f"policy{number}.places" not in world.memory:
        rows, agency = _choose(world.view(), number, share, random)
        held[rows] = world.view().firms.id[agency]
        world.memory[f"policy{number}.places"] = np.array([len(rows)])
        _employ(world, rows, agency)
    world.law.extra_staff += float(world.memory[f"policy{number}.places"][0])


def _choose(view: WorldView, number: int, share: float, random: bool) -> tuple[I64, I64]:
    """Return the people who get a place, and the agency of each (rows)."""
    people, firms = view.people, view.firms
    region = view.households.region[people.household]
    searches = (people.employer == NO_ROW) & (people.participates == 1)
    stream = f"policy.public_jobs.{number}"
    luck = view.uniform(stream, "people")[0]
    rounding = view.uniform(stream, "regions")[0]
    rows, agencies = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for r in range(len(view.regions)):
        here = np.flatnonzero(searches & (region == r))
        posts = np.flatnonzero((firms.kind == PUBLIC) & (firms.region == r))
        first = np.zeros(len(here)) if random else -people.months_out[here].astype(np.float64)
        here = here[np.lexsort((people.id[here], luck[here], first))]
        wanted = int(min(share, 1.0) * len(here) + rounding[r]) if len(posts) else 0
        rows.append(here[:wanted])
        agencies.append(posts[np.arange(len(here[:wanted])) % max(len(posts), 1)])
    return np.concatenate(rows), np.concatenate(agencies)


def _employ(world: World, rows: I64, agency: I64) -> None:
    view = world.view({"people": ("employer", "wage", "months_out"), "firms": ("staff",)})
    people, firms = view.people, view.firms
    people.employer[rows] = agency
    people.wage[rows] = view.regions.market_wage[firms.region[agency]] * people.skill[rows]
    people.months_out[rows] = 0
    firms.staff[:] += sum_by(agency, np.ones(len(agency)), len(firms)).astype(np.int32)


def end_places(world: World, number: int) -> None:
    """End the work of those who still hold their place, and forget the places."""
    held = world.memory.pop(f"policy{number}.place@people", None)
    if held is None:
        return
    del world.memory[f"policy{number}.places"]
    view = world.view({"people": ("employer", "wage", "last_wage", "months_out"), "firms": ("staff",)})
    people, firms = view.people, view.firms
    works = np.flatnonzero((people.employer != NO_ROW) & (held != 0))
    rows = works[firms.id[people.employer[works]] == held[works]]
    firms.staff[:] -= sum_by(people.employer[rows], np.ones(len(rows)), len(firms)).astype(np.int32)
    people.last_wage[rows] = people.wage[rows]
    people.wage[rows] = 0.0
    people.months_out[rows] = 0
    people.employer[rows] = NO_ROW
