"""What the minds of a run did: decisions by source, and what their calls took."""

from __future__ import annotations

import math
import sqlite3
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from wildsim.engine import files
from wildsim.engine.speech import TAPE

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


#: Calls that more than one process sent, since the first was killed before the answer was on the tape.
_AGAIN = "SELECT model, SUM(times - 1) FROM begun JOIN calls USING (key) GROUP BY model"


def _calls(tapes: Sequence[Path]) -> dict[str, dict[str, Any]]:
    """Return what the calls on some tapes took, by model."""
    rows: dict[str, list[tuple[Any, ...]]] = {}
    again: Counter[str] = Counter()
    for tape in tapes:
        if tape.is_file():
            with sqlite3.connect(f"{tape.resolve().as_uri()}?mode=ro", uri=True) as opened:
                query = (
                    "SELECT model, source, failure, prompt_tokens, completion_tokens, usd, latency_s, tries FROM calls"
                )
                for model, *rest in opened.execute(query):
                    rows.setdefault(str(model), []).append(tuple(rest))
                for model, times in opened.execute(_AGAIN):
                    again[str(model)] += int(times)
            opened.close()
    return {model: {**_took(found), "made_again": again[model]} for model, found in sorted(rows.items())}


def _took(rows: Sequence[tuple[Any, ...]]) -> dict[str, Any]:
    asked = [row for row in rows if row[0] == "model"]
    latencies = np.array([row[5] for row in asked if row[5] is not None], dtype=np.float64)
    latencies = latencies[np.isfinite(latencies)]
    return {
        "calls": len(rows),
        "from_cache": sum(row[0] == "cache" for row in rows),
        "failures": dict(sorted(Counter(row[1] for row in rows if row[1]).items())),
        "requests": int(sum(row[6] or 0 for row in asked)),
        **{name: _sum([row[place] for row in asked if not row[1]]) for name, place in _SUMS},
        "latency_s": {f"p{p}": float(np.percentile(latencies, p)) for p in PERCENTILES} if len(latencies) else {},
    }


#: Sums told, and the column of a row that holds them.
_SUMS = (("prompt_tokens", 2), ("completion_tokens", 3), ("usd", 4))


def _sum(values: Sequence[float | None]) -> float | None:
    """Return the sum; None where one of the values is not known: an unknown price is never 0."""
    known = [value for value in values if value is not None and math.isfinite(value)]
    return math.fsum(known) if len(known) == len(values) else None
