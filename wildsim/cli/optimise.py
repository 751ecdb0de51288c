"""`wildsim optimise`: the levers of a scenario's policies that its reward asks for, and the verdict on them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wildsim.cli import output
from wildsim.cli.run import AsJson, FirstSeed, Quiet, ScenarioFile
from wildsim.cli.studying import SearchSeed, SetAll, StudyJobs, StudyOut, size_of, working
from wildsim.core.errors import InputError

if TYPE_CHECKING:
    from wildsim.planning.cross_entropy import Lever
    from wildsim.scenario.schema import Scenario
    from wildsim.studies.folder import StudyFolder
    from wildsim.studies.optimise.judge import Sealed
    from wildsim.studies.optimise.study import Optimised, Options


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    app.command(name="optimise")(optimise)


Levers = Annotated[
    list[str], typer.Option("--levers", help="What may be moved: policies.0.rate=0:0.6. Repeatable, or with commas.")
]
RewardText = Annotated[
    str | None, typer.Option("--reward", help="In place of the scenario's: gdp_real=1,gini_income=-2, or as in YAML.")
]
Overlays = Annotated[
    list[str] | None, typer.Option("--policy", help="A policy file whose levers are moved. Repeatable.")
]


def optimise(
    scenario: ScenarioFile,
    levers: Levers,
    reward: RewardText = None,
    policy: Overlays = None,
    seeds: Annotated[int, typer.Option("--seeds", help="Feedback worlds a candidate, the same for all.")] = 4,
    seed: FirstSeed = None,
    candidates: Annotated[int, typer.Option("--candidates", help="Candidates a generation.")] = 16,
    generations: Annotated[int, typer.Option("--generations", help="Most generations.")] = 10,
    validation: Annotated[int, typer.Option("--validation", help="Worlds that may stop it early; 0: none.")] = 8,
    patience: Annotated[int, typer.Option("--patience", help="Generations without a better validation.")] = 3,
    sealed: Annotated[int, typer.Option("--sealed", help="Fresh worlds on which the seal is opened.")] = 16,
    search_seed: SearchSeed = 0,
    set_: SetAll = None,
    out: StudyOut = None,
    jobs: StudyJobs = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Search levers for the highest sensed reward; judge what is found by sealed indicators, on fresh seeds."""
    from wildsim.engine.store import command_line
    from wildsim.studies.folder import open_folder
    from wildsim.studies.optimise.judge import check_register, check_sealed, judge
    from wildsim.studies.optimise.levers import check_levers, read_levers
    from wildsim.studies.optimise.study import INVOLVED, Optimising, Options

    story = story_of(scenario, reward, policy or (), set_ or (), seed)
    moved = read_levers(levers)
    options = Options(seeds, story.seed, validation, candidates, generations, patience, search_seed, jobs)
    start, begin = check_levers(story, moved)
    check_sealed(story, sealed)
    beside = Path(story.file).parent if story.file else Path()
    if story.evaluation.sealed:
        check_register(beside)
    parts = {
        "scenario": story.resolved(),
        "levers": [vars(lever) for lever in moved],
        "search": [seeds, story.seed, validation, candidates, generations, patience, search_seed, sealed],
    }
    folder = open_folder("optimise", story.name, parts, out, command_line(), INVOLVED)
    if folder.facts.get("status") == "done":
        _again(folder, as_json=as_json)
        return
    with working(folder.path, f"optimising {story.name}", quiet=quiet or as_json) as watcher:
        if not quiet:
            _announce(folder, story, moved, options)
        found = Optimising(story, moved, start, begin, options, folder.path, watcher).run()
        opened = None
        if story.evaluation.sealed and found.found.generation >= 0:
            opened = judge(folder, story, found.point, begin, seeds=sealed, beside=beside, jobs=jobs, watcher=watcher)
        document = _write(folder, story, options, found, opened)
    _finish(folder, story, found, opened, document, as_json=as_json, quiet=quiet)


def story_of(
    scenario: str, reward: str | None, policies: list[str] | tuple[str, ...], sets: Any, seed: int | None
) -> Any:
    """Return the scenario with overlays laid over it, and with a reward.

    Raises:
        InputError: Something of it is wrong, or nothing is rewarded.
    """
    from wildsim.scenario.load import load, load_overlay

    story = load(scenario, [*sets, *([f"reward={_as_yaml(reward)}"] if reward else [])])
    for name in policies:
        story = story.with_overlay(load_overlay(name))
    if not story.reward:
        raise InputError("nothing is rewarded: give --reward gdp_real=1, or a section `reward` in the scenario.")
    if any(entry.mind == "llm" and entry.model != "scripted" for entry in story.minds):
        raise InputError("candidates are lived hundreds of times: language models of providers cannot take part yet.")
    for warning in story.warnings():
        output.say(f"Note: {warning}")
    return story if seed is None else story.model_copy(update={"seed": seed})


def _as_yaml(reward: str) -> str:
    """Return a reward as YAML; `a=1,b=-2` becomes `{a: 1, b: -2}`."""
    if reward.strip().startswith("{"):
        return reward
    return "{" + ", ".join(part.replace("=", ": ", 1) for part in reward.split(",")) + "}"


def _announce(folder: StudyFolder, story: Scenario, levers: tuple[Lever, ...], options: Options) -> None:
    begin = "Going on" if folder.resumed else "Optimising"
    most = options.size * options.generations
    worlds = f"at most {most} candidates x {options.seeds} worlds of {size_of(story)}"
    output.say(f"{begin} in {folder.path}: {len(levers)} lever{'s' if len(levers) > 1 else ''}, {worlds}")


def _write(
    folder: StudyFolder, story: Scenario, options: Options, found: Optimised, sealed: Sealed | None
) -> dict[str, Any]:
    from wildsim.reports.optimise import draw
    from wildsim.studies.optimise.study import drop_burn_ins
    from wildsim.studies.optimise.told import document as told

    draw(story, found, sealed, folder.path)
    drop_burn_ins(folder.path, story)
    return folder.finish("optimise", told(story, options, found, sealed))


def _again(folder: StudyFolder, *, as_json: bool) -> None:
    """Say what a finished study found: its question is not opened again by asking for it again."""
    from wildsim.engine.files import read_json
    from wildsim.engine.units import shown_path

    document = {**read_json(folder.path / "optimise.json"), "folder": str(folder.path)}
    if as_json:
        output.emit(document)
        return
    output.say(
        f"Done before; the verdict was: {document['verdict'] or 'none'}. Another --out searches and judges anew."
    )
    print(shown_path(folder.path))


def _finish(
    folder: StudyFolder,
    story: Scenario,
    found: Optimised,
    sealed: Sealed | None,
    document: dict[str, Any],
    *,
    as_json: bool,
    quiet: bool,
) -> None:
    from wildsim.engine.units import shown_path
    from wildsim.studies.optimise.told import lever_cells, sealed_cells, sentences

    if as_json:
        output.emit(document)
        return
    if not quiet:
        print("Reward, as sensed:")
        print("\n".join(f"  {line}" for line in document["reward"]))
        output.table(["lever", "range", "before", "found", ""], lever_cells(found))
        if sealed is not None:
            print("\nSealed indicators: baseline against what was found, paired by seed")
            output.table(
                ["indicator", "unit", "baseline", "found", "difference", "95 %", "p", ""], sealed_cells(sealed)
            )
            print("p after Holm's correction for the sealed indicators")
        print()
        for sentence in sentences(found, sealed, story.evaluation.validation):
            print(sentence)
        print(f"Picture: {shown_path(folder.path / 'optimise.png')}   everything: optimise.json")
    print(shown_path(folder.path))
