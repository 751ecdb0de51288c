"""The culture platform: titles come and go, people choose from what they are shown and pay for it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from wildsim.core.keys import new_id
from wildsim.core.table import F64, I64, NO_ROW, sum_by
from wildsim.kernels.culture import pick_makers, visit_platform
from wildsim.sectors.ranking import log_following, slates
from wildsim.state.culture import ATTRIBUTES, Titles
from wildsim.state.firms import OTHER_GOODS
from wildsim.state.start.people import draws
from wildsim.state.step import step
from wildsim.state.world import WorldView

#: People whose tastes are drawn at a time: bounds what a large society needs at its start.
AT_ONCE = 2**17
#: Number of marks by which people remember titles: the last bits of their ids. Two titles share one once in 32,768.
MARKS = 2**15


def genre_centres(world: WorldView) -> NDArray[np.float32]:
    """Return the centres of all genres, unit vectors drawn once for good, (genres, ATTRIBUTES)."""
    count = int(world.law("culture.genres"))
    normal = ndtri(draws(world.keys, "culture.genres", "titles", np.arange(count, dtype=np.uint64), ATTRIBUTES))
    return np.ascontiguousarray(_unit(normal.T).astype(np.float32))


def _unit(vectors: F64) -> F64:
    """Scale rows to length one."""
    return np.asarray(vectors / np.sqrt(np.einsum("nd,nd->n", vectors, vectors))[:, None])


def _genre(world: WorldView, u: F64) -> I64:
    """Return genres from uniform draws; a genre's share falls with its rank (Zipf)."""
    weight = np.arange(1.0, int(world.law("culture.genres")) + 1.0) ** -world.law("culture.genre_tail")
    steps = np.cumsum(weight / weight.sum())
    return np.minimum(np.searchsorted(steps, u), len(steps) - 1)


def _around(world: WorldView, genre: I64, u: F64, spread: str) -> NDArray[np.float32]:
    """Return unit vectors scattered around the centres of `genre`, from uniform draws (ATTRIBUTES, rows)."""
    return _unit(genre_centres(world)[genre] + world.law(spread) * ndtri(u.T)).astype(np.float32)


@step(sector="culture", tastes="taste genre")
def welcome(world: WorldView) -> None:
    """Draw the tastes of those who are new: a function of the person's id alone."""
    tastes, ids = world.tastes, world.people.id
    fresh = np.flatnonzero(tastes.genre < 0)
    for begin in range(0, len(fresh), AT_ONCE):
        rows = fresh[begin : begin + AT_ONCE]
        u = draws(world.keys, "culture.tastes", "people", ids[rows], 1 + ATTRIBUTES)
        genre = _genre(world, u[0])
        tastes.taste[rows] = _around(world, genre, u[1:], "culture.taste_spread")
        tastes.genre[rows] = genre


@step(
    sector="culture",
    titles="id firm genre attributes quality price age life following sales exposures takings box_office",
)
def release(world: WorldView) -> None:
    """Take old titles, and those of firms that closed, out of the catalogue; fill the places with new ones.

    A place goes to a maker of other goods by lot in proportion to the demand that it expects.
    """
    titles = world.titles
    titles.age[:] = np.where(titles.life > 0, titles.age + 1, 0)
    first_ever = bool((titles.life == 0).all())
    rows = np.flatnonzero((titles.life == 0) | (titles.age >= titles.life) | (titles.firm == NO_ROW))
    firms = _makers(world, rows)
    for name in ("age", "life", "following", "box_office", "price"):
        getattr(titles, name)[rows] = 0
    titles.firm[rows] = firms
    made = rows[firms != NO_ROW]
    parents = world.firms.id[titles.firm[made]]
    for row, parent in zip(made.tolist(), parents.tolist(), strict=True):
        titles.id[row] = new_id(Titles.code, parent, world.month, row)
    _compose(world, made)
    if first_ever:  # the first catalogue holds titles of every age
        u = draws(world.keys, "culture.first_ages", "titles", titles.id[made], 1)[0]
        titles.age[made] = (u * titles.life[made]).astype(np.int16)
    for name in ("sales", "exposures", "takings"):
        getattr(titles, name)[:] = 0.0


def _makers(world: WorldView, places: I64) -> I64:
    """Return the firm that releases a title into each place, NO_ROW where there is none."""
    firms = world.firms
    sizes = np.where(firms.kind == OTHER_GOODS, firms.expected_demand, 0.0)
    picked = np.empty(len(places), dtype=np.int64)
    pick_makers(places, firms.id, sizes, world.key("culture.release", "titles"), world.month, picked)
    return picked


def _compose(world: WorldView, rows: I64) -> None:
    """Draw what new titles are like; they are launched with the following of the mean title."""
    titles, law = world.titles, world.law
    u = draws(world.keys, "culture.titles", "titles", titles.id[rows], ATTRIBUTES + 4)
    genre = _genre(world, u[0])
    titles.genre[rows] = genre
    titles.attributes[rows] = _around(world, genre, u[4:], "culture.title_spread")
    titles.quality[rows] = law("culture.quality_spread") * ndtri(u[1])
    price = law("culture.price") * float(world.macro.mean_wage[0])
    titles.price[rows] = price * np.exp(law("culture.price_spread") * ndtri(u[2]))
    shortest, longest = law.array("culture.life")
    titles.life[rows] = np.floor(shortest + u[3] * (longest + 1.0 - shortest)).astype(np.int16)
    others = titles.life > 0
    others[rows] = False
    titles.following[rows] = titles.following[others].mean() if others.any() else 1.0


