"""The first homes: who owns, who rents of whom, what is owed, and the deposits behind the mortgages."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from wildsim.core.keys import Keys, start_ids
from wildsim.core.table import F64, I64, NO_ROW, sum_by
from wildsim.kernels.philox import mix_all
from wildsim.state.homes import Homes
from wildsim.state.housing import payment_factor
from wildsim.state.law import Law
from wildsim.state.start.books import endow_banks
from wildsim.state.start.people import draws
from wildsim.state.world import World


def start_homes(world: World, law: Law, keys: Keys) -> None:
    """Give every household a home, and the homes owners, values, rents and mortgages; put the books right."""
    households = world.tables["households"]
    luck = draws(keys, "start.homes", "households", households.base("id"), 5)
    owns = _who_owns(world, law, luck[0])
    _build(world, law, keys, luck[1])
    homes, occupant = world.tables["homes"], world.tables["homes"].base("occupant")
    let = ~((occupant != NO_ROW) & owns[occupant])
    homes.base("owner")[:] = np.where(let, NO_ROW, occupant)
    _give_landlords(world, law, keys, owns, np.flatnonzero(let))
    _price(world, law, owns)
    _lend(world, law, luck[2:])


def _age_group(world: World, law: Law) -> I64:
    """Return the age group of each household by the mean age of its members."""
    people, households = world.tables["people"], world.tables["households"]
    age = sum_by(people.base("household"), people.base("age").astype(np.float64), len(households))
    found = np.searchsorted(law.array("homes.owner_ages"), age / households.base("members"), side="right")
    return np.asarray(found - 1, dtype=np.int64)


def _relative_income(world: World) -> F64:
    """Return the log of each household's permanent income over the mean."""
    income = world.tables["households"].base("permanent_income")
    return np.asarray(np.log(income / income.mean()))


def _who_owns(world: World, law: Law, luck: F64) -> np.ndarray:
    """Return True for households that own: log odds by age, income and thrift, the level set by the share of owners."""
    base = law.array("homes.owner_share_by_age")[_age_group(world, law)]
    months = world.tables["households"].base("target_months")
    saver = months > months.min()
    score = np.log(base / (1.0 - base)) + law("homes.owner_income") * _relative_income(world)
    score += law("homes.owner_saver") * saver + np.log(luck / (1.0 - luck))
    rank = np.empty(len(score))
    rank[np.argsort(-score, kind="stable")] = np.arange(len(score))
    return np.asarray(rank < np.rint(law("homes.owner_share") * len(score)))


def _build(world: World, law: Law, keys: Keys, luck: F64) -> None:
    """Build a home for every household of a region and some that stand empty; richer ones live in better ones."""
    homes, households = world.tables["homes"], world.tables["households"]
    region, regions = households.base("region"), len(world.tables["regions"])
    here = np.bincount(region, minlength=regions)
    vacancy = law("homes.vacancy")
    empty = np.rint(here * vacancy / (1.0 - vacancy)).astype(np.int64)
    place = np.concatenate([region, np.repeat(np.arange(regions), empty)])
    order = np.argsort(place, kind="stable")
    homes.take(np.empty(0, dtype=np.int64), len(place))
    homes.base("id")[:] = start_ids(Homes.code, len(place))
    homes.base("region")[:] = place[order]
    occupant = np.concatenate([np.arange(len(households)), np.full(len(place) - len(households), NO_ROW)])[order]
    homes.base("occupant")[:] = occupant
    housed = occupant != NO_ROW
    world.tables["tenures"].base("home")[occupant[housed]] = np.flatnonzero(housed)
    income = _relative_income(world)
    spare = draws(keys, "start.homes", "homes", homes.base("id"), 2)
    some = np.sort(income)[(spare[0] * len(income)).astype(np.int64)]
    log_quality = law("homes.quality_income") * np.where(housed, income[occupant], some)
    log_quality += law("homes.quality_spread") * ndtri(np.where(housed, luck[occupant], spare[1]))
    quality = np.exp(log_quality)
    homes.base("quality")[:] = quality / quality.mean()


