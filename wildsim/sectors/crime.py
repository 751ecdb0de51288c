"""Offences are committed, some are cleared, some offenders go to prison, and people learn how likely arrest is."""

from __future__ import annotations

import math

import numpy as np

from wildsim.core.table import F64
from wildsim.kernels.crime import offend, serve
from wildsim.sectors.public_demand import purchase
from wildsim.state.friends import peers_mean
from wildsim.state.functions import spending_ratio
from wildsim.state.people import PRISON
from wildsim.state.start.crime import propensities
from wildsim.state.step import step
from wildsim.state.world import WorldView

#: An offence counts among those of friends for so many months.
LATELY = 12


@step(
    sector="crime",
    people="away employability",
    offending="known propensity record months_left career year since victim suffered peers",
    policing="perceived seen seen_cleared offences known recorded cleared loot",
    lives="health",
)
def live(world: WorldView) -> None:
    """Release who has served, carry out the offences decided, and let people learn (Becker 1968; Sah 1991)."""
    _meet_newcomers(world)
    _meet_peers(world)
    people, offending, law = world.people, world.offending, world.law
    penalty = law("crime.record_penalty")
    world.tiles.run(
        serve,
        world.tiles.people,
        math.exp(-1.0 / law("crime.record_memory")),
        law("crime.record_least"),
        penalty,
        int(world.month % 12 == 0),
        people.away,
        people.employability,
        offending.record,
        offending.months_left,
        offending.year,
        offending.since,
        offending.victim,
        offending.suffered,
    )
    clearance = clearance_chance(world)
    stolen, gained = np.zeros((2, len(world.households)))
    _offend(world, clearance, penalty, stolen, gained)
    _hurt(world)
    if stolen.any():
        world.ledger.pay("theft", ("households", stolen), ("households", gained))
    _learn(world, clearance)
    _remember(world, clearance)


def clearance_chance(world: WorldView) -> F64:
    """Return the chance that a known offence is cleared, by region and kind.

    Its odds are proportional to (real police spending / norm) ^ `crime.police`, so that it saturates below 1.
    """
    law = world.law
    base = law.array("crime.clearance")
    odds = base / (1.0 - base) * spending_ratio(world, "police") ** law("crime.police")
    return np.tile(odds / (1.0 + odds), (len(world.policing), 1))


def _offend(world: WorldView, clearance: F64, penalty: float, stolen: F64, gained: F64) -> None:
    people, households, offending = world.people, world.households, world.offending
    policing, choice, law, tiles = world.policing, world.crime_decisions, world.law, world.tiles
    tiles.run(
        offend,
        tiles.people,
        tiles.households,
        policing.slots,
        people.id,
        people.household,
        people.age,
        households.id,
        households.first_member,
        households.members,
        households.deposits,
        choice.property_crime,
        choice.violent_crime,
        law.array("crime.reported"),
        law("crime.recording"),
        clearance,
        law.array("crime.prison"),
        law.array("crime.sentence"),
        law("crime.longest"),
        law("crime.custody_age"),
        law("crime.loot") * float(world.macro.mean_wage[0]),
        law("crime.loot_most"),
        law("crime.record_prison"),
        law("crime.record_arrest"),
        penalty,
        world.key("crime", "people"),
        world.key("victim_list", "households"),
        world.month,
        people.away,
        people.employability,
        offending.record,
        offending.months_left,
        offending.career,
        offending.year,
        offending.since,
        offending.victim,
        offending.suffered,
        stolen,
        gained,
        policing.offences,
        policing.known,
        policing.recorded,
        policing.cleared,
        policing.loot,
    )


def _learn(world: WorldView, clearance: F64) -> None:
    """Let beliefs follow what was seen: arrests over offences of about `crime.memory` months, and the true chance.

    The second has the weight of `crime.prior` offences (a beta-binomial rule): where little is seen, people believe
    the official figure.
    """
    policing, law = world.policing, world.law
    kept = math.exp(-1.0 / law("crime.memory"))
    policing.seen[:] = kept * policing.seen + policing.offences
    policing.seen_cleared[:] = kept * policing.seen_cleared + policing.cleared
    true, prior = law.array("crime.reported") * clearance, law("crime.prior")
    policing.perceived[:] = (prior * true + policing.seen_cleared) / (prior + policing.seen)


def _remember(world: WorldView, clearance: F64) -> None:
    """Keep the counts of the month, and what was to be expected, for indicators that look back over a year."""
    policing, choice = world.policing, world.crime_decisions
    world.history.add(
        {
            "crime.property": float(policing.offences[:, 0].sum()),
            "crime.violent": float(policing.offences[:, 1].sum()),
            "crime.recorded": float(policing.recorded.sum()),
            "crime.known": float(policing.known.sum()),
            "crime.cleared": float(policing.cleared.sum()),
            "crime.expected": float((choice.property_crime + choice.violent_crime).sum(dtype=np.float64)),
            "crime.clearance": float(clearance.mean()) if clearance.size else math.nan,
            "crime.recording": world.law("crime.recording"),
        }
    )


def _meet_newcomers(world: WorldView) -> None:
    """Draw the propensity of people who are new; it depends on their id alone. They offend from next month on."""
    new = np.flatnonzero(world.offending.known == 0)
    if len(new):
        world.offending.propensity[new] = propensities(world.keys, world.people.id[new])
        world.offending.known[new] = 1


def _meet_peers(world: WorldView) -> None:
    """Let people see how many of their close ties offended lately, less the share of all (so that the level stays).

    Its effect on the log odds is `crime.peers` (Glaeser, Sacerdote, Scheinkman 1996). Without a network it stays 0.
    """
    if not world.has("network"):
        return
    lately = (world.offending.since < LATELY).astype(np.float64)
    if len(lately):
        usual = lately.mean()
        world.offending.peers[:] = peers_mean(world, lately, np.full(len(lately), usual)) - usual


def _hurt(world: WorldView) -> None:
    """Let victims of violence lose health, where there is health."""
    if world.has("demography"):
        world.lives.health[:] -= np.float32(world.law("crime.harm")) * world.offending.victim


@step(sector="crime", firms="inventories demand sold revenue", government="purchases")
def keep_prisoners(world: WorldView) -> None:
    """Let the government buy the goods that its prisons use up."""
    inmates = float((world.people.away == PRISON).sum())
    price = float(world.macro.goods_price[0])
    if inmates > 0.0 and price > 0.0:
        cost = inmates * world.law("crime.prison_cost") * float(world.macro.mean_wage[0])
        world.government.purchases[:] += purchase(world, cost / price)
