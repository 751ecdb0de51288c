"""People who arrive from abroad: rows of people and households, drawn like the first ones."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from wildsim.core.keys import new_id
from wildsim.core.table import F64, I64, U64
from wildsim.kernels.philox import fill_uniform
from wildsim.state.firms import NECESSITIES, OTHER_GOODS
from wildsim.state.households import NECESSITY_SHOPS, SHOPS, Households
from wildsim.state.law import Law
from wildsim.state.people import People
from wildsim.state.reorganise import reorganise
from wildsim.state.world import World, WorldView

#: Draws of a person's traits until they are of low skill; the least skilled of them if none is.
TRIES = 16
#: Skills below this quantile of the natives of working age are low.
LOW_SKILL = 0.25
#: Permanent income that newcomers expect, relative to their wage if they worked.
EXPECTED = 0.5
_TRAITS = 6


def arrive(world: World, number: int, share: float, low: bool, regions: NDArray[np.bool_]) -> int:
    """Let people arrive, each a household of one who looks for work; return their number.

    Args:
        number: Place of the policy in the list. share: Newcomers relative to the labour force of a region.
        low: Whether only the low-skilled come. regions: Regions that people come to, (regions).
    """
    view = world.view()
    region = _regions(view, number, share, regions)
    if not len(region):
        return 0
    homes, ids = _new_ids(world, number, region)
    households = reorganise(world, "households", np.zeros(len(view.households), dtype=bool), homes, region)
    people = reorganise(world, "people", np.zeros(len(view.people), dtype=bool), ids, households)
    _fill_people(world, number, people, low)
    _fill_households(world, number, households, people)
    return len(people)


def _regions(view: WorldView, number: int, share: float, chosen: NDArray[np.bool_]) -> NDArray[np.int16]:
    """Return the region of each newcomer; the number in a region is rounded by a draw."""
    people = view.people
    takes_part = view.households.region[people.household][people.participates == 1]
    force = np.bincount(takes_part, minlength=len(view.regions))
    luck = view.uniform(f"policy.migration.{number}", "regions")[0]
    wanted = np.where(chosen, np.floor(max(share, 0.0) * force + luck), 0.0)
    return np.repeat(np.arange(len(wanted)), wanted.astype(np.int64)).astype(np.int16)


def _new_ids(world: World, number: int, region: NDArray[np.int16]) -> tuple[U64, U64]:
    """Return ids of households and people; the parent is the policy's place in the list and the region."""
    month = world.clock.month
    order = np.arange(len(region)) - np.searchsorted(region, region)
    parents = (number << 20) + region.astype(np.int64)
    made = [
        [new_id(code, int(parent), month, int(k)) for parent, k in zip(parents, order, strict=True)]
        for code in (Households.code, People.code)
    ]
    return np.array(made[0], dtype=np.uint64), np.array(made[1], dtype=np.uint64)


def _draws(world: World, stream: str, table: str, rows: I64, count: int) -> F64:
    """Return keyed uniform draws for some rows, shape (rows, count)."""
    ids = np.ascontiguousarray(world.tables[table].base("id")[rows])
    ids.flags.writeable = False
    out = np.empty((len(ids), count))
    month = world.clock.month
    fill_uniform(world.keys.stream(stream, table, month), month, ids, out)
    return out


def _fill_people(world: World, number: int, rows: I64, low: bool) -> None:
    columns = "age female schooling ability experience skill work_cost participates".split()
    view = world.view({"people": columns})
    people, law = view.people, world.law
    tries = TRIES if low else 1
    u = _draws(world, f"policy.migration.{number}", "people", rows, _TRAITS * tries).reshape(len(rows), tries, _TRAITS)
    traits = _traits(law, u)
    native = np.ones(len(people), dtype=bool)
    native[rows] = False
    native &= people.age < 65.0
    known = _log_skill(law, people.schooling[native], people.experience[native], people.ability[native])
    level = float(np.median(np.log(people.skill[native]) - known)) if native.any() else 0.0
    skill = np.exp(level + _log_skill(law, traits["schooling"], traits["experience"], traits["ability"]))
    chosen = np.zeros(len(rows), dtype=np.int64)
    if low and native.any():
        fits = skill < np.quantile(people.skill[native], LOW_SKILL)
        chosen = np.where(fits.any(axis=1), fits.argmax(axis=1), skill.argmin(axis=1))
    row = np.arange(len(rows))
    for name, values in traits.items():
        getattr(people, name)[rows] = values[row, chosen]
    people.skill[rows] = skill[row, chosen]
    people.participates[rows] = 1


