"""Verdicts on a policy by one number of many reports, and how many lies turn them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from wildsim.core.table import F64, I64
from wildsim.sensors.aggregates import geometric_median, mean, median, median_of_means, trimmed_mean
from wildsim.sensors.manipulation import Attack, Spoilt, Sybil
from wildsim.studies.hijack.answers import Surveyed
from wildsim.studies.hijack.curating import curated_mean

#: Reports, place of each in the honest ones (-1: invented), honest reports to compare with -> one number.
Judge = Callable[[F64, I64, F64], float]

#: Ways to judge by name. Of one number a reporter the geometric median is the median, but for ties.
JUDGES: dict[str, Judge] = {
    "mean": lambda reports, origin, honest: mean(reports),
    "trimmed_mean": lambda reports, origin, honest: trimmed_mean(reports),
    "median": lambda reports, origin, honest: median(reports),
    "geometric_median": lambda reports, origin, honest: float(geometric_median(reports[:, None])[0]),
    "median_of_means": lambda reports, origin, honest: median_of_means(reports),
    "curated_mean": curated_mean,
}


@dataclass(frozen=True)
class Case:
    """One pair of worlds, one attack and one judge.

    Attributes:
        seen: Honest reports on both worlds. attack: What attackers do. judge: How reports become one number.
    """

    seen: Surveyed
    attack: Attack
    judge: str

    @cached_property
    def before(self) -> float:
        """What the judge makes of the world without the policy, of which nobody lies."""
        seen = self.seen
        mixed = np.argsort(order_of(seen, len(seen.before)), kind="stable")
        return JUDGES["mean" if self.judge == "curated_mean" else self.judge](seen.before[mixed], mixed, seen.before)

    def after(self, attackers: int, side: float) -> float:
        """What the judge makes of the world with the policy when so many lie."""
        spoilt = spoil(self.seen, self.attack, attackers, side)
        return JUDGES[self.judge](spoilt.values, spoilt.origin, self.seen.before)

    @cached_property
    def honest(self) -> float:
        """The effect of the policy that the judge finds when nobody lies."""
        return self.after(0, 1.0) - self.before

    @property
    def side(self) -> float:
        """Where the judge is to be moved: against the effect that it finds when nobody lies."""
        return -math.copysign(1.0, self.honest) if math.isfinite(self.honest) else -1.0

    def turned(self, attackers: int) -> bool:
        """Return whether the verdict is another one when so many lie; an effect of nothing is no verdict."""
        honest = self.honest
        if attackers == 0 or honest == 0.0 or not math.isfinite(honest):
            return False
        found = self.after(attackers, self.side) - self.before
        return bool(np.sign(found) != np.sign(honest))


def spoil(seen: Surveyed, attack: Attack, attackers: int, side: float) -> Spoilt:
    """Return the reports on the world with the policy when the first so many of those who would be bought lie.

    They come in an order of chance, the invented between the others: blocks of the median of means must not sort them.
    """
    luck = np.random.Generator(np.random.Philox([seen.seed, 1])).random(len(seen.after))
    spoilt = attack.spoil(seen.after, seen.attackers(attackers), side, luck)
    behind = np.cumsum(spoilt.origin < 0) - 1 + len(seen.after)
    chance = order_of(seen, 2 * len(seen.after))[np.where(spoilt.origin < 0, behind, spoilt.origin)]
    mixed = np.argsort(chance, kind="stable")
    return Spoilt(spoilt.values[mixed], spoilt.lies[mixed], spoilt.origin[mixed])


def order_of(seen: Surveyed, count: int) -> F64:
    """Return the order in which reports come, as draws; more of them leave those before as they are."""
    return np.random.Generator(np.random.Philox([seen.seed, 2])).random(count)


def count_of(share: float, reports: int, attack: Attack) -> int:
    """Return how many attackers make a share of all reports: the invented ones come on top of the honest."""
    if isinstance(attack, Sybil):
        return min(math.floor(share * reports / (1.0 - share) + 1e-9), reports)
    return math.floor(share * reports + 1e-9)


def budget(case: Case, turned: list[tuple[int, bool]]) -> float:
    """Return the fewest attackers that turn the verdict; infinite if no share up to MOST_SHARE does.

    Args:
        turned: Numbers of attackers that were tried, rising, and whether they turned it. Between the last that did not
            and the first that did the number is found by bisection: as if more attackers never did less.
    """
    first = next((place for place, (_, success) in enumerate(turned) if success), None)
    if first is None:
        return math.inf
    low, high = (turned[first - 1][0] if first else 0), turned[first][0]
    while high - low > 1:
        middle = (low + high) // 2
        if case.turned(middle):
            high = middle
        else:
            low = middle
    return float(high)
