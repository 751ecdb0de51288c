"""Tables for other programs: quarterly national accounts, CSV, a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from wildsim.core.errors import InputError
from wildsim.engine import files

if TYPE_CHECKING:
    import pandas as pd

    from wildsim.engine.api import Run

NEEDED = ("gdp", "gdp_real", "consumption_real", "investment_real", "unemployment_rate")
MAX_SHEET_ROWS = 1_048_575


def quarterly_table(months: pd.DataFrame) -> pd.DataFrame:
    """Return quarters of one seed, in the form of US macroeconomic data sets; months beyond whole quarters drop out.

    Units:
        realgdp, realcons, realinv: USD a quarter at the prices of month 0; unemp: percent of the labour force;
        infl: annualised change of the GDP deflator on the quarter before in percent, empty in the first quarter.

    Raises:
        InputError: An indicator that it needs was not recorded.
    """
    import pandas as pd

    missing = [name for name in NEEDED if name not in months]
    if missing:
        raise InputError(f"A quarterly table needs the indicator {missing[0]}, which this run did not record.")
    quarters = len(months) // 3

    def by_quarter(name: str) -> np.ndarray[Any, Any]:
        return months[name].to_numpy(dtype=np.float64)[: quarters * 3].reshape(quarters, 3)

    real = by_quarter("gdp_real").sum(axis=1)
    deflator = by_quarter("gdp").sum(axis=1) / real
    inflation = np.full(quarters, np.nan)
    inflation[1:] = 100 * ((deflator[1:] / deflator[:-1]) ** 4 - 1)
    return pd.DataFrame(
        {
            "realgdp": real,
            "realcons": by_quarter("consumption_real").sum(axis=1),
            "realinv": by_quarter("investment_real").sum(axis=1),
            "unemp": 100 * by_quarter("unemployment_rate").mean(axis=1),
            "infl": inflation,
        }
    )


def export_quarterly(run: Run, out: Path | None = None) -> list[Path]:
    """Write one CSV an arm and seed and return the paths.

    Raises:
        InputError: The run is shorter than a quarter.
    """
    if run.months < 3:
        raise InputError(f"'{run.path}' has {run.months} months; a quarter needs 3.")
    folder = out or run.path / "export" / "quarterly"
    written = []
    for arm in run.arms:
        for seed in run.seeds:
            path = folder / f"{arm}-seed={seed}.csv"
            files.write(path, _csv(quarterly_table(_months(run, arm, seed)), index=False))
            written.append(path)
    return written + _note(run, folder)


def _note(run: Run, folder: Path) -> list[Path]:
    """Write beside the tables what they rest on, where a script answered in place of language models."""
    if not run.scripted:
        return []
    files.write(folder / "NOTE.txt", f"{run.name}: these tables rest on decisions that are {run.scripted}.\n".encode())
    return [folder / "NOTE.txt"]


def _months(run: Run, arm: str, seed: int) -> pd.DataFrame:
    frame = run.arm(arm)
    return frame[frame.index.get_level_values("seed") == seed]


def all_indicators(run: Run) -> pd.DataFrame:
    """Return the indicators of every arm with columns arm, seed, month."""
    import pandas as pd

    return pd.concat({arm: run.arm(arm) for arm in run.arms}, names=["arm"]).reset_index()


def export_csv(run: Run, out: Path | None = None) -> list[Path]:
    """Write indicators.csv, summary.csv and, with policies, results.csv; return the paths."""
    folder = out or run.path / "export"
    tables = _tables(run)
    for name, table in tables.items():
        files.write(folder / f"{name}.csv", _csv(table, index=False))
    return [folder / f"{name}.csv" for name in tables] + _note(run, folder)


def export_xlsx(run: Run, out: Path | None = None) -> list[Path]:
    """Write the same tables as sheets of one workbook; return its path.

    Raises:
        InputError: A sheet cannot hold the rows.
    """
    import io

    import pandas as pd

    tables = _tables(run)
    longest = max(len(table) for table in tables.values())
    if longest > MAX_SHEET_ROWS:
        raise InputError(f"A sheet cannot hold {longest:,} rows. Use --csv.")
    path = (out or run.path / "export") / "run.xlsx"
    buffer = io.BytesIO()
    with pd.ExcelWriter(buffer, engine="openpyxl") as writer:
        for name, table in tables.items():
            table.to_excel(writer, sheet_name=name, index=False)
        if run.scripted:
            pd.DataFrame({"note": [run.scripted]}).to_excel(writer, sheet_name="note", index=False)
    files.write(path, buffer.getvalue())
    return [path]


def _tables(run: Run) -> dict[str, pd.DataFrame]:
    tables = {"indicators": all_indicators(run), "summary": run.summary().reset_index()}
    return tables | ({"results": run.results} if len(run.arms) > 1 else {})


def _csv(table: pd.DataFrame, *, index: bool) -> bytes:
    text: str = table.to_csv(index=index, lineterminator="\n")
    return text.encode()
