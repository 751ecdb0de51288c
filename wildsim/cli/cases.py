"""`wildsim cases`: policies whose effect is known, each beside a placebo that must fail."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from wildsim.cli import output
from wildsim.cli.run import AsJson, Jobs, Quiet
from wildsim.cli.studying import working

Rows = list[dict[str, Any]]


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    app.command(name="cases")(cases)


def cases(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME ...]", help="Cases (wildsim list cases); all where left out.")
    ] = None,
    seeds: Annotated[int, typer.Option("--seeds", help="How many pairs of worlds a case.")] = 20,
    seed: Annotated[int, typer.Option("--seed", help="First seed.")] = 1,
    placebo: Annotated[
        bool, typer.Option("--placebo/--no-placebo", help="Beside each the policy at size zero, which must fail.")
    ] = True,
    set_: Annotated[list[str] | None, typer.Option("--set", help="path=value, as in society.people=2000.")] = None,
    like: Annotated[
        Path | None, typer.Option("--like", metavar="SCENARIO", help="Scenario file whose parameters the cases take.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder; default: runs/DATE-cases-HASH. The same one goes on.")
    ] = None,
    jobs: Jobs = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Try policies whose effect is known: estimate, published range, bite, verdict, placebo."""
    from wildsim.cases.study import make_study, run
    from wildsim.cases.verdict import verdicts
    from wildsim.engine.parallel import check_jobs
    from wildsim.engine.units import shown_path
    from wildsim.engine.watcher import Watcher
    from wildsim.reports.cases import write

    check_jobs(jobs)
    study = make_study(
        names or (), seeds=seeds, seed=seed, placebo=placebo, changes=[*_like(like), *(set_ or ())], out=out
    )
    silent = quiet or as_json
    if not silent:
        begin = f"{len(study.names)} cases x {len(study.seeds)} seeds"
        output.say(f"{begin}: {len(study.tasks())} pairs, in {study.folder}")
    with working(study.folder, "cases", quiet=silent, lives="pairs") as watcher:
        run(study, jobs, Watcher() if silent else watcher)
        rows = verdicts(study)
        document = write(study.folder, rows, study.seeds, dict(study.changes))
    if as_json:
        output.emit({"folder": str(study.folder), **document})
        return
    if not quiet:
        print_table(rows, len(study.seeds))
    print(shown_path(study.folder))


def _like(scenario: Path | None) -> list[str]:
    """Return the parameters that a scenario file sets, as `--set` gives them."""
    if scenario is None:
        return []
    from wildsim.scenario.load import load

    return [f"parameters.{name}={json.dumps(value)}" for name, value in load(scenario).parameters.items()]


def print_table(rows: Rows, seeds: int) -> None:
    """Print the verdicts, one line a case, each criterion on its own; then why what fails does."""
    from wildsim.reports.cases import cells, summary

    print(f"Policies whose effect is known, {seeds} paired seeds")
    headers = ["case", "unit", "range", "estimate", "error", "in range", "precise", "bite", "verdict"]
    headers += ["placebo", "placebo's verdict", "why it fails"]
    output.table(headers, [cells(row) for row in rows])
    print("error: standard error over seeds; precise: at most a quarter of the range's width; bite: what must be seen")
    print("beside the estimate. Placebo: the policy at size zero with other draws from its date on; it must fail.")
    for row in rows:
        for why in row["policy_arm"]["why_not"]:
            print(f"{row['name']} fails: {why}")
    print(summary(rows))
