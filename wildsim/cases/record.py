"""What a case keeps of an arm: groups fixed on the eve of the policy, and numbers of every month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wildsim.core.document import Document, Place
from wildsim.core.table import I64, U64
from wildsim.scenario.check import build as check
from wildsim.scenario.merge import override
from wildsim.scenario.schema import Scenario

Array = NDArray[Any]
Seen = Mapping[str, Array]


@dataclass(frozen=True)
class Record:
    """One arm of one seed.

    Attributes:
        eve: By name, as fixed before the policy's first month. months: By name, arrays with a first axis of months.
    """

    eve: Mapping[str, Array]
    months: Mapping[str, Array]

    def __getitem__(self, name: str) -> Array:
        """Return the series called `name`."""
        return self.months[name]


@dataclass(frozen=True)
class Arms:
    """The two arms of one seed; in the placebo `policy` is the arm with the policy at size zero and other draws."""

    base: Record
    policy: Record

    def change(self, name: str, months: slice = slice(None)) -> float:
        """Return the mean of a series over `months`, policy less baseline."""
        return mean(self.policy[name][months]) - mean(self.base[name][months])

    def relative(self, name: str, months: slice = slice(None)) -> float:
        """Return the mean of a series over `months`, policy over baseline less 1; NaN where that has no meaning."""
        before = mean(self.base[name][months])
        return mean(self.policy[name][months]) / before - 1.0 if before > 0.0 else float("nan")


def mean(values: Array) -> float:
    """Return the mean of what is known; NaN of nothing."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else float("nan")


def ratio(above: float, below: float) -> float:
    """Return a quotient; NaN where it is undefined."""
    return float(above / below) if below != 0.0 and np.isfinite(below) else float("nan")


def find(ids: U64, wanted: U64) -> I64:
    """Return the row of each id of `wanted` among `ids` (in any order), -1 for those who are not there."""
    import pandas as pd

    return np.asarray(pd.Index(ids).get_indexer(pd.Index(wanted)), dtype=np.int64)


def of(rows: I64, values: Array, missing: float = float("nan")) -> Array:
    """Return values by row, `missing` for row -1."""
    return np.where(rows >= 0, values[np.maximum(rows, 0)], missing)


def build(data: Mapping[str, Any], changes: Mapping[str, Any]) -> Scenario:
    """Return a checked scenario from plain data, with changes by dotted path.

    Raises:
        InputError: A change leads nowhere, or the result is no legal scenario.
    """
    document = Document(dict(data), {(): Place(f"case {data['name']}")})
    return check(Scenario, _changed(document, changes))


def with_changes(data: Mapping[str, Any], changes: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return plain data with changes by dotted path."""
    changed: Mapping[str, Any] = _changed(Document(dict(data), {}), changes).data
    return changed


def _changed(document: Document, changes: Mapping[str, Any]) -> Document:
    return override(document, [f"{path}={value}" for path, value in changes.items()])
