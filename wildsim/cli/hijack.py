"""`wildsim hijack`: how many lies turn the verdict on a policy, and who would notice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from wildsim.cli import output
from wildsim.cli.run import AsJson, FirstSeed, Quiet, ScenarioFile
from wildsim.cli.studying import SetAll, StudyJobs, StudyOut, size_of, working

if TYPE_CHECKING:
    from wildsim.engine.plan import Plan
    from wildsim.studies.folder import StudyFolder
    from wildsim.studies.hijack.options import Options
    from wildsim.studies.hijack.study import Hijack


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    app.command(name="hijack")(hijack)


def hijack(
    scenario: ScenarioFile,
    policy: Annotated[str, typer.Option("--policy", help="A policy file or kind: its verdict is attacked.")],
    of: Annotated[str, typer.Option("--of", help="What people are asked: wage_mean, unemployment_rate, ...")],
    attacks: Annotated[str | None, typer.Option("--attacks", help="Some of them: a,b,...; default: all.")] = None,
    seeds: Annotated[int, typer.Option("--seeds", help="Pairs of worlds.")] = 5,
    seed: FirstSeed = None,
    months: Annotated[int | None, typer.Option("--months", help="Recorded months instead of the scenario's.")] = None,
    reporters: Annotated[int, typer.Option("--reporters", help="Reports of each survey.")] = 600,
    each: Annotated[
        int | None, typer.Option("--each", help="People a reporter speaks for; default: 1 for amounts, else 25.")
    ] = None,
    push: Annotated[float, typer.Option("--push", help="Size of pushes, standard deviations of reports.")] = 3.0,
    price: Annotated[float, typer.Option("--price", help="What one liar costs whoever pays.")] = 1.0,
    at: Annotated[float, typer.Option("--at", help="Share of liars at which detection is measured.")] = 0.1,
    set_: SetAll = None,
    out: StudyOut = None,
    jobs: StudyJobs = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Attack the verdict on a policy: the smallest share of lies that turns it, detection, minorities unheard."""
    from wildsim.engine.plan import make_plan
    from wildsim.engine.store import command_line
    from wildsim.scenario.load import load, load_overlay
    from wildsim.sensors.questions import QUESTIONS
    from wildsim.studies.folder import open_folder
    from wildsim.studies.hijack.options import Options
    from wildsim.studies.hijack.study import INVOLVED, check, study

    story = load(scenario, set_ or ())
    plan = make_plan(story, [load_overlay(policy)], seeds=seeds, seed=seed, months=months)
    names = tuple(dict.fromkeys(name.strip() for name in (attacks or "").split(",") if name.strip()))
    chosen = {"attacks": names} if names else {}
    spoken = (_people_each(of) if each is None else each) if of in QUESTIONS else 1
    options = Options(seeds, plan.seeds[0], reporters, spoken, **chosen, push=push, price=price, at=at, jobs=jobs)
    check(plan, of, options)
    parts = {"arms": plan.resolved["arms"], "of": of}
    folder = open_folder("hijack", story.name, parts, out, command_line(), INVOLVED)
    with working(folder.path, f"hijack of {of}", quiet=quiet or as_json, lives="pairs") as watcher:
        if not quiet:
            _announce(folder, plan, options)
        found = study(plan, of, options, folder.path, watcher)
        document = _write(folder, story.name, found)
    _finish(folder, found, document, as_json=as_json, quiet=quiet)


def _people_each(of: str) -> int:
    """Return for how many people a reporter speaks: one person's answer to what is no amount is yes or no."""
    from wildsim.indicators import INDICATORS
    from wildsim.state.redenominate import is_money
    from wildsim.studies.hijack.options import EACH_SHARE

    return 1 if is_money(INDICATORS[of].unit) else EACH_SHARE


def _announce(folder: StudyFolder, plan: Plan, options: Options) -> None:
    work = f"{options.seeds} pairs of worlds of {size_of(plan.scenario)}, {options.reporters} reporters"
    output.say(f"{'Going on' if folder.resumed else 'Living'} in {folder.path}: {work}")


def _write(folder: StudyFolder, scenario: str, found: Hijack) -> dict[str, Any]:
    from wildsim.reports.hijack import draw
    from wildsim.studies.hijack.told import document as told

    draw(found, folder.path, scenario)
    return folder.finish("hijack", told(found, scenario))


def _finish(folder: StudyFolder, found: Hijack, document: dict[str, Any], *, as_json: bool, quiet: bool) -> None:
    from wildsim.engine.units import shown_path
    from wildsim.studies.hijack import told

    if as_json:
        output.emit(document)
        return
    if not quiet:
        at, attack = found.options.at, told.label(found.options.attacks[0])
        print(f"Seeds in which the verdict on {found.policy} turns, by share of reports that lie")
        output.table(told.SUCCESS_HEADERS, told.success_cells(found))
        print("\nFlip budget: the smallest share of reports that turns the verdict, median of seeds")
        output.table(told.BUDGET_HEADERS, told.budget_cells(found))
        print(f"\nIts cost, at {found.options.price:g} a liar")
        output.table(told.BUDGET_HEADERS, told.cost_cells(found))
        print(f"\nDetection: area under the ROC curve of each step of curation, {at:.0%} lie (.5: by chance)")
        output.table(told.DETECTION_HEADERS, told.detection_cells(found))
        print(
            f"\nRobust beside fair: how far liars ({attack}, {at:.0%}) move it, and how much of what happens to an "
            "honest minority, the poorest, it does not see, by share"
        )
        output.table(told.MINORITY_HEADERS, told.minority_cells(found))
        print()
        for sentence in told.sentences(found):
            print(sentence)
        print(f"\nPicture: {shown_path(folder.path / 'hijack.png')}")
    print(shown_path(folder.path))
