"""Income tax schedules: marginal rates above thresholds, in multiples of the mean wage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wildsim.core.table import F64

#: Nodes at which the HSV function is matched: multiples of the mean wage.
_LOWEST, _HIGHEST, _NODES = 0.05, 20.0, 56


@dataclass(frozen=True)
class Schedule:
    """Marginal rates that apply above thresholds.

    Attributes:
        starts: Thresholds from 0 upwards, multiples of the mean wage. rates: Marginal rate above each.
    """

    starts: F64
    rates: F64

    def at(self, starts: F64) -> F64:
        """Return the marginal rate just above each of `starts`."""
        return np.asarray(self.rates[np.searchsorted(self.starts, starts, side="right") - 1])

    def tax(self, income: F64) -> F64:
        """Return the tax on incomes, both in multiples of the mean wage."""
        tops = np.append(self.starts[1:], np.inf)
        inside = np.clip(income[..., None], self.starts, tops) - self.starts
        return np.asarray((inside * self.rates).sum(axis=-1))


def blend(was: Schedule, target: Schedule, size: float, keep: F64) -> Schedule:
    """Return the schedule that lies between two by the share `size`: thresholds of both, marginal rates blended.

    Args:
        keep: Thresholds that must be among the new ones (hours respond relative to the schedule of the start).
    """
    starts = np.unique(np.concatenate([was.starts, target.starts, keep]))
    before = was.at(starts)
    return Schedule(starts, np.clip(before + size * (target.at(starts) - before), -1.0, 1.0))


def hsv(level: float, progressivity: float) -> Schedule:
    """Return T(y) = y - level * y^(1 - progressivity) as a piecewise linear schedule.

    Exact at 0 and at 56 incomes from .05 to 20 times the mean wage; between them too high by less than .0005 of the
    mean wage up to twice the mean wage, and .4 % of income at any income of that range, for progressivity 0 to .5.
    Incomes below .05 face one rate, those above 20 the rate of the last piece.

    Source: Heathcote, Storesletten, Violante (2017), Optimal Tax Progressivity, QJE 132(4).
    """
    nodes = np.concatenate([[0.0], np.geomspace(_LOWEST, _HIGHEST, _NODES)])
    tax = nodes - level * nodes ** (1.0 - progressivity)
    tax[0] = 0.0
    rates = np.diff(tax) / np.diff(nodes)
    return Schedule(nodes[:-1], rates)
