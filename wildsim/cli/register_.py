"""`wildsim register`: what a run says will come, noted before it comes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wildsim.cli import output
from wildsim.cli.run import AsJson
from wildsim.core.errors import InputError

if TYPE_CHECKING:
    from wildsim.engine.api import Run

Beside = Annotated[
    Path | None, typer.Option("--beside", help="Folder of the register; default: that of the run's scenario file.")
]


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    app.command(name="register")(note)


def note(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A finished run folder, 40 seeds or more.")],
    of: Annotated[list[str], typer.Option("--of", help="Indicator. Repeatable.")],
    at: Annotated[list[str], typer.Option("--at", help="Month of the run, or a range as 0-11. Repeatable.")],
    arm: Annotated[str, typer.Option("--arm", help="Policy that the forecast is for.")] = "baseline",
    begins: Annotated[
        str | None, typer.Option("--begins", help="Calendar month of the run's month 0, as 2031-04.")
    ] = None,
    beside: Beside = None,
    as_json: AsJson = False,
) -> None:
    """Note for good what a run forecasts for real outcomes, to be judged later by `wildsim outcomes`."""
    from wildsim.engine.api import Run
    from wildsim.engine.store import now
    from wildsim.evaluation.forecasts import Forecasts, of_run

    months = dict.fromkeys(month for text in at for month in _months(text))
    opened = Run(run)
    if not opened.complete:
        raise InputError(f"'{run}' is not finished, and what it forecasts may still change: wildsim resume {run}")
    made = of_run(opened, list(dict.fromkeys(of)), months, arm, now(), begins)
    forecasts = Forecasts(beside or _scenario_folder(opened))
    total = forecasts.add(made)
    if as_json:
        added = [{**one.__dict__, "seeds": len(one.seeds)} for one in made]
        output.emit({"register": str(forecasts.path), "added": added, "forecasts": total})
        return
    rows = [[one.indicator, one.unit, one.due, f"{one.mean:.6g}", f"{one.sd:.3g}", str(len(one.seeds))] for one in made]
    output.table(["indicator", "unit", "due", "mean", "sd", "seeds"], rows)
    print(f"{len(made)} forecasts for arm {arm} added; {total} in {forecasts.path}")


def _months(text: str) -> range:
    first, dash, last = text.partition("-")
    if not all(part.isascii() and part.isdigit() for part in ([first, last] if dash else [first])) or (
        dash and int(last) < int(first)
    ):
        raise InputError(f"--at {text}  is no month of the run; write 24, or 0-11 for months 0 to 11.")
    return range(int(first), int(last or first) + 1)


def _scenario_folder(run: Run) -> Path:
    """Return the folder of the scenario file that a run was made of.

    Raises:
        InputError: The run does not say, or the file is not there any more.
    """
    file = run.manifest.get("scenario")
    if not file or not Path(file).is_file():
        raise InputError(f"the scenario file of '{run.path}' is not found from here; say --beside FOLDER.")
    return Path(file).parent
