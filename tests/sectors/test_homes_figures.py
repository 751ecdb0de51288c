"""Homes as a statistical office would see them: owners, rents, prices, credit; and which lever moves what."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from tests.worlds import live, same, small_world
from wildsim.indicators import measure_all
from wildsim.policies import POLICIES
from wildsim.policies.base import Policy
from wildsim.state.housing import owner_occupied, owners_at_home
from wildsim.state.world import World

HOMES = {"homes"}


def months_of(world: World, months: int, *names: str) -> np.ndarray:
    """Live months and return indicators, (months, names)."""
    found = []
    for _ in range(months):
        assert live(world, 1) <= 1e-9
        measured = measure_all(world.view())
        found.append([measured[name] for name in names])
    return np.array(found)


# -- figures of cross sections ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lived() -> World:
    world = small_world(3_000, 2, sectors=HOMES)
    live(world, 60)
    return world


def test_tenants_pay_a_quarter_to_a_third_of_their_income(lived: World) -> None:
    """Davis, Ortalo-Magne 2011: .24 before tax; ACS 2019: median gross rent .30 of income, 48 % above .30."""
    view = lived.view()
    pays = view.tenures.rent > 0.0
    share = view.tenures.rent[pays] / view.households.permanent_income[pays]
    assert 0.22 < view.tenures.rent[pays].sum() / view.households.permanent_income[pays].sum() < 0.35
    assert 0.15 < (share > 0.30).mean() < 0.65
    poorer = view.households.permanent_income[pays] < np.median(view.households.permanent_income[pays])
    assert share[poorer].mean() > share[~poorer].mean(), "the poorer pay a larger share"


def test_owners_are_older_richer_and_live_better(lived: World) -> None:
    view = lived.view()
    own = owners_at_home(view)
    income = view.households.permanent_income
    assert 1.2 < income[own].mean() / income[~own].mean() < 4.0, "SCF 2019: 2.0"
    quality = view.homes.quality[view.tenures.home]
    assert quality[own].mean() > 1.1 * quality[~own].mean()
    top = income > np.quantile(income, 0.8)
    assert own[top].mean() > own[~top].mean() + 0.1


def test_the_share_of_necessities_falls_with_income(lived: World) -> None:
    """Engel's law holds with rent in consumption."""
    view = lived.view()
    spent = view.households.spending
    fifth = np.argsort(np.argsort(view.households.income_12m)) * 5 // len(spent)
    share = [view.households.necessities[fifth == k].sum() / spent[fifth == k].sum() for k in range(5)]
    assert all(a > b for a, b in itertools.pairwise(share)), share


def test_home_values_and_income_go_together(lived: World) -> None:
    """Elasticity of the value of owners' homes to permanent income: .5 to 1 (Albouy, Ehrlich, Liu 2016: .7)."""
    view = lived.view()
    rows = np.flatnonzero(owner_occupied(view))
    income = view.households.permanent_income[view.homes.owner[rows]]
    slope = np.polyfit(np.log(income), np.log(view.homes.value[rows]), 1)[0]
    assert 0.3 < slope < 1.0


def test_mortgages_are_paid_down(lived: World) -> None:
    """Whoever serves a mortgage owes less next month, and its term is a month shorter."""
    state = lived.state()
    world = small_world(3_000, 2, sectors=HOMES)
    world.load(state)
    before = world.view()
    owed, term, owner = before.homes.mortgage.copy(), before.homes.term.copy(), before.homes.owner.copy()
    live(world, 1)
    after = world.view().homes
    stays = (after.owner == owner) & (owed > 1.0) & (after.arrears == 0)
    assert stays.sum() > 100
    assert (after.mortgage[stays] < owed[stays]).all()
    assert (after.term[stays] == np.maximum(term[stays] - 1, 1)).all()


# -- levers ----------------------------------------------------------------------------------------------------------

SEEDS = range(1, 13)
NAMES = ("home_price", "mortgage_debt", "ownership_rate")


