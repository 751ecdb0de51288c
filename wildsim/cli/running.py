"""What `run` and `resume` share: progress, and the tables at the end."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wildsim.cli import output, studying
from wildsim.cli.minds import print_short

if TYPE_CHECKING:
    from wildsim.engine.api import Run
    from wildsim.engine.plan import Plan
    from wildsim.engine.watcher import Watcher

STARS = ((0.001, "***"), (0.01, "**"), (0.05, "*"))
HEADLINE = (
    "gdp_real",
    "consumption_real",
    "investment_real",
    "unemployment_rate",
    "employment_rate",
    "vacancy_rate",
    "inflation",
    "policy_rate",
    "wage_median",
    "labour_share",
    "gini_income",
    "gini_wealth",
    "poverty_rate",
    "government_debt",
    "life_expectancy",
    "crime_rate",
    "cutoff_score",
    "box_office",
    "discoveries",
    "h_index",
    "temperature",
    "home_price",
    "ai_adoption",
    "emissions",
)
"""Indicators that the tables show; `--all` shows the rest below them."""


def watching(plan: Plan, *, quiet: bool, talking: bool = False) -> AbstractContextManager[Watcher]:
    """Show on standard error how far a run is and when it will end; `quiet` shows sentences only.

    Where a person is asked (`talking`) the questions show the month: a bar would write over them.
    """
    arms = f" x {len(plan.arms)} arms" if len(plan.arms) > 1 else ""
    what = f"{plan.scenario.name}: {len(plan.seeds)} seed{'s' if len(plan.seeds) > 1 else ''}{arms}"
    return studying.watching(what, quiet=quiet or talking, lives="months")


def finish(path: Path, *, as_json: bool, quiet: bool, everything: bool = False) -> None:
    """Draw the figures, print the tables; the last line is the run folder.

    Args:
        path: Run folder. as_json: One JSON document instead. quiet: The folder alone. everything: All indicators.
    """
    from wildsim.engine.api import Run
    from wildsim.engine.units import shown_path
    from wildsim.reports.figures import draw

    if not quiet and not as_json:
        output.say("Drawing the figures.")
    run = Run(path)
    pictures = draw(run)
    if as_json:
        output.emit(_document(run, pictures))
        return
    if not quiet:
        _print_indicators(run, everything)
        for arm in run.arms[1:]:
            _print_differences(run, arm, everything)
        print_short(run)
        _print_notes(run, pictures)
    print(shown_path(path))


def _document(run: Run, pictures: list[Path]) -> dict[str, Any]:
    from wildsim.engine.files import read_json

    document: dict[str, Any] = {"run": str(run.path), "figures": [str(path) for path in pictures]}
    document["status"] = run.manifest["status"]
    if run.minded:
        told = {name: run.manifest.get(name) for name in ("minds", "calls", "cost_usd")}
        document |= told | {"note": run.scripted or None}
    document["summary"] = read_json(run.path / "summary.json")
    if len(run.arms) > 1:
        document["results"] = run.results.to_dict("records")
    return document


def chosen(known: Iterable[str], everything: bool) -> list[str]:
    """Return the indicators that a table shows, the headline first; what equals another by identity is left out."""
    from wildsim.engine.paired import TWINS

    names = [name for name in known if name not in TWINS]
    headline = [name for name in HEADLINE if name in names]
    return [*headline, *(name for name in names if name not in headline)] if everything or not headline else headline


def _print_indicators(run: Run, everything: bool) -> None:
    from wildsim.engine.units import number, scale

    measured = run.summary().dropna(subset=["mean"])  # those of sectors that are off never were
    table = {str(name): row for name, row in measured.to_dict("index").items()}
    rows = []
    for name in chosen(table, everything):
        row = table[name]
        shown = scale(row["unit"], row["final"])
        spread = number(row["final_sd"] * shown.factor, 2) if len(run.seeds) > 1 else ""
        values = [number(row[key] * shown.factor) for key in ("final", "min", "max")]
        rows.append([name, shown.unit, values[0], spread, values[1], values[2]])
    arm = f", arm {run.arms[0]}" if len(run.arms) > 1 else ""
    print(f"{run.name}, {len(run.seeds)} seed{'s' if len(run.seeds) > 1 else ''}, {run.months} months{arm}{_by(run)}")
    output.table(["indicator", "unit", "final", "spread", "lowest", "highest"], rows)
    last = min(12, run.months)
    spread = "; spread = standard deviation of it over seeds" if len(run.seeds) > 1 else ""
    print(f"final = mean of the last {last} months{spread}; lowest, highest = of any month and seed of the whole run")
    left = len(chosen(table, True)) - len(rows)
    if left:
        print(f"{left} more indicators: --all, or summary.json")


def _by(run: Run) -> str:
    """Return what the title of a table says where a script answered in place of language models."""
    return f"; {run.scripted}" if run.scripted else ""


def _print_differences(run: Run, arm: str, everything: bool) -> None:
    from wildsim.engine import paired

    results = run.results
    window, when = paired.main_window(run.months, run.starts[arm])
    table = results[(results["arm"] == arm) & (results["window"] == window)].set_index("indicator", drop=False)
    table = table[table["n"] > 0]
    rows = []
    for name in chosen([str(name) for name in table.index], everything):
        row = table.loc[name].to_dict()
        rows.append([*compared(row, "baseline", "policy"), _stars(float(row["p_adjusted"]))])
    print(f"\n{arm} against {run.arms[0]}, {when}, paired by seed{_by(run)}")
    output.table(["indicator", "unit", run.arms[0], arm, "difference", "interval", ""], rows)
    if len(run.seeds) == 1:
        output.say(paired.ONE_SEED)
        return
    print("interval: 95 %; * p < .05, ** p < .01, *** p < .001 after Holm's correction for all indicators of the run")


def compared(row: Mapping[Hashable, Any], before: str, after: str) -> list[str]:
    """Return the cells of one comparison: indicator, unit, the two values, their difference, its interval."""
    from wildsim.engine.units import number, scale, unit_of

    shown = scale(unit_of(row["indicator"]), max(abs(row[before]), abs(row[after])))
    parts = [number(row[name] * shown.factor) for name in (before, after, "difference")]
    low, high = row["low"] * shown.factor, row["high"] * shown.factor
    interval = "" if math.isnan(low) else f"[{number(low)}, {number(high)}]"
    return [row["indicator"], shown.unit, *parts, interval]


def _stars(p: float) -> str:
    return next((stars for limit, stars in STARS if p < limit), "")


def _print_notes(run: Run, pictures: list[Path]) -> None:
    from wildsim.engine.files import read_json

    if len(run.arms) > 1:
        print("\nOther windows (the first 12 and 24 months of each policy, all of its months): results.parquet")
    if run.sealed:
        print(f"\nSealed, in no table and no picture: {', '.join(run.sealed)}")
    largest = max(read_json(run.path / "summary.json")["largest_error"].values())
    print(f"\nLargest error of the books: {largest:.1e} (relative; 1e-9 is allowed)")
    if pictures:
        first = next((path for path in pictures if path.stem == "differences"), pictures[0])
        print(f"Figures: {pictures[0].parent.resolve()}")
        print(f"    {first.name}: open this first")
        print(f"    then {', '.join(path.name for path in pictures if path != first)}")
