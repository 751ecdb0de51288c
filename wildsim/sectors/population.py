"""Rows of people and households move: new couples and homes, deaths and estates, births."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtr, ndtri

from wildsim.core.errors import RunError
from wildsim.core.keys import new_id
from wildsim.core.table import F64, I64, NO_ROW, U64, rows_of
from wildsim.kernels.philox import fill_uniform
from wildsim.sectors.demography import MONTHS_A_YEAR
from wildsim.sectors.estates import heirs_of, income_weights, settle_estates, take_along
from wildsim.sectors.families import Move, companions, couples, guardians, moves_of
from wildsim.state.households import Households
from wildsim.state.people import People
from wildsim.state.reorganise import reorganise
from wildsim.state.start.people import draw_schooling, draw_work_cost, log_ability
from wildsim.state.step import ALL, MovingStep
from wildsim.state.world import World, WorldView

#: Columns that a new household takes over from the one that its founder leaves.
_KEPT = ("bank", "target_months", "shop", "barred")


def turn_over(world: World) -> None:
    """Let couples form and part, the young leave home, the dead go and the newborn come; then fit the state's norms."""
    view = world.view()
    women, men = couples(view)
    moves = moves_of(view, women, men)
    movers = np.array([move.person for move in moves], dtype=np.int64)
    follows = companions(view, movers)
    fresh = _open_homes(world, moves)
    view = world.view({"lives": ("partner",)})
    target = view.people.household.astype(np.int64)
    origin = target[movers]
    home_of = np.array([_destination(view, move, fresh) for move in moves], dtype=np.int64)
    target[movers] = home_of
    led = np.flatnonzero(follows != NO_ROW)
    target[led] = target[follows[led]]
    _pair_up(view, women, men, movers[[move.cash is not None for move in moves]] if moves else movers)
    guardians(view, target)
    heirs = heirs_of(view, target)
    _divide(world, moves, movers, led, origin, home_of, target)
    settle_estates(world, heirs)
    _renew_people(world, target)
    _close_homes(world)
    if not len(world.tables["people"]):
        raise RunError(f"nobody is left alive after month {world.clock.month}: the society has died out.")
    if world.clock.month % MONTHS_A_YEAR == 0:
        _fit_norms(world)


def _open_homes(world: World, moves: list[Move]) -> dict[int, int]:
    """Make the new households; return the row of the household that each founder founds. Rows of people stay.

    Of two who found one together the one with the lower id gives it its name.
    """
    view = world.view()
    people, households = view.people, view.households
    founders = []
    for move in moves:
        alone = move.joins == NO_ROW or people.id[move.person] < people.id[move.joins]
        if move.host == NO_ROW and alone:
            founders.append(move.person)
    if not founders:
        return {}
    origin = people.household[founders]
    ids = np.array(
        [new_id(Households.code, int(people.id[f]), world.clock.month, 0) for f in founders], dtype=np.uint64
    )
    kept = {name: getattr(households, name)[origin] for name in _KEPT}
    none = np.zeros(len(households), dtype=bool)
    rows = reorganise(world, "households", none, ids, households.region[origin])
    columns = world.view({"households": _KEPT}).households
    for name, values in kept.items():
        getattr(columns, name)[rows] = values
    return dict(zip(founders, rows.tolist(), strict=True))


def _named(world: World, code: int, parents: U64) -> U64:
    """Return the ids of new rows of the table `code`, one a parent."""
    return np.array([new_id(code, int(parent), world.clock.month, 0) for parent in parents], dtype=np.uint64)


def _destination(view: WorldView, move: Move, fresh: dict[int, int]) -> int:
    """Return the household that a mover moves to."""
    if move.host == NO_ROW:
        return fresh[move.person] if move.person in fresh else fresh[move.joins]
    return int(view.people.household[move.host])


def _pair_up(view: WorldView, women: I64, men: I64, parted: I64) -> None:
    """Write who is whose partner from now on."""
    partner = view.lives.partner
    left = partner[parted]
    partner[left[left != NO_ROW]] = NO_ROW
    partner[parted] = NO_ROW
    partner[women], partner[men] = men, women


def _divide(world: World, moves: list[Move], movers: I64, led: I64, origin: I64, home_of: I64, target: I64) -> None:
    """Divide income and deposits of the households that movers (and children whom they lead) leave."""
    if not moves:
        return
    view = world.view()
    weights = income_weights(view)
    home = view.people.household
    total = np.bincount(home, weights=weights, minlength=len(view.households))
    alive = view.lives.dies == 0
    stay = np.bincount(target[alive], minlength=len(view.households))
    income = np.divide(weights[movers], total[origin], out=np.zeros(len(movers)), where=total[origin] > 0.0)
    cash = np.array([math.nan if move.cash is None else move.cash for move in moves])
    cash = np.where(np.isnan(cash), income, cash)
    together = np.bincount(origin, weights=cash, minlength=len(view.households))
    cash = cash / np.maximum(together[origin], 1.0)  # several who leave at once take no more than there is
    emptied = (stay[origin] == 0) & alive[movers]
    # of several who leave an empty home one takes what is left: the one with the highest id
    last = {int(origin[number]): int(number) for number in np.argsort(view.people.id[movers], kind="stable")}
    emptied &= np.array([last[int(row)] == number for number, row in enumerate(origin.tolist())])
    for part in (~emptied, emptied):
        if part.any():
            take_along(world, origin[part], home_of[part], income[part], cash[part], emptied[part])


