"""By which mechanism a proxy and what was meant part: the promise of the proxy, and where each part of it is lost.

Four ways (Manheim, Garrabrant 2018, Categorizing variants of Goodhart's law), told apart by four arms of the same
worlds, paired. With b the slope of gold on proxy over worlds that nobody pushes, P and G the gains of proxy and gold:

    promise      b P(selected)                      what the optimiser was shown
    regressional b (P(selected) - P(seen))          gone when the same push is measured anew
    causal       (b - b_s) P(blind)                 b_s = G(small) / P(small): a small push moves the proxy alone
    extremal     b_s P(blind) - G(blind)            gone when the push is large
    adversarial  b (P(seen) - P(blind)) - (G(seen) - G(blind))    gone when those who respond know what is rewarded

The four losses add up to the promise less G(seen). A loss counts where it is larger than luck makes: one-sided t tests
with jackknife standard errors over worlds, Bonferroni's correction for the four.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from wildsim.core.errors import InputError
from wildsim.core.table import F64

MECHANISMS = ("regressional", "causal", "extremal", "adversarial")
NONE = "none"
LEVEL = 0.02
#: Fewest worlds for a jackknife.
LEAST = 8
#: Smallest part of the promise that is worth a name.
NOTABLE = 0.1


@dataclass(frozen=True)
class Arm:
    """Worlds at one push, the same worlds in the same order in every arm.

    Attributes:
        proxy: The proxy as measured, shape (worlds). anew: The same worlds measured anew. gold: What was meant.
    """

    proxy: F64
    anew: F64
    gold: F64

    @property
    def measured(self) -> F64:
        """The mean of both measurements, shape (worlds)."""
        return np.asarray((self.proxy + self.anew) / 2.0)

    def without(self, world: int) -> Arm:
        """Return the arm without one world."""
        return Arm(*(np.delete(values, world) for values in (self.proxy, self.anew, self.gold)))


@dataclass(frozen=True)
class Evidence:
    """What four arms gave.

    Attributes:
        observed: No push. small: A small one. blind: The whole push, those who could respond do not know. seen: They
            know; None where nobody responds. selected: Mean gain of the proxy in the worlds that the push was selected
            on, by the measurements that selected it. error: Standard error of such a mean for any one candidate.
    """

    observed: Arm
    small: Arm
    blind: Arm
    seen: Arm | None
    selected: float
    error: float

    def __post_init__(self) -> None:
        """Check the sizes.

        Raises:
            InputError: The arms have other numbers of worlds.
        """
        arms = [self.observed, self.small, self.blind, *([self.seen] if self.seen else [])]
        sizes = {len(values) for arm in arms for values in (arm.proxy, arm.anew, arm.gold)}
        if len(sizes) > 1:
            raise InputError(f"each arm needs the same worlds; they have {sorted(sizes)}.")

    @property
    def last(self) -> Arm:
        """The whole push as it would be used."""
        return self.seen or self.blind

    def without(self, world: int) -> Evidence:
        """Return the evidence without one world of the arms."""
        cut = {name: getattr(self, name).without(world) for name in ("observed", "small", "blind")}
        return replace(self, **cut, seen=self.seen.without(world) if self.seen else None)


@dataclass(frozen=True)
class Loss:
    """One part of the promise that is lost.

    Attributes:
        value, error: In the unit of gold, with a standard error. t: How many standard errors it is above 0.
        share: Part of the promise; NaN where nothing was promised. clear: Whether it is larger than luck makes, and no
            small part.
    """

    mechanism: str
    value: float
    error: float
    t: float
    share: float
    clear: bool


@dataclass(frozen=True)
class Named:
    """What was found.

    Attributes:
        name: The mechanism of the clear loss with the largest share, or NONE. losses: All four. promise, gain: What the
            proxy promised
            and what gold gained, in its unit. slope: b, gold per unit of proxy over worlds that nobody pushes.
    """

    name: str
    losses: tuple[Loss, ...]
    promise: float
    gain: float
    slope: float


def name_mechanism(evidence: Evidence) -> Named:
    """Name the mechanism by which gold fell short of what the proxy promised.

    Raises:
        InputError: There are fewer than LEAST worlds an arm.
    """
    worlds = len(evidence.observed.gold)
    if worlds < LEAST:
        raise InputError(f"{worlds} worlds an arm; {LEAST} or more are needed.")
    critical = float(special.stdtrit(worlds - 1, 1.0 - LEVEL / len(MECHANISMS)))
    values, errors = _losses(evidence), _jackknife(evidence, _losses)
    t = np.divide(values, errors, out=np.zeros(len(values)), where=errors > 0.0)
    slope = _slope(evidence.observed)
    # whether the promise holds is seen in the proxy alone, whatever a unit of it is worth
    again = _jackknife(evidence, _push)
    luck = math.hypot(float(again[0]), evidence.error)
    t[0] = (evidence.selected - _push(evidence)[0]) / luck if luck > 0.0 else 0.0
    errors[0] = math.hypot(errors[0], slope * evidence.error)
    promise = slope * evidence.selected
    shares = values / promise if promise > 0.0 else np.full(len(values), math.nan)
    shares[0] = 1.0 - _push(evidence)[0] / evidence.selected if evidence.selected > 0.0 else math.nan
    found = [
        Loss(name, float(value), float(error), float(ratio), float(share), bool(ratio > critical and share > NOTABLE))
        for name, value, error, ratio, share in zip(MECHANISMS, values, errors, t, shares, strict=True)
    ]
    clear = [loss for loss in found if loss.clear]
    name = max(clear, key=lambda loss: loss.share).mechanism if clear else NONE
    gain = float((evidence.last.gold - evidence.observed.gold).mean())
    return Named(name, tuple(found), promise, gain, slope)


def _losses(evidence: Evidence) -> F64:
    """Return the four losses, in the order of MECHANISMS, in the unit of gold."""
    base, slope = evidence.observed, _slope(evidence.observed)
    small_proxy, small_gold = _gains(evidence.small, base)
    blind_proxy, blind_gold = _gains(evidence.blind, base)
    seen_proxy, seen_gold = _gains(evidence.last, base)
    pushed = small_gold / small_proxy if small_proxy else math.nan
    return np.array(
        [
            slope * (evidence.selected - seen_proxy),
            (slope - pushed) * blind_proxy,
            pushed * blind_proxy - blind_gold,
            slope * (seen_proxy - blind_proxy) - (seen_gold - blind_gold),
        ]
    )


def _push(evidence: Evidence) -> F64:
    """Return the gain of the proxy at the whole push, shape (1)."""
    return np.array([_gains(evidence.last, evidence.observed)[0]])


def _gains(arm: Arm, base: Arm) -> tuple[float, float]:
    return float((arm.measured - base.measured).mean()), float((arm.gold - base.gold).mean())


def _slope(arm: Arm) -> float:
    """Return the slope of gold on the proxy without its error of measurement: each is instrument of the other.

    Source: instrumental variables for errors in variables, Fuller 1987, Measurement error models, section 1.4.
    """
    centred = [values - values.mean() for values in (arm.proxy, arm.anew, arm.gold)]
    common = float((centred[0] * centred[1]).mean())
    with_gold = float(((centred[0] + centred[1]) / 2.0 * centred[2]).mean())
    return with_gold / common if common > 0.0 else 0.0


def _jackknife(evidence: Evidence, statistic: Callable[[Evidence], F64]) -> F64:
    """Return standard errors by leaving out one world after the other (Efron, Tibshirani 1993, chapter 11)."""
    worlds = len(evidence.observed.gold)
    left = np.array([statistic(evidence.without(world)) for world in range(worlds)])
    return np.asarray(np.sqrt((worlds - 1) * left.var(axis=0)))
