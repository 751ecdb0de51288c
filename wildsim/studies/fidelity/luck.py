"""Keyed chance of a study of fidelity: every number is a function of the seed, what it is for, and whose it is."""

from __future__ import annotations

import numpy as np

from wildsim.core.keys import Keys
from wildsim.core.table import F64
from wildsim.kernels.philox import fill_uniform


def uniform(seed: int, stream: str, rows: int, draws: int = 1) -> F64:
    """Return uniform numbers in (0, 1), shape (rows, draws); more rows or draws leave the others as they are."""
    ids = np.arange(rows, dtype=np.uint64)
    ids.flags.writeable = False
    out = np.empty((rows, draws))
    fill_uniform(Keys(seed).stream(f"fidelity.{stream}", "subjects", 0), 0, ids, out)
    return out
