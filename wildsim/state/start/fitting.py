"""Iterative proportional fitting: a joint table from its margins."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wildsim.core.errors import InputError
from wildsim.core.table import F64, I64

#: A margin: the axes that it keeps, and its sums.
Margin = tuple[tuple[int, ...], F64]
_ROUNDS, _CLOSE = 1_000, 1e-12


def fit(seed: F64, margins: Sequence[Margin]) -> F64:
    """Return the table nearest to `seed` (in relative entropy) whose sums over the other axes are the `margins`.

    Source: Deming, Stephan 1940, Annals of Mathematical Statistics 11(4).

    Raises:
        InputError: The margins contradict each other.
    """
    table = seed.astype(np.float64)
    scale = max(float(np.max(sums)) for _, sums in margins)
    for _ in range(_ROUNDS):
        for axes, sums in margins:
            table *= _spread(_ratio(sums, _sums(table, axes)), axes, table.ndim)
        if max(float(np.abs(_sums(table, axes) - sums).max()) for axes, sums in margins) <= _CLOSE * scale:
            return table
    raise InputError("the margins of age, sex and income contradict each other; look at parameters.demography.*.")


def whole(shares: F64, total: int) -> I64:
    """Return whole numbers that add up to `total` and differ from `total * shares` by less than 1 (largest remainders).

    Args:
        shares: Any shape, adding up to 1.
    """
    exact = shares.reshape(-1) * total
    counts = np.floor(exact).astype(np.int64)
    rest = np.argsort(counts - exact, kind="stable")[: total - int(counts.sum())]
    counts[rest] += 1
    return counts.reshape(shares.shape)


def _sums(table: F64, axes: tuple[int, ...]) -> F64:
    others = tuple(axis for axis in range(table.ndim) if axis not in axes)
    return np.asarray(table.sum(axis=others))


def _ratio(wanted: F64, found: F64) -> F64:
    return np.divide(wanted, found, out=np.zeros_like(wanted), where=found > 0.0)


def _spread(values: F64, axes: tuple[int, ...], dimensions: int) -> F64:
    """Return `values`, which run over `axes`, in a shape that multiplies a table of all `dimensions`."""
    shape = [values.shape[axes.index(axis)] if axis in axes else 1 for axis in range(dimensions)]
    return values.reshape(shape)
