"""Leaks planted in the real scenarios are named within their month, with account and amount."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from wildsim import society as living
from wildsim.core.errors import BooksError
from wildsim.scenario.load import load
from wildsim.society import Society
from wildsim.state.ledger import Ledger
from wildsim.state.step import MovingStep
from wildsim.state.world import World

CENT = 0.01


class Lived:
    """A society that has lived a while, and can be put back to where it was."""

    def __init__(self, file: str, burn_in: int):
        """Live the burn-in and remember its end."""
        self.society = Society(load(file, [f"burn_in={burn_in}"]))
        self.society.burn_in()
        self.saved = self.society.snapshot()

    def fresh(self) -> Society:
        """Return the society as it was at the start of month 0."""
        self.society.restore(self.saved)
        return self.society

    def base(self, table: str, column: str) -> Any:
        """Return a column as it was at the start of month 0."""
        return self.saved[f"table.{table}.{column}"]


@pytest.fixture(scope="module")
def minimal() -> Lived:
    return Lived("scenarios/minimal.yaml", 13)


@pytest.fixture(scope="module")
def us() -> Lived:
    return Lived("scenarios/us.yaml", 2)


def _caught(society: Society, month: int = 0) -> BooksError:
    with pytest.raises(BooksError) as caught:
        society.step()
    assert caught.value.month == month
    assert f"month {month}" in str(caught.value)
    return caught.value


def _leak_before(monkeypatch: pytest.MonkeyPatch, step: str, table: str, column: str, row: int, usd: float) -> None:
    """Let a step start by changing a money column directly."""

    def wrapped(world: World) -> None:
        world.tables[table].base(column)[row] += usd
        chosen(world)

    chosen = next(s for s in living.MONTH if getattr(s, "name", "") == step)
    month = tuple(MovingStep(step, wrapped, {}) if s is chosen else s for s in living.MONTH)
    monkeypatch.setattr(living, "MONTH", month)


def _leak_in_pay(monkeypatch: pytest.MonkeyPatch, account: str, side: str, usd: float) -> None:
    """Let one side of the first payment on an account be `usd` more than the other."""
    honest = Ledger._cash
    left = [usd]

    def cash(self: Ledger, name: str, leg: Any, sign: float) -> float:
        if name == account and (sign > 0) == (side == "payee") and left:
            amounts = np.array(leg[1], dtype=np.float64)
            amounts[int(np.argmax(amounts))] += left.pop()
            leg = (leg[0], amounts, *leg[2:])
        return honest(self, name, leg, sign)

    monkeypatch.setattr(Ledger, "_cash", cash)


STOCKS = [
    ("households", "deposits"),
    ("households", "loans"),
    ("firms", "deposits"),
    ("firms", "loans"),
    ("firms", "inventory_value"),
    ("firms", "capital_value"),
    ("banks", "reserves"),
    ("banks", "bonds"),
    ("banks", "deposits"),
    ("government", "bonds"),
    ("central_bank", "bonds"),
]
#: Payments and the side that leaks; where the state pays or is paid, its side follows from the other one.
FLOWS = [
    *((account, side) for account in ("wages", "consumption", "investment") for side in ("payer", "payee")),
    *((account, side) for account in ("firm_dividends", "loan_interest_firms") for side in ("payer", "payee")),
    *((account, "payee") for account in ("income_tax", "payroll_tax", "product_tax")),
    *((account, "payer") for account in ("benefits", "pensions", "public_wages")),
]
flows = pytest.mark.parametrize(("account", "side"), FLOWS, ids=[f"{account}.{side}" for account, side in FLOWS])
STEPS = ["sectors.labour.work", "sectors.goods.buy", "sectors.expectations.look_back"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(("table", "column"), STOCKS, ids=[f"{t}.{c}" for t, c in STOCKS])
def test_a_cent_in_the_smallest_account_of_minimal_yaml(
    minimal: Lived, monkeypatch: pytest.MonkeyPatch, table: str, column: str, step: str
) -> None:
    held = np.abs(minimal.base(table, column))
    smallest = int(np.argmin(np.where(held > 0.0, held, np.inf)))
    _leak_before(monkeypatch, step, table, column, smallest, CENT)
    error = _caught(minimal.fresh())
    assert error.account == f"{table}.{column}"
    assert error.amount == pytest.approx(CENT, rel=0.02)


@flows
def test_a_cent_in_one_leg_of_a_payment_of_minimal_yaml(
    minimal: Lived, monkeypatch: pytest.MonkeyPatch, account: str, side: str
) -> None:
    _leak_in_pay(monkeypatch, account, side, CENT)
    error = _caught(minimal.fresh())
    assert error.account == account
    assert abs(error.amount) == pytest.approx(CENT, rel=0.02)


@flows
def test_a_ten_millionth_of_gdp_in_one_leg_of_a_payment_of_us_yaml(
    us: Lived, monkeypatch: pytest.MonkeyPatch, account: str, side: str
) -> None:
    society = us.fresh()
    leak = 1e-7 * society.indicators["gdp"]
    _leak_in_pay(monkeypatch, account, side, leak)
    error = _caught(society)
    assert error.account == account
    assert abs(error.amount) == pytest.approx(leak, rel=0.02)


@pytest.mark.parametrize(("table", "column"), STOCKS, ids=[f"{t}.{c}" for t, c in STOCKS])
def test_a_ten_millionth_of_gdp_in_the_smallest_account_of_us_yaml(
    us: Lived, monkeypatch: pytest.MonkeyPatch, table: str, column: str
) -> None:
    society = us.fresh()
    leak = 1e-7 * society.indicators["gdp"]
    held = np.abs(us.base(table, column))
    smallest = int(np.argmin(np.where(held > 0.0, held, np.inf)))
    _leak_before(monkeypatch, "sectors.goods.buy", table, column, smallest, leak)
    error = _caught(society)
    assert error.account == f"{table}.{column}"
    assert error.amount == pytest.approx(leak, rel=0.02)


def test_honest_months_raise_nothing(minimal: Lived, us: Lived) -> None:
    for lived in (minimal, us):
        society = lived.fresh()
        society.run_for(2)
        assert society.largest_error <= 1e-9
