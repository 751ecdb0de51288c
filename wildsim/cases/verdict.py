"""Has a case been passed? Range, precision and bites, each on its own, for the policy and for its placebo."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from wildsim.cases import CASES, ESTIMATE, MOST_ERROR, Bite, Case

Values = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Mean:
    """A mean over seeds.

    Attributes:
        value: Mean. error: Its standard error. low, high: 95 % interval (Student's t). n: Seeds that gave a number.
    """

    value: float
    error: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Outcome:
    """What one arm of a case shows.

    Attributes:
        found: Mean of everything that the estimator returns, by name.
        in_range, precise: Whether the estimate lies in the range; whether it is known well enough.
        bites: Whether each bite holds, by name. missing: Seeds on which the estimator found nothing.
    """

    found: Mapping[str, Mean]
    in_range: bool
    precise: bool
    bites: Mapping[str, bool]
    missing: int

    @property
    def estimate(self) -> Mean:
        """The estimate."""
        return self.found[ESTIMATE]

    @property
    def passed(self) -> bool:
        """Whether every criterion holds."""
        return self.in_range and self.precise and all(self.bites.values()) and not self.missing


def mean_of(values: Values) -> Mean:
    """Return the mean over seeds with its standard error and interval; NaN seeds are left out."""
    from wildsim.engine.paired import effect

    known = values[~np.isnan(values)]
    found = effect(values)
    error = float(known.std(ddof=1)) / math.sqrt(len(known)) if len(known) > 1 else math.nan
    return Mean(found.difference, error, found.low, found.high, found.n)


def judge(case: Case, numbers: Mapping[str, Values]) -> Outcome:
    """Return what the numbers of an arm (one entry a seed) say.

    A seed on which the estimate or a bite is NaN fails the case: nothing may be left out in silence.
    """
    found = {name: mean_of(values) for name, values in numbers.items()}
    estimate = found[ESTIMATE]
    needed = [ESTIMATE, *(bite.name for bite in case.bites)]
    missing = int(np.any([np.isnan(numbers[name]) for name in needed], axis=0).sum())
    return Outcome(
        found=found,
        in_range=case.low <= estimate.value <= case.high and not estimate.high <= case.reaches,
        precise=estimate.error <= MOST_ERROR * (case.high - case.low),
        bites={bite.name: bite.low <= found[bite.name].value <= bite.high for bite in case.bites},
        missing=missing,
    )


def reasons(case: Case, outcome: Outcome) -> list[str]:
    """Return in words why an arm fails; nothing if it passes."""
    why = []
    if not outcome.in_range:
        why.append(_where(case, outcome.estimate))
    if not outcome.precise:
        why.append("not precise enough")
    why += [f"not seen: {bite.about}" for bite in case.bites if not outcome.bites[bite.name]]
    if outcome.missing:
        why.append(f"{outcome.missing} seeds without a number")
    return why


def _where(case: Case, estimate: Mean) -> str:
    """Return in words where an estimate lies that is not in the range."""
    if math.isnan(estimate.value):
        return "no estimate"
    if case.low <= estimate.value <= case.high:
        return f"its interval ends at {estimate.high:.3g}, not above {case.reaches:g}"
    return "below the range" if estimate.value < case.low else "above the range"


def row(
    case: Case, policy: Outcome, placebo: Outcome | None, changes: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return everything about one case as plain data; `changes` are those of its settings, by dotted path."""
    from wildsim.cases.record import with_changes

    settings = with_changes(case.scenario, changes or {})
    data: dict[str, Any] = {name: getattr(case, name) for name in _TEXTS}
    data |= {"range": [case.low, case.high], "holds_zero": case.holds_zero, "counted": case.counted}
    data |= {"settings": settings, "policies": list(case.policies), "months": case.months}
    data["policy_arm"] = _outcome(case, policy)
    data["placebo_arm"] = _outcome(case, placebo) if placebo is not None else None
    data["notes_meaning"] = dict(case.notes)
    return data


_TEXTS = ("name", "title", "policy", "published", "source", "measured", "unit")


def _outcome(case: Case, outcome: Outcome) -> dict[str, Any]:
    found = {name: mean.__dict__ for name, mean in outcome.found.items()}
    bites = [_bite(bite, outcome) for bite in case.bites]
    most = MOST_ERROR * (case.high - case.low)
    return {
        **outcome.estimate.__dict__,
        "passed": outcome.passed,
        "in_range": outcome.in_range,
        "precise": outcome.precise,
        "largest_error_allowed": most,
        "bites": bites,
        "why_not": reasons(case, outcome),
        "found": found,
    }


def _bite(bite: Bite, outcome: Outcome) -> dict[str, Any]:
    mean = outcome.found[bite.name]
    return {**bite.__dict__, "value": mean.value, "error": mean.error, "holds": outcome.bites[bite.name]}


def count(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Return how many cases there are, are passed, are passed with a range without zero, and placebos that fail."""
    passed = [row for row in rows if row["policy_arm"]["passed"]]
    placebos = [row["placebo_arm"] for row in rows if row["placebo_arm"] is not None]
    return {
        "cases": len(rows),
        "passed": len(passed),
        "passed_without_zero": sum(row["counted"] and not row["holds_zero"] for row in passed),
        "placebos": len(placebos),
        "placebos_failed": sum(not placebo["passed"] for placebo in placebos),
    }


def verdicts(study: Any) -> list[dict[str, Any]]:
    """Return a row a case from the stored pairs of a study."""
    from wildsim.cases.study import PLACEBO, POLICY, numbers

    rows = []
    for name in study.names:
        case = CASES[name]
        policy = judge(case, numbers(study, name, POLICY))
        placebo = judge(case, numbers(study, name, PLACEBO)) if study.placebo else None
        rows.append(row(case, policy, placebo, dict(study.changes)))
    return rows
