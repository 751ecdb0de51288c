"""The identities of the books: they hold, and a leak of one cent is found and named."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tests.worlds import live, small_world
from wildsim.core.errors import BooksError
from wildsim.state import identities
from wildsim.state.accounts import ACCOUNTS, SECTORS
from wildsim.state.world import World

CENT = 0.01
MONTH = -237


@pytest.fixture(scope="module")
def grown() -> dict[str, object]:
    """The state of a small society after three months."""
    world = small_world(300)
    live(world, 3)
    return world.state()


@pytest.fixture
def world(grown: dict[str, object]) -> World:
    world = small_world(300)
    world.load(grown)
    return world


def _after(step: str, leak: Callable[[World], None]) -> Callable[[World, str], None]:
    """Leak once, after the step of that name."""

    def meddle(world: World, name: str) -> None:
        if name == step:
            leak(world)

    return meddle


def _change(table: str, column: str, row: int, amount: float) -> Callable[[World], None]:
    def leak(world: World) -> None:
        world.tables[table].base(column)[row] += amount

    return leak


def test_books_close_to_rounding_in_every_month() -> None:
    assert live(small_world(300), 12) < 1e-12


MONEY = [
    (table.name, column.name)
    for table in small_world(300).tables.values()
    for column in table.columns.values()
    if column.kind == "money"
]


@pytest.mark.parametrize(("table", "column"), MONEY, ids=[f"{t}.{c}" for t, c in MONEY])
@pytest.mark.parametrize(
    ("step", "amount"), [("sectors.goods.buy", CENT), ("sectors.expectations.look_back", -CENT)], ids=["in", "out"]
)
def test_one_cent_behind_the_ledgers_back_is_named(
    world: World, table: str, column: str, step: str, amount: float
) -> None:
    with pytest.raises(BooksError) as caught:
        live(world, 1, _after(step, _change(table, column, 0, amount)))
    assert caught.value.month == MONTH
    assert caught.value.account == f"{table}.{column}"
    assert caught.value.amount == pytest.approx(amount, rel=0.02)
    assert str(MONTH) in str(caught.value)


def test_one_cent_in_the_smallest_account_is_named(world: World) -> None:
    cash = world.tables["households"].base("deposits")
    poorest = int(np.argmin(np.where(cash > 0, cash, np.inf)))
    with pytest.raises(BooksError, match=r"households\.deposits is off by -0\.01"):
        live(world, 1, _after("sectors.shocks.draw", _change("households", "deposits", poorest, -CENT)))


@pytest.mark.parametrize("side", ["received", "paid"])
@pytest.mark.parametrize(
    "account", [name for name, account in ACCOUNTS.items() if account.kind not in ("real", "revaluation")]
)
def test_a_flow_with_one_side_is_named(world: World, account: str, side: str) -> None:
    def leak(world: World) -> None:
        getattr(world.ledger, side)[account][0] += CENT

    with pytest.raises(BooksError) as caught:
        live(world, 1, _after("sectors.finance.settle", leak))
    assert (caught.value.month, caught.value.account) == (MONTH, account)
    assert caught.value.amount == pytest.approx(CENT if side == "received" else -CENT, rel=0.02)


@pytest.mark.parametrize("sector", ["households", "firms", "banks", "government"])
def test_a_payment_of_which_one_side_is_forgotten_is_named(world: World, sector: str) -> None:
    def leak(world: World) -> None:
        world.ledger._cash("transfers", (sector, np.full(len(world.tables[sector]), CENT)), -1.0)

    with pytest.raises(BooksError) as caught:
        live(world, 1, _after("sectors.income.earn", leak))
    assert (caught.value.month, caught.value.account) == (MONTH, "transfers")
    assert caught.value.amount == pytest.approx(-CENT * len(world.tables[sector]))


def test_a_payer_who_pays_more_than_the_payee_gets_is_named(world: World) -> None:
    def leak(world: World) -> None:
        paid, got = np.zeros(len(world.tables["households"])), np.zeros(len(world.tables["firms"]))
        paid[5], got[2] = 1.01, 1.00
        world.ledger.pay("transfers", ("households", paid), ("firms", got))

    with pytest.raises(BooksError, match=f"month {MONTH}: transfers is off by -0.01"):
        live(world, 1, _after("sectors.income.earn", leak))


def test_a_loan_without_a_claim_is_named(world: World) -> None:
    def leak(world: World) -> None:
        loan = np.zeros(len(world.tables["firms"]))
        loan[1] = CENT
        world.tables["firms"].base("loans")[1] += CENT
        world.ledger._book("firms", "loans", CENT)

    with pytest.raises(BooksError) as caught:
        live(world, 1, _after("sectors.credit.borrow", leak))
    assert caught.value.account == "firm_loans"
    assert caught.value.amount == pytest.approx(-CENT, rel=0.02)


def test_a_claim_at_the_wrong_bank_is_named(world: World) -> None:
    def leak(world: World) -> None:
        claims = world.tables["banks"].base("household_loans")
        claims[0] += CENT
        claims[1] -= CENT

    with pytest.raises(BooksError, match=r"banks\.household_loans is off by -?0\.01"):
        live(world, 1, _after("sectors.goods.buy", leak))


def test_a_customer_who_changes_banks_without_the_money_is_named(world: World) -> None:
    def leak(world: World) -> None:
        bank = world.tables["households"].base("bank")
        bank[3] = (bank[3] + 1) % len(world.tables["banks"])

    with pytest.raises(BooksError, match=r"banks\.deposits"):
        live(world, 1, _after("sectors.expectations.look_back", leak))


def test_bonds_without_a_holder_are_named(world: World) -> None:
    def leak(world: World) -> None:
        world.ledger._hold("government", "bonds", np.array([1.0]), 1.0)

    with pytest.raises(BooksError) as caught:
        live(world, 1, _after("sectors.treasury.finance", leak))
    assert (caught.value.month, caught.value.account) == (MONTH, "bonds")


def test_wealth_out_of_nothing_is_named(world: World) -> None:
    """Both sides of the books agree, but no flow says where the new machine came from."""

    def leak(world: World) -> None:
        world.ledger._hold("firms", "capital_value", np.full(len(world.tables["firms"]), 1.0), 1.0)

    with pytest.raises(BooksError) as caught:
        live(world, 1, _after("sectors.goods.buy", leak))
    assert (caught.value.month, caught.value.account) == (MONTH, "firms.net_worth")
    assert caught.value.amount == pytest.approx(len(world.tables["firms"]), rel=0.01)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_number_that_is_none_is_named(world: World, value: float) -> None:
    def leak(world: World) -> None:
        world.tables["firms"].base("inventory_value")[0] = value

    with pytest.raises(BooksError, match=rf"month {MONTH}"):
        live(world, 1, _after("sectors.finance.settle", leak))


def test_the_three_gdps_are_one(world: World) -> None:
    live(world, 1)
    three = identities.gdp(world.ledger)
    assert three.production > 0
    assert three.income == pytest.approx(three.production, rel=1e-12)
    assert three.expenditure == pytest.approx(three.production, rel=1e-12)


def test_a_balance_sheet_has_rows_that_sum_to_zero(world: World) -> None:
    live(world, 1)
    sheet = identities.balance_sheet(world.ledger)
    assert list(sheet) == list(SECTORS)
    for instrument in (*identities.INSTRUMENTS, "equity"):
        entries = [sheet[sector].get(instrument, 0.0) for sector in SECTORS]
        assert sum(entries) == pytest.approx(0.0, abs=1e-12 * sum(abs(x) for x in entries) + 1e-9), instrument
    for sector in ("firms", "banks"):
        assert sum(sheet[sector].values()) == pytest.approx(0.0, abs=1e-3), "equity is what is left"
    real = sheet["firms"]["capital"] + sheet["firms"]["inventories"]
    assert sum(sum(row.values()) for row in sheet.values()) == pytest.approx(real)


def test_a_hundred_times_the_tolerance_is_found_where_a_tenth_is_let_pass(world: World) -> None:
    """The scale is the sum of the absolute amounts of the row."""
    for factor, found in ((0.1, False), (100.0, True)):
        world.ledger.clear()
        opening = identities.net_worths(world.ledger)
        world.ledger.received["transfers"][:2] = [1e6, 0.0]
        world.ledger.paid["transfers"][:2] = [1e6 + factor * identities.TOLERANCE * 2e6, 0.0]
        if found:
            with pytest.raises(BooksError, match="transfers"):
                identities.close_month(world.ledger, 0, opening)
        else:
            identities.close_month(world.ledger, 0, opening)


@pytest.fixture(scope="module")
def large() -> tuple[World, dict[str, object]]:
    """A society as large as that of us.yaml, and its state after a month."""
    world = small_world(20_000, 8)
    live(world, 1)
    return world, world.state()


@pytest.mark.parametrize(("table", "column"), MONEY, ids=[f"{t}.{c}" for t, c in MONEY])
def test_a_ten_millionth_of_gdp_is_named_among_20_000_people(
    large: tuple[World, dict[str, object]], table: str, column: str
) -> None:
    world, state = large
    world.load(state)
    leak = 1e-7 * float(world.tables["macro"].base("gdp")[0])
    with pytest.raises(BooksError) as caught:
        live(world, 1, _after("sectors.goods.buy", _change(table, column, 0, leak)))
    assert (caught.value.month, caught.value.account) == (-239, f"{table}.{column}")
    assert caught.value.amount == pytest.approx(leak, rel=0.01)


@pytest.mark.parametrize("account", ["consumption", "wages", "bond_interest_banks", "lending_firms"])
def test_a_flow_with_one_side_is_named_among_20_000_people(
    large: tuple[World, dict[str, object]], account: str
) -> None:
    world, state = large
    world.load(state)
    leak = 1e-7 * float(world.tables["macro"].base("gdp")[0])

    def forget(world: World) -> None:
        world.ledger.paid[account][0] += leak

    with pytest.raises(BooksError) as caught:
        live(world, 1, _after("sectors.goods.buy", forget))
    assert (caught.value.month, caught.value.account) == (-239, account)
    assert caught.value.amount == pytest.approx(-leak, rel=0.01)
