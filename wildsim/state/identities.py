"""The identities that the books must satisfy at the end of every month, in every run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from wildsim.core.errors import BooksError
from wildsim.core.table import F64
from wildsim.state.accounts import ACCOUNTS, ROLE_ROWS, SECTORS
from wildsim.state.ledger import Ledger

#: Largest error allowed, relative to the sum of the absolute amounts of the row.
TOLERANCE = 1e-9
#: Below so many USD a row has no digits left to measure an error against.
NOTHING = 1e-290
#: Claims are measured against this part of all banks' books at least: a column of millions that is paid off leaves a
#: residue of rounding (1e-8), which is not to be measured against itself.
RESIDUE = 1e-4
#: The same for money columns against what the verbs booked, relative to holdings and turnover: only rounding is there.
STOCK_TOLERANCE = 1e-11

#: Signed money columns that make up each sector's net worth; equity is what is left, so it is not among them.
NET_WORTH: dict[str, dict[str, int]] = {
    "households": {"deposits": 1, "loans": -1},
    "firms": {"deposits": 1, "inventory_value": 1, "capital_value": 1, "loans": -1},
    "banks": {
        "reserves": 1,
        "bonds": 1,
        "firm_loans": 1,
        "household_loans": 1,
        "mortgages": 1,
        "deposits": -1,
        "advances": -1,
    },
    "government": {"treasury": 1, "bonds": -1},
    "central_bank": {"bonds": 1, "advances": 1, "foreign": 1, "reserves": -1, "treasury": -1},
    "abroad": {"foreign": -1},
}

#: What a sector owns (1) or owes (-1) in tables of a social sector: {sector: {(table, column): sign}}.
ELSEWHERE: dict[str, dict[tuple[str, str], int]] = {"households": {("homes", "value"): 1, ("homes", "mortgage"): -1}}

#: Claims that must equal the debts behind them: instrument -> (holders, debtors), each (table, column).
INSTRUMENTS: dict[str, tuple[list[tuple[str, str]], list[tuple[str, str]]]] = {
    "deposits": ([("households", "deposits"), ("firms", "deposits")], [("banks", "deposits")]),
    "firm_loans": ([("banks", "firm_loans")], [("firms", "loans")]),
    "household_loans": ([("banks", "household_loans")], [("households", "loans")]),
    "mortgages": ([("banks", "mortgages")], [("homes", "mortgage")]),
    "bonds": ([("banks", "bonds"), ("central_bank", "bonds")], [("government", "bonds")]),
    "reserves": ([("banks", "reserves")], [("central_bank", "reserves")]),
    "treasury": ([("government", "treasury")], [("central_bank", "treasury")]),
    "advances": ([("central_bank", "advances")], [("banks", "advances")]),
    "foreign": ([("central_bank", "foreign")], [("abroad", "foreign")]),
}

#: Accounts that change net worth: all but claims made or ended, True or False in the order of ACCOUNTS.
COUNTED = np.array([account.kind != "financial" for account in ACCOUNTS.values()])


@dataclass(frozen=True)
class Gdp:
    """Gross domestic product of a month measured in three ways, USD/month."""

    production: float
    income: float
    expenditure: float


def gdp(ledger: Ledger) -> Gdp:
    """Return GDP from the sellers' books, from the earners' books and from the buyers' books."""
    received, paid, net = partial(_flow, ledger.all_received), partial(_flow, ledger.all_paid), partial(_net, ledger)
    stocks = net("stock_change", "firms")
    sales = net("consumption", "firms") + net("government", "firms") + received("investment", "firms")
    value_added = sales + net("intermediate", "firms") + net("product_tax", "firms") + stocks
    public = -net("government_wages", "government")
    rents = received("housing", "households")
    production = value_added + public + net("product_tax", "government") + rents
    surplus = value_added + net("wages", "firms") + net("production_tax", "firms") + rents
    wages = net("wages", "households") + net("production_tax", "government") + net("government_wages", "households")
    income = wages + surplus + net("product_tax", "government")
    bought = paid("housing", "households") - net("consumption", "households") + paid("investment", "firms")
    expenditure = bought + stocks - net("government", "government") + public
    return Gdp(production, income, expenditure)


def _flow(side: F64, role: str, sector: str) -> float:
    """Return what a sector received or paid (`side` of the flow matrix) on the accounts of a role, USD."""
    return float(side[ROLE_ROWS[role], SECTORS.index(sector)].sum())


def _net(ledger: Ledger, role: str, sector: str) -> float:
    return _flow(ledger.all_received, role, sector) - _flow(ledger.all_paid, role, sector)


def close_month(ledger: Ledger, month: int, opening: dict[str, float]) -> float:
    """Check every identity and return the largest relative error.

    Args:
        opening: Net worth of each sector at the start of the month, from `net_worths`.

    Raises:
        BooksError: An identity is off by more than TOLERANCE; names month, account and amount.
    """
    worst = _stocks_as_booked(ledger, month)
    worst = max(worst, _rows_sum_to_zero(ledger, month))
    worst = max(worst, _claims_equal_debts(ledger, month))
    worst = max(worst, _net_worth_explained(ledger, month, opening))
    three = gdp(ledger)
    parts = [name for name, account in ACCOUNTS.items() if account.role]
    scale = sum(max(float(ledger.received[name].sum()), float(ledger.paid[name].sum())) for name in parts)
    for name, value in (("gdp_income", three.income), ("gdp_expenditure", three.expenditure)):
        worst = max(worst, _check(month, name, value - three.production, scale, "The three GDPs differ."))
    return worst


