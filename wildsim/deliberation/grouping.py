"""Archetypes: groups of similar agents that share one call."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wildsim.core.table import F64, I64


@dataclass(frozen=True)
class Grouping:
    """Groups of agents.

    Attributes:
        group: Group of each agent, 0 .. groups-1, shape (agents). typical: Agent whose numbers lie nearest to the means
            of its group, one a group, shape (groups).
    """

    group: I64
    typical: I64


def grouped(features: F64, classes: I64, groups: int) -> Grouping:
    """Return agents in at most `groups` groups (at least one for each class) of similar numbers.

    The group with the largest sum of squares is cut in two at the median of the column that varies most in it, until
    there are enough (median cut). Nothing depends on chance or on the order of equal agents but by their rows.

    Args:
        features: Numbers by which agents are similar, shape (agents, columns); columns are scaled by their standard
            deviation. classes: Agents of different classes never share a group, shape (agents).

    Source:
        Heckbert 1982: color image quantization for frame buffer display (median cut).
    """
    scaled = _scaled(features)
    _, first = np.unique(classes, return_inverse=True)
    pieces = [_Piece.of(rows, scaled) for rows in _split(first)]
    while len(pieces) < groups:
        widest = max(range(len(pieces)), key=lambda i: (pieces[i].spread, -i))
        if pieces[widest].spread <= 0.0:
            break
        pieces[widest : widest + 1] = pieces[widest].halves(scaled)
    group = np.empty(len(scaled), dtype=np.int64)
    for number, piece in enumerate(pieces):
        group[piece.rows] = number
    return Grouping(group, np.array([piece.typical(scaled) for piece in pieces], dtype=np.int64))


def _scaled(features: F64) -> F64:
    """Return columns with standard deviation 1 and no value that is not a number."""
    known = np.nan_to_num(np.asarray(features, dtype=np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    deviation = known.std(axis=0)
    return np.asarray(known / np.where(deviation > 0.0, deviation, 1.0))


def _split(classes: I64) -> list[I64]:
    order = np.argsort(classes, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(classes[order])) + 1)


@dataclass(frozen=True)
class _Piece:
    """A group under way: its rows, the column that varies most, and its sum of squares."""

    rows: I64
    column: int
    spread: float

    @classmethod
    def of(cls, rows: I64, scaled: F64) -> _Piece:
        if len(rows) < 2 or not scaled.shape[1]:
            return cls(rows, 0, 0.0)
        variance = scaled[rows].var(axis=0)
        return cls(rows, int(variance.argmax()), float(variance.sum()) * len(rows))

    def halves(self, scaled: F64) -> list[_Piece]:
        values = scaled[self.rows, self.column]
        middle = len(values) // 2
        order = np.argsort(values, kind="stable")
        return [_Piece.of(np.sort(self.rows[part]), scaled) for part in (order[:middle], order[middle:])]

    def typical(self, scaled: F64) -> int:
        mean = scaled[self.rows].mean(axis=0)
        distance = ((scaled[self.rows] - mean) ** 2).sum(axis=1)
        return int(self.rows[int(distance.argmin())])
