"""`wildsim forecast`: does the society know what comes after a state like the data's? Beside an AR(1)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wildsim.cli import output
from wildsim.cli.run import AsJson, FirstSeed, Jobs, Quiet, ScenarioFile
from wildsim.cli.studying import working

if TYPE_CHECKING:
    from wildsim.studies.forecast.study import Check


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    app.command(name="forecast")(forecast)


def forecast(
    scenario: ScenarioFile,
    seeds: Annotated[int, typer.Option("--seeds", help="Runs in the library, 2 or more.")] = 8,
    seed: FirstSeed = None,
    months: Annotated[int, typer.Option("--months", help="Recorded months of each run of the library.")] = 600,
    quarters: Annotated[int, typer.Option("--quarters", help="Successive origins to forecast from.")] = 40,
    from_: Annotated[
        str | None, typer.Option("--from", help="First origin, as 1985Q1; default: the last ones there are.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option("--data", help="CSV with quarter, realgdp, cpi, unemp; default: US 1959-2009.")
    ] = None,
    controls: Annotated[
        bool, typer.Option("--controls/--no-controls", help="Also shuffled and random societies.")
    ] = True,
    set_: Annotated[list[str] | None, typer.Option("--set", help="path=value, as in society.people=1000.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder; default: runs/DATE-forecast-NAME-HASH.")] = None,
    jobs: Jobs = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Forecast data by the society's own law of motion, one and four quarters ahead, beside an AR(1)."""
    from wildsim.engine import files
    from wildsim.engine.parallel import check_jobs
    from wildsim.engine.units import shown_path
    from wildsim.engine.watcher import Watcher
    from wildsim.reports.forecast_page import write_report
    from wildsim.scenario.load import load
    from wildsim.studies.forecast import library, study
    from wildsim.studies.forecast.quarters import read_quarters, us_quarters

    story = load(scenario, set_ or ())
    first = story.seed if seed is None else seed
    library.check(seeds, first, months)
    check_jobs(jobs)
    known = read_quarters(data) if data is not None else us_quarters()
    study.origins_of(known, from_, quarters)  # wrong input is told before the long work
    stories = library.arms(story, months, controls)
    folder = library.Folder(library.where(story, stories, out), stories)
    silent = quiet or as_json
    with working(folder.path, f"forecast of {story.name}", quiet=silent, lives="runs") as watcher:
        told = Watcher() if silent else watcher
        runs = library.collect(folder, stories, range(first, first + seeds), jobs, told)
        found = study.run_check(known, runs, from_, quarters)
        size = story.society
        about = {
            "name": story.name,
            "society": f"{size.people:,} people in {size.regions} regions",
            "library": f"seeds {first} to {first + seeds - 1}, {months} months each after {story.burn_in}",
        }
        document = {**about, **study.document(found)}
        files.write_json(folder.path / "forecast.json", document)
        written = write_report(found, folder.path, about)
    if as_json:
        output.emit({**document, "out": str(folder.path), "files": [str(path) for path in written]})
        return
    if not quiet:
        _print(found, written, about)
    print(shown_path(folder.path))


def _print(found: Check, written: list[Path], about: dict[str, str]) -> None:
    from wildsim.reports.forecast_page import headers_of, summary, table_of

    print(f"{about['name']}: forecasts from {int(found.chosen.sum())} origins, {found.label}, beside an AR(1)")
    print(f"{found.data.name}; {about['society']}; library: {about['library']}")
    output.table(headers_of(found), table_of(found))
    print("ratio = error of the society / of the AR(1), root mean squares, with 95 % interval; p of equal accuracy;")
    print("columns at the end: the same ratio for other forecasters and for controls; says nothing: one is as good")
    for name, why in found.why_not.items():
        print(f"{name} forecasts nothing: {why}")
    print(summary(found))
    print(f"\nPage: {written[0].resolve()}")
    print(f"Figures: {written[1].parent.resolve()}")
