"""`wildsim sensitivity`: which parameters move an outcome, and how much of that is luck."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wildsim.cli import output
from wildsim.cli.run import AsJson, FirstSeed, Quiet, ScenarioFile
from wildsim.cli.studying import SetAll, StudyJobs, StudyOut, Timeout, check_timeout, size_of, working
from wildsim.core.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from wildsim.scenario.schema import Scenario
    from wildsim.studies.folder import StudyFolder
    from wildsim.studies.sensitivity import Options, Sensitivity
    from wildsim.studies.space import Dimension


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    app.command(name="sensitivity")(sensitivity)


def sensitivity(
    scenario: ScenarioFile,
    of: Annotated[str, typer.Option("--of", help="Outcome: an indicator (its mean), sd(INDICATOR), a macro moment.")],
    parameters: Annotated[str | None, typer.Option("--parameters", help="Parameters to vary: a,b,...")] = None,
    group: Annotated[str | None, typer.Option("--group", help="Groups of parameters to vary: firms,labour.")] = None,
    ranges: Annotated[
        Path | None, typer.Option("--ranges", help="A targets file: its parameters with their ranges.")
    ] = None,
    span: Annotated[
        float, typer.Option("--span", help="Ranges: the value +- this part of it; nothing beside --ranges.")
    ] = 0.2,
    trajectories: Annotated[int, typer.Option("--trajectories", help="Of Morris's screening.")] = 10,
    screen: Annotated[int, typer.Option("--screen", help="Strongest parameters that go on to Sobol; 0: none.")] = 6,
    samples: Annotated[int, typer.Option("--samples", help="Of Sobol's indices; a power of 2.")] = 64,
    seeds: Annotated[int, typer.Option("--seeds", help="Worlds a point, the same at every point.")] = 2,
    seed: FirstSeed = None,
    search_seed: Annotated[int, typer.Option("--search-seed", help="Seed of the designs.")] = 0,
    timeout: Timeout = 0.0,
    set_: SetAll = None,
    out: StudyOut = None,
    jobs: StudyJobs = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Screen many parameters (Morris), measure the strongest (Sobol), beside what luck alone gives; resumable."""
    from wildsim.engine.store import command_line
    from wildsim.scenario.load import load
    from wildsim.studies.extra import library
    from wildsim.studies.folder import open_folder
    from wildsim.studies.sensitivity import Options
    from wildsim.studies.sensitivity import sensitivity as study
    from wildsim.studies.world import SocietyModel

    library("SALib", "wildsim sensitivity")
    story = load(scenario, set_ or ())
    outcome = _outcome(of)
    dimensions = _dimensions(story, parameters, group, ranges, span)
    check_timeout(timeout)
    first = story.seed if seed is None else seed
    options = Options(trajectories, screen, samples, seeds, first, search_seed, jobs)
    options.check_work(len(dimensions))
    model = SocietyModel(story.resolved(), (outcome,), timeout)
    parts = {
        "scenario": model.settings,
        "outcome": outcome,
        "parameters": [vars(part) for part in dimensions],
        "seeds": [first, seeds, search_seed],
        "timeout": timeout,
    }
    folder = open_folder("sensitivity", story.name, parts, out, command_line())
    with working(folder.path, f"sensitivity of {of}", quiet=quiet or as_json) as watcher:
        if not quiet:
            _announce(folder, story, options, len(dimensions))
        found = study(model, outcome, dimensions, options, folder, watcher)
        document = _write(folder, story, found)
    _finish(folder, found, document, as_json=as_json, quiet=quiet)


def _outcome(of: str) -> str:
    """Return the moment that `--of` names; an indicator alone means its mean."""
    from wildsim.indicators import INDICATORS
    from wildsim.studies.moments import macro_names, problem

    name = f"mean({of})" if of in INDICATORS else of
    if wrong := problem(name):
        if "(" in name:
            raise InputError(f"--of {of[:80]}  {wrong}")
        near = did_you_mean(of, [*INDICATORS, *macro_names()])
        raise InputError(f"--of {of[:80]}  unknown outcome.{near} List indicators: wildsim list indicators")
    return name


