"""National accounts: first releases, and the revisions that follow them, of kind noise or news.

Noise: a release is the truth and an error that later releases take away, so that revisions can be foreseen from the
release. News: a release is the best guess from what is known then, so that they cannot. Source: Mankiw, Shapiro 1986,
News or noise: an analysis of GNP revisions, Survey of Current Business.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from scipy.special import ndtri

from wildsim.core.errors import InputError
from wildsim.core.table import F64
from wildsim.indicators import INDICATORS
from wildsim.sensors import SENSORS
from wildsim.sensors.reading import MEASURED, NOT_KEPT, NOT_YET, UNDEFINED, Past, Reading
from wildsim.state.history import MONTHS
from wildsim.state.redenominate import is_money
from wildsim.state.world import WorldView

#: Months before a period from which news is guessed: the mean and the spread of growth.
WINDOW = 24


@dataclass(frozen=True)
class Release:
    """One publication of a period.

    Attributes:
        lag: Months from the period to it. error: Standard deviation of its relative error.
    """

    lag: int
    error: float


@SENSORS.register("accounts")
@dataclass(frozen=True)
class Accounts:
    """Publishes each period several times; draws are keyed by period, so that a release is the same whenever asked for.

    Attributes:
        kind: What revisions are. releases: By lag; the errors of later ones are not larger.
    """

    name: ClassVar[str] = "accounts"
    doc: ClassVar[str] = "National accounts: a first release, and revisions of kind noise or news."
    measures: ClassVar[str] = "amounts of money"
    keeps: ClassVar[tuple[str, ...]] = ()

    kind: Literal["news", "noise"]
    releases: tuple[Release, ...]

    @property
    def delay(self) -> int:
        """Months from a period to its first release."""
        return self.releases[0].lag

    @property
    def reach(self) -> int:
        """How many months back the oldest period may lie that it can speak of: news needs those before it, too."""
        return MONTHS - self._before

    @property
    def _before(self) -> int:
        """Months before a period that a release is made from."""
        return WINDOW + 1 if self.kind == "news" else 0

    def check(self, indicator: str) -> None:
        """Raise if an indicator is no amount of money.

        Raises:
            InputError: It is a rate or a count; or a release comes when too little is remembered to make it.
        """
        if not is_money(INDICATORS[indicator].unit):
            raise InputError(f"accounts measure amounts of money; '{indicator}' is in {INDICATORS[indicator].unit}.")
        if self.releases[-1].lag > self.reach:
            raise InputError(
                f"a release of kind {self.kind} can come {self.reach} months after its period at most; "
                f"the last one has lag {self.releases[-1].lag}."
            )

    def observe(self, view: WorldView, indicator: str) -> Mapping[str, float]:
        """Return nothing: releases are made from the truth when they are asked for."""
        return {}

    def read(self, past: Past, indicator: str, month: int, period: int | None) -> Reading:
        """Return the latest release of `period` by `month`; of the newest period released where none is given."""
        wanted = month - self.delay if period is None else period
        out = [number for number, release in enumerate(self.releases) if wanted + release.lag <= month]
        if not out:
            return Reading(indicator, wanted, wanted + self.delay, math.nan, math.nan, self.name, NOT_YET)
        return self._release(past, indicator, wanted, out[-1])

    def published(self, past: Past, indicator: str, month: int) -> list[Reading]:
        """Return every release of `month`: one of a new period, and revisions of earlier ones."""
        return [
            self._release(past, indicator, month - release.lag, number) for number, release in enumerate(self.releases)
        ]

    def _release(self, past: Past, indicator: str, period: int, number: int) -> Reading:
        vintage = period + self.releases[number].lag
        if not past.keeps(period - self._before):
            return Reading(indicator, period, vintage, math.nan, math.nan, self.name, NOT_KEPT)
        truth = np.array([past.value(indicator, period - ago) for ago in range(self._before, -1, -1)])
        if not (truth > 0.0).all():
            return Reading(indicator, period, vintage, math.nan, math.nan, self.name, UNDEFINED)
        normal: F64 = ndtri(past.luck(f"accounts.{indicator}", period, len(self.releases)))
        errors = np.array([release.error for release in self.releases])
        value, spread = (guess if self.kind == "news" else spoilt)(np.log(truth), errors, normal, number)
        level = math.exp(value)
        return Reading(indicator, period, vintage, level, level * spread, self.name, MEASURED)


def spoilt(logs: F64, errors: F64, normal: F64, number: int) -> tuple[float, float]:
    """Return release `number` of kind noise, and its standard error, in logs.

    Args:
        logs: Log truth; the last one counts, shape (any). errors: Standard deviations, falling, shape (releases).
        normal: A standard normal draw for each release.
    """
    steps = np.sqrt(np.maximum(errors**2 - np.append(errors[1:], 0.0) ** 2, 0.0))
    return float(logs[-1] + (steps * normal)[number:].sum()), float(errors[number])


def guess(logs: F64, errors: F64, normal: F64, number: int) -> tuple[float, float]:
    """Return release `number` of kind news, and its standard error, in logs: the mean of the truth given what is known.

    Known are the level before and, of the surprise in growth, a signal more with each release, so precise that the
    release's error is what it is to be; an error larger than the surprise itself is as large as the surprise.

    Args:
        logs: Log truth of the months before and of the period, shape (WINDOW + 2). errors, normal: As in `spoilt`.
    """
    growth = np.diff(logs)
    usual, surprises = float(growth[:-1].mean()), float(growth[:-1].std(ddof=1))
    surprise = float(growth[-1]) - usual
    if errors[number] == 0.0 or surprises == 0.0:
        return float(logs[-1]), 0.0
    precise = np.maximum(1.0 / np.maximum(errors[: number + 1], 1e-300) ** 2 - 1.0 / surprises**2, 0.0)
    added = np.diff(np.maximum.accumulate(precise), prepend=0.0)
    seen = float((added * surprise + np.sqrt(added) * normal[: number + 1]).sum())
    known = 1.0 / surprises**2 + float(added.sum())
    return float(logs[-2]) + usual + seen / known, 1.0 / math.sqrt(known)
