"""People who arrive from abroad: rows of people and households, drawn like the first ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from wildsim.core.keys import new_id
from wildsim.core.table import F64, I64, U64
from wildsim.kernels.ages import RETIREMENT_AGE
from wildsim.kernels.philox import fill_uniform, mix_all
from wildsim.state.firms import NECESSITIES, OTHER_GOODS
from wildsim.state.households import NECESSITY_SHOPS, SHOPS, Households
from wildsim.state.law import Law
from wildsim.state.people import People
from wildsim.state.reorganise import reorganise
from wildsim.state.start.people import draw_ages, draw_schooling, draw_work_cost, experience_of, log_skill
from wildsim.state.world import World, WorldView

#: Draws of a person's traits until they are of low skill; the least skilled of them if none is.
TRIES = 16
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
    ids = np.ascontiguousarray(world.tables[table].view().id[rows])
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
    native &= people.age < RETIREMENT_AGE
    known = log_skill(law, people.schooling[native], people.experience[native], people.ability[native])
    level = float(np.median(np.log(people.skill[native]) - known)) if native.any() else 0.0
    skill = np.exp(level + log_skill(law, traits["schooling"], traits["experience"], traits["ability"]))
    chosen = np.zeros(len(rows), dtype=np.int64)
    if low and native.any():
        fits = skill < np.quantile(people.skill[native], law("population.low_skill"))
        chosen = np.where(fits.any(axis=1), fits.argmax(axis=1), skill.argmin(axis=1))
    row = np.arange(len(rows))
    for name, values in traits.items():
        getattr(people, name)[rows] = values[row, chosen]
    people.skill[rows] = skill[row, chosen]
    people.participates[rows] = 1


def _traits(law: Law, u: F64) -> dict[str, F64]:
    """Return traits drawn as those of the first people, of working age; `u` has the traits on its last axis."""
    age = draw_ages(law, u[..., 0], below=RETIREMENT_AGE)
    schooling = draw_schooling(law, u[..., 1], age)
    return {
        "age": age,
        "schooling": schooling,
        "experience": experience_of(law, age, schooling),
        "ability": np.asarray(ndtri(u[..., 2])),
        "female": np.asarray(u[..., 3] < 0.5).astype(np.float64),
        "work_cost": draw_work_cost(law, u[..., 4]),
    }


def _fill_households(world: World, number: int, rows: I64, people: I64) -> None:
    """Give newcomers a bank, shops and the deposits that the hand-to-mouth aim at, brought from abroad; no shares."""
    columns = "members bank permanent_income income_12m target_months shop".split()
    view = world.view({"households": columns})
    households = view.households
    u = _draws(world, f"policy.migration.{number}", "households", rows, 1 + SHOPS)
    households.members[rows] = 1
    households.bank[rows] = (u[:, 0] * len(view.banks)).astype(np.int16)
    expected = (
        world.law("population.newcomer_income")
        * float(view.macro.wage_unit[0])
        * view.people.skill[people].astype(np.float64)
    )
    native = np.ones(len(households), dtype=bool)
    native[rows] = False
    months = households.target_months[native].min() if native.any() else world.law("households.hand_to_mouth_months")
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
                pick = sellers[mix_all(firms.id[sellers], words[here, k, None]).argmax(axis=1)]
                again = (shops[here, first:k] == pick[:, None]).any(axis=1)
                shops[here, k] = np.where(again, -1, pick)
    return shops
