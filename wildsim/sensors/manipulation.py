"""Reporters who misreport for a price: what they do to the reports, one class a way.

An attack is a pure function of the honest reports, of who of the reporters takes part, of the side to which the outcome
is to be moved, and of keyed draws. Nobody in a society knows of it: attacks are laid over what a sensor was told.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from wildsim.core.table import F64, I64

#: Standard deviation of normal values over their median absolute deviation.
NORMAL = 1.4826


@dataclass(frozen=True)
class Spoilt:
    """Reports after an attack.

    Attributes:
        values: What is reported now, shape (reports). lies: Which of them come from attackers, shape (reports).
        origin: Place of each in the honest reports; -1 for the invented, shape (reports).
    """

    values: F64
    lies: NDArray[np.bool_]
    origin: I64


def spread_of(reports: F64) -> float:
    """Return the robust standard deviation of reports, of the median absolute deviation; the usual one if that is 0."""
    deviation = NORMAL * float(np.median(np.abs(reports - np.median(reports))))
    return deviation if deviation > 0.0 else float(reports.std())


@dataclass(frozen=True)
class Attack(ABC):
    """A way to misreport.

    Attributes:
        price: What one attacker costs whoever pays for it, in any unit.
    """

    name: ClassVar[str]
    doc: ClassVar[str]

    price: float = 1.0

    @abstractmethod
    def spoil(self, reports: F64, who: NDArray[np.bool_], side: float, luck: F64) -> Spoilt:
        """Return the reports after the attack.

        Args:
            reports: Honest ones, shape (reports). who: Which reporters take part, shape (reports). side: +1 to raise
                what is made of the reports, -1 to lower it. luck: Uniform draws in (0, 1), shape (reports).
        """


def _in_place(reports: F64, who: NDArray[np.bool_], told: F64 | float) -> Spoilt:
    """Return reports in which attackers say what they are told."""
    return Spoilt(np.where(who, told, reports), who.copy(), np.arange(len(reports)))


@dataclass(frozen=True)
class Truth(Attack):
    """The control: attackers are counted as such and report honestly.

    Attributes:
        price: As in Attack.
    """

    name: ClassVar[str] = "truth"
    doc: ClassVar[str] = "Nobody lies: a control."

    def spoil(self, reports: F64, who: NDArray[np.bool_], side: float, luck: F64) -> Spoilt:
        """Return the honest reports."""
        return _in_place(reports, who, reports)


@dataclass(frozen=True)
class Push(Attack):
    """Adds the same to every true value.

    Attributes:
        size: How much, in robust standard deviations of the reports.
    """

    name: ClassVar[str] = "push"
    doc: ClassVar[str] = "The truth and a constant."

    size: float = 3.0

    def spoil(self, reports: F64, who: NDArray[np.bool_], side: float, luck: F64) -> Spoilt:
        """Return the reports with a push on those of attackers."""
        return _in_place(reports, who, reports + side * self.size * spread_of(reports))


@dataclass(frozen=True)
class Within(Attack):
    """Tells the truth where it suits, and where it does not a value of about the same rank from the other end.

    Every lie is what an honest reporter might say, and no copy of what one says: no single value shows it.
    """

    name: ClassVar[str] = "within"
    doc: ClassVar[str] = "Within the noise: inconvenient values change places with convenient ones."

    def spoil(self, reports: F64, who: NDArray[np.bool_], side: float, luck: F64) -> Spoilt:
        """Return the reports with those of attackers all on one side of the median."""
        rank = np.argsort(np.argsort(reports, kind="stable"), kind="stable")
        other_end = np.quantile(reports, 1.0 - (rank + luck) / len(reports))
        suits = side * (reports - np.median(reports)) >= 0.0
        return _in_place(reports, who, np.where(suits, reports, other_end))


@dataclass(frozen=True)
class Collusion(Attack):
    """All say one value that they agreed upon.

    Attributes:
        size: Its distance from the median, in robust standard deviations of the reports.
    """

    name: ClassVar[str] = "collusion"
    doc: ClassVar[str] = "All attackers say one value."

    size: float = 3.0

    def spoil(self, reports: F64, who: NDArray[np.bool_], side: float, luck: F64) -> Spoilt:
        """Return the reports with one value for all attackers."""
        return _in_place(reports, who, float(np.median(reports)) + side * self.size * spread_of(reports))


@dataclass(frozen=True)
class Sybil(Attack):
    """Invents respondents beside the honest ones, as many as there are attackers: values of honest people, pushed.

    Attributes:
        size: The push, in robust standard deviations of the reports.
    """

    name: ClassVar[str] = "sybil"
    doc: ClassVar[str] = "Invented respondents join the honest ones."

    size: float = 3.0

    def spoil(self, reports: F64, who: NDArray[np.bool_], side: float, luck: F64) -> Spoilt:
        """Return the honest reports and, behind them, the invented ones."""
        count = int(who.sum())
        like = reports[(luck[who] * len(reports)).astype(np.int64)]
        values = np.concatenate([reports, like + side * self.size * spread_of(reports)])
        lies = np.arange(len(values)) >= len(reports)
        return Spoilt(values, lies, np.concatenate([np.arange(len(reports)), np.full(count, -1)]))


@dataclass(frozen=True)
class Silence(Attack):
    """Those whose true answer does not suit say nothing; nothing false is said by anybody."""

    name: ClassVar[str] = "silence"
    doc: ClassVar[str] = "Attackers whose answers do not suit do not answer."

    def spoil(self, reports: F64, who: NDArray[np.bool_], side: float, luck: F64) -> Spoilt:
        """Return the reports without those of attackers on the wrong side of the median."""
        stay = np.flatnonzero(~(who & (side * (reports - np.median(reports)) < 0.0)))
        return Spoilt(reports[stay], who[stay], stay)


@dataclass(frozen=True)
class Reclassified(Attack):
    """Offices move a share of what they counted out of the record, or as much into it (crimes written down as mishaps).

    Attributes:
        moved: Share of the own count.
    """

    name: ClassVar[str] = "reclassified"
    doc: ClassVar[str] = "A share of what was counted is moved out of the record, or into it."

    moved: float = 0.5

    def spoil(self, reports: F64, who: NDArray[np.bool_], side: float, luck: F64) -> Spoilt:
        """Return the reports with those of attackers made smaller, or larger."""
        return _in_place(reports, who, reports * (1.0 + side * self.moved))


#: Ways to misreport, by name; the control comes first.
ATTACKS: dict[str, type[Attack]] = {
    kind.name: kind for kind in (Truth, Push, Within, Collusion, Sybil, Silence, Reclassified)
}
