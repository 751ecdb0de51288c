"""The officer of a bank: rates, limits of credit, dividends."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wildsim.minds.roles import ROLES
from wildsim.minds.roles.economy import FAILURES, GROWTH, INFLATION, POLICY_RATE, UNEMPLOYMENT
from wildsim.minds.roles.role import Item, Role
from wildsim.minds.roles.sums import some

Values = NDArray[Any]
ASSETS = tuple(f"own.banks.{name}" for name in ("reserves", "bonds", "firm_loans", "household_loans", "mortgages"))
LIABILITIES = ("own.banks.deposits", "own.banks.advances")


def _equity(*parts: Values) -> Values:
    """Return assets less liabilities."""
    assets, debts = parts[: len(ASSETS)], parts[len(ASSETS) :]
    return np.asarray(np.sum(assets, axis=0) - np.sum(debts, axis=0))


def _equity_ratio(*parts: Values) -> Values:
    """Return equity as a share of assets; NaN without assets."""
    assets = np.sum(parts[: len(ASSETS)], axis=0)
    return np.asarray(_equity(*parts) / np.where(assets > 0.0, assets, np.nan))


ROLES.register("bank_officer", __name__)(
    Role(
        name="bank_officer",
        title="You run a bank.",
        deciders="banks",
        decides=("firm_rate", "household_rate", "deposit_rate", "leverage", "debt_service", "payout"),
        sees=(
            POLICY_RATE,
            Item("your loans to firms", "own.banks.firm_loans"),
            Item("your loans to households", "own.banks.household_loans"),
            Item("your loans on homes", "own.banks.mortgages", work=some),
            Item("your government bonds", "own.banks.bonds"),
            Item("your reserves at the central bank", "own.banks.reserves"),
            Item("deposits with you", "own.banks.deposits"),
            Item("your debt to the central bank", "own.banks.advances"),
            Item("your equity", ASSETS[0], also=(*ASSETS[1:], *LIABILITIES), work=_equity),
            Item("your equity over assets", ASSETS[0], "share", also=(*ASSETS[1:], *LIABILITIES), work=_equity_ratio),
            Item("equity required of banks", "law.banks.capital_ratio", "share of loans"),
            Item("equity beyond which profits are paid out", "law.banks.equity_target", "share of assets"),
            Item("your profit", "own.banks.profit"),
            Item("usual limit for firms", "law.banks.leverage_limit", "times their equity"),
            Item("usual limit for households", "law.banks.debt_service", "of income for debt service"),
            FAILURES,
            UNEMPLOYMENT,
            INFLATION,
            Item("loans of all banks", "sensed.credit"),
            GROWTH,
            Item("home prices", "sensed.home_price"),
        ),
        outcomes=(
            "your loans to firms",
            "your profit",
        ),
        prompt="bank_officer.md",
        goal="You want the bank to earn its owners a steady profit, and never to run out of equity.",
        about={
            "firm_rate": "Rate on loans to firms without debt; firms in debt pay more.",
            "household_rate": "Rate on consumer loans.",
            "deposit_rate": "Rate paid on deposits.",
            "leverage": "Largest debt of a firm that borrows, relative to its equity.",
            "debt_service": "Largest part of income that a household that borrows may owe a month.",
            "payout": "Part of the equity above the target paid to the owners.",
        },
    )
)
