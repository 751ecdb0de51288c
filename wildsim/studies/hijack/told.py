"""A study of manipulation as plain data, as cells of tables, and in sentences."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from wildsim.core.table import F64
from wildsim.engine.units import number, unit_of
from wildsim.sensors.manipulation import ATTACKS
from wildsim.studies.hijack.curating import RATES
from wildsim.studies.hijack.measure import Measured
from wildsim.studies.hijack.options import MOST_SHARE, SHOWN
from wildsim.studies.hijack.study import Hijack
from wildsim.studies.hijack.verdicts import JUDGES

#: Steps of curation by which detection is told; "all": the largest of their ranks.
STEPS = ("provenance", "outliers", "collusion", "digits", "all")
NEVER = f"above {MOST_SHARE:.0%}"


def label(name: str) -> str:
    """Return the name of a judge or an attack in words."""
    return name.replace("_", " ")


def success(found: Hijack, attack: str, judge: str) -> F64:
    """Return the share of seeds in which the verdict turned, of those in which there was one, by share of the grid."""
    turned = [one.attacks[attack][judge].turned for one in _with_verdict(found, judge)]
    none = np.full(len(found.options.grid), math.nan)
    return np.asarray(np.mean(turned, axis=0, dtype=np.float64)) if turned else none


def budgets(found: Hijack, attack: str, judge: str) -> F64:
    """Return the smallest share of reports that turns the verdict, by seed with a verdict; infinite where none does."""
    counts = _counts(found, attack, judge)
    reports = np.array([one.reports for one in _with_verdict(found, judge)], dtype=np.float64)
    enough = np.isfinite(counts)
    known = np.where(enough, counts, 0.0)
    return np.where(enough, known / (reports + (known if attack == "sybil" else 0.0)), math.inf)


def cost(found: Hijack, attack: str, judge: str) -> float:
    """Return what the attackers of the median budget cost; infinite where none is enough, NaN without a verdict."""
    count = median_of(_counts(found, attack, judge))
    return count * found.options.price if math.isfinite(count) else count


def median_of(values: F64) -> float:
    """Return the median over seeds, the upper one of two; NaN where no seed has a verdict."""
    return float(np.sort(values)[len(values) // 2]) if len(values) else math.nan


def _counts(found: Hijack, attack: str, judge: str) -> F64:
    return np.array([one.attacks[attack][judge].budget for one in _with_verdict(found, judge)], dtype=np.float64)


def _with_verdict(found: Hijack, judge: str) -> list[Measured]:
    """Return the seeds in which a judge sees an effect when nobody lies: else there is nothing to turn."""
    return [one for one in found.seeds if one.effect[judge] != 0.0 and math.isfinite(one.effect[judge])]


def unheard(found: Hijack, judge: str) -> F64:
    """Return the share of an honest minority's change that a judge does not see, mean over seeds, by share."""
    return np.asarray(np.mean([one.unheard[judge] for one in found.seeds], axis=0, dtype=np.float64))


def detection(found: Hijack, attack: str) -> dict[str, float]:
    """Return the area under the ROC curve by step, mean over seeds; NaN where nobody lies in the reports."""
    return {step: float(np.mean([one.detection[attack].auc[step] for one in found.seeds])) for step in STEPS}


def document(found: Hijack, scenario: str) -> dict[str, Any]:
    """Return everything as plain data."""
    options = found.options
    grid = [f"{share:g}" for share in options.grid.tolist()]
    return {
        "scenario": scenario,
        "policy": found.policy,
        "of": found.of,
        "unit": unit_of(found.of),
        "seeds": options.world_seeds,
        "reporters": options.reporters,
        "each": options.each,
        "push": options.push,
        "price": options.price,
        "at": options.at,
        "true_effect": [one.truth for one in found.seeds],
        "effect": {judge: [one.effect[judge] for one in found.seeds] for judge in JUDGES},
        "attacks": [
            {
                "attack": attack,
                "meaning": ATTACKS[attack].doc,
                "judge": judge,
                "success": _by_share(grid, success(found, attack, judge)),
                "seeds_with_a_verdict": [one.seed for one in _with_verdict(found, judge)],
                "flip_budget": _finite(median_of(budgets(found, attack, judge))),
                "flip_budget_by_seed": [_finite(share) for share in budgets(found, attack, judge).tolist()],
                "cost": _finite(cost(found, attack, judge)),
                "moved": [one.attacks[attack][judge].moved for one in found.seeds],
            }
            for attack in options.attacks
            for judge in JUDGES
        ],
        "detection": [
            {
                "attack": attack,
                "auc": {step: _finite(value) for step, value in detection(found, attack).items()},
                "roc": {step: [_finite(value) for value in _curve(found, attack, step).tolist()] for step in STEPS},
            }
            for attack in ("truth", *options.attacks)
        ],
        "false_alarm_rates": RATES.tolist(),
        "minority_unheard": {judge: _by_share(grid, unheard(found, judge)) for judge in JUDGES},
    }


