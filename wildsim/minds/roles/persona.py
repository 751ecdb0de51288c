"""Who a person is, in words, from the person's own columns: nothing is invented."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wildsim.core.table import I64, NO_ROW
from wildsim.kernels.ages import RETIREMENT_AGE
from wildsim.state.firms import CAPITAL_GOODS, NECESSITIES, OTHER_GOODS, PUBLIC
from wildsim.state.people import PRISON, SCHOOL
from wildsim.state.world import World, WorldView

PLACES = {
    NECESSITIES: "for a firm that makes necessities",
    OTHER_GOODS: "for a firm that makes consumer goods",
    CAPITAL_GOODS: "for a firm that makes machines",
    PUBLIC: "for a public agency",
}


def persona(world: World | WorldView, rows: Sequence[int] | I64) -> list[str]:
    """Return a few sentences on each of the people in `rows`."""
    view = world.view() if isinstance(world, World) else world
    at = np.asarray(rows, dtype=np.int64)
    people, households = view.people, view.households
    home = people.household[at]
    employer = people.employer[at].astype(np.int64)
    kind = np.where(employer != NO_ROW, view.firms.kind[np.maximum(employer, 0)] if len(view.firms) else 0, NO_ROW)
    parts = zip(
        people.age[at].astype(np.int64).tolist(),
        people.female[at].tolist(),
        np.rint(people.schooling[at]).astype(np.int64).tolist(),
        households.region[home].tolist(),
        households.members[home].tolist(),
        people.away[at].tolist(),
        kind.tolist(),
        people.participates[at].tolist(),
        strict=True,
    )
    return [_sentences(*part) for part in parts]


def _sentences(
    age: int, female: int, schooling: int, region: int, members: int, away: int, kind: int, participates: int
) -> str:
    noun = ("man", "woman") if age >= 18 else ("boy", "girl")
    article = "an" if age in (8, 11, 18) or 80 <= age < 90 else "a"
    who = (
        f"You are {article} {age}-year-old {noun[1 if female else 0]} with {_counted(schooling, 'year')} of schooling."
    )
    live = "alone" if members <= 1 else f"with {_counted(members - 1, 'other person', 'other people')}"
    return f"{who} You live {live} in region {region} and {_does(age, away, kind, participates)}."


def _does(age: int, away: int, kind: int, participates: int) -> str:
    if away == PRISON:
        return "are in prison"
    if away == SCHOOL:
        return "go to school or study"
    if kind != NO_ROW:
        return f"work {PLACES[kind]}"
    if age >= RETIREMENT_AGE:
        return "are retired"
    return "are looking for work" if participates else "are neither at work nor looking for it"


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number} {one}" if number == 1 else f"{number} {many or one + 's'}"
