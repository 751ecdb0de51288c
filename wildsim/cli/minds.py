"""What `run` and `inspect` say of the minds of a run: decisions by source, what failed, what the calls took."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from wildsim.cli import output
from wildsim.minds.mind import FALLIBLE, OWN

if TYPE_CHECKING:
    import pandas as pd

    from wildsim.engine.api import Run


def by_source(counted: Mapping[str, Any], what: str = "agents") -> dict[str, Counter[str]]:
    """Return role -> source -> decisions; those of archetypes count for every agent of the group.

    Args:
        counted: What the manifest tells of an arm. what: "decisions" counts what was asked for instead.
    """
    found: dict[str, Counter[str]] = {}
    for key, number in counted.get(what, {}).items():
        role, _, source = key.partition("/")
        found.setdefault(role, Counter())[source] += int(number)
    return found


def fallback_rate(counted: Mapping[str, Any]) -> float:
    """Return the share of decisions asked of a mind that can fail which the rule had to make; NaN where none was."""
    sums = sum(by_source(counted).values(), Counter())
    asked = sum(sums[source] for source in FALLIBLE)
    return sums["fallback"] / asked if asked else math.nan


def cost(usd: float | None) -> str:
    """Return an amount as text; what is not known is not said to be 0."""
    if usd is None:
        return "unknown"
    return f"${usd:,.2f}" if usd >= 0.01 or usd == 0 else f"${usd:.2g}"


def print_short(run: Run) -> None:
    """Print what minds did in a run, in a few lines; nothing where the rules decided everything."""
    for arm, counted in run.manifest.get("minds", {}).items():
        named = f" ({arm})" if len(run.arms) > 1 else ""
        parts = [f"{role}: {_counts(sources)}" for role, sources in by_source(counted).items()]
        print(f"\nDecisions by source{named}: {'; '.join(parts) or 'none'}")
        rate = fallback_rate(counted)
        if not math.isnan(rate):
            repaired = int(sum(counted.get("repaired", {}).values()))
            print(f"    fell back to the rule: {rate:.2%}; repaired: {repaired:,}")
        _print_bounds(run, arm)
    if run.manifest.get("minds"):
        made = sum(took["calls"] for of_arm in run.manifest["calls"].values() for took in of_arm.values())
        note = f" ({run.scripted})" if run.scripted else ""
        print(f"Calls: {made:,}{note}, cost {cost(run.manifest['cost_usd'])}. More: wildsim inspect {run.path}")


def _counts(sources: Counter[str]) -> str:
    return ", ".join(f"{number:,} {source}" for source, number in sorted(sources.items(), key=lambda pair: -pair[1]))


def print_overview(run: Run, arms: list[str], effects: Mapping[str, pd.DataFrame]) -> None:
    """Print everything that the manifest tells of minds, and what fallbacks did; see `fallback_effects`."""
    for arm in arms:
        counted = run.manifest["minds"][arm]
        print(f"{run.name}, {len(run.seeds)} seed{'s' if len(run.seeds) != 1 else ''}, arm {arm}")
        _print_sources(counted)
        reasons = sorted(counted.get("reasons", {}).items(), key=lambda pair: -pair[1])
        if reasons:
            print("\nWhy the rule had to decide")
            output.table(["reason", "decisions"], [[output.line(why, 120), f"{n:,.0f}"] for why, n in reasons])
        _print_effects(effects[arm])
        _print_bounds(run, arm)
        if counted.get("archetype_loss"):
            print(
                "\nWhat sharing calls loses: 2 |own - shared| / (|own| + |shared|), mean of agents asked on their own"
            )
            checked = counted["checked"]
            rows = [[name, f"{lost:.3f}", f"{checked[name]:,.0f}"] for name, lost in counted["archetype_loss"].items()]
            output.table(["role/field", "loss", "agents asked"], rows)
        _print_calls(run.manifest["calls"].get(arm, {}))
        print()
    print(f"Cost of the run: {cost(run.manifest['cost_usd'])}")


def _print_sources(counted: Mapping[str, Any]) -> None:
    asked = by_source(counted, "decisions")
    rows = []
    for role, sources in by_source(counted).items():
        for source, number in sorted(sources.items(), key=lambda pair: -pair[1]):
            rows.append([role, source, f"{number:,}", f"{number / sources.total():.1%}", f"{asked[role][source]:,}"])
    print("\nDecisions by role and source (those of a shared call count for every agent)")
    output.table(["role", "source", "decisions", "share", "asked for"], rows)
    rate = fallback_rate(counted)
    print(f"\nFell back to the rule: {'-' if math.isnan(rate) else f'{rate:.2%}'} of decisions asked of a mind")
    for name, text in (("repaired", "Answers repaired"), ("outside", "Proposals outside the legal range")):
        print(f"{text}: {sum(counted.get(name, {}).values()):,.0f}")


def fallback_effects(frame: pd.DataFrame) -> pd.DataFrame:
    """Return, by role and field that had fallbacks, how far from the rule the decisions were that had none.

    A fallback is the rule's decision, so this is by how much each of them differs from what the minds did elsewhere.

    Returns:
        Columns role, field, fallbacks, decisions, moved (mean relative distance from the rule), size (mean of its
        absolute value); NaN where no mind decided the field.
    """
    import numpy as np
    import pandas as pd

    frame = frame[frame["source"].isin([*OWN, "fallback"])]
    rows = []
    for (role, field), part in frame.groupby(["role", "field"], observed=True, sort=False):
        lost = int((part["source"] == "fallback").sum())
        if lost:
            own = part[part["source"] != "fallback"]
            rule = own["rule"].to_numpy()
            with np.errstate(divide="ignore", invalid="ignore"):
                moved = (own["guarded"].to_numpy() - rule) / np.abs(rule)
            known = moved[np.isfinite(moved)]
            mean, size = (known.mean(), np.abs(known).mean()) if len(known) else (math.nan, math.nan)
            rows.append([role, field, lost, len(part), float(mean), float(size)])
    return pd.DataFrame(rows, columns=["role", "field", "fallbacks", "decisions", "moved", "size"])


def _print_effects(effects: pd.DataFrame) -> None:
    if effects.empty:
        return
    print("\nWhat fallbacks did: they are the rule's numbers, where minds that answered moved them by")
    rows = [
        [
            row["role"],
            row["field"],
            f"{row['fallbacks']:,} of {row['decisions']:,}",
            _percent(row["moved"], "+"),
            _percent(row["size"]),
        ]
        for row in effects.to_dict("records")
    ]
    output.table(["role", "field", "fallbacks", "mean move", "mean size of it"], rows)


#: Indicators shown with fallbacks at their bounds.
BOUNDED = ("gdp_real", "consumption_real", "unemployment_rate", "inflation", "wage_median", "gini_income")


def _print_bounds(run: Run, arm: str) -> None:
    """Print what the indicators are where every fallback is at its lower or its upper bound; nothing without any."""
    from wildsim.engine.units import number, scale, unit_of

    bounds = run.fallback_bounds(arm)
    if bounds is None:
        return
    rows = []
    table = bounds[["run", "low", "high"]].to_dict("index")
    for name in (known for known in BOUNDED if known in table):
        shown = scale(unit_of(name), table[name]["run"])
        rows.append([name, shown.unit, *(number(value * shown.factor) for value in table[name].values())])
    print(
        "\nHow much hangs on fallbacks: final values as run (by the rule), and with each at its lower, its upper bound"
    )
    output.table(["indicator", "unit", "run", "all low", "all high"], rows)


def _percent(share: float, sign: str = "") -> str:
    return "-" if math.isnan(share) else f"{share:{sign}.2%}"


def _print_calls(by_model: Mapping[str, Any]) -> None:
    if not by_model:
        print("\nNo calls of language models.")
        return
    rows = []
    for model, took in by_model.items():
        waits = [f"{took['latency_s'][p]:.3g}" for p in ("p50", "p90", "p99") if p in took["latency_s"]]
        failed = ", ".join(f"{number} {kind}" for kind, number in took["failures"].items())
        tokens = [_known(took[name]) for name in ("prompt_tokens", "completion_tokens")]
        calls = [f"{took['calls']:,}", f"{took['from_cache']:,}", f"{took['requests']:,}", failed or "0"]
        rows.append([output.line(model, 40), *calls, " / ".join(waits) or "-", *tokens, cost(took["usd"])])
    print("\nCalls")
    headers = ["model", "calls", "from cache", "requests", "failed", "seconds p50 / p90 / p99"]
    output.table([*headers, "prompt tokens", "answer tokens", "cost"], rows)


def _known(amount: float | None) -> str:
    return "unknown" if amount is None else f"{amount:,.0f}"
