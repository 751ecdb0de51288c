"""The ledger: every verb books both sides, at the bank of each party, reserves included."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds import small_world
from wildsim.core.errors import BooksError
from wildsim.state import identities
from wildsim.state.accounts import ACCOUNTS, SECTORS
from wildsim.state.ledger import Ledger
from wildsim.state.world import World


@pytest.fixture
def world() -> World:
    return small_world(300)


def amounts(world: World, table: str, low: float = 0.0, high: float = 10.0) -> Any:
    return np.random.default_rng(5).uniform(low, high, len(world.tables[table]))


def closes(ledger: Ledger, verb: Callable[[], object]) -> float:
    """Run `verb` as a whole month and return the largest identity error."""
    ledger.clear()
    opening = identities.net_worths(ledger)
    verb()
    return identities.close_month(ledger, 0, opening)


def held(world: World, table: str, column: str) -> Any:
    return world.tables[table].base(column).copy()


def test_paying_moves_deposits_at_both_banks_and_their_reserves(world: World) -> None:
    households, firms, banks = (world.tables[n] for n in ("households", "firms", "banks"))
    payer, payee = 3, 7
    households.base("bank")[payer], firms.base("bank")[payee] = 0, 1
    before = {name: held(world, "banks", name) for name in ("deposits", "reserves")}
    paid, received = np.zeros(len(households)), np.zeros(len(firms))
    paid[payer] = received[payee] = 40.0
    cash = held(world, "households", "deposits")[payer], held(world, "firms", "deposits")[payee]
    world.ledger.pay("consumption", ("households", paid), ("firms", received))
    assert held(world, "households", "deposits")[payer] == cash[0] - 40
    assert held(world, "firms", "deposits")[payee] == cash[1] + 40
    for name in ("deposits", "reserves"):
        change = banks.base(name) - before[name]
        assert change[:2] == pytest.approx([-40, 40])
        assert change[2:] == pytest.approx(0)
    assert world.ledger.net("consumption", "households") == -40
    assert world.ledger.net("consumption", "firms") == 40


def test_rows_may_be_named_and_may_occur_twice(world: World) -> None:
    rows, before = np.array([2, 5, 2]), held(world, "firms", "deposits")
    world.ledger.pay("takeover", ("firms", np.array([1.0, 2.0, 3.0]), rows), "government")
    change = held(world, "firms", "deposits") - before
    assert change[[2, 5]] == pytest.approx([-4, -2])
    assert held(world, "government", "treasury")[0] == 6
    assert held(world, "central_bank", "treasury")[0] == 6


@pytest.mark.parametrize(
    ("payer", "payee"),
    [
        ("households", "firms"),
        ("households", "government"),
        ("government", "households"),
        ("firms", "banks"),
        ("banks", "households"),
        ("banks", "government"),
        ("banks", "central_bank"),
        ("central_bank", "banks"),
        ("central_bank", "government"),
        ("government", "central_bank"),
        ("abroad", "households"),
        ("households", "abroad"),
        ("government", "banks"),
    ],
)
def test_payments_between_all_sectors_close(world: World, payer: str, payee: str) -> None:
    """Whoever has a single row may be named without amounts."""
    single = ("government", "central_bank", "abroad")
    many = payee if payee not in single else payer
    sums = amounts(world, many)
    other = payer if many == payee else payee
    if other in single:
        legs = (payer, (payee, sums)) if many == payee else ((payer, sums), payee)
    else:
        share = amounts(world, other)
        share = share / share.sum() * sums.sum()
        legs = ((payer, share), (payee, sums)) if many == payee else ((payer, sums), (payee, share))
    before = identities.net_worths(world.ledger)
    assert closes(world.ledger, lambda: world.ledger.pay("transfers", *legs)) < 1e-12
    after = identities.net_worths(world.ledger)
    total = float(sums.sum())
    for sector in SECTORS:
        expected = total * ((sector == payee) - (sector == payer))
        assert after[sector] - before[sector] == pytest.approx(expected, abs=1e-4), sector


def _verbs(world: World) -> dict[str, Callable[[], object]]:
    ledger = world.ledger
    firms, banks = world.tables["firms"], world.tables["banks"]
    some = np.flatnonzero(firms.base("loans") > 0)[:3]
    rich = int(np.argmax(firms.base("inventory_value")))
    value = 0.25 * firms.base("inventory_value")[[rich]]
    bank = np.array([3.0, 0.0, 2.0, 1.0])[: len(banks)]
    return {
        "lend to firms": lambda: ledger.lend("lending_firms", "firms", amounts(world, "firms")),
        "lend to households": lambda: ledger.lend("lending_households", "households", amounts(world, "households")),
        "repay firms": lambda: ledger.repay("repayment_firms", "firms", 0.1 * firms.base("loans")),
        "repay households": lambda: ledger.repay(
            "repayment_households", "households", 0.1 * world.tables["households"].base("loans")
        ),
        "write off firms": lambda: ledger.write_off("write_off_firms", "firms", 0.5 * firms.base("loans")),
        "write off households": lambda: ledger.write_off(
            "write_off_households", "households", 0.5 * world.tables["households"].base("loans")
        ),
        "refinance": lambda: ledger.refinance(
            "refinancing", some, ((firms.base("lender")[some] + 1) % len(banks)).astype(np.int16)
        ),
        "issue": lambda: ledger.issue("bonds_issued", bank),
        "redeem from banks": lambda: ledger.redeem("bonds_redeemed", "banks", bank),
        "redeem from the central bank": lambda: ledger.redeem("bonds_redeemed", "central_bank", np.array([4.0])),
        "open market": lambda: ledger.open_market("open_market", bank - 1.5),
        "advance": lambda: ledger.advance("advances_given", bank, 1.0),
        "take back": lambda: ledger.advance("advances_repaid", bank, -1.0),
        "produce": lambda: ledger.revalue("production", "inventory_value", amounts(world, "firms")),
        "wear": lambda: ledger.revalue("depreciation", "capital_value", amounts(world, "firms"), -1.0),
        "hand over": lambda: ledger.transfer_estate(
            "takeover_goods", np.array([rich]), np.array([rich - 1]), {"inventory_value": (value, value)}
        ),
    }


VERBS = sorted(_verbs(small_world(300)))


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_books_both_sides(world: World, verb: str) -> None:
    before = {key: held(world, *key) for key in world.ledger.booked}
    assert closes(world.ledger, _verbs(world)[verb]) < 1e-12
    moved = [key for key in before if (held(world, *key) != before[key]).any()]
    assert moved, "nothing happened"


def test_lending_makes_deposits_and_debts_and_uses_reserves(world: World) -> None:
    firms, banks = world.tables["firms"], world.tables["banks"]
    firms.base("lender")[4], firms.base("bank")[4] = 0, 1
    before = {n: held(world, "banks", n) for n in ("reserves", "deposits", "firm_loans")}
    loan = np.zeros(len(firms))
    loan[4] = 100.0
    debt = firms.base("loans")[4]
    world.ledger.lend("lending_firms", "firms", loan)
    change = {n: banks.base(n) - before[n] for n in before}
    assert firms.base("loans")[4] == debt + 100
    assert change["firm_loans"][:2] == pytest.approx([100, 0])
    assert change["deposits"][:2] == pytest.approx([0, 100])
    assert change["reserves"][:2] == pytest.approx([-100, 100])


def test_writing_off_is_the_loss_of_the_lender(world: World) -> None:
    firms = world.tables["firms"]
    lost = world.ledger.write_off("write_off_firms", "firms", firms.base("loans").copy())
    assert lost.sum() == pytest.approx(world.ledger.received["write_off_firms"][1])
    assert firms.base("loans").sum() == 0
    assert world.tables["banks"].base("firm_loans") == pytest.approx(0, abs=1e-6)


def test_refinancing_moves_the_loan_and_the_lender(world: World) -> None:
    firms, banks = world.tables["firms"], world.tables["banks"]
    rows = np.flatnonzero(firms.base("loans") > 0)[:1]
    old, loan = int(firms.base("lender")[rows[0]]), float(firms.base("loans")[rows[0]])
    new = (old + 1) % len(banks)
    before = held(world, "banks", "firm_loans")
    world.ledger.refinance("refinancing", rows, np.array([new], dtype=np.int16))
    assert firms.base("lender")[rows[0]] == new
    change = banks.base("firm_loans") - before
    assert change[[old, new]] == pytest.approx([-loan, loan])


@pytest.mark.parametrize("sector", ["households", "firms", "banks", "government"])
@pytest.mark.parametrize("bad", [-5.0, np.nan, np.inf])
def test_amounts_that_make_no_sense_are_refused(world: World, sector: str, bad: float) -> None:
    sums = np.zeros(len(world.tables[sector]))
    sums[-1] = bad
    world.ledger.clear(17)
    with pytest.raises(BooksError, match=r"month 17: transfers"):
        world.ledger.pay("transfers", (sector, sums), "abroad")


def test_bad_amounts_for_named_rows_are_refused(world: World) -> None:
    with pytest.raises(BooksError, match="takeover"):
        world.ledger.pay("takeover", ("firms", np.array([-1.0]), np.array([0])), "government")


def test_an_account_must_be_known(world: World) -> None:
    with pytest.raises(KeyError):
        world.ledger.pay("pocket money", ("households", amounts(world, "households")), "government")
    with pytest.raises(BooksError, match="mars"):
        world.ledger.pay("transfers", ("mars", np.ones(1)), "government")


@given(st.lists(st.sampled_from(VERBS), min_size=1, max_size=12))
def test_any_sequence_of_verbs_closes(names: list[str]) -> None:
    world = small_world(300)
    ledger = world.ledger

    def month() -> None:
        for name in names:
            _verbs(world)[name]()

    assert closes(ledger, month) < 1e-12


def test_clear_forgets_flows_but_not_totals(world: World) -> None:
    ledger = world.ledger
    _verbs(world)["produce"]()
    booked = dict(ledger.booked)
    ledger.clear()
    assert all((ledger.received[name] == 0).all() and (ledger.paid[name] == 0).all() for name in ACCOUNTS)
    assert ledger.booked == booked


def test_booked_totals_survive_saving(world: World) -> None:
    _verbs(world)["lend to firms"]()
    saved = pickle.loads(pickle.dumps(world.ledger.state()))
    other = small_world(300)
    other.ledger.load(saved)
    assert other.ledger.booked == world.ledger.booked


def test_error_crosses_processes() -> None:
    error = pickle.loads(pickle.dumps(BooksError(3, "wages", 0.01, "Why.")))
    assert (error.month, error.account, error.amount, error.detail) == (3, "wages", 0.01, "Why.")
