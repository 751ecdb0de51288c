"""Going rents follow what tenants earn and how many homes stand empty; households find homes to rent, or lodge."""

from __future__ import annotations

import math
from bisect import bisect_left

import numpy as np

from wildsim.core.table import F64, I64, NO_ROW, sum_by
from wildsim.kernels.philox import mix_all
from wildsim.state.housing import lodging, owner_occupied, owners_at_home
from wildsim.state.step import step
from wildsim.state.world import WorldView


@step(sector="homes", homes="rent base_rent occupant", tenures="home missed", home_markets="rent")
def let(world: WorldView) -> None:
    """Move going rents, review contracts, let empty homes to those who look, and let the homeless lodge."""
    _going_rents(world)
    homes, markets = world.homes, world.home_markets
    going = homes.quality * markets.rent[homes.region]
    sitting = (homes.occupant != NO_ROW) & ~owner_occupied(world)
    kept = sitting & (world.uniform("rent_review", "homes")[0] >= world.law("homes.rent_review"))
    homes.rent[:] = np.where(kept, homes.rent, going)
    if world.month < 0:
        homes.base_rent[:] = going
    _go_home(world)
    _house(world)
    _take_in(world)


def rent_wanted(world: WorldView) -> F64:
    """Return the rent that each household can bear: a constant share at mean income (Davis, Ortalo-Magne 2011)."""
    scale = float(world.macro.mean_wage[0])
    income = world.households.permanent_income / scale
    return np.asarray(world.law("homes.rent_share") * scale * income ** world.law("homes.quality_income"))


def _going_rents(world: WorldView) -> None:
    """Let the going rent of a region follow incomes, and fall when more homes stand empty than is normal.

    All households of the region count, owners too, so that rents do not fall because the better-off buy.
    """
    homes, markets, law = world.homes, world.home_markets, world.law
    count = len(markets)
    housed = np.flatnonzero(homes.occupant != NO_ROW)
    region = homes.region[housed]
    borne = sum_by(region, rent_wanted(world)[homes.occupant[housed]], count)
    quality = sum_by(region, homes.quality[housed], count)
    stock = np.bincount(homes.region, minlength=count)
    vacant = np.bincount(homes.region[homes.occupant == NO_ROW], minlength=count) / np.maximum(stock, 1)
    known = (quality > 0.0) & (borne > 0.0)
    target = np.divide(borne, quality, out=markets.rent.copy(), where=known)
    gap = np.log(target / markets.rent) - law("homes.rent_vacancy") * (vacant - law("homes.vacancy"))
    markets.rent[:] *= np.exp(law("homes.rent_speed") * np.where(known, np.clip(gap, -1.0, 1.0), 0.0))


def _go_home(world: WorldView) -> None:
    """Let owners without a home of their own move into an empty one of theirs."""
    homes, tenures = world.homes, world.tenures
    own = owners_at_home(world)
    empty = np.flatnonzero((homes.occupant == NO_ROW) & (homes.owner != NO_ROW))
    owner = homes.owner[empty]
    could = ~own[owner] & (world.households.region[owner] == homes.region[empty])
    for row, household in zip(empty[could].tolist(), owner[could].tolist(), strict=True):
        if not own[household]:
            _enter(world, household, row)
            own[household] = True
    tenures.missed[own] = 0


def _enter(world: WorldView, household: int, row: int) -> None:
    """Let a household leave the home it has and enter an empty one."""
    homes, home = world.homes, world.tenures.home
    before = int(home[household])
    if before != NO_ROW and homes.occupant[before] == household:
        homes.occupant[before] = NO_ROW
    homes.occupant[row] = household
    home[household] = row


def _house(world: WorldView) -> None:
    """Give those who look, the highest rent wanted first, the best empty home that costs no more, or else any."""
    homes, tenures, households, law = world.homes, world.tenures, world.households, world.law
    wanted, home = rent_wanted(world), tenures.home
    must = (home == NO_ROW) | lodging(world)
    evicted = tenures.missed >= law("homes.eviction_months")
    restless = world.uniform("tenant_moves", "households")[0] < law("homes.tenant_moves")
    looks = np.flatnonzero(must | (~owners_at_home(world) & (evicted | restless)))
    empty = np.flatnonzero((homes.occupant == NO_ROW) & (homes.owner != NO_ROW))
    for r in np.intersect1d(homes.region[empty], households.region[looks]):
        here, seekers = empty[homes.region[empty] == r], looks[households.region[looks] == r]
        here = here[np.lexsort((homes.id[here], -homes.rent[here]))]
        seekers = seekers[np.lexsort((households.id[seekers], -wanted[seekers]))]
        _house_region(world, here.tolist(), seekers, wanted, must)


def _house_region(world: WorldView, here: list[int], seekers: I64, wanted: F64, must: np.ndarray) -> None:
    """House the seekers of a region; `here` are its empty homes, `seekers` those who look, both the dearest first."""
    homes, tenures = world.homes, world.tenures
    below = (-homes.rent[here]).tolist()  # rising, so that a home for a rent is found by halving
    rents = homes.rent[tenures.home[seekers]].tolist()
    moved, waiting = [], []
    for seeker, most, rent, needs in zip(
        seekers.tolist(), wanted[seekers].tolist(), rents, must[seekers].tolist(), strict=True
    ):
        place = bisect_left(below, -most)
        found = place < len(here)
        if found and not needs:  # who has a home moves to one that fits better
            found = abs(math.log(-below[place] / most)) < abs(math.log(rent / most))
        if found:
            below.pop(place)
            _enter(world, seeker, here.pop(place))
            moved.append(seeker)
        elif needs:
            waiting.append(seeker)
    for seeker in waiting[: len(here)]:  # the cheapest that is left
        _enter(world, seeker, here.pop())
        moved.append(seeker)
    tenures.missed[moved] = 0


def _take_in(world: WorldView) -> None:
    """Let households for which no home is left lodge in an inhabited one of the region, by the highest hash."""
    homes, tenures, households = world.homes, world.tenures, world.households
    without = np.flatnonzero(tenures.home == NO_ROW)
    if not len(without):
        return
    words = (world.uniform("lodging", "households")[0] * 2.0**32).astype(np.uint64)
    for household in without.tolist():
        hosts = np.flatnonzero((homes.region == households.region[household]) & (homes.occupant != NO_ROW))
        if len(hosts):
            tenures.home[household] = hosts[mix_all(homes.id[hosts], words[[household]]).argmax()]
