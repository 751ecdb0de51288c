"""`wildsim export`: tables for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wildsim.cli import output
from wildsim.cli.run import AsJson
from wildsim.core.errors import InputError


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    app.command(name="export")(export)


def export(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")],
    quarterly: Annotated[
        bool, typer.Option("--quarterly", help="One CSV an arm and seed: realgdp realcons realinv unemp infl.")
    ] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Indicators, summary and differences as CSV.")] = False,
    xlsx: Annotated[bool, typer.Option("--xlsx", help="The same as sheets of a workbook.")] = False,
    training: Annotated[
        bool, typer.Option("--training", help="Decisions of minds with the reward that followed, as JSON lines.")
    ] = False,
    over: Annotated[int, typer.Option("--over", help="Of --training: months whose rewards count, discounted.")] = 1,
    out: Annotated[Path | None, typer.Option("--out", help="Folder; default: export/ in the run folder.")] = None,
    as_json: AsJson = False,
) -> None:
    """Export a run; without an option the CSV files."""
    from wildsim.engine.api import Run
    from wildsim.engine.export import export_csv, export_quarterly, export_xlsx

    run = Run(folder)
    if out is not None and out.exists() and not out.is_dir():
        raise InputError(f"--out {out}  is a file; give a folder.")
    written: list[Path] = []
    if quarterly:
        written += export_quarterly(run, out)
    if training:
        from wildsim.engine.training import export_training

        written += export_training(run, out, over)
    if csv or not (quarterly or xlsx or training):
        written += export_csv(run, out)
    if xlsx:
        written += export_xlsx(run, out)
    if as_json:
        output.emit({"files": [str(path) for path in written]})
        return
    for path in written:
        print(path)
