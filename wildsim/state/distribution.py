"""Distributions of many values: quantiles and the Gini coefficient, exact for few values, from fine groups for many."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from wildsim.core.table import F64
from wildsim.kernels.grouped import SIDE, group

#: From so many values on, groups of 0.4 % relative width replace sorting; the Gini is then right to about 1e-6.
MANY = 2_000


@dataclass(frozen=True)
class Groups:
    """Values in ascending order with their weights; one entry a value, or one a group of almost equal values.

    Attributes:
        value, weight: Mean value and weight of each entry, (entries).
    """

    value: F64
    weight: F64

    def quantile(self, share: float) -> float:
        """Return the value below which `share` of the weight lies; NaN where there is none."""
        return float("nan") if not len(self.value) else float(self.value[self._place(share)])

    def share_below(self, line: float) -> float:
        """Return the share of the weight with a value below `line`; NaN where there is none."""
        total = float(self.weight.sum())
        return float(self.weight[self.value < line].sum()) / total if total > 0.0 else math.nan

    def gini(self) -> float:
        """Return the Gini coefficient (Lerman, Yitzhaki 1989, weighted); NaN where the sum is not positive."""
        x, w = self.value, self.weight
        total = float((w * x).sum())
        if not total > 0.0:
            return math.nan
        rank = np.cumsum(w) - 0.5 * w
        return float(2.0 * (w * x * rank).sum() / (total * w.sum()) - 1.0)

    def _place(self, share: float) -> int:
        cumulated = np.cumsum(self.weight)
        return min(int(np.searchsorted(cumulated, share * cumulated[-1])), len(cumulated) - 1)


def groups(values: F64, weights: F64 | None = None) -> Groups:
    """Return `values` in ascending order with their `weights` (1 each where left out)."""
    weights = np.ones(len(values)) if weights is None else weights
    if len(values) < MANY:
        order = np.argsort(values, kind="stable")
        return Groups(values[order], weights[order])
    _, top = math.frexp(max(float(values.max()), -float(values.min())))
    weight, total = np.zeros(2 * SIDE + 1), np.zeros(2 * SIDE + 1)
    group(np.ascontiguousarray(values).copy(), np.ascontiguousarray(weights).copy(), top, weight, total)
    filled = weight > 0.0
    return Groups(total[filled] / weight[filled], weight[filled])
