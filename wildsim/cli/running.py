"""What `run` and `resume` share: progress with the time left, and the table at the end."""

from __future__ import annotations

import math
import sys
from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from wildsim.cli import output

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from wildsim.engine.api import Run
    from wildsim.engine.plan import Plan
    from wildsim.engine.run import Watcher

STARS = ((0.001, "***"), (0.01, "**"), (0.05, "*"))


@contextmanager
def watching(plan: Plan, *, quiet: bool) -> Iterator[Watcher]:
    """Show on standard error how far a run is and when it will end; `quiet` shows sentences only."""
    from wildsim.engine.run import Watcher

    if quiet:
        yield Watcher(say=output.say)
        return
    if not sys.stderr.isatty():
        yield Watcher(progress=_Lines(plan).hear, say=output.say)
        return
    with _bar() as bar:
        months: dict[int, int] = {}
        total = plan.months_per_seed * len(plan.seeds)
        task = bar.add_task(_what(plan), total=total, now="")

        def progress(report: Any) -> None:
            months[report.seed] = report.done
            phase = "burn-in" if report.month < 0 else f"{report.arm}, month {report.month}"
            bar.update(task, completed=sum(months.values()), now=f"seed {report.seed}: {phase}")

        yield Watcher(
            progress=progress, say=lambda text: bar.console.print(text, markup=False, highlight=False, soft_wrap=True)
        )


class _Lines:
    """Progress for log files: a line at every tenth."""

    def __init__(self, plan: Plan):
        self.total = plan.months_per_seed * len(plan.seeds)
        self.months: dict[int, int] = {}
        self.told, self.begun = 0, 0.0

    def hear(self, report: Any) -> None:
        """Say how far the run is whenever another tenth is done."""
        self.begun = self.begun or monotonic()  # compiling is over when the first month is
        self.months[report.seed] = report.done
        share = sum(self.months.values()) / self.total
        if int(share * 10) <= self.told or share >= 1:
            return
        self.told = int(share * 10)
        left = (monotonic() - self.begun) * (1 - share) / share
        output.say(f"{self.told * 10} %, about {left:.0f} s left")


def _bar() -> Bar:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=30),
        TaskProgressColumn(),
        TextColumn("time left"),
        TimeRemainingColumn(compact=True),
        TextColumn("{task.fields[now]}", markup=False),
        console=Console(stderr=True),
        transient=True,
    )


def _what(plan: Plan) -> str:
    arms = f" x {len(plan.arms)} arms" if len(plan.arms) > 1 else ""
    return f"{plan.scenario.name}: {len(plan.seeds)} seed{'s' if len(plan.seeds) > 1 else ''}{arms}"


def finish(path: Path, *, as_json: bool, quiet: bool) -> None:
    """Draw the figures, print the table of final indicators; the last line is the run folder."""
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
        _print_indicators(run)
        for arm in run.arms[1:]:
            _print_differences(run, arm)
        _print_notes(run, pictures)
    print(shown_path(path))


def _document(run: Run, pictures: list[Path]) -> dict[str, Any]:
    from wildsim.engine.files import read_json

    document: dict[str, Any] = {"run": str(run.path), "figures": [str(path) for path in pictures]}
    document["status"] = run.manifest["status"]
    document["summary"] = read_json(run.path / "summary.json")
    if len(run.arms) > 1:
        document["results"] = run.results.to_dict("records")
    return document


def _print_indicators(run: Run) -> None:
    from wildsim.engine.units import number, scale

    rows = []
    for name, row in run.summary().iterrows():
        shown = scale(row["unit"], row["final"])
        spread = number(row["final_sd"] * shown.factor, 2) if len(run.seeds) > 1 else ""
        values = [number(row[key] * shown.factor) for key in ("final", "min", "max")]
        rows.append([str(name), shown.unit, values[0], spread, values[1], values[2]])
    seeds = f"{len(run.seeds)} seed{'s' if len(run.seeds) > 1 else ''}"
    title = (
        f"{run.name}, {seeds}: mean of the last {min(12, run.months)} months; spread = standard deviation over seeds"
    )
    print(title)
    output.table(["indicator", "unit", "final", "spread", "lowest", "highest"], rows)


def _print_differences(run: Run, arm: str) -> None:
    from wildsim.engine import paired

    results = run.results
    window = "last_60" if (results["window"] == "last_60").any() else "all"
    rows = []
    shown = (results["arm"] == arm) & (results["window"] == window) & ~results["indicator"].isin(paired.TWINS)
    for row in results[shown].to_dict("records"):
        rows.append([*compared(row, "baseline", "policy"), _stars(float(row["p_adjusted"]))])
    months = "last 60 months" if window == "last_60" else "whole run"
    title = f"\n{arm} against {run.arms[0]}, {months}, paired by seed; 95 % interval; * p < .05 after Holm's correction"
    print(title)
    output.table(["indicator", "unit", run.arms[0], arm, "difference", "interval", ""], rows)
    if len(run.seeds) == 1:
        output.say(paired.ONE_SEED)


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
    from wildsim.engine.units import shown_path

    if len(run.arms) > 1:
        print("\nThe first 12 and 24 months of each policy and the whole run: results.parquet, figures/responses.png")
    largest = max(read_json(run.path / "summary.json")["largest_error"].values())
    print(f"\nLargest error of the books: {largest:.1e} (relative; 1e-9 is allowed)")
    if pictures:
        print(f"Figures: {shown_path(pictures[0].parent)} ({', '.join(path.name for path in pictures)})")
