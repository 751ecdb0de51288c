"""A study of Goodhart's law as plain data, and in sentences."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from wildsim.scenario.schema import Scenario
from wildsim.studies.goodhart.mechanism import NONE
from wildsim.studies.goodhart.study import Studied

MEANING = {
    "regressional": "the optimiser chose luck of measurement: measured anew, the same levers give less",
    "causal": "worlds with a good reward fare well, but moving the reward does not move what was meant",
    "extremal": "a small push helps, the whole one goes beyond where that holds",
    "adversarial": "those who know what is rewarded respond to it",
    NONE: "no loss is larger than luck makes",
}


def document(scenario: Scenario, found: Studied) -> dict[str, Any]:
    """Return everything that was found, as plain data."""
    curve, named = found.curve, found.named
    levers = [
        {
            "lever": lever.name,
            "low": lever.low,
            "high": lever.high,
            "start": found.optimised.start[lever.name],
            "found": x,
        }
        for lever, x in zip(found.optimised.levers, found.optimised.found.point, strict=True)
    ]
    steps = {
        "shown": curve.shown.tolist(),
        "proxy": curve.proxy.mean(axis=1).tolist(),
        "gold": curve.gold.mean(axis=1).tolist(),
        "gold_error": errors(curve.gold).tolist(),
        "gap": curve.gap.tolist(),
    }
    return {
        "scenario": scenario.name,
        "reward": str(scenario.reward.reward()).splitlines(),
        "gold": list(found.gold),
        "worlds": found.worlds,
        "levers": levers,
        "steps": steps,
        "gap": float(curve.gap[-1]),
        "drop": curve.drop,
        "stop": curve.stop,
        "regret_removed": curve.regret_removed,
        "mechanism": named.name,
        "responds": found.responds,
        "promise": named.promise,
        "gain": named.gain,
        "slope": named.slope,
        "losses": [vars(loss) for loss in named.losses],
    }


def errors(values: Any) -> Any:
    """Return standard errors of means over worlds, shape (steps, worlds) -> (steps)."""
    return np.std(values, axis=1, ddof=1) / math.sqrt(values.shape[1])


def loss_cells(found: Studied) -> list[list[str]]:
    """Return the table of losses."""
    rows = []
    for loss in found.named.losses:
        share = f"{100 * loss.share:.0f} %" if math.isfinite(loss.share) else "-"
        note = "larger than luck" if loss.clear else ""
        if loss.mechanism == "adversarial" and not found.responds:
            note = "nobody responds (--respond)"
        rows.append([loss.mechanism, f"{loss.value:+.2f}", f"{loss.error:.2f}", share, note])
    return rows


def sentences(found: Studied) -> list[str]:
    """Return what must be said."""
    curve = found.curve
    gold = curve.gold.mean(axis=1)
    said = [
        f"The reward as shown gained {curve.shown[-1]:+.2f}, in fresh worlds {curve.proxy[-1].mean():+.2f}; "
        f"what was meant {gold[-1]:+.2f} (standard error {errors(curve.gold)[-1]:.2f}); gap {curve.gap[-1]:+.2f}."
    ]
    if math.isfinite(curve.drop) and curve.drop > 0.0:
        said.append(f"What was meant fell from its peak by {100 * curve.drop:.0f} % of its rise.")
    last = len(gold) - 1
    where = "at the start: no step made it better" if curve.stop == 0 else f"after generation {curve.stop} of {last}"
    saved = f"; it saves {100 * curve.regret_removed:.0f} % of the regret in the other half"
    said.append(
        f"Where to stop, by half of the fresh worlds: {where}{saved if math.isfinite(curve.regret_removed) else ''}."
    )
    said.append(f"Mechanism: {found.named.name}: {MEANING[found.named.name]}.")
    said.append("A study, no verdict: its worlds were looked at. What was found is judged by wildsim optimise.")
    return said