def _traits(law: Law, u: F64) -> dict[str, F64]:
    """Return traits drawn as those of the first people, of working age; `u` has the traits on its last axis."""
    bounds, shares = law.array("population.age_bounds"), law.array("population.age_shares")
    steps = np.concatenate([[0.0], np.cumsum(shares / shares.sum())])
    working = np.interp(65.0, bounds, steps)
    age = np.interp(u[..., 0] * working, steps, bounds)
    levels = np.cumsum(law.array("population.schooling_shares"))
    level = np.minimum(np.searchsorted(levels, u[..., 1]), len(levels) - 1)
    schooling = law.array("population.schooling_years")[level]
    spread = law("population.work_cost_spread")
    return {
        "age": np.asarray(age),
        "schooling": schooling,
        "experience": np.clip(age - schooling - 6.0, 0.0, 45.0),
        "ability": np.asarray(ndtri(u[..., 2])),
        "female": np.asarray(u[..., 3] < 0.5).astype(np.float64),
        "work_cost": law("population.work_cost_median") * np.exp(spread * ndtri(u[..., 4])),
    }


def _log_skill(law: Law, schooling: NDArray[Any], experience: NDArray[Any], ability: NDArray[Any]) -> F64:
    """Return log skill but for a constant (Mincer 1974)."""
    linear, square = law.array("population.return_to_experience")
    years = np.asarray(experience, dtype=np.float64)
    learned = law("population.return_to_schooling") * schooling + law("population.ability_spread") * ability
    return np.asarray(learned + linear * years + square * years**2, dtype=np.float64)


def _fill_households(world: World, number: int, rows: I64, people: I64) -> None:
    """Give newcomers a bank, shops and the deposits that the hand-to-mouth aim at, brought from abroad; no shares."""
    columns = "members bank permanent_income income_12m target_months shop".split()
    view = world.view({"households": columns})
    households = view.households
    u = _draws(world, f"policy.migration.{number}", "households", rows, 1 + SHOPS)
    households.members[rows] = 1
    households.bank[rows] = (u[:, 0] * len(view.banks)).astype(np.int16)
    expected = EXPECTED * float(view.macro.wage_unit[0]) * view.people.skill[people].astype(np.float64)
    native = np.ones(len(households), dtype=bool)
    native[rows] = False
    months = households.target_months[native].min() if native.any() else 0.5
    households.permanent_income[rows] = households.income_12m[rows] = expected
    households.target_months[rows] = months
    households.shop[rows] = _shops(view, rows, u[:, 1:])
    world.ledger.pay("migration", "abroad", ("households", expected * float(months), rows))


def _shops(view: WorldView, rows: I64, u: F64) -> NDArray[np.int32]:
    """Return shops of the region: the sellers with the highest hash of (draw, seller); -1 for a shop drawn twice."""
    firms, region = view.firms, view.households.region[rows]
    words = (u * 2.0**32).astype(np.uint64)
    shops = np.full((len(rows), SHOPS), -1, dtype=np.int32)
    for r in np.unique(region):
        here = np.flatnonzero(region == r)
        for good, first, last in ((NECESSITIES, 0, NECESSITY_SHOPS), (OTHER_GOODS, NECESSITY_SHOPS, SHOPS)):
            sellers = np.flatnonzero((firms.region == r) & (firms.kind == good))
            if not len(sellers):
                continue
            for k in range(first, last):
                pick = sellers[_hash(firms.id[sellers], words[here, k, None]).argmax(axis=1)]
                again = (shops[here, first:k] == pick[:, None]).any(axis=1)
                shops[here, k] = np.where(again, -1, pick)
    return shops


def _hash(x: U64, y: U64) -> U64:
    """Return a 64-bit hash of two integers (splitmix64)."""
    z = x + np.uint64(0x9E3779B97F4A7C15) * (y + np.uint64(1))
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(z ^ (z >> np.uint64(31)))
