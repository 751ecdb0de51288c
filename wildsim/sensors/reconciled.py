"""Several sources of one indicator, reconciled: together while they agree, the trusted one alone when they do not.

A cheap, precise record can be made by those whom it judges; a survey that asks people themselves cannot, but is noisy.
While the ratio between them stays what it was the record adds precision; once it moves for good, more than the errors
of both allow, the record says nothing more of the truth, and is left out with the reason in the reading's quality.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from wildsim.core.errors import InputError
from wildsim.core.table import F64
from wildsim.indicators import INDICATORS
from wildsim.indicators.crime import PER
from wildsim.sensors import SENSORS
from wildsim.sensors.agreement import Agreement, Total, agreement, sum_error, thinning_error
from wildsim.sensors.parts import PartOf, seen_by
from wildsim.sensors.questions import MONTHS_OF
from wildsim.sensors.reading import LEFT_OUT, MEASURED, NOT_KEPT, NOT_YET, UNDEFINED, Past, Reading, Sensor, kept_as
from wildsim.state.world import WorldView

#: Units of rates of cases: how many people they are per.
CASES_PER = {"offences a 100,000 people and year": PER}
#: Months over which sources are compared with the reference, and the fewest values from which anything is said.
WINDOW, FEWEST = 12, 3


@dataclass(frozen=True)
class Judged:
    """A reconciled value.

    Attributes:
        value, se: The value, in the trusted source's terms, and its standard error; NaN where there is none.
        why: What it was made of, and what was left out for which reason.
    """

    value: float
    se: float
    why: str


@SENSORS.register("reconciled")
@dataclass(frozen=True)
class Reconciled:
    """Two sources or more of one indicator, of different kinds; each period is published once, when all have.

    Attributes:
        sources: What measures it. trusted: Kind of the one that stands when others move away from it; the last one
            where left out. reference: Months from which the usual ratio to the trusted one is learned: the first ones
            from so many months before month 0 on. level: Rate of false alarms of one period, all sources together.
    """

    name: ClassVar[str] = "reconciled"
    doc: ClassVar[str] = "Sources that are weighed together while they agree; the trusted one alone when they do not."
    measures: ClassVar[str] = "what all of its sources measure"

    sources: tuple[Sensor, ...]
    trusted: str = ""
    reference: int = 12
    level: float = 0.05

    @property
    def delay(self) -> int:
        """Months from a period to its publication: those of the slowest source."""
        return max(source.delay for source in self.sources)

    @property
    def reach(self) -> int:
        """How many months back the oldest period may lie: its window must be known, too."""
        return min(source.reach for source in self.sources) - WINDOW + 1

    @property
    def keeps(self) -> tuple[str, ...]:
        """What the sources remember, and their totals over the reference."""
        own = tuple(f"{source.name}.{what}" for source in self.sources for what in source.keeps)
        return own + tuple(f"{source.name}.{what}" for source in self.sources for what in ("total", "total_se"))

    def check(self, indicator: str) -> None:
        """Raise if not all sources can measure an indicator, two are of one kind, or none is the trusted one.

        Raises:
            InputError: With what is wrong.
        """
        kinds = [source.name for source in self.sources]
        if len(kinds) < 2 or len(set(kinds)) < len(kinds):
            raise InputError(
                f"the sources are {', '.join(kinds)}; reconciled are two or more, no two of one kind: "
                "these would err together."
            )
        if self.trusted and self.trusted not in kinds:
            raise InputError(f"trusted is '{self.trusted}'; the sources are {', '.join(kinds)}.")
        for source in self.sources:
            source.check(indicator)

    def observe(self, view: WorldView, indicator: str) -> Mapping[str, float]:
        """Let every source look; add the newest period that all have published to the reference, until it is full."""
        found = {
            f"{source.name}.{what}": value
            for source in self.sources
            for what, value in source.observe(seen_by(view, indicator, source.name), indicator).items()
        }
        past, month = Past(view.history, view.month, view.keys), view.month
        count = self._count(past, indicator, month)
        totals = [self._total(past, indicator, k, month) for k in range(len(self.sources))]
        period = month - self.delay
        if period >= -self.reference and count < self.reference:
            values, errors = self._read(past, indicator, period)
            if np.isfinite(values).all() and np.isfinite(errors).all():
                count += 1
                added = zip(totals, values.tolist(), errors.tolist(), strict=True)
                totals = [(total + value, math.hypot(error, new)) for (total, error), value, new in added]
        for source, (total, error) in zip(self.sources, totals, strict=True):
            found |= {f"{source.name}.total": total, f"{source.name}.total_se": error}
        return found | {"count": float(count), "people": float(len(view.people))}

    def read(self, past: Past, indicator: str, month: int, period: int | None) -> Reading:
        """Return the value of `period` if it was published by `month`; the newest one where no period is given."""
        wanted = month - self.delay if period is None else period
        vintage = wanted + self.delay
        if vintage > month:
            return Reading(indicator, wanted, vintage, math.nan, math.nan, self.name, NOT_YET)
        if not past.keeps(wanted - WINDOW + 1):
            return Reading(indicator, wanted, vintage, math.nan, math.nan, self.name, NOT_KEPT)
        found = self.judge(past, indicator, wanted)
        quality = f"{MEASURED}: {found.why}" if math.isfinite(found.value) else UNDEFINED
        return Reading(indicator, wanted, vintage, found.value, found.se, self.name, quality)

    def published(self, past: Past, indicator: str, month: int) -> list[Reading]:
        """Return the one value that is published in `month`."""
        return [self.read(past, indicator, month, None)]

    def judge(self, past: Past, indicator: str, period: int) -> Judged:
        """Return the value of a period, its error, and what was made of which source."""
        values, errors = self._read(past, indicator, period)
        main = self._main
        kept, heard, left_out = [(float(values[main]), float(errors[main]))], [self.sources[main].name], []
        for k, source in enumerate(self.sources):
            if k == main:
                continue
            reason, scaled = self._heard(past, indicator, period, k, (float(values[k]), float(errors[k])))
            if reason:
                left_out.append(f"{source.name} {reason}")
            else:
                kept.append(scaled)
                heard.append(source.name)
        value, se = weighed(kept)
        return Judged(value, se, "; ".join([" and ".join(heard), *left_out]))

    def _heard(
        self, past: Past, indicator: str, period: int, k: int, own: tuple[float, float]
    ) -> tuple[str, tuple[float, float]]:
        """Return why source k is not heard ("" if it is), and its value and error in the trusted source's terms."""
        nothing, vintage = (math.nan, math.nan), period + self.delay
        if self._count(past, indicator, vintage) < self.reference:
            return f"{LEFT_OUT}: its usual ratio is not known yet", nothing
        reference = self._reference(past, indicator, k, vintage)
        if not (reference.first > 0.0 and reference.second > 0.0):
            return f"{LEFT_OUT}: it has no usual ratio", nothing
        found = self._compared(past, indicator, period, k, reference)
        if found is not None and found.p < self.level / (len(self.sources) - 1):
            return f"{LEFT_OUT}: {found.change:+.0%} off its usual ratio, p = {found.p:.2g}", nothing
        ratio = reference.first / reference.second
        chance = float(self._chance(past, indicator, period, np.array([own[0]]), reference)[0])
        doubt = math.hypot(reference.first_se / reference.first, reference.second_se / reference.second)
        return "", (own[0] / ratio, math.hypot(math.hypot(own[1], chance) / ratio, own[0] / ratio * doubt))

    def _compared(self, past: Past, indicator: str, period: int, k: int, reference: Total) -> Agreement | None:
        """Compare source k with the trusted one over the last periods since the reference; None if too few are."""
        span = max(WINDOW // MONTHS_OF.get(indicator, 1), 1)  # one mean of 12 months tells of as many
        since = [
            q
            for q in range(period - span + 1, period + 1)
            if self._count(past, indicator, q + self.delay) >= self.reference
        ]
        pairs = [self._read(past, indicator, q) for q in since]
        both = [k, self._main]
        known = [(v[both], e[both]) for v, e in pairs if np.isfinite(v[both]).all() and np.isfinite(e[both]).all()]
        if len(known) < min(FEWEST, span):
            return None
        values, errors = (np.array(part) for part in zip(*known, strict=True))
        first, second = values.sum(axis=0).tolist()
        chance = self._chance(past, indicator, period, values[:, 0], reference)
        first_se = sum_error(np.hypot(errors[:, 0], chance), MONTHS_OF.get(indicator, 1))
        return agreement(
            Total(first, second, first_se, sum_error(errors[:, 1], MONTHS_OF.get(indicator, 1))), reference
        )

    def _chance(self, past: Past, indicator: str, period: int, values: F64, reference: Total) -> F64:
        """Return the errors of a source that come of which cases it sees, where it counts cases; none elsewhere."""
        per = CASES_PER.get(INDICATORS[indicator].unit)
        if per is None:
            return np.zeros(len(values))
        people = past.value(kept_as(indicator, "people"), period)
        ratio = reference.first / reference.second
        return np.array([thinning_error(value, ratio, per, people) for value in values.tolist()])

    def _reference(self, past: Past, indicator: str, k: int, month: int) -> Total:
        """Return the totals of source k and of the trusted one over the reference, as known in `month`."""
        both = (k, self._main)
        (first, first_se), (second, second_se) = (self._total(past, indicator, j, month) for j in both)
        wider = sum_error(np.ones(self.reference), MONTHS_OF.get(indicator, 1)) / math.sqrt(self.reference)
        plain = Total(first, second, first_se * wider, second_se * wider)
        if not (first > 0.0 and second > 0.0):
            return plain
        chance = self._chance(past, indicator, month - 1, np.full(self.reference, first / self.reference), plain)
        counted = sum_error(chance, MONTHS_OF.get(indicator, 1))
        return replace(plain, first_se=math.hypot(plain.first_se, counted))

    @property
    def _main(self) -> int:
        """Place of the trusted source."""
        kinds = [source.name for source in self.sources]
        return kinds.index(self.trusted) if self.trusted else len(kinds) - 1

    def _read(self, past: Past, indicator: str, period: int) -> tuple[F64, F64]:
        """Return what every source said of a period when all had, and their errors, each of shape (sources)."""
        told = [
            source.read(PartOf(past, indicator, source.name), indicator, period + self.delay, period)
            for source in self.sources
        ]
        return np.array([reading.value for reading in told]), np.array([reading.se for reading in told])

    def _total(self, past: Past, indicator: str, k: int, month: int) -> tuple[float, float]:
        """Return a source's total over the reference, and its error, as known at the beginning of `month`."""
        name = self.sources[k].name
        found = [past.value(kept_as(indicator, f"{name}.{what}"), month - 1) for what in ("total", "total_se")]
        return (found[0], found[1]) if math.isfinite(found[0]) else (0.0, 0.0)

    def _count(self, past: Past, indicator: str, month: int) -> int:
        """Return how many periods the reference had at the beginning of `month`."""
        found = past.value(kept_as(indicator, "count"), month - 1)
        return int(found) if math.isfinite(found) else 0


def weighed(values: list[tuple[float, float]]) -> tuple[float, float]:
    """Return the mean of values weighted by their precision, and its standard error; NaN if none is known.

    Args:
        values: Value and standard error of each; those with NaN are left out, those without error count alone.
    """
    known = [(value, se) for value, se in values if math.isfinite(value) and math.isfinite(se)]
    if not known:
        return math.nan, math.nan
    exact = [value for value, se in known if se == 0.0]
    if exact:
        return sum(exact) / len(exact), 0.0
    weights = [1.0 / se**2 for _, se in known]
    total = sum(weights)
    mean = sum(weight * value for weight, (value, _) in zip(weights, known, strict=True)) / total
    return mean, 1.0 / math.sqrt(total)
