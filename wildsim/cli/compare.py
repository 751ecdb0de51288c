"""`wildsim compare`: what differs between runs, settings and indicators together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wildsim.cli import output
from wildsim.cli.run import AsJson
from wildsim.cli.running import compared
from wildsim.core.errors import InputError

if TYPE_CHECKING:
    import pandas as pd


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    app.command(name="compare")(compare)


def compare(
    runs: Annotated[list[Path], typer.Argument(metavar="RUN RUN ...", help="Two run folders or more.")],
    as_json: AsJson = False,
) -> None:
    """Compare runs with the first one: settings that differ, then indicators with intervals."""
    if len(runs) < 2:
        raise InputError("Give two runs or more: wildsim compare RUN RUN")
    from wildsim.engine.api import Run
    from wildsim.engine.compare import indicator_differences, setting_differences

    opened = [Run(path) for path in runs]
    settings, table = setting_differences(opened), indicator_differences(opened)
    if as_json:
        found = [{"setting": setting.path, "values": list(setting.values)} for setting in settings]
        output.emit({"runs": [str(p) for p in runs], "settings": found, "indicators": table.to_dict("records")})
        return
    headers = ["setting", *(f"run {number}" for number in range(1, len(runs) + 1))]
    for number, path in enumerate(runs, start=1):
        print(f"run {number}: {path}")
    if settings:
        print("\nSettings that differ")
        output.table(headers, [[s.path, *(_short(value) for value in s.values)] for s in settings])
    else:
        print("\nNo setting differs.")
    for (label, arm), rows in table.groupby(["run", "arm"], sort=False):
        _print_rows(str(label), str(arm), rows)


def _print_rows(label: str, arm: str, table: pd.DataFrame) -> None:
    rows = [compared(row, "first", "other") for row in table.to_dict("records")]
    method = {"paired": "paired by seed", "independent": "independent samples"}[str(table["method"].iloc[0])]
    title = f"\n{label} against run 1, arm {arm}: mean of the last 12 months, {method}, 95 % interval"
    print(title)
    output.table(["indicator", "unit", "run 1", label, "difference", "interval"], rows)


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:37] + "..."