def net_worths(ledger: Ledger) -> dict[str, float]:
    """Return each sector's assets less debts, equity apart, USD."""
    return {s: sum(sign * ledger.total(*place) for place, sign in _holdings(s).items()) for s in SECTORS}


def _holdings(sector: str) -> dict[tuple[str, str], int]:
    """Return what makes up the net worth of a sector: {(table, column): sign}."""
    return {(sector, column): sign for column, sign in NET_WORTH[sector].items()} | ELSEWHERE.get(sector, {})


def balance_sheet(ledger: Ledger) -> dict[str, dict[str, float]]:
    """Return sectors x instruments, USD: claims positive, debts negative; households hold the equity."""
    sheet: dict[str, dict[str, float]] = {s: {} for s in SECTORS}
    has_homes = "homes" in ledger._tables
    for instrument, (holders, debtors) in INSTRUMENTS.items():
        if instrument == "mortgages" and not has_homes:
            continue
        for sign, side in ((1.0, holders), (-1.0, debtors)):
            for table, column in side:
                sector = sheet[table if table in sheet else "households"]
                sector[instrument] = sector.get(instrument, 0.0) + sign * ledger.total(table, column)
    if has_homes:
        sheet["households"]["homes"] = ledger.total("homes", "value")
    sheet["firms"]["capital"] = ledger.total("firms", "capital_value")
    sheet["firms"]["inventories"] = ledger.total("firms", "inventory_value")
    worth = net_worths(ledger)
    sheet["households"]["equity"] = worth["firms"] + worth["banks"]
    sheet["firms"]["equity"], sheet["banks"]["equity"] = -worth["firms"], -worth["banks"]
    return sheet


def _check(month: int, account: str, error: float, scale: float, why: str, allowed: float = TOLERANCE) -> float:
    relative = abs(error) / scale if scale > NOTHING else abs(error)
    if not relative <= allowed:
        raise BooksError(month, account, error, why)
    return relative


def _rows_sum_to_zero(ledger: Ledger, month: int) -> float:
    received, paid = ledger.all_received.sum(axis=1), ledger.all_paid.sum(axis=1)
    # a row that holds next to nothing but the rounding of larger ones is not measured against itself
    least = RESIDUE**2 * float(np.abs(received).sum())
    worst = 0.0
    for i, (name, account) in enumerate(ACCOUNTS.items()):
        if account.kind not in ("real", "revaluation") and (received[i] != paid[i]):
            why = f"Paid {paid[i]:.6f}, received {received[i]:.6f}."
            scale = max(float(received[i] + paid[i]), least)
            worst = max(worst, _check(month, name, float(received[i] - paid[i]), scale, why))
    return worst


def _stocks_as_booked(ledger: Ledger, month: int) -> float:
    worst = 0.0
    for (table, column), booked in ledger.booked.items():
        values = ledger._tables[table].base(column)
        held = float(values.sum())
        scale = float(np.abs(values).sum()) + ledger.turnover[table, column]
        why = "It changed without the ledger."
        worst = max(worst, _check(month, f"{table}.{column}", held - booked, scale, why, STOCK_TOLERANCE))
        ledger.booked[table, column] = held  # drop the rounding, so that it cannot add up over months
    return worst


def _claims_equal_debts(ledger: Ledger, month: int) -> float:
    worst = 0.0
    least = RESIDUE * sum(abs(ledger.total("banks", column)) for column in NET_WORTH["banks"])
    for instrument, (holders, debtors) in INSTRUMENTS.items():
        held = sum(ledger.total(*place) for place in holders)
        owed = sum(ledger.total(*place) for place in debtors)
        scale = max(abs(held) + abs(owed), least)
        worst = max(worst, _check(month, instrument, held - owed, scale, f"Held {held:.6f}, owed {owed:.6f}."))
    pairs = (("households", "loans", "bank", "household_loans"), ("firms", "loans", "lender", "firm_loans"))
    for sector, column, index, claim in pairs:
        worst = max(worst, _by_bank(ledger, month, ledger.held_at_banks(sector, column, index), claim, least))
    if "homes" in ledger._tables:
        owed_on_homes = ledger.held_at_banks("homes", "mortgage", "lender")
        worst = max(worst, _by_bank(ledger, month, owed_on_homes, "mortgages", least))
    deposits = ledger.held_at_banks("households", "deposits") + ledger.held_at_banks("firms", "deposits")
    return max(worst, _by_bank(ledger, month, deposits, "deposits", least))


def _by_bank(ledger: Ledger, month: int, customers: F64, column: str, least: float) -> float:
    books = ledger._tables["banks"].base(column)
    scale = max(float(np.abs(books).sum() + np.abs(customers).sum()), least)
    bank = int(np.argmax(np.abs(books - customers)))
    why = f"Bank {bank} and its customers disagree."
    return _check(month, f"banks.{column}", float(books[bank] - customers[bank]), scale, why)


def _net_worth_explained(ledger: Ledger, month: int, opening: dict[str, float]) -> float:
    worst = 0.0
    closing = net_worths(ledger)
    flows = (ledger.all_received - ledger.all_paid)[COUNTED]
    turnover = np.abs(flows).sum(axis=0)
    for i, sector in enumerate(SECTORS):
        scale = float(turnover[i]) + sum(abs(ledger.total(*place)) for place in _holdings(sector))
        error = closing[sector] - opening[sector] - float(flows[:, i].sum())
        why = "Change of net worth is not saving, revaluation and other changes."
        worst = max(worst, _check(month, f"{sector}.net_worth", error, scale, why))
    return worst