def _renew_people(world: World, target: I64) -> None:
    """Move everybody to their household, remove the dead, add the newborn."""
    view = world.view({"people": ("household",)})
    people, lives = view.people, view.lives
    mothers = np.flatnonzero((lives.bears == 1) & (lives.dies == 0))
    gone = lives.dies == 1
    changed = bool((people.household != target).any())
    _leave_jobs_behind(world, target)
    people.household[:] = target
    names = people.id[mothers].copy()
    ids = _named(world, People.code, names)
    if gone.any() or len(ids) or changed:
        rows = reorganise(world, "people", gone, ids, target[mothers].astype(np.int32))
        _raise_children(world, rows, names)
    vital = world.view({"vital": ("births", "deaths")}).vital
    vital.births[:], vital.deaths[:] = len(ids), gone.sum()
    world.history.add({"births": float(len(ids))})
    households = world.view({"households": ("members",)}).households
    members = np.bincount(world.view().people.household, minlength=len(households))
    households.members[:] = members


def _leave_jobs_behind(world: World, target: I64) -> None:
    """End the jobs of those who move to another region (orphans of working age): labour markets are regional."""
    view = world.view({"people": ("employer", "wage", "last_wage", "months_out")})
    people, region = view.people, view.households.region
    moved = np.flatnonzero((people.household != target) & (people.employer != NO_ROW))
    moved = moved[region[people.household[moved]] != region[target[moved]]]
    people.last_wage[moved] = people.wage[moved]
    people.wage[moved] = 0.0
    people.months_out[moved] = 0
    people.employer[moved] = NO_ROW


def _raise_children(world: World, rows: I64, mothers: U64) -> None:
    """Give the newborn their sex, ability, cost of working, schooling to come, and parents."""
    if not len(rows):
        return
    view = world.view(
        {
            "people": "age female ability schooling experience skill work_cost participates".split(),
            "lives": "mother father destined rank".split(),
        }
    )
    people, lives, law = view.people, view.lives, world.law
    mother = rows_of(people.id, mothers)
    father = lives.partner[mother].astype(np.int64)
    luck = _draws(world, rows, 5)
    known = father != NO_ROW
    parents = np.where(
        known, (people.ability[mother] + people.ability[np.maximum(father, 0)]) / 2.0, people.ability[mother]
    )
    share = law("demography.inherited_ability")
    rest = np.sqrt(1.0 - share**2 * np.where(known, 0.5, 1.0))
    ability = share * parents + rest * ndtri(luck[:, 0])
    of_ability = float(np.prod(law.array("demography.income_traits")[:2]))
    learns = ndtr(of_ability * ability + math.sqrt(1.0 - of_ability**2) * ndtri(luck[:, 1]))
    people.age[rows] = people.schooling[rows] = people.experience[rows] = people.participates[rows] = 0
    people.female[rows] = luck[:, 2] < law("demography.girls")
    people.ability[rows] = ability
    people.work_cost[rows] = draw_work_cost(law, luck[:, 3])
    people.skill[rows] = np.exp(float(view.vital.skill_level[0]) + log_ability(law, ability))
    lives.mother[rows], lives.father[rows], lives.rank[rows] = mother, father, lives.rank[mother]
    lives.destined[rows] = draw_schooling(law, learns, np.full(len(rows), np.inf))


def _draws(world: World, rows: I64, count: int) -> F64:
    """Return keyed uniform draws of the newborn, shape (rows, count)."""
    ids = np.ascontiguousarray(world.view().people.id[rows])
    ids.flags.writeable = False
    out = np.empty((len(ids), count))
    fill_uniform(world.keys.stream("born", "people", world.clock.month), world.clock.month, ids, out)
    return out


def _close_homes(world: World) -> None:
    """Remove households without members; their accounts are settled."""
    empty = world.view().households.members == 0
    if empty.any():
        none = np.empty(0, dtype=np.uint64)
        reorganise(world, "households", empty, none, np.empty(0, dtype=np.int16))


def _fit_norms(world: World) -> None:
    """Let what the government buys and employs, and the number of firms, follow the number of people, once a year."""
    view = world.view(
        {
            "government": ("purchases_norm", "staff_norm"),
            "vital": ("norm_people",),
            "regions": ("firms_norm",),
        }
    )
    people = len(view.people)
    growth = people / float(view.vital.norm_people[0])
    view.government.purchases_norm[:] *= growth
    view.government.staff_norm[:] *= growth
    view.vital.norm_people[:] = people
    size = np.diff(world.tiles.people) / np.maximum(view.settlements.people_start, 1.0)
    view.regions.firms_norm[:] = np.rint(view.settlements.firms_start * size[:, None])


turnover = MovingStep(
    "sectors.population.turn_over",
    turn_over,
    {
        **dict.fromkeys(("people", "lives", "member_decisions", "households", "vital"), ALL),
        "firms": ("founder",),
        "homes": ("owner", "occupant", "asked", "listed"),
        "tenures": ALL,
        "home_decisions": ALL,
        "government": ("purchases_norm", "staff_norm"),
        "regions": ("firms_norm",),
    },
    "demography",
)
