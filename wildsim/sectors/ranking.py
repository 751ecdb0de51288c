"""The recommender of the culture platform: which titles each genre of people is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wildsim.core.table import F64, I16, NO_ROW
from wildsim.state.culture import DIVERSE, LONGEST_SLATE, PERSONAL, POPULAR, RANDOM
from wildsim.state.world import WorldView

Scores = NDArray[Any]


def on_offer(world: WorldView) -> NDArray[np.bool_]:
    """Return which titles can be delivered: those of a maker that has any goods left, (titles)."""
    titles = world.titles
    found: NDArray[np.bool_] = (titles.life > 0) & (titles.firm != NO_ROW)
    found[found] = world.firms.inventories[titles.firm[found]] > 0.0
    return found


def log_following(world: WorldView) -> F64:
    """Return the log of each title's following relative to the mean of those on offer; 0 for the mean."""
    titles = world.titles
    mean = float(titles.following[titles.life > 0].sum()) / max(1, int((titles.life > 0).sum()))
    if mean <= 0.0:
        return np.zeros(len(titles))
    floor = world.law("culture.following_floor")
    return np.asarray(np.log((titles.following / mean + floor) / (1.0 + floor)))


def likeness(one: NDArray[Any], other: NDArray[Any]) -> F64:
    """Return inner products of rows, summed in a fixed order: no count of rows changes a bit."""
    alike: F64 = np.einsum("ad,cd->ac", one.astype(np.float64), other.astype(np.float64), optimize=False)
    return alike


def slates(world: WorldView, centres: NDArray[Any]) -> I16:
    """Return the titles that are shown to people outside and inside the trial, (2, genres, LONGEST_SLATE).

    Args:
        centres: Of the genres, (genres, attributes): all that the platform knows of people.
    """
    plan = world.platform_decisions
    luck = world.uniform("culture.slates", "titles", 2 * len(centres)).reshape(2, len(centres), -1)
    made = np.full((2, len(centres), LONGEST_SLATE), -1, dtype=np.int16)
    made[0] = _slate(world, centres, int(plan.rule[0]), int(plan.slate[0]), luck)
    if plan.trial_share[0] > 0.0:
        made[1] = _slate(world, centres, int(plan.trial_rule[0]), int(plan.trial_slate[0]), luck)
    return made


def _slate(world: WorldView, centres: NDArray[Any], rule: int, size: int, luck: F64) -> I16:
    """Return one slate a genre: the titles ranked first, and some new ones drawn by lot."""
    titles, law = world.titles, world.law
    offered = on_offer(world)
    scores = _RANKINGS[rule](world, centres, size, luck[0])
    place = _places(np.where(offered, scores, -np.inf))
    kept = 0 if rule == RANDOM else int(law("culture.new_places") * size)
    ranked = place < size - kept
    fresh = offered & (titles.age < law("culture.first_run")) & ~ranked
    drawn = fresh & (_places(np.where(fresh, luck[1], -np.inf)) < kept)
    order = np.argsort(np.where(ranked | drawn, place - len(titles), place), axis=1, kind="stable")[:, :size]
    shown = np.full((len(centres), LONGEST_SLATE), -1, dtype=np.int16)
    shown[:, : order.shape[1]] = np.where(offered[order], order, -1)
    return shown


def _places(scores: Scores) -> NDArray[np.int64]:
    """Return the rank of every title for every genre, 0 for the highest score; of equals the first row leads."""
    order = np.argsort(-scores, axis=1, kind="stable")
    place = np.empty(scores.shape, dtype=np.int64)
    np.put_along_axis(place, order, np.arange(scores.shape[1])[None, :], axis=1)
    return place


def popular(world: WorldView, centres: NDArray[Any], size: int, luck: F64) -> Scores:
    """Rank by past sales, the same for everybody."""
    return np.broadcast_to(log_following(world), luck.shape)


def personal(world: WorldView, centres: NDArray[Any], size: int, luck: F64) -> Scores:
    """Rank by the inner product of the genre's centre and the attributes, and by log following."""
    law = world.law
    match = law("culture.match") * likeness(centres, world.titles.attributes)
    return match + law("culture.popularity_weight") * law("culture.influence") * log_following(world)


def diverse(world: WorldView, centres: NDArray[Any], size: int, luck: F64) -> Scores:
    """Rank by maximal marginal relevance (Carbonell, Goldstein 1998): near the genre, unlike what is already shown.

    Each place goes to the title with the highest (1 - v) x nearness, scaled to 0..1, less v x the largest likeness to a
    title with an earlier place (their lambda is 1 - v). Sales count for nothing.
    """
    titles, weight = world.titles, world.law("culture.variety")
    offered = on_offer(world)
    score = likeness(centres, titles.attributes)
    low = np.where(offered, score, np.inf).min(axis=1, keepdims=True)
    high = np.where(offered, score, -np.inf).max(axis=1, keepdims=True)
    span = np.where(high > low, high - low, 1.0)
    near = np.where(offered, (score - low) / span, 0.0) if offered.any() else np.zeros(score.shape)
    alike = likeness(titles.attributes, titles.attributes)
    closest = np.zeros(score.shape)
    everyone = np.arange(len(score))
    ranks = near.copy()
    free = np.broadcast_to(offered, score.shape).copy()
    for place in range(min(size, int(offered.sum()))):
        best = np.where(free, (1.0 - weight) * near - weight * closest, -np.inf).argmax(axis=1)
        ranks[everyone, best] = 1.0 + size - place
        free[everyone, best] = False
        closest = np.maximum(closest, alike[best]) if place else alike[best]
    return ranks


def random(world: WorldView, centres: NDArray[Any], size: int, luck: F64) -> Scores:
    """Rank by lot, anew for every genre and month."""
    return luck


_RANKINGS: dict[int, Callable[[WorldView, NDArray[Any], int, F64], Scores]] = {
    POPULAR: popular,
    PERSONAL: personal,
    DIVERSE: diverse,
    RANDOM: random,
}
