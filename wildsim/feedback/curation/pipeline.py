"""Vetting steps in a row: each sees what the steps before it kept; what is dropped is kept apart, with the reason."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from wildsim.core.table import F64
from wildsim.feedback.curation.records import Records


@dataclass(frozen=True)
class Vetted:
    """What a step makes of records.

    Attributes:
        suspicion: How suspect each is, larger is more, shape (records). reasons: Why it is dropped; "": it is not.
    """

    suspicion: F64
    reasons: tuple[str, ...]


class Step(Protocol):
    """One vetting step.

    Attributes:
        name: As reasons say it. doc: What it looks for.
    """

    name: ClassVar[str]
    doc: ClassVar[str]

    def vet(self, records: Records) -> Vetted:
        """Return how suspect each record is, and why it is to be dropped."""
        ...


@dataclass(frozen=True)
class Dropped:
    """One record that does not count.

    Attributes:
        row: Number of the record. step: Name of the step that dropped it. reason: Why.
    """

    row: int
    step: str
    reason: str


@dataclass(frozen=True)
class Curated:
    """What curation left and what it took away.

    Attributes:
        kept: Records that count. dropped: Those that do not. why: Of each of these, in their order.
    """

    kept: Records
    dropped: Records
    why: tuple[Dropped, ...]


def curate(records: Records, steps: Sequence[Step]) -> Curated:
    """Put records through the steps; with no steps all are kept."""
    kept, why = records, []
    for step in steps:
        if not len(kept):
            break
        reasons = step.vet(kept).reasons
        gone = np.array([bool(reason) for reason in reasons])
        rows = kept.row.tolist()
        why += [Dropped(rows[place], step.name, reasons[place]) for place in np.flatnonzero(gone)]
        kept = kept.take(~gone)
    place = {row: k for k, row in enumerate(records.row.tolist())}
    dropped = records.take(np.array([place[one.row] for one in why], dtype=np.int64))
    return Curated(kept, dropped, tuple(why))


@dataclass(frozen=True)
class Quality:
    """How well planted cases were found.

    Attributes:
        precision: Share of the dropped that was planted; NaN if nothing was dropped. recall: Share of the planted that
            was dropped. false_alarms: Share of the honest that was dropped.
    """

    precision: float
    recall: float
    false_alarms: float


def quality_of(curated: Curated, planted: Collection[int]) -> Quality:
    """Return precision and recall of a curation.

    Args:
        planted: Numbers (`Records.row`) of the records that should have been dropped.
    """
    bad, gone = set(planted), {one.row for one in curated.why}
    honest = len(curated.kept) + len(gone) - len(bad)
    hits = len(bad & gone)
    return Quality(
        hits / len(gone) if gone else math.nan,
        hits / len(bad) if bad else math.nan,
        len(gone - bad) / honest if honest else math.nan,
    )
