"""Which decision earned what: each decision gets the rewards of the months that follow, once they are known.

Rewards of an agent's own come from its own columns through a sensor that is late and errs; those of the society are the
same for all. Nothing that becomes known after `now` is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from wildsim.core.errors import InputError
from wildsim.core.keys import Keys
from wildsim.core.table import F64, I64, U64
from wildsim.feedback.delayed import NEVER
from wildsim.feedback.reward import Rewarded
from wildsim.kernels.philox import fill_uniform


@dataclass(frozen=True)
class OwnRewards:
    """What agents earned for themselves, as it was measured.

    Attributes:
        agents: Ids, shape (agents), each once. first: Period of the first row. values: Shape (periods, agents), in
            `unit`; NaN where an agent has none, as before its birth. lag: Months from a period until it is known.
        unit: Of a reward of 1.
    """

    agents: U64
    first: int
    values: F64
    lag: int
    unit: str

    def __post_init__(self) -> None:
        """Check the shapes.

        Raises:
            InputError: They do not go together, an id is there twice, or something is known before it happens.
        """
        if self.values.ndim != 2 or self.values.shape[1] != len(self.agents):
            raise InputError(f"{len(self.agents)} agents and values of shape {self.values.shape} do not go together.")
        if len(np.unique(self.agents)) < len(self.agents):
            raise InputError("an agent is there twice.")
        if self.lag < 1:
            raise InputError(f"lag is {self.lag}; a month is known a month later at the earliest.")


def sense_own(
    agents: U64, first: int, column: F64, lag: int, error: float, keys: Keys, unit: str, table: str = "people"
) -> OwnRewards:
    """Return rewards made of a column of the agents' own, measured with normal errors that are keyed by id and month.

    Args:
        agents: Ids, shape (agents). first: Period of the first row. column: True values, shape (periods, agents).
        lag: Months until they are known. error: Standard deviation of measuring, in the column's unit, 0 or more.
    """
    values = np.array(column, dtype=np.float64)
    if error > 0.0:
        for row in range(len(values)):
            luck = np.empty((len(agents), 1))
            fill_uniform(keys.stream("own_reward", table, first + row), first + row, agents, luck)
            values[row] += error * special.ndtri(luck[:, 0])
    return OwnRewards(np.asarray(agents, dtype=np.uint64), first, values, lag, unit)


@dataclass(frozen=True)
class Credited:
    """What decisions earned, in their order.

    Attributes:
        value: Discounted sum over the horizon, shape (decisions); NaN as long as a month of it is not known.
        so_far: The same of the months that are known; NaN where none is. missing: Months that are not, of the horizon.
        known_in: Month in which the last one will be known, at the earliest; NEVER where one will not (death).
    """

    value: F64
    so_far: F64
    missing: I64
    known_in: I64


@dataclass(frozen=True)
class Shares:
    """How a decision's reward is composed.

    Attributes:
        horizon: Months that count, the month of the decision the first. discount: Worth of a month later, 0 to 1.
        own, social: Weights of what the agent and what the society gets.
    """

    horizon: int
    discount: float = 1.0
    own: float = 1.0
    social: float = 0.0

    def __post_init__(self) -> None:
        """Check the numbers.

        Raises:
            InputError: One is out of range.
        """
        if self.horizon < 1 or not 0.0 < self.discount <= 1.0:
            raise InputError(f"horizon is {self.horizon} (1 or more), discount {self.discount:g} (above 0, at most 1).")


def credit(
    agents: U64, months: I64, shares: Shares, now: int, own: OwnRewards | None, social: Sequence[Rewarded] = ()
) -> Credited:
    """Return what each decision earned, as known in month `now`.

    Args:
        agents, months: Who decided when, shape (decisions). own: Rewards of the agents' own; may be None where they do
            not count. social: Rewards of the society, a period each, as `Rewarded` says when they are known.

    Raises:
        InputError: Own rewards count and there are none, or a period of the society is there twice.
    """
    if shares.own != 0.0 and own is None:
        raise InputError("own rewards count here and none are given; give them, or set own to 0.")
    if len({one.period for one in social}) < len(social):
        raise InputError("a period of the society's reward is there twice.")
    by_period = {one.period: one for one in social}
    so_far = np.zeros(len(agents))
    missing, known_in = np.zeros(len(agents), dtype=np.int64), np.zeros(len(agents), dtype=np.int64)
    never = np.zeros(len(agents), dtype=bool)
    for ahead in range(shares.horizon):
        periods = np.asarray(months, dtype=np.int64) + ahead
        worth, when, lost = (
            np.zeros(len(agents)),
            np.zeros(len(agents), dtype=np.int64),
            np.zeros(len(agents), dtype=bool),
        )
        if shares.own != 0.0 and own is not None:
            got, when, lost = _own(own, agents, periods, now)
            worth += shares.own * got
        if shares.social != 0.0:
            shared, later, gone = _social(by_period, periods, now)
            worth += shares.social * shared
            when, lost = np.maximum(when, later), lost | gone
        known = np.isfinite(worth)
        so_far += np.where(known, shares.discount**ahead * worth, 0.0)
        missing += ~known
        never |= lost
        known_in = np.maximum(known_in, when)
    value = np.where(missing > 0, np.nan, so_far)
    so_far[missing == shares.horizon] = np.nan
    return Credited(value, so_far, missing, np.where(never, NEVER, known_in))


def _own(own: OwnRewards, agents: U64, periods: I64, now: int) -> tuple[F64, I64, np.ndarray]:
    """Return the own reward of each (agent, period) if it is known, when it is, and whether it never will be."""
    if not len(own.agents):
        return np.full(len(agents), np.nan), periods + own.lag, periods + own.lag <= now
    order = np.argsort(own.agents)
    place = np.searchsorted(own.agents, agents, sorter=order)
    column = order[np.minimum(place, len(order) - 1)]
    there = own.agents[column] == agents
    row = periods - own.first
    recorded = (row >= 0) & (row < len(own.values))
    when = periods + own.lag
    happened = own.values[np.where(recorded, row, 0), column]
    lived = there & recorded & np.isfinite(happened)
    # a month that is known by now and holds nothing of the agent will never hold anything
    lost = (when <= now) & ~lived
    return np.where(lived & (when <= now), happened, np.nan), when, lost


def _social(by_period: dict[int, Rewarded], periods: I64, now: int) -> tuple[F64, I64, np.ndarray]:
    """Return the society's reward of each period likewise; of a period that nobody speaks of it is not known when."""
    values, when = np.full(len(periods), np.nan), np.zeros(len(periods), dtype=np.int64)
    lost = np.zeros(len(periods), dtype=bool)
    for period in np.unique(periods).tolist():
        rows, one = periods == period, by_period.get(period)
        if one is None:
            when[rows] = max(now, period) + 1
            continue
        when[rows] = one.known_in
        if one.known_in <= now:
            values[rows], lost[rows] = one.value, not np.isfinite(one.value)
    return values, when, lost
