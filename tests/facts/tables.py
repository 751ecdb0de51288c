"""Quarterly tables and evidence with known properties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wildsim.facts.evidence import Evidence

GOLDEN = (1 + 5**0.5) / 2


def wave(quarters: int, period: float, phase: float = 0.0) -> NDArray[np.float64]:
    """Return a sine by quarter; `period` in quarters, `phase` in quarters."""
    return np.sin(2 * np.pi * (np.arange(quarters) - phase) / period)


def rough(quarters: int, step: float) -> NDArray[np.float64]:
    """Return values in -.5 to .5 without a pattern and without a generator: the same on every machine."""
    return (np.arange(1, quarters + 1) * GOLDEN * step) % 1.0 - 0.5


def plain_table(quarters: int = 80) -> pd.DataFrame:
    """Return a table of waves and rough values, each series moving in its own way, with a first quarter missing."""
    gdp = 0.007 * np.arange(quarters) + 0.02 * wave(quarters, 23) + 0.012 * rough(quarters, 1.3)
    cons = 0.007 * np.arange(quarters) + 0.014 * wave(quarters, 23, 1) + 0.010 * rough(quarters, 2.7)
    inv = 0.008 * np.arange(quarters) + 0.09 * wave(quarters, 21, -1) + 0.05 * rough(quarters, 0.77)
    unemp = 6 - 0.9 * wave(quarters, 23, 2) + 0.4 * rough(quarters, 3.1)
    infl = 3 + 1.2 * wave(quarters, 31, 3) + 1.5 * rough(quarters, 1.9)
    infl[0] = np.nan
    levels = {"realgdp": 1e6 * np.exp(gdp), "realcons": 6.4e5 * np.exp(cons), "realinv": 1.5e5 * np.exp(inv)}
    return pd.DataFrame(levels | {"unemp": unemp, "infl": infl})


def evidence(months: Mapping[str, Any] | None = None, **noted: Any) -> Evidence:
    """Return evidence of a society without sectors; names of `noted` have `__` for a dot."""
    found = {name.replace("__", "."): np.asarray(values) for name, values in noted.items()}
    return Evidence(pd.DataFrame(dict(months or {})), found)
