"""One pair of worlds under every attack and judge: what turns, who notices, and whom robustness leaves unheard."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wildsim.core.table import F64
from wildsim.sensors.manipulation import spread_of
from wildsim.studies.hijack.answers import Surveyed
from wildsim.studies.hijack.curating import auc, roc, suspicions
from wildsim.studies.hijack.options import Options
from wildsim.studies.hijack.verdicts import JUDGES, Case, budget, count_of, spoil


@dataclass(frozen=True)
class Attacked:
    """One attack on one judge.

    Attributes:
        turned: Whether the verdict turned, by share of the grid, shape (grid). budget: Fewest attackers that turn it;
            infinite if none do. moved: What attackers of the share `at` move the judge's number by, towards them.
    """

    turned: tuple[bool, ...]
    budget: float
    moved: float


@dataclass(frozen=True)
class Detected:
    """How well lies are told from honest reports, attackers being of the share `at`.

    Attributes:
        auc: Area under the ROC curve, by step. roc: Share of lies found at each rate of false alarms, by step.
    """

    auc: dict[str, float]
    roc: dict[str, F64]


@dataclass(frozen=True)
class Measured:
    """Everything of one seed.

    Attributes:
        seed: World seed. reports: How many there were. truth: True effect of the policy. effect: Effect by judge when
            nobody lies. attacks: By attack and judge. detection: By attack, the control "truth" among them.
        unheard: Share of an honest minority's change that a judge does not see, by judge and share of the grid; NaN at
            a share of nobody.
    """

    seed: int
    reports: int
    truth: float
    effect: dict[str, float]
    attacks: dict[str, dict[str, Attacked]]
    detection: dict[str, Detected]
    unheard: dict[str, F64]


def measure(seen: Surveyed, options: Options) -> Measured:
    """Return what every attack does to every judge in one pair of worlds."""
    attacks = {name: {judge: _attacked(seen, options, name, judge) for judge in JUDGES} for name in options.attacks}
    return Measured(
        seen.seed,
        len(seen.after),
        seen.truth,
        {judge: Case(seen, options.attack("truth"), judge).honest for judge in JUDGES},
        attacks,
        {name: _detected(seen, options, name) for name in ("truth", *options.attacks)},
        {judge: unheard(seen, options, judge) for judge in JUDGES},
    )


def _attacked(seen: Surveyed, options: Options, name: str, judge: str) -> Attacked:
    attack = options.attack(name)
    case = Case(seen, attack, judge)
    counts = [count_of(share, len(seen.after), attack) for share in options.grid.tolist()]
    turned = [(count, case.turned(count)) for count in counts]
    at = count_of(options.at, len(seen.after), attack)
    moved = case.side * (case.after(at, case.side) - case.after(0, case.side))
    return Attacked(tuple(success for _, success in turned), budget(case, turned), float(moved))


def _detected(seen: Surveyed, options: Options, name: str) -> Detected:
    attack = options.attack(name)
    side = -np.sign(float(seen.after.mean() - seen.before.mean())) or -1.0
    spoilt = spoil(seen, attack, count_of(options.at, len(seen.after), attack), side)
    found = suspicions(spoilt.values, spoilt.origin, seen.before)
    return Detected(
        {step: auc(values, spoilt.lies) for step, values in found.items()},
        {step: roc(values, spoilt.lies) for step, values in found.items()},
    )


def unheard(seen: Surveyed, options: Options, judge: str) -> F64:
    """Return the share of an honest minority's change that a judge does not see, by share of the grid.

    The minority are the reporters with the lowest values; each truly loses as much as liars push. The mean sees all
    of what that does to everybody (0), a judge that does not move sees nothing of it (1).
    """
    order = np.argsort(seen.after, kind="stable")
    fall = options.push * spread_of(seen.after)
    places = np.arange(len(seen.after))
    usual = JUDGES[judge](seen.after, places, seen.before)
    found = []
    for share in options.grid.tolist():
        count = count_of(share, len(seen.after), options.attack("push"))
        if count == 0 or fall == 0.0:
            found.append(np.nan)
            continue
        now = seen.after.copy()
        now[order[:count]] -= fall
        change = JUDGES[judge](now, places, seen.before) - usual
        found.append(1.0 - change / float(now.mean() - seen.after.mean()))
    return np.array(found)
