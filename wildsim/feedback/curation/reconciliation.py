"""Three sources of one indicator: where they disagree for long, the one that is off is named and left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from wildsim.core.table import F64, I64
from wildsim.feedback.curation.pipeline import Vetted
from wildsim.feedback.curation.records import Records
from wildsim.sensors.three_sources import FEWEST, reconcile


@dataclass(frozen=True)
class Reconciliation:
    """Drops the source that is off, of each indicator that three sources measure.

    Attributes:
        level: Rate of false alarms of an indicator. window: Periods that are compared, the newest that all speak of.
    """

    name: ClassVar[str] = "reconciliation"
    doc: ClassVar[str] = "Of three sources of one indicator, the one that is off from the others for long."

    level: float = 0.05
    window: int = 12

    def vet(self, records: Records) -> Vetted:
        """Return the reason for each; suspicion is how far its source is from the others, in logs."""
        reasons, suspicion = [""] * len(records), np.zeros(len(records))
        for group in records.groups("indicator"):
            self._vet_one(records, group, reasons, suspicion)
        return Vetted(suspicion, tuple(reasons))

    def _vet_one(self, records: Records, group: I64, reasons: list[str], suspicion: F64) -> None:
        names = np.unique(records.source[group]).tolist()
        if len(names) != 3:
            return
        series = [_newest(records, group[records.source[group] == name]) for name in names]
        shared = sorted(set.intersection(*(set(one) for one in series)))[-self.window :]
        if len(shared) < FEWEST:
            return
        values = np.array([[one[period] for period in shared] for one in series])
        if not (values > 0.0).all():
            return
        found = reconcile(np.log(values), self.level)
        for k, name in enumerate(names):
            own = group[records.source[group] == name]
            suspicion[own] = abs(found.biases[k])
            if k == found.guilty:
                reason = f"source '{name}' is {np.expm1(found.biases[k]):+.1%} off the two others, p = {found.p:.1g}"
                for place in own.tolist():
                    reasons[place] = reason


def _newest(records: Records, places: I64) -> dict[int, float]:
    """Return what one source says of each period: what it published last."""
    order = places[np.argsort(records.published[places], kind="stable")]
    return dict(zip(records.period[order].tolist(), records.value[order].tolist(), strict=True))