@pytest.fixture(scope="module")
def burned() -> dict[int, dict[str, Any]]:
    """The state of a society of each seed after two years of burn-in."""
    found = {}
    for seed in SEEDS:
        world = small_world(1_200, 2, seed=seed, month=-24, sectors=HOMES)
        live(world, 24)
        found[seed] = world.state()
    return found


def effects(burned: dict[int, dict[str, Any]], **policy: Any) -> np.ndarray:
    """Return relative effects on NAMES in the third year, (seeds, names), arms paired by seed."""
    found = []
    for seed, state in burned.items():
        arms = []
        for acts in (False, True):
            world = small_world(1_200, 2, seed=seed, month=-24, sectors=HOMES)
            world.load(state)
            made: Policy = POLICIES[policy["kind"]].model_validate(policy)
            world.policies = (made,) if acts else ()
            arms.append(months_of(world, 36, *NAMES)[24:].mean(axis=0))
        found.append(arms[1] / arms[0] - 1.0)
    return np.array(found)


def test_a_lower_limit_on_loan_to_value_lowers_debt_and_prices(burned: dict[int, dict[str, Any]]) -> None:
    found = effects(burned, kind="credit_rule", loan_to_value=0.5)
    assert (found[:, 1] < -0.03).all(), "mortgage debt"
    assert found[:, 0].mean() < -0.01, "home prices"


def test_a_lower_limit_on_debt_service_lowers_debt_and_prices(burned: dict[int, dict[str, Any]]) -> None:
    found = effects(burned, kind="credit_rule", debt_service=0.12)
    assert (found[:, 1] < 0.0).all(), "mortgage debt"
    assert found[:, 0].mean() < -0.01, "home prices"


def test_a_higher_policy_rate_lowers_prices(burned: dict[int, dict[str, Any]]) -> None:
    """Jorda, Schularick, Taylor 2015: a point lowers house prices by some per cent over years; here by half of one."""
    prices = effects(burned, kind="policy_rate", shift=0.03)[:, 0]
    assert prices.mean() < -0.005
    assert prices.mean() < -2.0 * prices.std(ddof=1) / len(prices) ** 0.5


def test_a_limit_on_loan_to_value_at_size_zero_is_the_baseline(burned: dict[int, dict[str, Any]]) -> None:
    arms = []
    for policies in ((), ({"kind": "credit_rule", "loan_to_value": 0.5, "size": 0},)):
        world = small_world(1_200, 2, month=-24, sectors=HOMES)
        world.load(burned[1])
        world.policies = tuple(POLICIES[p["kind"]].model_validate(p) for p in policies)
        live(world, 3)
        arms.append(world.state())
    assert same(*arms) == []


def test_where_homes_are_off_a_limit_on_mortgages_does_nothing() -> None:
    arms = []
    for policies in ((), ({"kind": "credit_rule", "loan_to_value": 0.2},)):
        world = small_world(400, 2, month=0)
        world.policies = tuple(POLICIES[p["kind"]].model_validate(p) for p in policies)
        live(world, 6)
        arms.append(world.state())
    assert same(*arms) == []


# -- long runs -------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_twenty_years_without_explosion(seed: int) -> None:
    """240 months of 5,000 people: no price runs away, owners stay two thirds, work is as without homes."""
    names = ("price_to_income", "price_to_rent", "ownership_rate", "rent_burden", "unemployment_rate", "home_sales")
    found = months_of(small_world(5_000, 2, seed=seed, sectors=HOMES), 240, *names)
    assert 1.5 < found[:, 0].min() <= found[:, 0].max() < 6.0
    assert 8.0 < found[:, 1].min() <= found[:, 1].max() < 25.0
    assert (np.abs(found[:, 2] - 0.65) < 0.12).all()  # ownership moves by .09 in twenty years of the calibrated country
    assert 0.20 < found[60:, 3].mean() < 0.35
    assert 0.03 < found[60:, 5].mean() < 0.08, "NAR 2019: 5.5 % of the stock a year"
    plain = months_of(small_world(5_000, 2, seed=seed), 240, "unemployment_rate")
    assert abs(found[60:, 4].mean() - plain[60:, 0].mean()) < 0.02
    assert 0.03 < found[60:, 4].mean() < 0.09