def _utility(world: WorldView) -> F64:
    """Return the utility of each title but for taste and means: appeal, quality, following, age, price."""
    titles, law = world.titles, world.law
    fair = law("culture.price") * float(world.macro.mean_wage[0])
    on_offer = titles.life > 0
    price = np.log(titles.price / fair, out=np.zeros(len(titles)), where=on_offer)
    utility = law("culture.appeal") + titles.quality + law("culture.influence") * log_following(world)
    utility = utility - law("culture.fading") * titles.age - law("culture.price_response") * price
    return np.asarray(np.where(on_offer, utility, -np.inf))


@step(
    sector="culture",
    titles="following sales exposures takings box_office",
    tastes="taste genre recent",
    platform="audience variety catalogue_variety",
    households="prepaid",
    firms="inventories demand sold revenue taxed_sales",
)
def sell(world: WorldView) -> None:
    """Show slates; people choose by multinomial logit, pay, and their tastes drift towards what they bought."""
    titles, households, law = world.titles, world.households, world.law
    centres = genre_centres(world)
    shown = slates(world, centres)
    paid = np.zeros(len(households))
    audience = np.zeros((world.tiles.count, 2, len(centres)), dtype=np.int64)
    sales = np.zeros((world.tiles.count, len(titles)), dtype=np.int64)
    _visit(world, centres, shown, audience, sales, paid)
    titles.sales[:] = sales.sum(axis=0)
    titles.takings[:] = titles.sales * titles.price
    titles.box_office[:] += titles.takings
    titles.following[:] += law("culture.following_memory") * (titles.sales - titles.following)
    _look_at(world, shown, audience.sum(axis=0))
    _pay(world, paid)


def _visit(world: WorldView, centres: NDArray[Any], shown: NDArray[Any], *out: NDArray[Any]) -> None:
    titles, people, households, tastes, law = world.titles, world.people, world.households, world.tastes, world.law
    audience, sales, paid = out
    world.tiles.run(
        visit_platform,
        world.tiles.households,
        households.first_member,
        households.members,
        households.deposits,
        households.prepaid,
        people.id,
        people.age,
        people.away,
        world.member_decisions.consumption,
        titles.id,
        titles.attributes,
        titles.price,
        np.exp(_utility(world)),
        (titles.id & np.uint64(MARKS - 1)).astype(np.int16),
        titles.genre,
        centres,
        shown,
        float(world.platform_decisions.trial_share[0]),
        law("culture.active"),
        law("culture.least_age"),
        law("culture.most"),
        law("culture.match"),
        law("culture.price_response"),
        float(world.macro.mean_wage[0]),
        law("culture.drift"),
        world.key("culture.visit", "people"),
        world.key("culture.trial", "people"),
        world.month,
        tastes.taste,
        tastes.genre,
        tastes.recent,
        audience,
        sales,
        paid,
    )


def _look_at(world: WorldView, shown: NDArray[Any], audience: NDArray[Any]) -> None:
    """Count exposures; compare the variety of slates, over the audience, with that of the catalogue."""
    titles, platform = world.titles, world.platform
    used = shown >= 0
    counts = np.broadcast_to(audience[:, :, None], shown.shape)[used]
    titles.exposures[:] = sum_by(shown[used], counts.astype(np.float64), len(titles))
    looked = float(audience.sum())
    platform.audience[:] = looked
    total = (audience * _variety(np.where(used[..., None], titles.attributes[shown], 0.0), used)).sum()
    platform.variety[:] = total / looked if looked > 0.0 else np.nan
    on_offer = titles.life > 0
    platform.catalogue_variety[:] = _variety(np.where(on_offer[:, None], titles.attributes, 0.0), on_offer)


def _variety(attributes: NDArray[Any], used: NDArray[np.bool_]) -> F64:
    """Return the mean cosine distance between pairs of titles along the second last axis; 0 for fewer than two."""
    count = used.sum(axis=-1)
    total = attributes.sum(axis=-2, dtype=np.float64)
    pairs = np.maximum(count * (count - 1), 1)
    alike = ((total**2).sum(axis=-1) - (attributes.astype(np.float64) ** 2).sum(axis=(-1, -2))) / pairs
    return np.where(count > 1, 1.0 - alike, 0.0)


def _pay(world: WorldView, paid: F64) -> None:
    """Book the sales: consumption of households, revenue of the firms that made the titles.

    A title is made with a firm's goods, as far as half of its stock goes; what it earns beyond is rent of its maker.
    """
    titles, firms, law = world.titles, world.firms, world.law
    sold = np.flatnonzero(titles.takings > 0.0)
    takings = sum_by(titles.firm[sold], titles.takings[sold], len(firms))
    world.ledger.pay("culture", ("households", paid), ("firms", takings))
    world.households.prepaid[:] += paid
    firms.revenue[:] += takings
    firms.taxed_sales[:] += takings
    gross = firms.price * (1.0 + law("government.product_tax"))
    goods = np.divide(takings, gross, out=np.zeros(len(firms)), where=gross > 0.0)
    used = np.minimum(goods, law("culture.stock_share") * firms.inventories)
    firms.demand[:] += goods
    firms.sold[:] += used
    firms.inventories[:] -= used
