"""Posting amounts to a column of accounts, and adding columns up, tile by tile."""

from __future__ import annotations

from wildsim.core.table import F64, I16, I64
from wildsim.kernels.compiled import kernel


@kernel()
def post(
    first: int, last: int, starts: I64, amounts: F64, sign: float, accounts: F64, bank: I16, by_bank: F64, totals: F64
) -> None:
    """Add `sign * amounts` to `accounts`; collect amounts by bank and in total for each tile.

    Args:
        first: First tile. last: Tile after the last. starts: Row at which each tile starts, (tiles + 1).
        amounts: USD a row; a negative one makes the tile's total NaN.
        by_bank: Out, (tiles, banks). totals: Out, (tiles).
    """
    for t in range(first, last):
        total = 0.0
        bad = False
        for i in range(starts[t], starts[t + 1]):
            amount = amounts[i]
            if amount != 0.0:
                bad = bad or not amount > 0.0
                accounts[i] += sign * amount
                by_bank[t, bank[i]] += amount
                total += amount
        totals[t] = total
        if bad:
            totals[t] += float("nan")


@kernel()
def add_up(first: int, last: int, starts: I64, accounts: F64, bank: I16, by_bank: F64) -> None:
    """Sum a column of accounts by tile and bank into `by_bank` (tiles, banks)."""
    for t in range(first, last):
        for i in range(starts[t], starts[t + 1]):
            by_bank[t, bank[i]] += accounts[i]
