"""`wildsim calibrate`: parameters whose societies have the moments of a targets file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wildsim.cli import output
from wildsim.cli.run import AsJson, FirstSeed, Quiet, ScenarioFile
from wildsim.cli.studying import SearchSeed, SetAll, StudyJobs, StudyOut, Timeout, check_timeout, size_of, working

if TYPE_CHECKING:
    from wildsim.scenario.schema import Scenario
    from wildsim.studies.calibrate import Calibration
    from wildsim.studies.folder import StudyFolder
    from wildsim.studies.trial import Options, Trial


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    app.command(name="calibrate")(calibrate)


def calibrate(
    scenario: ScenarioFile,
    targets: Annotated[Path, typer.Option("--targets", help="Moments with ranges, and the parameters to search.")],
    trials: Annotated[int, typer.Option("--trials", help="Points to try, at most.")] = 200,
    seeds: Annotated[int, typer.Option("--seeds", help="Worlds a trial, the same in every trial.")] = 6,
    seed: FirstSeed = None,
    fresh: Annotated[int, typer.Option("--fresh", help="Worlds, not searched on, that score the result.")] = 8,
    finalists: Annotated[int, typer.Option("--finalists", help="Best points compared on as many further seeds.")] = 5,
    search_seed: SearchSeed = 0,
    search: Annotated[
        str, typer.Option("--search", help="trials: optuna's estimator; moves: parameters one at a time, then a step.")
    ] = "trials",
    rounds: Annotated[int, typer.Option("--rounds", help="Of --search moves: most rounds.")] = 4,
    move: Annotated[
        float, typer.Option("--move", help="Of --search moves: how far each parameter alone is moved, in ranges.")
    ] = 0.3,
    reach: Annotated[
        float, typer.Option("--reach", help="Of --search moves: how far a step may go in each, in ranges.")
    ] = 0.3,
    timeout: Timeout = 0.0,
    set_: SetAll = None,
    out: StudyOut = None,
    jobs: StudyJobs = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Search the parameters whose societies have the moments of a targets file; resumable, scored on fresh seeds."""
    from wildsim.engine.store import command_line
    from wildsim.scenario.load import load
    from wildsim.studies.calibrate import calibrate as study
    from wildsim.studies.extra import library
    from wildsim.studies.folder import open_folder
    from wildsim.studies.targets import read_targets
    from wildsim.studies.trial import TRIALS, Options
    from wildsim.studies.world import SocietyModel

    if search == TRIALS:
        library("optuna", "wildsim calibrate")
    story = load(scenario, set_ or ())
    asked = read_targets(targets, story)
    check_timeout(timeout)
    first = story.seed if seed is None else seed
    options = Options(trials, seeds, first, fresh, finalists, search_seed, jobs, search, rounds, move, reach)
    options.check_room(len(asked.dimensions))
    model = SocietyModel(story.resolved(), tuple(target.name for target in asked.moments), timeout)
    parts = {
        "scenario": model.settings,
        "targets": [vars(part) for part in (*asked.moments, *asked.dimensions)],
        "seeds": [first, seeds, search_seed],
        "timeout": timeout,
        "search": options.way,
    }
    folder = open_folder("calibrate", story.name, parts, out, command_line())
    with working(folder.path, f"calibrating {story.name}", quiet=quiet or as_json) as watcher:
        if not quiet:
            _announce(folder, story, options, len(asked.dimensions))
        found = study(model, asked, options, folder, watcher, better=lambda trial: _keep(folder, story, options, trial))
        written = _write(folder, story, found)
    _finish(folder, found, written, as_json=as_json, quiet=quiet)


def _announce(folder: StudyFolder, story: Scenario, options: Options, parameters: int) -> None:
    rounds = f"{options.rounds} round{'s' if options.rounds > 1 else ''} of moves"
    most = f"{rounds}, at most " if options.search == "moves" else ""
    work = f"{most}{options.trials} trials of {parameters} parameters x {options.seeds} worlds of {size_of(story)}"
    output.say(f"{'Going on' if folder.resumed else 'Calibrating'} in {folder.path}: {work}")


