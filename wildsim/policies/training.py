"""Places in training: who gets one."""

from __future__ import annotations

import numpy as np

from wildsim.core.table import I64, NO_ROW
from wildsim.policies.base import Where
from wildsim.policies.groups import Rows, people_met
from wildsim.state.people import HOME, SCHOOL
from wildsim.state.world import World, WorldView


def begin_round(world: World, number: int, where: Where | None, share: float, months: int, random: bool) -> None:
    """Send a share of the unemployed of every region into training for `months` months.

    Args:
        number: Place of the policy in the list. where: For whom the places are.
        random: Draw them by lot, else take those longest without work.
    """
    view = world.view({"people": ("away",), "pupils": ("training", "trained")})
    rows = winners(view, number, people_met(world, number, where), share, random)
    view.people.away[rows] = SCHOOL
    view.pupils.training[rows], view.pupils.trained[rows] = months, 1


def winners(view: WorldView, number: int, met: Rows, share: float, random: bool) -> I64:
    """Return who of those whom the policy meets gets a place (rows)."""
    people, pupils = view.people, view.pupils
    region = view.households.region[people.household]
    free = (
        met & (people.employer == NO_ROW) & (people.participates == 1) & (people.away == HOME) & (pupils.trained == 0)
    )
    stream = f"policy.training_places.{number}"
    luck = view.uniform(stream, "people")[0]
    rounding = view.uniform(stream, "regions")[0]
    chosen = [np.empty(0, dtype=np.int64)]
    for r in range(len(view.regions)):
        here = np.flatnonzero(free & (region == r))
        first = np.zeros(len(here)) if random else -people.months_out[here].astype(np.float64)
        here = here[np.lexsort((people.id[here], luck[here], first))]
        chosen.append(here[: int(min(share, 1.0) * len(here) + rounding[r])])
    return np.concatenate(chosen)
