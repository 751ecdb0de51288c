"""`wildsim compare`: what differs between runs, settings and indicators together; or between a run and real series."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wildsim.cli import output
from wildsim.cli.run import AsJson, Everything
from wildsim.cli.running import chosen, compared
from wildsim.core.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from wildsim.engine.api import Run


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    app.command(name="compare")(compare)


def compare(
    runs: Annotated[list[Path], typer.Argument(metavar="RUN RUN ...", help="Two run folders or more.")],
    as_json: AsJson = False,
    everything: Everything = False,
    with_series: Annotated[
        bool, typer.Option("--with-series", help="Compare each run with the real series that its scenario names.")
    ] = False,
) -> None:
    """Compare runs with the first one: settings that differ, then indicators with intervals."""
    if with_series:
        _with_series(runs, as_json)
        return
    if len(runs) < 2:
        raise InputError("Give two runs or more: wildsim compare RUN RUN")
    from wildsim.engine.api import Run
    from wildsim.engine.compare import indicator_differences, setting_differences

    opened = [Run(path) for path in runs]
    settings, table = setting_differences(opened), indicator_differences(opened)
    if as_json:
        found = [{"setting": setting.path, "values": list(setting.values)} for setting in settings]
        notes = {str(path): run.scripted for path, run in zip(runs, opened, strict=True) if run.scripted}
        document = {"runs": [str(p) for p in runs], "settings": found, "indicators": table.to_dict("records")}
        output.emit(document | ({"notes": notes} if notes else {}))
        return
    headers = ["setting", *(f"run {number}" for number in range(1, len(runs) + 1))]
    for number, (path, run) in enumerate(zip(runs, opened, strict=True), start=1):
        print(f"run {number}: {path}" + (f" ({run.scripted})" if run.scripted else ""))
    if settings:
        print("\nSettings that differ")
        output.table(headers, [[s.path, *(_short(value) for value in s.values)] for s in settings])
    else:
        print("\nNo setting differs.")
    others = {f"run {number}": run for number, run in enumerate(opened[1:], start=2)}
    for (label, arm), rows in table.groupby(["run", "arm"], sort=False):
        _print_rows(opened[0], others[str(label)], str(label), str(arm), rows, everything)


def _with_series(runs: list[Path], as_json: bool) -> None:
    from wildsim.engine.against import against_series
    from wildsim.engine.api import Run

    found = {str(path): against_series(Run(path)) for path in runs}
    if as_json:
        output.emit([{"run": path, **row} for path, table in found.items() for row in table.to_dict("records")])
        return
    for path, table in found.items():
        print(f"{path}: what is true of the society less the real series, mean over seeds, in the indicator's unit")
        rows = [
            [_short(f"{cell:.4g}" if isinstance(cell, float) else cell) for cell in row]
            for row in table.itertuples(index=False)
        ]
        output.table(list(table.columns), rows)


def _print_rows(first: Run, other: Run, label: str, arm: str, table: pd.DataFrame, everything: bool) -> None:
    from wildsim.engine.compare import common_months, unpaired

    found = table.set_index("indicator", drop=False)
    rows = [compared(found.loc[n].to_dict(), "first", "other") for n in chosen(map(str, found.index), everything)]
    months, why = common_months(first, other), unpaired(first, other, arm)
    method = f"not paired ({why}): independent samples" if why else "paired by seed"
    span = f"months {max(0, months - 12)}-{months - 1}"
    notes = dict.fromkeys(run.scripted for run in (first, other) if run.scripted)
    title = "; ".join([f"\n{label} against run 1, arm {arm}: mean of {span}, {method}, 95 % interval", *notes])
    print(title)
    output.table(["indicator", "unit", "run 1", label, "difference", "interval"], rows)


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:37] + "..."