def _curve(found: Hijack, attack: str, step: str) -> F64:
    return np.asarray(np.mean([one.detection[attack].roc[step] for one in found.seeds], axis=0, dtype=np.float64))


def _by_share(grid: list[str], values: F64) -> dict[str, float | None]:
    return {share: _finite(value) for share, value in zip(grid, values.tolist(), strict=True)}


def _share(share: float) -> str:
    return "no verdict" if math.isnan(share) else f"{share:.1%}" if math.isfinite(share) else NEVER


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


BUDGET_HEADERS = ["attack", *(label(judge) for judge in JUDGES)]


def budget_cells(found: Hijack) -> list[list[str]]:
    """Return the flip budgets: attacks down, judges across; the median over seeds."""
    rows = []
    for attack in found.options.attacks:
        shares = [median_of(budgets(found, attack, judge)) for judge in JUDGES]
        rows.append([label(attack), *(_share(share) for share in shares)])
    return rows


def cost_cells(found: Hijack) -> list[list[str]]:
    """Return what the budgets cost."""
    return [
        [
            label(attack),
            *(number(paid) if math.isfinite(paid := cost(found, attack, judge)) else "-" for judge in JUDGES),
        ]
        for attack in found.options.attacks
    ]


SUCCESS_HEADERS = ["attack", "judged by", *(f"{share:.0%}" for share in SHOWN)]


def success_cells(found: Hijack) -> list[list[str]]:
    """Return the share of seeds in which the verdict turned, by attack and judge, at the shares shown."""
    places = _places(found)
    return [
        [label(attack), label(judge), *(_area(turned) for turned in success(found, attack, judge)[places].tolist())]
        for attack in found.options.attacks
        for judge in JUDGES
    ]


DETECTION_HEADERS = ["attack", *STEPS, "meaning"]


def detection_cells(found: Hijack) -> list[list[str]]:
    """Return the areas under the ROC curves: attacks down, the control first; steps across."""
    rows = []
    for attack in ("truth", *found.options.attacks):
        areas = detection(found, attack)
        rows.append([label(attack), *(_area(areas[step]) for step in STEPS), ATTACKS[attack].doc])
    return rows


def _area(value: float) -> str:
    return f"{value:.2f}" if math.isfinite(value) else "-"


MINORITY_HEADERS = ["judged by", "effect found", "moved by liars", *(f"{share:.0%}" for share in SHOWN)]


def minority_cells(found: Hijack) -> list[list[str]]:
    """Return beside how far liars move a judge what it does not see of an honest minority, at the shares shown."""
    places, first = _places(found), found.options.attacks[0]
    rows = []
    for judge in JUDGES:
        effect = float(np.mean([one.effect[judge] for one in found.seeds]))
        moved = float(np.mean([one.attacks[first][judge].moved for one in found.seeds]))
        lost = unheard(found, judge)[places].tolist()
        rows.append([label(judge), f"{effect:+.4g}", f"{moved:.4g}", *(f"{share:.0%}" for share in lost)])
    return rows


def _places(found: Hijack) -> list[int]:
    grid = found.options.grid
    return [int(np.abs(grid - share).argmin()) for share in SHOWN]


def sentences(found: Hijack) -> list[str]:
    """Return what it comes to."""
    told = []
    right = sum(np.sign(one.effect["mean"]) == np.sign(one.truth) for one in found.seeds)
    told.append(f"With nobody lying the mean has the sign of the true effect in {right} of {len(found.seeds)} seeds.")
    best = {judge: _worst(found, judge) for judge in JUDGES}
    strong = max(best, key=lambda judge: best[judge][0] if best[judge][0] == best[judge][0] else -1.0)
    for judge in dict.fromkeys(("mean", strong)):
        share, attack = best[judge]
        if math.isnan(share):
            told.append(f"The {label(judge)} sees no effect, and so has no verdict to turn.")
            continue
        much = f"{share:.1%} of reports" if math.isfinite(share) else f"more than {MOST_SHARE:.0%} of reports"
        told.append(f"The verdict of the {label(judge)} turns with {much} ({label(attack)}, its cheapest attack here).")
    lost = unheard(found, strong)[int(np.abs(found.options.grid - found.options.at).argmin())]
    told.append(
        f"The {label(strong)} does not see {lost:.0%} of what happens to the poorest {found.options.at:.0%}, "
        "who are honest."
    )
    return told


def _worst(found: Hijack, judge: str) -> tuple[float, str]:
    """Return the smallest median budget of a judge, and the attack that it is of."""
    shares = {attack: median_of(budgets(found, attack, judge)) for attack in found.options.attacks}
    attack = min(shares, key=lambda name: shares[name])
    return shares[attack], attack
