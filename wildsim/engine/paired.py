"""Paired differences between arms: the same seed with and without the policy, so most luck cancels."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from wildsim.engine.summary import cube, mean, means
from wildsim.scenario import evaluation

if TYPE_CHECKING:
    import pandas as pd

Values = np.ndarray[Any, Any]

LEVEL = 0.95
#: Indicators that equal another one by an accounting identity; they count once among the tests of a family.
TWINS = {name: first for first, *others in evaluation.TWINS for name in others}
RESAMPLES = 2000
ONE_SEED = "1 seed: no interval can be given. Use --seeds 8 or more."
COLUMNS = (
    "arm",
    "indicator",
    "group",
    "window",
    "baseline",
    "policy",
    "difference",
    "low",
    "high",
    "boot_low",
    "boot_high",
    "n",
    "p",
    "p_adjusted",
    "family",
    "split",
)


@dataclass(frozen=True)
class Effect:
    """A mean difference over pairs with its 95 % intervals.

    Attributes:
        difference: Mean of policy minus baseline. low, high: Student's t interval.
        boot_low, boot_high: Percentile bootstrap over seeds. n: Pairs. p: Two-sided t test of no difference.
    """

    difference: float
    low: float
    high: float
    boot_low: float
    boot_high: float
    n: int
    p: float


def effect(differences: Values) -> Effect:
    """Return the mean difference with its intervals; NaN pairs are left out.

    With one pair there is no interval (NaN). When all differences are equal the interval has no width, and p is 1
    for zeros (a policy that does nothing), 0 otherwise.
    """
    known = differences[~np.isnan(differences)]
    n = len(known)
    if n < 2:
        only = float(known[0]) if n else math.nan
        return Effect(only, math.nan, math.nan, math.nan, math.nan, n, math.nan)
    middle, sd = float(known.mean()), float(known.std(ddof=1))
    if sd == 0.0 or np.ptp(known) == 0.0:
        middle = float(known[0])
        return Effect(middle, middle, middle, middle, middle, n, 1.0 if middle == 0 else 0.0)
    from scipy import special

    error = sd / math.sqrt(n)
    reach = float(special.stdtrit(n - 1, (1 + LEVEL) / 2)) * error
    p = 2 * float(special.stdtr(n - 1, -abs(middle / error)))
    resampled = known[resamples(n)].mean(axis=1)
    ends = np.quantile(resampled, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    # percentiles of few pairs are too narrow: widen them as t widens the normal (Hesterberg 2015, section 5)
    wider = math.sqrt(n / (n - 1)) * reach / error / float(special.ndtri((1 + LEVEL) / 2))
    boot_low, boot_high = (middle + wider * (float(end) - middle) for end in ends)
    return Effect(middle, middle - reach, middle + reach, boot_low, boot_high, n, p)


def resamples(n: int) -> Values:
    """Return keyed bootstrap picks, shape (RESAMPLES, n): the same for every indicator, arm and run with n pairs."""
    key = int.from_bytes(hashlib.blake2b(f"bootstrap/{n}".encode(), digest_size=16).digest(), "little")
    return np.random.Generator(np.random.Philox(key=key)).integers(0, n, size=(RESAMPLES, n))


def holm(p: Values) -> Values:
    """Return p values adjusted for their number (Holm 1979); NaN stays NaN and counts for nothing."""
    adjusted = np.full(len(p), np.nan)
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")]
    largest = 0.0
    for rank, index in enumerate(order):
        largest = max(largest, min(1.0, (len(order) - rank) * float(p[index])))
        adjusted[index] = largest
    return adjusted


def windows(months: int, start: int) -> dict[str, slice]:
    """Return the windows of a run whose policy starts in month `start`, as far as they fit into it.

    None begins before the policy: `all` is from its first month to the end, `first_12` and `first_24` begin with it,
    `last_60` holds those of the last 60 months in which it acts.
    """
    found = {"all": slice(start, months)} if start < months else {}
    if months > 60 and found:
        found["last_60"] = slice(max(start, months - 60), months)
    for length in (12, 24):
        if start + length <= months:
            found[f"first_{length}"] = slice(start, start + length)
    return found


def main_window(months: int, start: int) -> tuple[str, str]:
    """Return the window that tables and pictures show first, and its months as text: "months 24-59"."""
    found = windows(months, start)
    name = "last_60" if "last_60" in found else "all"
    shown = found.get(name, slice(0, months))
    return name, f"months {shown.start}-{shown.stop - 1}"


def differences(frames: Mapping[str, pd.DataFrame], starts: Mapping[str, int]) -> pd.DataFrame:
    """Return the table of paired differences, one row an (arm, indicator, window).

    Args:
        frames: Indicators by arm with index (seed, month), the baseline first. starts: First month of each policy.
    """
    import pandas as pd

    names = list(frames)
    base = frames[names[0]]
    rows = [row for arm in names[1:] for row in _rows_of_arm(arm, base, frames[arm], starts.get(arm, 0))]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    for _, family in table.groupby("family"):
        table.loc[family.index, "p_adjusted"] = _adjusted(family)
    return table


def _adjusted(family: pd.DataFrame) -> Values:
    """Return the adjusted p of every row of a family; twins share that of the indicator they equal."""
    names = family["indicator"].tolist()
    twin = np.array([TWINS.get(name) in names for name in names])
    adjusted = holm(np.where(twin, np.nan, family["p"].to_numpy()))
    for row in np.flatnonzero(twin):
        adjusted[row] = adjusted[names.index(TWINS[names[row]])]
    return adjusted


def _rows_of_arm(arm: str, base: pd.DataFrame, frame: pd.DataFrame, start: int) -> list[dict[str, Any]]:
    shared = [name for name in base.columns if name in frame.columns]
    before, after = cube(base[shared]), cube(frame[shared])
    rows = []
    for window, months in windows(before.shape[1], start).items():
        for number, indicator in enumerate(shared):
            baseline, policy = (means(arm[:, months, number]) for arm in (before, after))
            paired = ~np.isnan(policy - baseline)
            row: dict[str, Any] = {"arm": arm, "indicator": str(indicator), "group": "all", "window": window}
            row |= {"baseline": mean(baseline[paired]), "policy": mean(policy[paired])}
            row |= effect(policy - baseline).__dict__
            row |= {"p_adjusted": math.nan, "family": f"{arm}:{window}", "split": "feedback"}
            rows.append(row)
    return rows
