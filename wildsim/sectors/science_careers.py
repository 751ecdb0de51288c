"""People enter and leave research."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from wildsim.core.keys import new_id
from wildsim.core.table import I64, NO_ROW, U64
from wildsim.kernels.philox import fill_uniform
from wildsim.state.careers import appeal, best, posts_by_region, suited
from wildsim.state.reorganise import reorganise
from wildsim.state.science import TOPICS, Scientists
from wildsim.state.step import ALL, MovingStep
from wildsim.state.world import World

#: Month of draws that are traits: a function of the id alone, whenever they are asked for.
_ALWAYS = -(2**30)


def renew(world: World) -> None:
    """End careers of those who die, retire or leave; fill open posts once a year; draw the traits of newcomers.

    A post changes neither job nor wage of the person: research is what they do beside what the economy knows of them.
    """
    gone = _ended(world)
    rows = _appointed(world, gone) if world.clock.month % int(world.law("science.hiring_every")) == 0 else None
    chosen = rows if rows is not None else np.empty(0, dtype=np.int64)
    if gone.any() or len(chosen):
        born = _new_ids(world, chosen)
        new = reorganise(world, "scientists", gone, born, np.empty(0, dtype=np.int64))
        world.view({"scientists": ("person",)}).scientists.person[new] = chosen
    _draw_traits(world)


def _ended(world: World) -> np.ndarray:
    """Return True for scientists who are dead, retired, or leave research this month."""
    view = world.view()
    scientists, people, law = view.scientists, view.people, world.law
    alive = scientists.person != NO_ROW
    age = np.where(alive, people.age[scientists.person] if len(people) else 0.0, np.inf)
    leaves = view.uniform("science.leave", "scientists")[0] < 1.0 - (1.0 - law("science.leaving")) ** (1.0 / 12.0)
    return np.asarray(~alive | (age >= law.array("science.ages")[1]) | leaves)


def _appointed(world: World, gone: np.ndarray) -> I64:
    """Return the rows of the people who get the open posts of their region."""
    view = world.view({"knowledge": ("posts",)})
    people, scientists, law = view.people, view.scientists, world.law
    starts = world.tiles.people
    posts = posts_by_region(law, people.age, starts)
    view.knowledge.posts[:] = posts.sum()
    known = scientists.person[scientists.person != NO_ROW]
    stay = scientists.person[~gone]
    filled = np.bincount(np.searchsorted(starts, stay, side="right") - 1, minlength=len(posts))
    vacant = np.maximum(posts - filled, 0)
    able = suited(law, people) & np.repeat(vacant > 0, np.diff(starts))
    able[known] = False
    rows = np.flatnonzero(able)
    if not len(rows):
        return rows
    region = np.searchsorted(starts, rows, side="right") - 1
    u = _luck(world, "science.call", "people", people.id[rows], world.clock.month, 1)[:, 0]
    return np.sort(rows[best(appeal(law, people.ability[rows], u), region, vacant)])


def _new_ids(world: World, rows: I64) -> U64:
    ids, month = world.view().people.id[rows], world.clock.month
    return np.array([new_id(Scientists.code, int(person), month, 0) for person in ids], dtype=np.uint64)


def _luck(world: World, stream: str, table: str, ids: U64, month: int, count: int) -> np.ndarray:
    """Return keyed uniform draws for some rows, shape (rows, count)."""
    some = np.ascontiguousarray(ids)
    some.flags.writeable = False
    out = np.empty((len(some), count))
    fill_uniform(world.keys.stream(stream, table, month), month, some, out)
    return out


def _draw_traits(world: World) -> None:
    """Give newcomers the traits that they keep: lognormal output and quality with mean 1, and a first topic."""
    columns = "known output quality topic months"
    view = world.view({"scientists": columns.split()})
    scientists, law = view.scientists, world.law
    scientists.months[:] += 1
    rows = np.flatnonzero(scientists.known == 0)
    if not len(rows):
        return
    u = _luck(world, "science.traits", "scientists", scientists.id[rows], _ALWAYS, 3)
    for name, k in (("output", 0), ("quality", 1)):
        spread = law(f"science.{name}_spread")
        getattr(scientists, name)[rows] = np.exp(spread * ndtri(u[:, k]) - spread**2 / 2.0)
    scientists.topic[rows] = (u[:, 2] * TOPICS).astype(np.int16)
    scientists.known[rows] = 1


careers = MovingStep(
    "sectors.science_careers.renew",
    renew,
    {"scientists": ALL, "science_decisions": ALL, "papers": ("author",), "knowledge": ("posts",)},
    sector="science",
)
