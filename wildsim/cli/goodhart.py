"""`wildsim goodhart`: how the reward and what was meant part under optimisation, where to stop, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from wildsim.cli import output
from wildsim.cli.optimise import Levers, Overlays, RewardText, story_of
from wildsim.cli.run import AsJson, FirstSeed, Quiet, ScenarioFile
from wildsim.cli.studying import SearchSeed, SetAll, StudyJobs, StudyOut, size_of, working

if TYPE_CHECKING:
    from wildsim.scenario.schema import Scenario
    from wildsim.studies.folder import StudyFolder
    from wildsim.studies.goodhart.study import Studied


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    app.command(name="goodhart")(goodhart)


def goodhart(
    scenario: ScenarioFile,
    levers: Levers,
    reward: RewardText = None,
    gold: Annotated[
        str | None, typer.Option("--gold", help="What was meant: indicators; default: the scenario's sealed ones.")
    ] = None,
    respond: Annotated[
        str | None, typer.Option("--respond", help="A policy file: what those do who know what is rewarded.")
    ] = None,
    policy: Overlays = None,
    seeds: Annotated[int, typer.Option("--seeds", help="Worlds that candidates are scored on.")] = 4,
    seed: FirstSeed = None,
    worlds: Annotated[int, typer.Option("--worlds", help="Fresh worlds an arm.")] = 24,
    candidates: Annotated[int, typer.Option("--candidates", help="Candidates a generation.")] = 16,
    generations: Annotated[int, typer.Option("--generations", help="Most generations.")] = 8,
    search_seed: SearchSeed = 0,
    set_: SetAll = None,
    out: StudyOut = None,
    jobs: StudyJobs = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Optimise the reward and look at what was meant: gap, where to stop, mechanism. A study, with no verdict."""
    from wildsim.engine.store import command_line
    from wildsim.scenario.load import load_overlay
    from wildsim.studies.folder import open_folder
    from wildsim.studies.goodhart.study import INVOLVED, Studying, check_gold
    from wildsim.studies.optimise.levers import check_levers, read_levers
    from wildsim.studies.optimise.study import Options

    named = [f"evaluation={{sealed: [{gold}]}}"] if gold else []
    story = story_of(scenario, reward, policy or (), [*(set_ or ()), *named], seed)
    responding = story.with_overlay(load_overlay(respond)) if respond else None
    moved = read_levers(levers)
    options = Options(seeds, story.seed, 0, candidates, generations, 1, search_seed, jobs)
    start, begin = check_levers(story, moved)
    check_gold(story, worlds)
    parts = {
        "scenario": story.resolved(),
        "respond": responding.resolved() if responding else None,
        "levers": [vars(lever) for lever in moved],
        "search": [seeds, story.seed, worlds, candidates, generations, search_seed],
    }
    folder = open_folder("goodhart", story.name, parts, out, command_line(), INVOLVED)
    with working(folder.path, f"goodhart in {story.name}", quiet=quiet or as_json) as watcher:
        if not quiet:
            begin_word = "Going on" if folder.resumed else "Looking"
            most = candidates * generations
            output.say(f"{begin_word} in {folder.path}: at most {most} candidates x {seeds} worlds of {size_of(story)}")
        study = Studying(story, responding, moved, start, begin, options, worlds, folder.path, watcher)
        found = study.run()
        document = _write(folder, story, found)
    _finish(folder, found, document, as_json=as_json, quiet=quiet)


def _write(folder: StudyFolder, story: Scenario, found: Studied) -> dict[str, Any]:
    from wildsim.reports.goodhart import draw
    from wildsim.studies.goodhart.told import document as told
    from wildsim.studies.optimise.study import drop_burn_ins

    draw(story, found, folder.path)
    drop_burn_ins(folder.path, story)
    return folder.finish("goodhart", told(story, found))


def _finish(folder: StudyFolder, found: Studied, document: dict[str, Any], *, as_json: bool, quiet: bool) -> None:
    from wildsim.engine.units import shown_path
    from wildsim.studies.goodhart.told import loss_cells, sentences
    from wildsim.studies.optimise.told import lever_cells

    if as_json:
        output.emit(document)
        return
    if not quiet:
        print("Reward, as sensed:")
        print("\n".join(f"  {line}" for line in document["reward"]))
        print(f"Meant: {', '.join(document['gold'])}")
        output.table(["lever", "range", "before", "found", ""], lever_cells(found.optimised))
        print("\nWhere the promise of the reward went, in standard deviations of what was meant between worlds")
        output.table(["mechanism", "lost", "s.e.", "of promise", ""], loss_cells(found))
        print(f"promised {document['promise']:+.2f}, gained {document['gain']:+.2f}\n")
        for sentence in sentences(found):
            print(sentence)
        print(f"Picture: {shown_path(folder.path / 'goodhart.png')}   everything: goodhart.json")
    print(shown_path(folder.path))
