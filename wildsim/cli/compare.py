"""`wildsim compare`: what differs between runs, settings and indicators together; or how near runs are to real data."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
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
    runs: Annotated[
        list[Path], typer.Argument(metavar="RUN RUN ...", help="Two run folders or more; one with --data.")
    ],
    data: Annotated[Path | None, typer.Option(metavar="FILE", help="Real monthly series, CSV or parquet.")] = None,
    indicator: Annotated[str, typer.Option(metavar="NAME", help="Indicator that it stands beside.")] = "",
    column: Annotated[str, typer.Option(metavar="NAME", help="Its column with the values.")] = "value",
    date: Annotated[str, typer.Option(metavar="NAME", help="Its column with the months.")] = "date",
    unit: Annotated[str, typer.Option(metavar="UNIT", help="`percent`, where the indicator is a share.")] = "",
    start: Annotated[str, typer.Option(metavar="YYYY-MM", help="Month of the data that is month 0; its first.")] = "",
    as_json: AsJson = False,
    everything: Everything = False,
) -> None:
    """Compare runs with the first one: settings that differ, then indicators with intervals. Or with real data."""
    if data is not None:
        _with_data(runs, RealData(data, indicator, column, date, unit, start), as_json)
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


@dataclass(frozen=True)
class RealData:
    """The real series of the command line; fields as the options say."""

    file: Path
    indicator: str
    column: str
    date: str
    unit: str
    start: str


def _with_data(runs: list[Path], data: RealData, as_json: bool) -> None:
    """Print how near each arm of the runs is to real data."""
    from wildsim.engine.api import Run
    from wildsim.engine.real_data import nearness
    from wildsim.engine.units import scale, unit_of
    from wildsim.scenario.series_file import month_number, read_series

    if not data.indicator:
        raise InputError("--data needs --indicator, the name of what is compared: --indicator unemployment_rate")
    series = read_series(data.file, data.indicator, data.column, data.date, data.unit)
    start = month_number(data.start) if data.start else series.first
    rows: list[dict[str, Any]] = []
    for path in runs:
        run = Run(path)
        for arm in run.arms:
            found = nearness(run.arm(arm), data.indicator, series, start)
            note = {"note": run.scripted} if run.scripted else {}
            rows.append({"run": str(path), "arm": arm, **asdict(found), **note})
    if as_json:
        output.emit({"data": str(data.file), "indicator": data.indicator, "rows": rows})
        return
    shown = scale(unit_of(data.indicator), max(abs(value) for value in series.values))
    print(f"{data.indicator} against {data.file}; {shown.unit or 'no unit'}; mean of the seeds less the data")
    headers = ["run", "arm", "months", "bias", "rmse", "sd of data", "correlation", "inside seeds", "expected"]
    output.table(headers, [_near(row, shown.factor) for row in rows])
    for note in dict.fromkeys(row["note"] for row in rows if "note" in row):
        print(note)


def _near(row: dict[str, Any], factor: float) -> list[str]:
    sizes = [_figure(row[name] * factor, ".4g") for name in ("bias", "rmse", "data_sd")]
    shares = [_figure(row["correlation"], ".2f"), *(_figure(row[name], ".0%") for name in ("inside", "expected"))]
    return [row["run"], row["arm"], str(row["months"]), *sizes, *shares]


def _figure(value: float, form: str) -> str:
    return format(value, form) if math.isfinite(value) else "-"


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:37] + "..."