def _comments(options: Options, trial: Trial) -> list[str]:
    seeds = options.search_seeds
    return [
        f"Seeds {seeds[0]}-{seeds[-1]} in every trial, search seed {options.luck}; trial {trial.number}.",
        f"On these seeds: loss {trial.loss:.4f}, mean single-run share inside {trial.shares.mean():.3f}.",
    ]


def _keep(folder: StudyFolder, story: Scenario, options: Options, trial: Trial) -> None:
    """Write the best so far, so that it can be used while the search goes on."""
    from wildsim.engine import files
    from wildsim.studies.overlay import overlay_text

    text = overlay_text(story, trial.point, ["Best so far; the search goes on.", *_comments(options, trial)])
    files.write(folder.path / "calibrated.yaml", text.encode())


def _write(folder: StudyFolder, story: Scenario, found: Calibration) -> dict[str, Any]:
    """Write overlay, scenario, fit and pictures; return the fit as plain data."""
    import pandas as pd

    from wildsim.engine import files, store
    from wildsim.reports.calibration import draw, page
    from wildsim.studies import fit
    from wildsim.studies.overlay import overlay_text, scenario_text

    document = fit.document(found)
    comments = [
        f"Calibrated {store.now()[:10]}: {len(found.trials)} trials, {size_of(story)}.",
        *_comments(found.options, found.best),
    ]
    comments.append(document["verdict"])
    arm = (
        "As an arm (--policy) this begins in month 0, after a burn-in without it; scenario.yaml has it from the start."
    )
    files.write(folder.path / "calibrated.yaml", overlay_text(story, found.best.point, [*comments, arm]).encode())
    files.write(folder.path / "scenario.yaml", scenario_text(story, found.best.point, comments).encode())
    csv = pd.DataFrame(fit.trial_rows(found)).to_csv(index=False, lineterminator="\n")
    files.write(folder.path / "trials.csv", csv.encode())
    pictures = draw(found, folder.path)
    files.write(folder.path / "fit.html", page(found, document, story, folder.facts["command"], pictures).encode())
    return folder.finish("fit", document, trials=len(found.trials))


def _finish(folder: StudyFolder, found: Calibration, document: dict[str, Any], *, as_json: bool, quiet: bool) -> None:
    from wildsim.engine.units import number, shown_path

    if as_json:
        output.emit(document)
        return
    if not quiet:
        print("Moments: mean over worlds, and share of worlds inside the range")
        headers = ["moment", "range", "before", "inside", "after", "inside", "fresh seeds", "inside"]
        rows = []
        for row in document["moments"]:
            cells = [row["moment"], f"[{number(row['low'])}, {number(row['high'])}]"]
            for arm in ("start", "search", "fresh"):
                value = row[arm]
                cells += [number(value["mean"]), f"{value['inside']:.2f}"] if value else ["-", "-"]
            rows.append(cells)
        output.table(headers, rows)
        print(f"\nParameters: {document['as_good_trials']} trials fit about as well; their interval")
        headers = ["parameter", "before", "after", "about as well", "searched", ""]
        output.table(headers, [_parameter(row) for row in document["parameters"]])
        _print_scores(document)
        print(
            f"\nOverlay: {shown_path(folder.path / 'calibrated.yaml')}   page: {shown_path(folder.path / 'fit.html')}"
        )
    print(shown_path(folder.path))


def _parameter(row: dict[str, Any]) -> list[str]:
    note = "at the edge of the search" if row["at_bound"] else ""
    pair = [f"[{row[low]:.4g}, {row[high]:.4g}]" for low, high in (("low", "high"), ("search_low", "search_high"))]
    return [row["parameter"], f"{row['start']:.4g}", f"{row['best']:.4g}", *pair, note]


def _print_scores(document: dict[str, Any]) -> None:
    print("\nMean single-run share inside (loss)")
    for label, arm in (("before", "start"), ("after", "best")):
        for kind in ("search", "fresh"):
            score = document[arm][kind]
            if score:
                error = f" +- {score['inside_se']:.3f}" if score["inside_se"] == score["inside_se"] else ""
                seeds = document["seeds"][kind]
                where = f"{'seeds searched on' if kind == 'search' else 'fresh seeds'} {seeds[0]}-{seeds[-1]}"
                print(f"  {label:<7} {score['inside']:.3f}{error} ({score['loss']:.3f}), {where}")
    print(document["verdict"])
