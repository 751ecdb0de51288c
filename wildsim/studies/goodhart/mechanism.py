"""Why the gap between proxy and gold opens: by chance, beyond the known range, by a common cause, or by others' answer.

Source: Manheim, Garrabrant 2018, Categorizing variants of Goodhart's law: regressional, extremal, causal, adversarial.

Four arms, each of candidates (plans on their seeds), each candidate with two readings of the proxy and its gold:

observe  Nothing is pushed: candidates as they come.
small    The levers are moved a little way to where the optimiser wants them, within the range that was observed.
blind    The levers are moved the whole way. Nobody in the society knows that the proxy is rewarded.
seen     The same levers, moved as far. Those who can answer know that the proxy is rewarded.

No candidate of an arm may have been left out for its proxy. In observe, proxy and gold go together by a slope. In an
arm the *gap* is the gain in gold that the proxy's gain promises by that slope, less what came. It has four parts, in
gold's unit, for the whole push:

regressional  Those with the best first reading are chosen; measured anew they are worse: slope x (first - second).
causal        The gap of the small push, per unit that the proxy moved, times what it moves in the whole one.
extremal      The gap of the blind push beyond that: what held near what was observed breaks farther out.
adversarial   The gap of the seen push less that of the blind one.

A part without its arms is not known, and its mechanism cannot be named: without second readings the regressional one,
without small or blind the causal and the extremal, without blind or seen the adversarial.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special

from wildsim.core.errors import InputError
from wildsim.core.table import F64

Name = Literal["none", "regressional", "extremal", "causal", "adversarial"]
MECHANISMS: tuple[Name, ...] = ("regressional", "extremal", "causal", "adversarial")
FEWEST = 20
DRAWS = 200
#: Standard errors that a slope or a move of the proxy must be from 0 to be divided by.
CLEAR = 3.0


@dataclass(frozen=True)
class Arm:
    """Candidates of one arm; all of shape (candidates).

    Attributes:
        proxy: First reading of the proxy, the one that candidates are chosen by; more is rewarded.
        gold: What is meant, without error or with an error of its own.
        again: A second reading with luck of its own (another sample, the same world); None where there is none.
    """

    proxy: F64
    gold: F64
    again: F64 | None = None

    def checked(self, name: str) -> Arm:
        """Return it as floats.

        Raises:
            InputError: There are too few candidates, or a number is missing.
        """
        found = [np.asarray(part, dtype=np.float64) for part in (self.proxy, self.gold)]
        again = None if self.again is None else np.asarray(self.again, dtype=np.float64)
        parts = [*found, *([] if again is None else [again])]
        if len({part.shape for part in parts}) > 1 or found[0].ndim != 1 or len(found[0]) < FEWEST:
            raise InputError(
                f"arm {name}: {FEWEST} candidates or more are needed, each with proxy, gold and all readings."
            )
        if not all(np.isfinite(part).all() for part in parts):
            raise InputError(f"arm {name}: a number is missing; leave out candidates whose gold is not known.")
        return Arm(found[0], found[1], again)


@dataclass(frozen=True)
class Part:
    """A part of the gap.

    Attributes:
        value, se: In gold's unit; NaN where its arms are missing. share: Of the gain that the proxy promises. p: Chance
            of as much if it were no more than `material`, one-sided.
    """

    value: float
    se: float
    share: float
    p: float


@dataclass(frozen=True)
class Mechanism:
    """Where the gap comes from.

    Attributes:
        name: The largest part that is material, "none" where none is. also: Others that are.
        parts: By mechanism. slope: Gold per unit of proxy where nothing is pushed, errors of reading taken out.
        promised: Gain in gold that the proxy's gain in the whole push promises. missing: What could not be tested.
        why: A sentence.
    """

    name: Name
    also: tuple[Name, ...]
    parts: Mapping[Name, Part]
    slope: float
    promised: float
    missing: tuple[Name, ...]
    why: str


def name_mechanism(
    observe: Arm,
    small: Arm | None = None,
    blind: Arm | None = None,
    seen: Arm | None = None,
    *,
    paired: bool = False,
    chosen: float = 0.25,
    material: float = 0.1,
    level: float = 0.05,
) -> Mechanism:
    """Return which mechanism opens the gap.

    Each part is tested for being more than `material` of the promised gain, by its bootstrap error over candidates;
    over all that can be tested Holm's correction keeps the chance of any false name at `level`.

    Args:
        observe, small, blind, seen: The arms, as the module describes them; None for one that was not run.
        paired: Whether candidate i of every arm is the same one, on the same seed, so that differences between arms are
            better known than the arms themselves. Candidates of one arm must not share a seed: take their mean.
        chosen: Share of candidates that an optimiser would choose by the first reading. material: Share of the promised
            gain below which a part is not worth a name.

    Raises:
        InputError: An arm is too small or has gaps; some arms have second readings and others none; nothing is pushed;
            proxy and gold do not go together where nothing is pushed; or the push does not move the proxy up.
    """
    arms = {"observe": observe, "small": small, "blind": blind, "seen": seen}
    known = {name: arm.checked(name) for name, arm in arms.items() if arm is not None}
    if len({arm.again is None for arm in known.values()}) > 1:
        raise InputError("some arms have second readings and others none; give them for all or for none.")
    if len(known) < 2:
        raise InputError("nothing is pushed: give small, blind or seen beside observe.")
    if paired and len({len(arm.proxy) for arm in known.values()}) > 1:
        raise InputError("paired arms have the same candidates; their numbers differ.")
    if not (0.0 < chosen < 1.0 and 0.0 <= material < 1.0 and 0.0 < level < 1.0):
        raise InputError("chosen, material and level are shares.")
    moments = {name: _moments(arm, 0 if paired else place, chosen) for place, (name, arm) in enumerate(known.items())}
    values, slope, promised = _parts(moments)
    parts = {which: _part(*values[which], promised, material) for which in MECHANISMS}
    tested = {which: part.p for which, part in parts.items() if math.isfinite(part.value)}
    found = sorted(_holm(tested, level), key=lambda which: -parts[which].value)
    missing = tuple(which for which in MECHANISMS if which not in tested)
    name: Name = found[0] if found else "none"
    why = _why(name, parts, missing)
    return Mechanism(name, tuple(found[1:]), parts, float(slope[0]), float(promised[0]), missing, why)


@dataclass(frozen=True)
class _Moments:
    """Of an arm as it is (entry 0) and as it might have been (the others), shape (1 + draws).

    Attributes:
        fresh: Mean proxy, over all candidates. gold: Mean.
        with_gold: Covariance of proxy with gold. shared: Of the proxy with itself, errors of reading taken out.
        relation: Correlation of readings and gold. picked: By how much the best first readings are too high.
    """

    fresh: F64
    gold: F64
    with_gold: F64
    shared: F64
    relation: F64
    picked: F64


def _moments(arm: Arm, place: int, chosen: float) -> _Moments:
    """Return what the parts are made of; draws weigh candidates anew (Rubin 1981, The Bayesian bootstrap)."""
    count = len(arm.proxy)
    luck = np.random.Generator(np.random.Philox(key=place))  # the same for the same arm: an answer can be had again
    weights = np.vstack([np.ones(count), luck.standard_exponential((DRAWS, count))])
    weights /= weights.sum(axis=1, keepdims=True)

    def covariance(x: F64, y: F64) -> F64:
        x, y = x - x.mean(), y - y.mean()
        found: F64 = weights @ (x * y) - (weights @ x) * (weights @ y)
        return found

    # over all of an arm nothing is chosen, and both readings are fresh
    both = arm.proxy if arm.again is None else (arm.proxy + arm.again) / 2.0
    with_gold, shared = covariance(both, arm.gold), covariance(both, both)
    with np.errstate(divide="ignore", invalid="ignore"):  # what does not move at all is related to nothing
        relation = np.nan_to_num(with_gold / np.sqrt(shared * covariance(arm.gold, arm.gold)))
    fresh, gold = weights @ both, weights @ arm.gold
    if arm.again is None:
        return _Moments(fresh, gold, with_gold, shared, relation, np.full(len(weights), math.nan))
    shared = covariance(arm.proxy, arm.again)  # what two readings share is the proxy itself
    order = np.argsort(-arm.proxy, kind="stable")
    reached = np.minimum(weights[:, order].cumsum(axis=1), chosen)
    best = np.diff(reached, axis=1, prepend=0.0) / chosen
    fall = (arm.proxy - arm.again)[order]
    picked = best @ fall - weights[:, order] @ fall
    return _Moments(fresh, gold, with_gold, shared, relation, picked)


#: A part, and the positive number by which its test is multiplied so that nothing uncertain is divided by (Fieller).
_Tested = tuple[F64, F64]


def _parts(moments: Mapping[str, _Moments]) -> tuple[dict[Name, _Tested], F64, F64]:
    """Return the parts, the slope and the promised gain, each of shape (1 + draws)."""
    start = moments["observe"]
    if not (_clear(start.relation) and start.relation[0] > 0.0 and start.shared[0] > 0.0):
        raise InputError(
            "proxy and gold do not clearly rise together where nothing is pushed, so that the proxy promises nothing "
            "and no gap has a name. Take more candidates, or another proxy; turn the sign of one where less is better."
        )
    slope = start.with_gold / start.shared
    moved = {name: arm.fresh - start.fresh for name, arm in moments.items() if name != "observe"}
    gap = {name: slope * moved[name] - (moments[name].gold - start.gold) for name in moved}
    most = next(name for name in ("seen", "blind", "small") if name in moved)
    if not (_clear(moved[most]) and moved[most][0] > 0.0):
        raise InputError(f"the {most} push does not clearly raise the proxy; there is no gap to name.")
    promised = slope * (moved[most] + np.nan_to_num(moments[most].picked))
    unknown = np.full(len(slope), math.nan), start.shared
    parts: dict[Name, _Tested] = dict.fromkeys(MECHANISMS, unknown)
    parts["regressional"] = slope * moments[most].picked, 1.0 / slope
    if "small" in moved and "blind" in moved and _clear(moved["small"]) and moved["small"][0] > 0.0:
        causal = gap["small"] * moved["blind"] / moved["small"]
        positive = start.shared * moved["small"]
        parts["causal"], parts["extremal"] = (causal, positive), (gap["blind"] - causal, positive)
    if "seen" in moved and "blind" in moved:
        parts["adversarial"] = gap["seen"] - gap["blind"], start.shared
    return parts, slope, promised


def _clear(values: F64) -> bool:
    """Return whether a number is clearly not 0."""
    return abs(float(values[0])) > CLEAR * float(values[1:].std(ddof=1))


def _part(values: F64, positive: F64, promised: F64, material: float) -> Part:
    value = float(values[0])
    if not math.isfinite(value):
        return Part(math.nan, math.nan, math.nan, math.nan)
    over = (values - material * promised) * positive
    error = float(over[1:].std(ddof=1))
    p = float(special.ndtr(-float(over[0]) / error)) if error > 0.0 else float(over[0] <= 0.0)
    return Part(value, float(values[1:].std(ddof=1)), value / float(promised[0]), p)


def _holm(chances: Mapping[Name, float], level: float) -> list[Name]:
    """Return what is found at a level over all tests together (Holm 1979)."""
    found: list[Name] = []
    for place, name in enumerate(sorted(chances, key=lambda name: chances[name])):
        if chances[name] >= level / (len(chances) - place):
            break
        found.append(name)
    return found


_MEANING = {
    "regressional": "the best are chosen for their luck, and fall back when they are measured anew",
    "extremal": "what holds near the observed range breaks beyond it",
    "causal": "moving the levers moves the proxy and not the gold, from the first step on",
    "adversarial": "the gap opens where others know that the proxy is rewarded",
}


def _why(name: Name, parts: Mapping[Name, Part], missing: tuple[Name, ...]) -> str:
    without = f" Not tested, for want of arms or readings: {', '.join(missing)}." if missing else ""
    if name == "none":
        return f"No mechanism takes a material part of what the proxy promises.{without}"
    part = parts[name]
    return f"{_MEANING[name]}: {part.share:.0%} of what the proxy promises (p = {part.p:.2g}).{without}"
