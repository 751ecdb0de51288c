"""Who moves together and apart: unions, separations, children who leave home, orphans."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wildsim.core.table import F64, I64, NO_ROW
from wildsim.kernels.ages import ADULT_AGE
from wildsim.kernels.philox import mix_all
from wildsim.state.people import PRISON
from wildsim.state.world import WorldView

#: Households take in no orphans beyond this size, so that the count of members (one byte) holds: technical.
MOST_MEMBERS = 60


@dataclass(frozen=True)
class Move:
    """A person who moves to another household, with minor children of her own.

    Attributes:
        person: Row. host: Row of the person who lives where the mover goes, or NO_ROW for a new household.
        cash: Share of the deposits that goes along, or None for the mover's share of the household's income.
        joins: Row of the other one who founds the new household, or NO_ROW.
    """

    person: int
    host: int
    cash: float | None = None
    joins: int = NO_ROW


def couples(view: WorldView) -> tuple[I64, I64]:
    """Return rows of women and men who form a couple this month.

    Singles who look meet in their region. Each woman ranks the men of fitting age by the hash of (her draw, his id),
    and so do men: pairs that are best for both form first. So one single more changes few other pairs.
    """
    people, lives, law = view.people, view.lives, view.law
    free = (people.age >= ADULT_AGE) & (lives.partner == NO_ROW) & (lives.dies == 0) & (people.away != PRISON)
    rows = np.flatnonzero(free)
    luck = view.uniform_of("unions", "people", rows, 2)
    start, years = law.array("demography.union_age").tolist()
    chance = law("demography.union") * np.exp(-np.maximum(people.age[rows] - start, 0.0) / years)
    looks = luck[0] < chance
    looking, second = rows[looks], luck[1, looks]
    region = view.households.region[people.household[looking]]
    found = [np.empty((0, 2), dtype=np.int64)]
    for r in np.unique(region):
        here, draw = looking[region == r], second[region == r]
        is_woman = people.female[here] == 1
        women, men = here[is_woman], here[~is_woman]
        if len(women) and len(men):
            found.append(_pairs(view, women, men, draw[is_woman]))
    pairs = np.concatenate(found)
    return pairs[:, 0], pairs[:, 1]


def _pairs(view: WorldView, women: I64, men: I64, luck: F64) -> I64:
    """Return pairs (woman, man), shape (pairs, 2); `luck` is a draw of each woman."""
    people, lives, law = view.people, view.lives, view.law
    words = (luck * 2.0**32).astype(np.uint64)
    score = mix_all(people.id[men][None, :], words[:, None]).astype(np.float64)
    gap = people.age[men][None, :] - people.age[women][:, None] - law.array("demography.partner_age_gap")[0]
    kin = people.household[men][None, :] == people.household[women][:, None]
    for parent in (lives.mother, lives.father):
        kin |= (parent[men][None, :] == parent[women][:, None]) & (parent[women][:, None] != NO_ROW)
    score[(np.abs(gap) > law("demography.union_gap")) | kin] = -1.0
    found = []
    while score.size and score.max() >= 0.0:
        best_man, best_woman = score.argmax(axis=1), score.argmax(axis=0)
        mutual = np.flatnonzero((best_woman[best_man] == np.arange(len(women))) & (score.max(axis=1) >= 0.0))
        found.append(np.column_stack([women[mutual], men[best_man[mutual]]]))
        score[mutual, :] = -1.0
        score[:, best_man[mutual]] = -1.0
    return np.concatenate(found) if found else np.empty((0, 2), dtype=np.int64)


def lives_with_parent(view: WorldView) -> np.ndarray:
    """Return which people live with their mother or father, (people)."""
    people, lives = view.people, view.lives
    found = np.zeros(len(people), dtype=bool)
    for parent in (lives.mother, lives.father):
        found |= (parent != NO_ROW) & (people.household[np.maximum(parent, 0)] == people.household)
    return found


def moves_of(view: WorldView, women: I64, men: I64) -> list[Move]:
    """Return who moves this month: new couples, couples that part, children who leave home."""
    at_home = lives_with_parent(view)
    return [*_unions(women, men, at_home), *_separations(view), *_leaving(view, at_home, women, men)]


def _unions(women: I64, men: I64, at_home: np.ndarray) -> list[Move]:
    """A couple lives in her home, or in his if only he has one, or founds a new one if both live with parents."""
    moves = []
    for woman, man in zip(women.tolist(), men.tolist(), strict=True):
        if at_home[woman] and at_home[man]:
            moves += [Move(woman, NO_ROW, joins=man), Move(man, NO_ROW, joins=woman)]
        elif at_home[woman]:
            moves.append(Move(woman, man))
        else:
            moves.append(Move(man, woman))
    return moves


def _separations(view: WorldView) -> list[Move]:
    """He leaves with his part of the deposits; children stay with their mother."""
    people, lives, law = view.people, view.lives, view.law
    start, years = law.array("demography.separation_age").tolist()
    women = np.flatnonzero((lives.partner != NO_ROW) & (people.female == 1) & (lives.dies == 0))
    luck = view.uniform_of("separations", "people", women)[0]
    chance = law("demography.separation") * np.exp(-np.maximum(people.age[women] - start, 0.0) / years)
    women = women[luck < chance]
    men = lives.partner[women]
    cash = law("demography.separation_cash")
    return [Move(int(man), NO_ROW, cash=cash) for man in men if lives.dies[man] == 0]


def _leaving(view: WorldView, at_home: np.ndarray, women: I64, men: I64) -> list[Move]:
    """Adult children with a job leave home at times."""
    people, lives = view.people, view.lives
    leaves = at_home & (people.age >= ADULT_AGE) & (people.employer != NO_ROW) & (lives.partner == NO_ROW)
    leaves &= lives.dies == 0
    leaves[women] = leaves[men] = False
    rows = np.flatnonzero(leaves)
    luck = view.uniform_of("leaving_home", "people", rows)[0]
    return [Move(int(row), NO_ROW) for row in rows[luck < view.law("demography.leaving_home")]]


def companions(view: WorldView, movers: I64) -> I64:
    """Return for every person the mover whom they follow (minor children of hers who live with her), or NO_ROW."""
    people, lives = view.people, view.lives
    leader = np.full(len(people), NO_ROW, dtype=np.int64)
    moving = np.zeros(len(people), dtype=bool)
    moving[movers] = True
    mother = np.maximum(lives.mother, 0)
    follows = (lives.mother != NO_ROW) & moving[mother] & (people.age < ADULT_AGE) & ~moving
    follows &= people.household == people.household[mother]
    leader[follows] = lives.mother[follows]
    return leader


def guardians(view: WorldView, target: I64) -> None:
    """Let children whom no adult is left with live with kin, or with a household of the region (changes `target`).

    Kin is asked in this order: mother, father, mother's mother, father's mother; then the household with an adult and
    the highest hash of (draw, household) in the region, and elsewhere if the region has none.
    """
    people, lives, households = view.people, view.lives, view.households
    alive = lives.dies == 0
    adult = alive & (people.age >= ADULT_AGE)
    adults = np.bincount(target[adult], minlength=len(households))
    alone = np.flatnonzero(alive & ~adult & (adults[target] == 0))
    if not len(alone) or not adults.any():
        return
    words = (view.uniform("guardians", "households")[0] * 2.0**32).astype(np.uint64)
    for child in alone.tolist():
        mother, father = int(lives.mother[child]), int(lives.father[child])
        elders = [mother, father, *(int(lives.mother[parent]) for parent in (mother, father) if parent != NO_ROW)]
        kin = next((e for e in elders if e != NO_ROW and adult[e]), NO_ROW)
        target[child] = target[kin] if kin != NO_ROW else _host(view, adults, int(target[child]), words)


def _host(view: WorldView, adults: I64, home: int, words: np.ndarray) -> int:
    """Return the household with an adult and the highest hash of (draw of the child's home, its id)."""
    households = view.households
    takes = (adults > 0) & (households.members < MOST_MEMBERS)
    hosts = np.flatnonzero(takes & (households.region == households.region[home]))
    hosts = hosts if len(hosts) else np.flatnonzero(takes if takes.any() else adults > 0)
    return int(hosts[mix_all(households.id[hosts], words[home : home + 1]).argmax()])
