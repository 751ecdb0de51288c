"""What the minds of a run did: decisions by source, and what their calls took."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from wildsim.engine import files
from wildsim.engine.speech import TAPE
from wildsim.minds.language.call import Model
from wildsim.minds.language.store import Took, read_took

if TYPE_CHECKING:
    from wildsim.engine.store import RunFolder

#: Percentiles of the time to an answer that are told.
PERCENTILES = (50, 90, 99)


def report(folder: RunFolder, seeds: Sequence[int]) -> dict[str, Any]:
    """Return what the manifest says of minds; nothing where the rules decide everything.

    Returns:
        {"minds": arm -> counts over all seeds, see deliberation.tally.Tally; "calls": arm -> model -> what its calls
        took; "cost_usd": of the run, None where a price is not known}.
    """
    arms = [arm for arm in folder.plan.arms if arm.scenario.minds]
    if not arms:
        return {}
    counts = {arm.name: _counts(folder, arm.name, seeds) for arm in arms}
    calls = {arm.name: _calls([folder.seed_folder(arm.name, seed) / TAPE for seed in seeds]) for arm in arms}
    costs = [model["usd"] for of_arm in calls.values() for model in of_arm.values()]
    known = all(cost is not None for cost in costs)
    return {"minds": counts, "calls": calls, "cost_usd": math.fsum(costs) if known else None}


def _counts(folder: RunFolder, arm: str, seeds: Sequence[int]) -> dict[str, dict[str, float]]:
    """Return the counts of an arm, added up over seeds; losses by archetypes are weighted means."""
    total: dict[str, Counter[str]] = {}
    losses: Counter[str] = Counter()
    for seed in seeds:
        told = files.read_json(folder.seed_folder(arm, seed) / "end.json").get("minds", {})
        for name, counted in told.items():
            if name == "archetype_loss":
                for key, loss in counted.items():
                    losses[key] += loss * told["checked"][key]
            else:
                total.setdefault(name, Counter()).update(counted)
    found: dict[str, dict[str, float]] = {name: dict(sorted(counted.items())) for name, counted in total.items()}
    checked = total.get("checked", Counter())
    found["archetype_loss"] = {key: losses[key] / checked[key] for key in sorted(losses) if checked[key]}
    return found


def _calls(tapes: Sequence[Path]) -> dict[str, dict[str, Any]]:
    """Return what the calls on some tapes took, by model."""
    by_model: dict[str, list[Took]] = {}
    for tape in tapes:
        if tape.is_file():
            for call in read_took(tape):
                by_model.setdefault(call.model, []).append(call)
    return {model: _sums_of(model, found) for model, found in sorted(by_model.items())}


def _sums_of(model: str, calls: Sequence[Took]) -> dict[str, Any]:
    """Return what calls of a model took; None where nobody knows: a failed one may be billed, a price is missing."""
    asked = [call for call in calls if call.source == "model"]
    latencies = np.array([call.latency_s for call in asked if call.latency_s is not None], dtype=np.float64)
    latencies = latencies[np.isfinite(latencies)]
    return {
        "calls": len(calls),
        "from_cache": sum(call.source == "cache" for call in calls),
        "failures": dict(sorted(Counter(call.failure for call in calls if call.failure).items())),
        "requests": int(sum(call.tries or 0 for call in asked)),
        **_amounts(model, asked),
        "latency_s": {f"p{p}": float(np.percentile(latencies, p)) for p in PERCENTILES} if len(latencies) else {},
        "made_again": sum(call.again for call in calls),
    }


def _amounts(model: str, asked: Sequence[Took]) -> dict[str, float | None]:
    """Return tokens and USD of calls that went to a model."""
    free = Model(model).scripted
    answered = [call for call in asked if not call.failure]
    more_tokens = not free and any(call.more_tokens for call in asked)
    more_usd = not free and any(call.more_usd for call in asked)
    # without one answer that has a price, nothing says that the model has any
    unpriced = not free and not answered and any(call.tries for call in asked)
    return {
        "prompt_tokens": None if more_tokens else _sum([call.prompt_tokens for call in answered]),
        "completion_tokens": None if more_tokens else _sum([call.completion_tokens for call in answered]),
        "usd": None if more_usd or unpriced else _sum([call.usd for call in answered]),
    }


def _sum(values: Sequence[float | None]) -> float | None:
    """Return the sum; None where one of the values is not known: an unknown price is never 0."""
    known = [value for value in values if value is not None and math.isfinite(value)]
    return math.fsum(known) if len(known) == len(values) else None