def _give_landlords(world: World, law: Law, keys: Keys, owns: np.ndarray, let: I64) -> None:
    """Let each home that is let belong to one of the richest owners of the region, by the highest hash."""
    homes, households = world.tables["homes"], world.tables["households"]
    word = (draws(keys, "start.landlord", "homes", homes.base("id")[let], 1)[0] * 2.0**32).astype(np.uint64)
    shares, region = households.base("shares"), households.base("region")
    for r in np.unique(homes.base("region")[let]):
        local = np.flatnonzero(region == r)
        able = local[owns[local]] if owns[local].any() else local
        count = max(1, int(np.rint(law("homes.landlords") * len(local))))
        rich = able[np.argsort(-shares[able], kind="stable")][:count]
        mine = np.flatnonzero(homes.base("region")[let] == r)
        ids = households.base("id")[rich]
        picks = mix_all(ids[None, :], word[mine, None]).argmax(axis=1)
        homes.base("owner")[let[mine]] = rich[picks]


def _price(world: World, law: Law, owns: np.ndarray) -> None:
    """Set going prices and rents so that owners' homes are worth some years of income, and tenants can pay."""
    homes, markets = world.tables["homes"], world.tables["home_markets"]
    income, quality = world.tables["households"].base("permanent_income"), homes.base("quality")
    home = world.tables["tenures"].base("home")
    at_home = quality[home]
    own = owns if owns.any() else np.ones(len(owns), dtype=bool)
    price = 12.0 * law("homes.value_to_income") * float(income[own].sum()) / float(at_home[own].sum())
    scale = law("labour.mean_wage")
    borne = law("homes.rent_share") * scale * (income / scale) ** law("homes.quality_income")
    rent = float(borne.sum()) / float(at_home.sum())
    for name in ("price", "base_price"):
        markets.base(name)[:] = price
    markets.base("rent")[:] = rent
    markets.base("growth")[:] = law("banks.inflation_target") + law("shocks.growth")
    homes.base("rent")[:] = homes.base("base_rent")[:] = rent * quality
    world.ledger.endow("homes", "value", price * quality)


def _lend(world: World, law: Law, luck: F64) -> None:
    """Give owners mortgages by age; the deposits that these loans made are held as the others are, and wanted."""
    homes, households = world.tables["homes"], world.tables["households"]
    owner, occupant = homes.base("owner"), homes.base("occupant")
    own = np.flatnonzero(owner == occupant)
    group = _age_group(world, law)[owner[own]]
    u = luck[:, owner[own]]
    ltv = law.array("homes.ltv_by_age")[group] + law("homes.ltv_spread") * (2.0 * u[1] - 1.0)
    ltv = np.where(
        u[0] < law.array("homes.mortgaged_by_age")[group], np.clip(ltv, 0.0, law("homes.loan_to_value")), 0.0
    )
    rate = law("banks.real_rate") + law("banks.inflation_target") + law("homes.mortgage_spread")
    longest = law("homes.mortgage_term")
    paid_off = (1.0 - ltv / max(law("homes.loan_to_value"), 1e-9)) * u[2]
    term = np.maximum(np.rint(longest * (1.0 - paid_off)), 1.0)
    most = law("homes.service_start") * households.base("permanent_income")[owner[own]] / payment_factor(rate, term)
    mortgage = np.zeros(len(homes))
    mortgage[own] = np.minimum(ltv * homes.base("value")[own], most)
    homes.base("lender")[:] = households.base("bank")[owner]
    homes.base("rate")[own] = rate
    homes.base("term")[own] = term
    world.ledger.endow("homes", "mortgage", mortgage)
    held, owed = households.base("deposits").copy(), float(households.base("loans").sum())
    new = (1.0 - law("banks.equity_target")) * float(mortgage.sum())
    wanted = law("households.wealth_norm") * (float(held.sum()) - owed)
    if held.sum() > 0.0 and wanted > 0.0:
        world.ledger.endow("households", "deposits", held * (1.0 + new / float(held.sum())))
        households.base("target_months")[:] *= 1.0 + law("homes.wealth_aim") * new / wanted
    endow_banks(world, 12.0 * law("government.debt") * float(world.tables["macro"].base("gdp")[0]))