def _dimensions(
    story: Scenario, parameters: str | None, group: str | None, ranges: Path | None, span: float
) -> Sequence[Dimension]:
    """Return what to vary: the parameters named, those of the groups named, of the file, or all that matter here."""
    from wildsim.core.parameters import load_parameters
    from wildsim.studies.space import find, numbers, varied
    from wildsim.studies.targets import read_ranges

    if sum(given is not None for given in (parameters, group, ranges)) > 1:
        raise InputError("Give one of --parameters, --group and --ranges.")
    if not 0 < span <= 1:
        raise InputError(f"--span is {span:g}; it must be above 0 and at most 1 (0.2: the value +- a fifth).")
    if ranges is not None:
        return read_ranges(ranges, story)
    if parameters is not None:
        names = [name.strip() for name in parameters.split(",") if name.strip()]
        for name in names:
            if isinstance(wrong := find(name, story), str):
                raise InputError(f"--parameters {name[:80]}  {wrong}")
    else:
        known = {name.partition(".")[0] for name in load_parameters(story.society.country)}
        groups = [name.strip() for name in (group or "").split(",") if name.strip()]
        for name in groups:
            if name not in known:
                near = did_you_mean(name, known)
                raise InputError(f"--group {name[:80]}  unknown group.{near} Known: {', '.join(sorted(known))}.")
        names = numbers(story, groups)
    found, without = varied(story, list(dict.fromkeys(names)), span)
    if without:
        output.say(f"Left out, since they are 0 and have no range of their own: {', '.join(without)}")
    if not found:
        raise InputError("No parameter is left to vary. Name some: --parameters labour.separation_rate,firms.mark_up")
    return found


def _announce(folder: StudyFolder, story: Scenario, options: Options, parameters: int) -> None:
    screen, measure = options.worlds(parameters)
    parts = [f"{screen:,} worlds to screen"] * (screen > 0) + [f"{measure:,} worlds to measure"] * (measure > 0)
    begin = "Going on" if folder.resumed else "Looking"
    work = f"{parameters} parameter{'s' if parameters > 1 else ''}, {', '.join(parts)}; {size_of(story)}"
    output.say(f"{begin} in {folder.path}: {work}")


def _write(folder: StudyFolder, story: Scenario, found: Sensitivity) -> dict[str, Any]:
    from wildsim.engine import files
    from wildsim.reports.sensitivity import draw, page
    from wildsim.studies.told import document as told

    document = told(found)
    pictures = draw(found, folder.path)
    html = page(found, document, story, folder.facts["command"], pictures)
    files.write(folder.path / "sensitivity.html", html.encode())
    return folder.finish("sensitivity", document)


def _finish(folder: StudyFolder, found: Sensitivity, document: dict[str, Any], *, as_json: bool, quiet: bool) -> None:
    from wildsim.engine.units import shown_path
    from wildsim.studies.told import index_cells, screen_cells, sentences

    if as_json:
        output.emit(document)
        return
    if not quiet:
        if found.screened:
            print(
                f"Screening of {document['outcome']}: change of the outcome over the range of each parameter (Morris)"
            )
            headers = ["parameter", "range", "strength", "95 %", "mean", "spread", "by luck", ""]
            output.table(headers, screen_cells(found))
        if found.indices:
            print("\nShares of the variance of the outcome (Sobol): alone, and with all interactions")
            output.table(["parameter", "alone", "95 %", "in all", "95 %", "by luck", ""], index_cells(found))
        for sentence in sentences(found):
            print(sentence)
        print(f"\nPage: {shown_path(folder.path / 'sensitivity.html')}")
    print(shown_path(folder.path))
