"""Who a person is, in words, from the person's own columns: nothing is invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wildsim.core.table import I64, NO_ROW
from wildsim.kernels.ages import ADULT_AGE, RETIREMENT_AGE
from wildsim.minds.roles.role import Role
from wildsim.state.firms import CAPITAL_GOODS, NECESSITIES, OTHER_GOODS, PUBLIC
from wildsim.state.people import PRISON, SCHOOL
from wildsim.state.world import World, WorldView

PLACES = {
    NECESSITIES: "for a firm that makes necessities",
    OTHER_GOODS: "for a firm that makes consumer goods",
    CAPITAL_GOODS: "for a firm that makes machines",
    PUBLIC: "for a public agency",
}


@dataclass(frozen=True)
class _Facts:
    age: int
    female: int
    schooling: int
    region: int
    members: int
    away: int
    kind: int
    participates: int


def personas(world: World | WorldView, role: Role, rows: Sequence[int] | I64) -> list[str]:
    """Return who each of the deciders in `rows` is, or whom an advisor advises; empty where they are no people."""
    if role.deciders != "people":
        return ["" for _ in rows]
    return persona(world, rows, third=bool(role.fills))


def persona(world: World | WorldView, rows: Sequence[int] | I64, *, third: bool = False) -> list[str]:
    """Return two sentences on each of the people in `rows`.

    Args:
        third: Speak of the person rather than to the person.
    """
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
    return [_sentences(_Facts(*part), third) for part in parts]


def _sentences(facts: _Facts, third: bool) -> str:
    is_, live = ("The person is", "The person lives") if third else ("You are", "You live")
    noun = ("man", "woman") if facts.age >= ADULT_AGE else ("boy", "girl")
    article = "an" if facts.age in (8, 11, 18) or 80 <= facts.age < 90 else "a"
    who = f"{is_} {article} {facts.age}-year-old {noun[1 if facts.female else 0]}"
    others = facts.members - 1
    company = f"with {_counted(others, 'other person', 'other people')}" if others > 0 else "alone"
    schooled = f"{_counted(facts.schooling, 'year')} of schooling"
    return f"{who} with {schooled}. {live} {company} in region {facts.region} and {_does(facts, third)}."


def _does(facts: _Facts, third: bool) -> str:
    be, work, go = ("is", "works", "goes") if third else ("are", "work", "go")
    if facts.away == PRISON:
        return f"{be} in prison"
    if facts.away == SCHOOL:
        return f"{go} to school or a course"
    if facts.kind != NO_ROW:
        return f"{work} {PLACES[facts.kind]}"
    if facts.age >= RETIREMENT_AGE:
        return f"{be} retired"
    return f"{be} looking for work" if facts.participates else f"{be} neither at work nor looking for it"


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number} {one}" if number == 1 else f"{number} {many or one + 's'}"
