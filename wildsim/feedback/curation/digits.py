"""Digits that honest reports do not have: numbers that people make up have digits of their own.

Honest digits follow no law of nature: what is compared with is what honest reports of the same scenario have, never
Benford's distribution as such (Diekmann, Jann 2010, Benford's law and fraud detection: facts and legends). How large a
difference chance gives is found by drawing as many reports from the honest ones, again and again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from wildsim.core.errors import InputError
from wildsim.core.keys import Keys
from wildsim.core.table import F64, I64
from wildsim.feedback.curation.pipeline import Vetted
from wildsim.feedback.curation.records import Records
from wildsim.sensors.reading import luck_of

#: Fewest reports of a group of which anything is said; draws from the honest ones.
FEWEST, TIMES = 30, 999


@dataclass(frozen=True)
class Digits:
    """Drops the records of a source whose digits are not those of honest reports.

    Attributes:
        honest: Honest reports of the same question, shape (any). which: The first digit or the last one.
        places: Decimals to which reports are rounded: where the last digit stands. level: Rate of false alarms of a
            group. keys: Of the draws.
    """

    name: ClassVar[str] = "digits"
    doc: ClassVar[str] = "First or last digits that the scenario's honest reports do not have."

    honest: F64
    keys: Keys
    which: Literal["first", "last"] = "last"
    places: int = 0
    level: float = 0.05

    def __post_init__(self) -> None:
        """Check the honest reports.

        Raises:
            InputError: They are too few to draw from.
        """
        if len(self.honest) < FEWEST:
            raise InputError(f"{len(self.honest)} honest reports tell nothing of digits; {FEWEST} or more do.")

    def vet(self, records: Records) -> Vetted:
        """Return the reason for each; suspicion is how much more frequent its digit is than among the honest."""
        reasons, suspicion = [""] * len(records), np.zeros(len(records))
        usual = self._digits(self.honest)
        expected = np.array((np.bincount(usual, minlength=10) + 0.5) / (len(usual) + 5.0), dtype=np.float64)
        for number, group in enumerate(records.groups("source", "indicator")):
            own = self._digits(records.value[group])
            share = np.bincount(own, minlength=10) / len(group)
            suspicion[group] = (share / expected)[own]
            if len(group) < FEWEST:
                continue
            p = self._chance(usual, expected, own, number)
            if p <= self.level:
                for place in group.tolist():
                    reasons[place] = f"{self.which} digits differ from those of honest reports, p = {p:.2g}"
        return Vetted(suspicion, tuple(reasons))

    def _chance(self, usual: I64, expected: F64, own: I64, number: int) -> float:
        """Return how often as many honest reports differ as much (Davison, Hinkley 1997, section 4.2)."""
        luck = luck_of(self.keys, f"digits.{self.which}.{number}", 0, TIMES * len(own)).reshape(TIMES, len(own))
        drawn = usual[(luck * len(usual)).astype(np.int64)]
        apart = np.array([_difference(sample, expected) for sample in drawn])
        return float((1 + (apart >= _difference(own, expected)).sum()) / (1 + TIMES))

    def _digits(self, values: F64) -> I64:
        scaled = np.round(np.abs(values) * 10.0**self.places).astype(np.int64)
        if self.which == "last":
            return scaled % 10
        above: F64 = np.maximum(scaled, 1).astype(np.float64)
        return np.where(scaled == 0, 0, (above / 10.0 ** np.floor(np.log10(above))).astype(np.int64))


def _difference(digits: I64, expected: F64) -> float:
    """Return Pearson's distance between the digits and the shares expected."""
    hoped = expected * len(digits)
    return float(((np.bincount(digits, minlength=10) - hoped) ** 2 / hoped).sum())
