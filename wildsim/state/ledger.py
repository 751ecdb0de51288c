"""The ledger: the only hand that moves money and claims.

Every verb books both sides, in bulk. The two sides are summed apart, so that a leak between them shows at the end of
the month; `wildsim.state.identities` does the checking.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from wildsim.core.errors import BooksError
from wildsim.core.table import F64, I16, I32, I64, Table, sum_by
from wildsim.kernels.posting import add_up, post
from wildsim.state.accounts import ACCOUNTS, SECTORS
from wildsim.state.tiles import Tiles

#: A sector with amounts for all of its rows, or with amounts and the rows they belong to.
Amounts = tuple[str, F64] | tuple[str, F64, I64 | I32]
#: One side of a payment.
Leg = str | Amounts

#: A bank that gives all it has may go below zero by so much, USD.
ROUNDING = 1e-6

_ROW = {name: i for i, name in enumerate(SECTORS)}


class Ledger:
    """Books of a society.

    Attributes:
        received, paid: USD of the month by account name, each an array over `SECTORS`.
        booked: Running total of every money column as the verbs booked it: {(table, column): USD}.
        turnover: Sum of the absolute amounts booked this month, likewise.
        month: The month that is being lived, for messages.
    """

    month = 0

    def __init__(self, tables: Mapping[str, Table], tiles: Tiles):
        """Keep the books of `tables` (by name), working in `tiles`."""
        self._tables, self._tiles = tables, tiles
        #: The flow matrix of the month, accounts x sectors, USD; `received` and `paid` are its rows by name.
        self.all_received, self.all_paid = np.zeros((2, len(ACCOUNTS), len(SECTORS)))
        self.received: dict[str, F64] = dict(zip(ACCOUNTS, self.all_received, strict=True))
        self.paid: dict[str, F64] = dict(zip(ACCOUNTS, self.all_paid, strict=True))
        self.booked: dict[tuple[str, str], float] = {}
        self.turnover: dict[tuple[str, str], float] = {}
        for name, table in tables.items():
            for column in table.columns.values():
                if column.kind == "money":
                    self.booked[name, column.name] = 0.0
        self.clear()

    def clear(self, month: int = 0) -> None:
        """Start `month`: forget the flows of the last one."""
        self.month = month
        self.all_received[:] = 0.0
        self.all_paid[:] = 0.0
        self.turnover = dict.fromkeys(self.booked, 0.0)

    # -- verbs ---------------------------------------------------------------------------------------------------

    def pay(self, account: str, payer: Leg, payee: Leg) -> None:
        """Move money from payer to payee.

        Args:
            account: Row of the flow matrix. payer, payee: A leg without amounts (a single-row sector) pays or
                receives the total of the other; at least one leg must have amounts.

        Raises:
            BooksError: An amount is negative or not finite.
        """
        if isinstance(payer, str):
            assert not isinstance(payee, str)
            amount = self._cash(account, payee, +1.0)
            self._cash(account, (payer, np.array([amount])), -1.0)
        else:
            amount = self._cash(account, payer, -1.0)
            self._cash(account, (payee, np.array([amount])) if isinstance(payee, str) else payee, +1.0)

    def lend(self, account: str, borrowers: str, amounts: F64) -> None:
        """Give loans: the borrower's deposits and debt grow, the lender's claims grow and its reserves fall.

        Args:
            borrowers: "firms" (from their `lender`) or "households" (from their `bank`). amounts: USD a row.
        """
        self._claims(account, borrowers, amounts, +1.0)
        self._cash(account, (borrowers, amounts), +1.0)

    def repay(self, account: str, borrowers: str, amounts: F64) -> None:
        """Pay loans back: the reverse of `lend`."""
        self._claims(account, borrowers, amounts, -1.0)
        self._cash(account, (borrowers, amounts), -1.0)

    def write_off(self, account: str, borrowers: str, amounts: F64) -> F64:
        """Cancel loans that are lost; return the loss of each bank, USD."""
        lost = self._claims(account, borrowers, amounts, -1.0, cash=False)
        self.received[account][_ROW[borrowers]] += self._last_total
        self.paid[account][_ROW["banks"]] += float(lost.sum())
        return lost

    def refinance(self, account: str, rows: I64, new_lender: I16) -> None:
        """Move the loans of the firms in `rows` to another bank, which pays the old one off."""
        firms, banks = self._tables["firms"], self._tables["banks"]
        loans, lender, count = firms.base("loans")[rows], firms.base("lender"), len(banks)
        out = sum_by(lender[rows], loans, count)
        into = sum_by(new_lender, loans, count)
        banks.base("firm_loans")[:] += into - out
        lender[rows] = new_lender
        self._book("banks", "firm_loans", float(into.sum() - out.sum()))
        self._cash(account, ("banks", into), -1.0)
        self._cash(account, ("banks", out), +1.0)

    def assume(self, account: str, source: I64, target: I64) -> None:
        """Let households in the rows `target` take over the loans of those in `source`; their bank pays the old one."""
        households, banks = self._tables["households"], self._tables["banks"]
        loans, bank, count = households.base("loans"), households.base("bank"), len(banks)
        amounts = loans[source]
        out, into = sum_by(bank[source], amounts, count), sum_by(bank[target], amounts, count)
        loans[source] = 0.0
        np.add.at(loans, target, amounts)
        self.turnover["households", "loans"] += 2.0 * float(amounts.sum())
        banks.base("household_loans")[:] += into - out
        self._book("banks", "household_loans", float(into.sum() - out.sum()))
        self._cash(account, ("banks", into), -1.0)
        self._cash(account, ("banks", out), +1.0)

    def issue(self, account: str, amounts: F64) -> None:
        """Sell government bonds to the banks, USD a bank."""
        self._hold("banks", "bonds", amounts, +1.0)
        self._hold("government", "bonds", amounts.sum(keepdims=True), +1.0)
        self.pay(account, ("banks", amounts), "government")

    def redeem(self, account: str, holder: str, amounts: F64) -> None:
        """Buy government bonds back from "banks" or the "central_bank", USD a row."""
        self._hold(holder, "bonds", amounts, -1.0)
        self._hold("government", "bonds", amounts.sum(keepdims=True), -1.0)
        self.pay(account, "government", (holder, amounts))

    def open_market(self, account: str, amounts: F64) -> None:
        """Let the central bank buy bonds from the banks (negative: sell), USD a bank."""
        for side, sign in ((np.maximum(amounts, 0.0), 1.0), (np.maximum(-amounts, 0.0), -1.0)):
            self._hold("banks", "bonds", side, -sign)
            self._hold("central_bank", "bonds", side.sum(keepdims=True), sign)
            self._cash(account, ("banks", side), sign)
            self._cash(account, ("central_bank", side.sum(keepdims=True)), -sign)

    def advance(self, account: str, amounts: F64, sign: float) -> None:
        """Give (`sign` +1) or take back (-1) central-bank advances, USD a bank."""
        self._hold("banks", "advances", amounts, sign)
        self._hold("central_bank", "advances", amounts.sum(keepdims=True), sign)
        self._cash(account, ("banks", amounts), sign)
        self._cash(account, ("central_bank", amounts.sum(keepdims=True)), -sign)

    def revalue(self, account: str, column: str, amounts: F64, sign: float = 1.0, rows: I64 | None = None) -> None:
        """Add `sign * amounts` to a real asset of firms: goods produced, sold, installed, worn, scrapped.

        Args:
            column: "inventory_value" or "capital_value". amounts: USD a firm, or a row of `rows`.
        """
        values = self._tables["firms"].base(column)
        if rows is None:
            values += sign * amounts
        else:
            values[rows] += sign * amounts
        total = self._checked(account, float(amounts.sum()))
        self._book("firms", column, sign * total)
        (self.received if sign > 0 else self.paid)[account][_ROW["firms"]] += total

    def transfer_estate(self, account: str, source: I64, target: I64, columns: Mapping[str, tuple[F64, F64]]) -> None:
        """Hand real assets of failed firms to others, at the value they have in the books.

        Args:
            source, target: Rows of firms that give and take. columns: {column: (amounts given, amounts taken)}.
        """
        for column, (given, taken) in columns.items():
            self.revalue(account, column, given, -1.0, source)
            self.revalue(account, column, taken, +1.0, target)

    def endow(self, table: str, column: str, amounts: F64) -> None:
        """Set what everybody owns or owes at the start of burn-in; the other side is endowed by the caller too."""
        self._tables[table].base(column)[:] = amounts
        self.booked[table, column] = float(amounts.sum())

    # -- sides ---------------------------------------------------------------------------------------------------

    def _cash(self, account: str, leg: Amounts, sign: float) -> float:
        """Post one side of a payment and return its total."""
        sector, amounts = leg[0], leg[1]
        if sector in ("households", "firms"):
            total = self._deposit(account, sector, amounts, sign, leg[2] if len(leg) > 2 else None)
        else:
            negative = (amounts < -ROUNDING).any()
            total = self._checked(account, float(np.min(amounts) if negative else np.sum(amounts)), bool(negative))
            self._public_cash(sector, amounts, sign)
        (self.received if sign > 0 else self.paid)[account][_ROW[sector]] += total
        return total

    def _deposit(self, account: str, sector: str, amounts: F64, sign: float, rows: I64 | I32 | None) -> float:
        table = self._tables[sector]
        if rows is None:
            by_bank, total = self._post(sector, "deposits", "bank", amounts, sign)
        else:
            if (amounts < 0.0).any():
                self._checked(account, float(amounts.min()), negative=True)
            np.add.at(table.base("deposits"), rows, sign * amounts)
            by_bank = sum_by(table.base("bank")[rows], amounts, len(self._tables["banks"]))
            total = float(amounts.sum())
        self._checked(account, total)
        self._book(sector, "deposits", sign * total)
        banks, central_bank = self._tables["banks"], self._tables["central_bank"]
        change = sign * by_bank
        deposits, reserves = banks.base("deposits"), banks.base("reserves")
        deposits += change
        reserves += change
        central_bank.base("reserves")[0] += sign * by_bank.sum()
        self._book("banks", "deposits", sign * total)
        self._book("banks", "reserves", sign * total)
        self._book("central_bank", "reserves", sign * total)
        return total

    def _public_cash(self, sector: str, amounts: F64, sign: float) -> None:
        if sector == "banks":
            self._hold("banks", "reserves", amounts, sign)
            self._hold("central_bank", "reserves", amounts.sum(keepdims=True), sign)
        elif sector == "government":
            self._hold("government", "treasury", amounts, sign)
            self._hold("central_bank", "treasury", amounts, sign)
        elif sector == "abroad":
            self._hold("abroad", "foreign", amounts, -sign)
            self._hold("central_bank", "foreign", amounts, -sign)
        elif sector != "central_bank":  # the central bank pays with its own liabilities
            raise BooksError(self.month, sector, float(amounts.sum()), "No such sector.")

    def _claims(self, account: str, borrowers: str, amounts: F64, sign: float, cash: bool = True) -> F64:
        """Change loans and, unless written off, the lenders' money; return the change by bank."""
        index = "lender" if borrowers == "firms" else "bank"
        by_bank, total = self._post(borrowers, "loans", index, amounts, sign)
        self._last_total = self._checked(account, total)
        column = "firm_loans" if borrowers == "firms" else "household_loans"
        self._book(borrowers, "loans", sign * total)
        self._hold("banks", column, by_bank, sign)
        if cash:
            self._cash(account, ("banks", by_bank), -sign)
        return by_bank

    def _post(self, sector: str, column: str, index: str, amounts: F64, sign: float) -> tuple[F64, float]:
        table, tiles = self._tables[sector], self._tiles
        by_bank = np.zeros((tiles.count, len(self._tables["banks"])))
        totals = np.zeros(tiles.count)
        amounts = amounts.view()
        amounts.flags.writeable = False
        starts = tiles.households if sector == "households" else tiles.firms
        tiles.run(post, starts, amounts, sign, table.base(column), table.base(index), by_bank, totals)
        return by_bank.sum(axis=0), float(totals.sum())

    def _hold(self, table: str, column: str, amounts: F64, sign: float) -> None:
        values = self._tables[table].base(column)
        values += sign * amounts
        self._book(table, column, sign * float(amounts[0] if len(values) == 1 else amounts.sum()))

    def _book(self, table: str, column: str, amount: float) -> None:
        self.booked[table, column] += amount
        self.turnover[table, column] += abs(amount)

    def _checked(self, account: str, total: float, negative: bool = False) -> float:
        if negative or not math.isfinite(total):
            raise BooksError(self.month, account, total, "An amount is negative or not a number.")
        return total

    # -- totals --------------------------------------------------------------------------------------------------

    def held_at_banks(self, sector: str, column: str, index: str = "bank") -> F64:
        """Return the sum of a column of "households" or "firms" by bank, USD, (banks)."""
        table, tiles = self._tables[sector], self._tiles
        by_bank = np.zeros((tiles.count, len(self._tables["banks"])))
        starts = tiles.households if sector == "households" else tiles.firms
        tiles.run(add_up, starts, table.base(column), table.base(index), by_bank)
        return np.asarray(by_bank.sum(axis=0))

    def total(self, table: str, column: str) -> float:
        """Return the sum of a money column, USD."""
        return float(self._tables[table].base(column).sum())

    def net(self, account: str, sector: str) -> float:
        """Return what a sector received less what it paid this month, USD."""
        row = _ROW[sector]
        return float(self.received[account][row] - self.paid[account][row])

    def state(self) -> dict[str, Any]:
        """Return the booked totals; flows are empty between months."""
        return {f"{table}.{column}": value for (table, column), value in self.booked.items()}

    def load(self, state: Mapping[str, Any]) -> None:
        """Take over booked totals saved by `state`."""
        for name, value in state.items():
            table, _, column = name.partition(".")
            self.booked[table, column] = float(value)
