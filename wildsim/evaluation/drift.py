"""Drift: since when outcomes have fallen outside what was forecast, and whether a deployed policy should be stopped.

The evidence is the wealth of somebody who bets against the forecasts: for each way to be wrong (outcomes shifted, or
wider) he splits a stake over the month in which it began. While forecasts are calibrated the wealth is a non-negative
martingale that starts at 1, so that it ever reaches 1 / level with at most that chance, however long one watches and
however often one looks (Ville 1939; Shafer 2021, Testing by betting; the change point as in Shiryaev 1963).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from wildsim.core.errors import InputError
from wildsim.core.table import F64

#: Ways to be wrong that are bet on: (shift, standard deviation) of normal scores that are (0, 1) if right.
ALTERNATIVES = ((-2.0, 1.0), (-1.0, 1.0), (-0.5, 1.0), (0.5, 1.0), (1.0, 1.0), (2.0, 1.0), (0.0, 1.5), (0.0, 2.5))
#: Chance, each month, that drift begins, by which stakes are spread; a hundred months are a policy's horizon.
HAZARD = 0.01
LEVEL = 0.05
#: Mean over root mean square of scores from which they lie to one side; 0.71 where shift and spread are equal.
ONE_SIDED = 0.71
#: Chance, as a multiple of the alarm's, that evidence ever goes so far without drift that one is told to look closer.
LOOK = 4.0


def evidence(scores: F64) -> F64:
    """Return the wealth of betting against forecasts after each outcome, shape (..., outcomes).

    Args:
        scores: Normal scores of outcomes in their order, shape (..., outcomes), standard normal if forecasts are right.
    """
    shift, spread = np.array(ALTERNATIVES).T
    z = np.asarray(scores, dtype=np.float64)[..., None]
    odds = np.exp(np.clip(_exponent(z, shift, spread), -500.0, 50.0)) / spread
    wealth, running = np.empty(z.shape[:-1]), np.zeros((*z.shape[:-2], len(shift)))
    for t in range(z.shape[-2]):
        running = np.minimum((running + HAZARD * (1.0 - HAZARD) ** t) * odds[..., t, :], 1e150)
        wealth[..., t] = running.mean(axis=-1) + (1.0 - HAZARD) ** (t + 1)
    return wealth


def _exponent(z: F64, shift: F64, spread: F64) -> F64:
    """Return the log odds of shifted and spread scores against standard normal ones, but for the log of the spread."""
    return np.asarray((z**2 - ((z - shift) / spread) ** 2) / 2.0)


@dataclass(frozen=True)
class Drift:
    """What monitoring says.

    Attributes:
        alarm: Whether outcomes have left what was forecast. at: Place of the outcome that raised it; -1 for none.
        evidence: Wealth after each outcome, shape (outcomes). bound: What it has to reach; infinite where it never can.
        look: Evidence from which one looks closer.
        level: Chance of an alarm over the whole period if nothing drifts. side: "above" or "below" what was
            forecast, or "wider", as outcomes since the drift began look; "" without alarm.
        how: By which bound: "betting" (independent outcomes) or "paths" (rank among the members of one ensemble).
    """

    alarm: bool
    at: int
    evidence: F64
    bound: float
    look: float
    level: float
    side: str
    how: Literal["betting", "paths"]


def watch(scores: F64, level: float = LEVEL) -> Drift:
    """Return whether independent forecasts have drifted.

    Args:
        scores: Normal scores in their order, shape (outcomes); or (series, outcomes) of several series that are watched
            together, NaN where one has no outcome: the mean of their wealths is bounded likewise, however they hang
            together.
    """
    rows = np.atleast_2d(scores)
    return _judged(rows, _together(rows), (1.0 / level, 1.0 / (LOOK * level)), level, "betting")


def watch_among(scores: F64, members: F64, level: float = LEVEL) -> Drift:
    """Return whether the outcomes of one ensemble of paths have drifted; they may hang together in any way.

    The bound is the wealth that at most a share `level` of the members, each judged beside the others, ever reaches
    over the whole period: if the world is as a member, its rank among them is anywhere with the same chance.

    Args:
        scores: Standardised outcomes so far, shape (outcomes) or (series, outcomes). members: The same of each member
            over the whole period, shape (members, periods) or (members, series, periods).

    Raises:
        InputError: The members are of other series, or of fewer months.
    """
    rows = np.atleast_2d(scores)
    paths = members[:, None, :] if members.ndim == 2 else members
    if paths.shape[1] != rows.shape[0] or paths.shape[2] < rows.shape[1]:
        raise InputError(f"outcomes of shape {rows.shape} do not go with members of shape {members.shape}.")
    highest = np.sort(_together(paths).max(axis=-1))[::-1]
    bounds = (_reached(highest, level), _reached(highest, LOOK * level))
    return _judged(rows, _together(rows), bounds, level, "paths")


def _reached(highest: F64, level: float) -> float:
    """Return what an outcome like the members, sorted down, exceeds with at most a chance; infinite for too few."""
    allowed = math.floor(level * (len(highest) + 1) + 1e-9)
    return float(highest[allowed - 1]) if allowed >= 1 else math.inf


def fewest_members(level: float = LEVEL) -> int:
    """Return how many members an ensemble needs for `watch_among` to be able to alarm at all."""
    return math.ceil(1.0 / level - 1e-9) - 1


def _together(rows: F64) -> F64:
    """Return the mean wealth of series, shape (..., outcomes), of rows of shape (..., series, outcomes).

    A missing outcome (NaN, then in all rows of a series) leaves a wealth as it is.
    """
    total = np.zeros((*rows.shape[:-2], rows.shape[-1]))
    for series in np.moveaxis(rows, -2, 0):
        known = np.isfinite(series).reshape(-1, series.shape[-1]).all(axis=0)
        begun = np.ones((*series.shape[:-1], 1))
        total += np.concatenate([begun, evidence(series[..., known])], axis=-1)[..., np.cumsum(known)]
    mean: F64 = total / rows.shape[-2]
    return mean


def _judged(
    rows: F64, wealth: F64, bounds: tuple[float, float], level: float, how: Literal["betting", "paths"]
) -> Drift:
    bound, look = bounds
    over = np.flatnonzero(wealth > bound) if how == "paths" else np.flatnonzero(wealth >= bound)
    if not over.size:
        return Drift(False, -1, wealth, bound, look, level, "", how)
    at = int(over[0])
    return Drift(True, at, wealth, bound, look, level, _side(rows[:, : at + 1]), how)


def _side(rows: F64) -> str:
    """Return the direction of the bet that has won most, over all series, and of outcomes since it began to."""
    shift, spread = np.array(ALTERNATIVES).T
    best, side = -math.inf, ""
    for row in rows:
        z = row[np.isfinite(row)][:, None]
        gains = (_exponent(z, shift, spread) - np.log(spread))[::-1].cumsum(axis=0)
        if not len(gains) or gains.max() <= best:
            continue
        back, place = np.unravel_index(int(gains.argmax()), gains.shape)
        best, since = float(gains.max()), z[len(z) - 1 - int(back) :, 0]
        # a wide bet wins too where outcomes are far off, all to one side
        one_sided = shift[place] != 0.0 or abs(since.mean()) >= ONE_SIDED * math.sqrt(float((since**2).mean()))
        side = ("above" if since.mean() > 0.0 else "below") if one_sided else "wider"
    return side


@dataclass(frozen=True)
class Advice:
    """Whether a deployed policy should go on.

    Attributes:
        what: "go on", "look closer" or "stop". why: A sentence.
    """

    what: Literal["go on", "look closer", "stop"]
    why: str


def advise(drift: Drift, worse: str = "") -> Advice:
    """Return whether the policy should go on: it stops when what it was chosen for no longer holds.

    Args:
        drift: What monitoring says. worse: Side that is the worse one, "above" or "below"; "" where it depends.
    """
    if drift.alarm:
        turn = {"": "", worse: ", for the worse"}.get(drift.side, ", for the better" if drift.side != "wider" else "")
        turn = turn if worse else ""
        return Advice(
            "stop",
            f"outcome {drift.at + 1} lies outside what was forecast ({drift.side}{turn}): the forecasts on which the "
            f"policy was chosen no longer hold (chance of this alarm without drift: at most {drift.level:.2g}).",
        )
    now = float(drift.evidence[-1]) if len(drift.evidence) else 1.0
    if now > drift.look:
        return Advice("look closer", f"evidence of drift is {now:.3g} to 1, not yet the {drift.bound:.3g} of an alarm.")
    return Advice("go on", "outcomes are as forecast.")
