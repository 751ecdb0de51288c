"""`wildsim facts`: the stylised facts that a scenario's society shows, beside societies that must not show them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wildsim.cli import output
from wildsim.cli.run import AsJson, Jobs, Quiet, ScenarioFile
from wildsim.cli.studying import working
from wildsim.core.errors import InputError

if TYPE_CHECKING:
    from wildsim.engine.watcher import Watcher
    from wildsim.facts.table import Table


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    app.command(name="facts")(facts)


def facts(
    scenario: ScenarioFile,
    seeds: Annotated[int, typer.Option("--seeds", help="How many worlds of each society to live.")] = 8,
    seed: Annotated[int, typer.Option("--seed", help="First seed; others than those of a calibration.")] = 1001,
    set_: Annotated[list[str] | None, typer.Option("--set", help="path=value, as in society.people=1000.")] = None,
    controls: Annotated[
        bool, typer.Option("--controls/--no-controls", help="Live the societies that must fail, too.")
    ] = True,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder; default: runs/DATE-facts-NAME-HASH. One that is there goes on."),
    ] = None,
    jobs: Jobs = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Judge a scenario by stylised facts: value, range, source, pass, and the same for societies that must fail."""
    from wildsim.engine.parallel import check_jobs
    from wildsim.engine.plan import make_plan
    from wildsim.engine.speech import titled
    from wildsim.engine.store import command_line
    from wildsim.engine.units import shown_path
    from wildsim.engine.watcher import Watcher
    from wildsim.facts.ranges import load_country
    from wildsim.facts.societies import variants
    from wildsim.facts.study import gather, open_folder
    from wildsim.facts.table import document, make_table
    from wildsim.reports.facts import write_report
    from wildsim.scenario.load import load

    story = load(scenario, set_ or ())
    plan = make_plan(story, seeds=seeds, seed=seed)
    check_jobs(jobs)
    country = load_country(story.society.country)
    if story.behaviour != "rules" and controls:
        raise InputError(f"behaviour is {story.behaviour}: a control itself. Judge it alone: --no-controls.")
    judged = variants(story, controls=controls)
    folder = open_folder(story.name, judged, plan.seeds, out)
    silent = quiet or as_json
    with working(folder, f"facts of {story.name}", quiet=silent, lives="societies lived") as watcher:
        told = Watcher() if silent else watcher
        gathered = gather(judged, plan.seeds, folder, jobs=jobs, progress=_telling(told), say=told.say)
        table = make_table(gathered, judged, plan.seeds, country)
        told.say("Drawing the pictures.")
        written = write_report(folder, titled(story), table, gathered, command_line())
    if as_json:
        output.emit({"folder": str(folder), "files": [str(path) for path in written], **document(table)})
        return
    if not quiet:
        print_table(table)
        print(f"\nPage: {shown_path(folder / 'facts.html')}")
    print(shown_path(folder))


def _telling(watcher: Watcher) -> Callable[[int, int], None]:
    """Return what hears of societies: first how many were there already, then each that was lived."""
    reports = count()

    def hear(done: int, total: int) -> None:
        if next(reports):
            watcher.progress(done, total, "")
        elif done:
            watcher.say(f"{done} of {total} societies were there already.")

    return hear


def print_table(table: Table) -> None:
    """Print every fact by family, then what it comes to."""
    from wildsim.facts import FAMILIES
    from wildsim.reports.facts.text import cells, headers, summary

    names = [variant.name for variant in table.variants]
    for family, title in FAMILIES.items():
        rows = table.family(family)
        if not rows:
            continue
        print(f"\n{title}")
        output.table(headers(names), [list(cells(row, names)) for row in rows])
    print()
    for line in summary(table):
        print(line)
