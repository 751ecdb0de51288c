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
from wildsim.minds.language.call import Model

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


#: What each call took, and whether more of it may be on the bill than its model said: tokens, USD.
_TOOK = "SELECT model, source, failure, prompt_tokens, completion_tokens, calls.usd, latency_s, tries, "
_BOUNDED = "bounds.tokens > 0, bounds.key IS NOT NULL AND bounds.usd IS NOT 0 FROM calls LEFT JOIN bounds USING (key)"
#: On a tape of before bounds were kept.
_LOST = "failure IN ('timeout', 'bad reply', 'backend error')"
_UNBOUNDED = f"{_LOST}, {_LOST} FROM calls"

#: Calls that more than one process sent, since the first was killed before the answer was on the tape.
_AGAIN = "SELECT model, SUM(times - 1) FROM begun JOIN calls USING (key) GROUP BY model"


def _calls(tapes: Sequence[Path]) -> dict[str, dict[str, Any]]:
    """Return what the calls on some tapes took, by model."""
    rows: dict[str, list[tuple[Any, ...]]] = {}
    again: Counter[str] = Counter()
    for tape in tapes:
        if tape.is_file():
            with sqlite3.connect(f"{tape.resolve().as_uri()}?mode=ro", uri=True) as opened:
                bounds = opened.execute("SELECT 1 FROM sqlite_master WHERE name = 'bounds'").fetchone()
                for model, *rest in opened.execute(_TOOK + _BOUNDED if bounds else _TOOK + _UNBOUNDED):
                    rows.setdefault(str(model), []).append(tuple(rest))
                for model, times in opened.execute(_AGAIN):
                    again[str(model)] += int(times)
            opened.close()
    return {model: {**_took(model, found), "made_again": again[model]} for model, found in sorted(rows.items())}


def _took(model: str, rows: Sequence[tuple[Any, ...]]) -> dict[str, Any]:
    """Return what calls of a model took; None where nobody knows: a failed one may be billed, a price is missing."""
    asked = [row for row in rows if row[0] == "model"]
    latencies = np.array([row[5] for row in asked if row[5] is not None], dtype=np.float64)
    latencies = latencies[np.isfinite(latencies)]
    return {
        "calls": len(rows),
        "from_cache": sum(row[0] == "cache" for row in rows),
        "failures": dict(sorted(Counter(row[1] for row in rows if row[1]).items())),
        "requests": int(sum(row[6] or 0 for row in asked)),
        **_sums(model, asked),
        "latency_s": {f"p{p}": float(np.percentile(latencies, p)) for p in PERCENTILES} if len(latencies) else {},
    }


#: Sums told, the column of a row that holds them, and the one that says whether there may be more.
_SUMS = (("prompt_tokens", 2, 7), ("completion_tokens", 3, 7), ("usd", 4, 8))


def _sums(model: str, asked: Sequence[tuple[Any, ...]]) -> dict[str, float | None]:
    """Return tokens and USD of calls that went to a model."""
    free = Model(model).scripted
    answered = [row for row in asked if not row[1]]
    sums = {
        name: None if not free and any(row[more] for row in asked) else _sum([row[place] for row in answered])
        for name, place, more in _SUMS
    }
    # without one answer that has a price, nothing says that the model has any
    if not free and not answered and any(row[6] for row in asked):
        sums["usd"] = None
    return sums


def _sum(values: Sequence[float | None]) -> float | None:
    """Return the sum; None where one of the values is not known: an unknown price is never 0."""
    known = [value for value in values if value is not None and math.isfinite(value)]
    return math.fsum(known) if len(known) == len(values) else None
