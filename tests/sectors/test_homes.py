"""Homes: everybody lives somewhere, everything that is paid arrives, and the market neither dies nor explodes."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.worlds import live, same, small_world
from wildsim.behaviour.guard import bounds
from wildsim.core.errors import BooksError
from wildsim.core.table import NO_ROW
from wildsim.sectors.foreclosure import hand_over
from wildsim.sectors.housing_market import value
from wildsim.state import identities
from wildsim.state.housing import home_equity, lodging, owner_occupied, owners_at_home, payment_factor
from wildsim.state.ownership import bank_equity, household_wealth
from wildsim.state.world import World

HOMES = {"homes"}


def society(people: int = 400, **options: Any) -> World:
    return small_world(people, sectors=HOMES, **options)


@pytest.fixture(scope="module")
def grown() -> dict[str, Any]:
    """The state of a small society after eight months, from which tests go on."""
    world = society(600)
    live(world, 8)
    return world.state()


def restored(grown: dict[str, Any]) -> World:
    world = society(600)
    world.load(grown)
    return world


def dwellings_make_sense(world: World) -> None:
    """Homes and households agree on who lives where; regions fit; nothing is negative or no number."""
    view = world.view()
    homes, home = view.homes, view.tenures.home
    lived_in = np.flatnonzero(homes.occupant != NO_ROW)
    assert (home[homes.occupant[lived_in]] == lived_in).all(), "an occupant lives in the home"
    housed = np.flatnonzero(home != NO_ROW)
    assert (homes.region[home[housed]] == view.households.region[housed]).all()
    assert (np.diff(homes.region) >= 0).all(), "sorted by region"
    for name in ("quality", "value", "rent"):
        assert (getattr(homes, name) > 0.0).all(), name
    assert (homes.mortgage >= 0.0).all()
    assert (homes.asked >= homes.mortgage * (homes.asked > 0.0)).all(), "nobody sells below the debt"
    for table in ("homes", "tenures", "home_markets", "home_decisions"):
        for column in world.tables[table].columns:
            values = world.tables[table].base(column)
            assert values.dtype.kind != "f" or np.isfinite(values).all(), (table, column)


# -- the start -------------------------------------------------------------------------------------------------------


def test_the_first_homes_are_those_of_the_data() -> None:
    world = society(5_000, regions=4)
    view, law = world.view(), world.law
    dwellings_make_sense(world)
    own = owners_at_home(view)
    assert own.mean() == pytest.approx(law("homes.owner_share"), abs=0.001)
    owned = owner_occupied(view)
    assert (view.homes.mortgage[owned] > 0.0).mean() == pytest.approx(0.62, abs=0.05)
    assert view.homes.mortgage[owned].sum() / view.homes.value[owned].sum() == pytest.approx(0.36, abs=0.03)
    income = 12.0 * view.households.permanent_income[own].sum()
    assert view.homes.value[view.tenures.home[own]].sum() / income == pytest.approx(law("homes.value_to_income"))
    assert (view.homes.occupant == NO_ROW).mean() == pytest.approx(law("homes.vacancy"), abs=0.005)
    landlords = np.unique(view.homes.owner[~owned])
    assert len(landlords) / len(own) < 0.12
    assert np.median(view.households.shares[landlords]) > 2.0 * np.median(view.households.shares)
    older = own[view.people.household[view.people.age > 65]].mean()
    assert older > own[view.people.household[view.people.age < 35]].mean() + 0.2


def test_banks_start_with_their_capital_and_savers_with_the_deposits_that_mortgages_made() -> None:
    world, plain = society(2_000), small_world(2_000)
    equity, banks = bank_equity(world.view()), world.view().banks
    assets = banks.reserves + banks.bonds + banks.firm_loans + banks.household_loans + banks.mortgages
    assert equity.sum() / assets.sum() == pytest.approx(world.law("banks.equity_target"), rel=0.01)
    made = world.ledger.total("households", "deposits") - plain.ledger.total("households", "deposits")
    kept = 1.0 - world.law("banks.equity_target")
    assert made == pytest.approx(kept * world.ledger.total("homes", "mortgage"), rel=1e-6)
    assert world.ledger.total("government", "bonds") == pytest.approx(plain.ledger.total("government", "bonds"))


@pytest.mark.parametrize(("people", "regions"), [(3, 1), (12, 4), (40, 2), (100, 8)])
def test_a_handful_of_people_live(people: int, regions: int) -> None:
    """Regions without homes, without sales, without anybody to buy at an auction."""
    world = society(people, regions=regions, parameters={"population.work_cost_median": 0.01})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert live(world, 24) <= 1e-9
    dwellings_make_sense(world)


# -- payments --------------------------------------------------------------------------------------------------------


def test_an_annuity_pays_a_loan_off() -> None:
    for rate, months in ((0.06, 360), (0.0, 120), (0.2, 1)):
        debt, payment = 1.0, float(payment_factor(rate, months))
        for _ in range(months):
            debt = debt * (1.0 + rate / 12.0) - payment
        assert debt == pytest.approx(0.0, abs=1e-9)
    assert float(payment_factor(0.06, 360)) == pytest.approx(0.0059955, abs=1e-7), "as in any table of annuities"


def test_rents_reach_landlords_and_count_in_gdp(grown: dict[str, Any]) -> None:
    world = restored(grown)
    live(world, 1)
    view, ledger = world.view(), world.ledger
    rents = float(ledger.received["rents"].sum())
    assert rents == pytest.approx(view.tenures.rent.sum())
    assert view.tenures.received.sum() == pytest.approx(rents)
    imputed = float(ledger.received["imputed_rents"].sum())
    assert imputed > rents > 0.0
    three = identities.gdp(ledger)
    goods = three.expenditure - rents - imputed
    assert 0.08 < (rents + imputed) / three.expenditure < 0.30, "BEA 2019: housing services 11 % of GDP"
    assert goods > 0.0
    landlord = int(np.argmax(view.tenures.received))
    assert view.households.dividends[landlord] >= view.tenures.received[landlord], "taxed and spent next month"


def test_real_consumption_holds_housing_at_base_rents(grown: dict[str, Any]) -> None:
    """Doubling all rents doubles what is paid and leaves what is consumed as it was."""
    from wildsim.indicators.accounts import consumption_real

    world = restored(grown)
    before = consumption_real(world.view())
    world.tables["homes"].base("rent")[:] *= 2.0
    assert consumption_real(world.view()) == before
    world.tables["homes"].base("occupant")[:] = NO_ROW
    assert consumption_real(world.view()) < before, "an empty home gives no service"


def test_a_debtor_without_cash_owes_more_and_loses_the_home_after_three_months(grown: dict[str, Any]) -> None:
    world = restored(grown)
    homes = world.tables["homes"]
    row = int(np.argsort(-homes.base("mortgage"), kind="stable")[1])  # for the dearest home nobody may have the cash
    owner, debt = int(homes.base("owner")[row]), float(homes.base("mortgage")[row])
    equity = float(bank_equity(world.view()).sum())

    def ruin(world: World, step: str) -> None:
        if step == "sectors.household_credit.borrow":  # whatever comes in is taken away before debts are served
            rows = np.array([owner])
            cash = np.maximum(world.view().households.deposits[rows], 0.0)
            world.ledger.pay("transfers", ("households", cash, rows), "government")

    world.law.start["homes.arrears_sale"] = world.law._now["homes.arrears_sale"] = 0.0
    assert live(world, 2, ruin) <= 1e-9
    assert homes.base("arrears")[row] == 2
    assert homes.base("mortgage")[row] > debt, "interest in arrears is added"
    assert homes.base("owner")[row] == owner
    worth = float(homes.base("value")[row])
    world.ledger.lend("lending_homes", "homes", np.where(np.arange(len(homes)) == row, 3.0 * worth, 0.0))
    taken = world.view().households.deposits[[owner]]
    world.ledger.clear(world.clock.month)
    world.ledger.pay("transfers", ("households", np.maximum(taken, 0.0), np.array([owner])), "government")
    assert live(world, 1, ruin) <= 1e-9
    assert homes.base("owner")[row] != owner
    assert homes.base("mortgage")[row] == 0.0
    assert homes.base("occupant")[row] == owner, "stays as a tenant"
    assert world.tables["households"].base("barred")[owner] > 80
    lost = float(world.ledger.paid["write_off_mortgages"].sum())
    assert lost > worth
    assert float(bank_equity(world.view()).sum()) < equity + debt


def test_a_cent_that_appears_in_a_mortgage_is_found(grown: dict[str, Any]) -> None:
    for column in ("mortgage", "value"):
        world = restored(grown)
        world.tables["homes"].base(column)[3] += 0.01
        with pytest.raises(BooksError, match=rf"homes\.{column}"):
            live(world, 1)


def test_wealth_holds_homes(grown: dict[str, Any]) -> None:
    world = restored(grown)
    view = world.view()
    assert home_equity(view).sum() == pytest.approx((view.homes.value - view.homes.mortgage).sum())
    sheet = identities.balance_sheet(world.ledger)
    assert household_wealth(view).sum() == pytest.approx(sum(sheet["households"].values()), rel=1e-9)
    assert sheet["banks"]["mortgages"] == pytest.approx(-sheet["households"]["mortgages"])
    assert sheet["banks"]["mortgages"] > 0.0


# -- who lives where -------------------------------------------------------------------------------------------------


def test_everybody_lives_somewhere(grown: dict[str, Any]) -> None:
    world = restored(grown)
    for _ in range(12):
        assert live(world, 1) <= 1e-9
        dwellings_make_sense(world)
        assert (world.view().tenures.home != NO_ROW).all()
        assert not lodging(world.view()).any(), "there are more homes than households"


def test_heirs_take_over_homes_and_mortgages(grown: dict[str, Any]) -> None:
    world = restored(grown)
    view = world.view()
    source = np.unique(view.homes.owner)[:6]
    others = np.setdiff1d(np.arange(len(view.households)), source)
    target = np.append(others[:4], [NO_ROW, NO_ROW])
    owned = view.homes.owner.copy()
    equity = home_equity(view)
    hand_over(world, source, target)
    assert not np.isin(view.homes.owner, source).any()
    assert not np.isin(view.homes.occupant, source).any()
    assert home_equity(world.view())[others[0]] == pytest.approx(equity[others[0]] + equity[source[0]])
    assert (view.homes.owner[np.isin(owned, source[4:])] == NO_ROW).all()
    assert live(world, 1) <= 1e-9
    assert (world.view().homes.owner != NO_ROW).all(), "homes without owner found one"
    dwellings_make_sense(world)


def test_with_deaths_and_births_homes_pass_on_and_are_divided() -> None:
    world = small_world(800, sectors={"homes", "demography"})
    first = len(world.view().homes)
    assert live(world, 48) <= 1e-9
    dwellings_make_sense(world)
    view = world.view()
    assert len(view.homes) >= first
    assert lodging(view).mean() < 0.02
    assert len(np.unique(view.homes.id)) == len(view.homes)


def test_newcomers_find_homes_and_dividing_makes_no_value(grown: dict[str, Any]) -> None:
    from wildsim.sectors.housing_stock import divide

    world = restored(grown)
    world.law.set("homes.vacancy", 0.2)
    before = world.ledger.total("homes", "value"), world.view().homes.quality.sum(), len(world.view().homes)
    world.ledger.clear(world.clock.month)
    value(world)
    start = world.ledger.total("homes", "value")
    divide(world)
    assert len(world.view().homes) > before[2]
    assert world.view().homes.quality.sum() == pytest.approx(before[1], rel=1e-12)
    assert world.ledger.total("homes", "value") == pytest.approx(start, rel=1e-12)
    dwellings_make_sense(world)


# -- whoever decides, whenever it stops ------------------------------------------------------------------------------


COLUMNS = ("bid", "invest", "sell", "sell_let", "ask")


@pytest.mark.parametrize("part", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("name", COLUMNS)
def test_any_decision_may_be_any_legal_constant(grown: dict[str, Any], name: str, part: float) -> None:
    world = restored(grown)

    def mind(world: World, role: str, column: str, values: NDArray[Any]) -> NDArray[Any] | None:
        if column != name:
            return None
        low, high = bounds(world, world.tables["home_decisions"].columns[name])
        return np.full(len(values), low + part * (high - low))

    world.minds = [mind]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert live(world, 6) <= 1e-9
    dwellings_make_sense(world)


def test_saved_and_restored_it_goes_on_as_if_it_had_not_stopped(grown: dict[str, Any]) -> None:
    one = restored(grown)
    live(one, 3)
    two = society(600)
    two.load(one.state())
    live(one, 3)
    live(two, 3)
    assert same(one.state(), two.state()) == []


def test_switched_off_it_changes_nothing() -> None:
    """The same bytes as a society that has never heard of homes: no table, no flow, no parameter counts."""
    one = small_world(300)
    two = small_world(300, parameters={"homes.rent_share": 0.9, "homes.loan_to_value": 0.1, "homes.risk_weight": 2.0})
    assert not {"homes", "tenures", "home_markets", "home_decisions"} & set(one.tables)
    live(one, 6)
    live(two, 6)
    assert same(one.state(), two.state()) == []


def test_money_in_another_unit_leaves_everything_real() -> None:
    from tests.properties import test_money_units as units
    from wildsim.core.parameters import load_parameters, resolve

    values = resolve("us", {})
    scaled: dict[str, object] = {
        name: units.FACTOR * float(values[name])
        for name, parameter in load_parameters("us").items()
        if parameter.unit.startswith("USD") and isinstance(values[name], int | float)
    }
    one, other = society(500), society(500, parameters=scaled)
    live(one, 12)
    live(other, 12)
    assert units._differences(one, other) == []


@pytest.mark.parametrize("threads", [2, 3])
def test_any_number_of_threads_gives_the_same_bytes(threads: int) -> None:
    one, several = society(600, regions=4), society(600, regions=4, threads=threads)
    live(one, 4)
    live(several, 4)
    several.tiles.close()
    assert same(one.state(), several.state()) == []


def test_a_home_that_sells_leaves_the_other_region_as_it_was(grown: dict[str, Any]) -> None:
    """One household puts its home up for sale; no home, tenant or price elsewhere moves by a bit in that month."""
    plain, other = restored(grown), restored(grown)

    def mind(world: World, role: str, column: str, values: NDArray[Any]) -> NDArray[Any] | None:
        if column != "sell":
            return None
        return np.where(world.view().people.household == seller, 1.0, values)

    seller = int(np.flatnonzero(owners_at_home(plain.view()))[0])
    other.minds = [mind]
    live(plain, 1)
    live(other, 1)
    mine = int(plain.view().tenures.home[seller])
    assert other.tables["homes"].base("asked")[mine] > 0.0 or other.tables["homes"].base("owner")[mine] != seller
    for table in ("homes", "tenures"):
        region = (plain.tables["homes"] if table == "homes" else plain.tables["households"]).base("region")
        for column in set(plain.tables[table].columns):
            a, b = (w.tables[table].base(column)[region == 1] for w in (plain, other))
            assert np.array_equal(a, b), (table, column)
    for column in plain.tables["home_markets"].columns:
        a, b = (w.tables["home_markets"].base(column)[1] for w in (plain, other))
        assert a == b, column


def test_one_home_more_leaves_the_luck_of_the_others(grown: dict[str, Any]) -> None:
    plain, other = restored(grown), restored(grown)
    other.law.set("homes.vacancy", 0.05)
    from wildsim.sectors.housing_stock import divide

    other.ledger.clear(other.clock.month)
    divide(other)
    assert len(other.view().homes) > len(plain.view().homes)
    for stream, table in (("listing", "homes"), ("rent_review", "homes"), ("investors", "households")):
        found = [
            dict(zip(w.tables[table].base("id").tolist(), w.view().uniform(stream, table)[0].tolist(), strict=True))
            for w in (plain, other)
        ]
        assert all(found[1][number] == luck for number, luck in found[0].items())
