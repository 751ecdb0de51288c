"""Records that say the same thing twice: the same report again, or a reporter who says what another one says."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.spatial import cKDTree

from wildsim.core.table import F64, I64
from wildsim.feedback.curation.pipeline import Vetted
from wildsim.feedback.curation.records import Records

#: Fewest answers that two reporters must share before that they are near means anything.
FEWEST = 3


@dataclass(frozen=True)
class Duplicates:
    """Drops all but the first report of a reporter on a period, and reporters whose answers are another one's.

    Attributes:
        near: How near two reporters' answers must be, in all they share, relative to the spread of these answers.
            Honest reporters come so near by luck with a chance of about (reporters) (near)^answers each.
    """

    name: ClassVar[str] = "duplicates"
    doc: ClassVar[str] = "The same report twice, or a reporter who copies another one's answers."

    near: float = 1e-3

    def vet(self, records: Records) -> Vetted:
        """Return the reason for each; suspicion is minus the log of the distance to the nearest other reporter."""
        reasons = [""] * len(records)
        again = np.zeros(len(records), dtype=bool)
        numbers = records.row.tolist()
        for group in records.groups("source", "reporter", "indicator", "period"):
            if not records.reporter[group[0]]:
                continue  # releases of a source are revisions of one another
            for place in group[1:].tolist():
                same = records.value[place] == records.value[group[0]]
                reasons[place] = f"{'repeats' if same else 'contradicts'} record {numbers[group[0]]} of this reporter"
                again[place] = True
        suspicion = np.where(again, math.inf, -math.inf)
        self._copies(records, np.flatnonzero(~again), reasons, suspicion)
        return Vetted(suspicion, tuple(reasons))

    def _copies(self, records: Records, places: I64, reasons: list[str], suspicion: F64) -> None:
        """Fill in what is to be said of reporters who are near another one in everything that they say."""
        once = records.take(places)
        for shape in _same_questions(once):
            profiles = np.stack([once.value[group] for group in shape])
            if profiles.shape[0] < 2 or profiles.shape[1] < FEWEST:
                continue
            spread = profiles.std(axis=0)
            scaled = profiles / np.where(spread > 0.0, spread, 1.0)
            tree = cKDTree(scaled)
            distance = np.asarray(tree.query(scaled, k=2, p=math.inf)[0])
            for k, group in enumerate(shape):
                suspicion[places[group]] = -math.log(max(float(distance[k, 1]), 1e-300))
            for k, near in enumerate(np.asarray(tree.query_ball_point(scaled, self.near, p=math.inf), dtype=object)):
                first = min(near)
                if first < k:
                    whose = once.reporter[shape[first][0]]
                    for place in places[shape[k]].tolist():
                        reasons[place] = f"all {profiles.shape[1]} answers are those of {whose}"


def _same_questions(records: Records) -> list[list[I64]]:
    """Return reporters by the questions that they answer, each as the places of its rows, ordered by question."""
    found: dict[tuple[tuple[str, int], ...], list[I64]] = {}
    for group in records.groups("source", "reporter"):
        if not records.reporter[group[0]]:
            continue
        asked = list(zip(records.indicator[group].tolist(), records.period[group].tolist(), strict=True))
        order = sorted(range(len(asked)), key=lambda place: asked[place])
        found.setdefault(tuple(asked[k] for k in order), []).append(group[order])
    return list(found.values())
