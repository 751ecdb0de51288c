"""Many reporters with the very same value: as many as chance allows among the honest, or agreed upon?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.stats import binom

from wildsim.core.table import F64
from wildsim.feedback.curation.pipeline import Vetted
from wildsim.feedback.curation.records import Records


@dataclass(frozen=True)
class Collusion:
    """Drops values that more reporters share than chance allows, judged by honest reports of the same question.

    Attributes:
        honest: Reports among which nobody agreed upon anything: the scenario's own, shape (any). level: Chance that any
            value of a group is dropped though nobody colludes. places: Decimals at which two values are the same.
    """

    name: ClassVar[str] = "collusion"
    doc: ClassVar[str] = "A value that more reporters share than chance allows."

    honest: F64
    level: float = 0.05
    places: int = 9

    def vet(self, records: Records) -> Vetted:
        """Return the reason for each; suspicion is minus the log of the chance of so many equal reports."""
        reasons, suspicion = [""] * len(records), np.zeros(len(records))
        known = _rounded(self.honest, self.places)
        usual = dict(zip(*(part.tolist() for part in np.unique(known, return_counts=True)), strict=True))
        for group in records.groups("source", "indicator", "period"):
            values, inverse, counts = np.unique(
                _rounded(records.value[group], self.places), return_inverse=True, return_counts=True
            )
            # one more report of each value than was seen: what was never seen among the honest may still be honest
            share = np.array([(usual.get(value, 0) + 1) / (len(known) + 1) for value in values.tolist()])
            chance = binom.logsf(counts - 1, len(group), np.minimum(share, 1.0))
            suspicion[group] = -chance[inverse]
            odd = (chance < math.log(self.level / len(values))) & (counts > 1)
            for place, k in zip(group.tolist(), inverse.tolist(), strict=True):
                if odd[k]:
                    reasons[place] = (
                        f"{counts[k]} of {len(group)} reporters say {values[k]:g}; "
                        f"chance of that {math.exp(chance[k]):.1g}"
                    )
        return Vetted(suspicion, tuple(reasons))


def _rounded(values: F64, places: int) -> F64:
    return np.round(values, places) + 0.0
