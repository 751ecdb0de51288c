"""`wildsim run`: run a scenario, and policies beside it, on several seeds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wildsim.cli import output
from wildsim.core.errors import InputError

if TYPE_CHECKING:
    from wildsim.engine.plan import Plan
    from wildsim.engine.speech import Speech

ScenarioFile = Annotated[str, typer.Argument(help="A scenario file, or the name of one in scenarios/.")]
FirstSeed = Annotated[int | None, typer.Option("--seed", help="First seed; default: the scenario's.")]
Jobs = Annotated[int | None, typer.Option("--jobs", help="Processes; default: one a core, at most one a seed.")]
Threads = Annotated[int, typer.Option("--threads", help="Threads of each process.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Everything = Annotated[bool, typer.Option("--all", help="Every indicator in the tables, not the headline alone.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress, no table: the run folder alone.")]


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    app.command(name="run")(run)


def run(
    scenario: ScenarioFile,
    seeds: Annotated[int, typer.Option("--seeds", help="How many worlds to run.")] = 8,
    seed: FirstSeed = None,
    months: Annotated[int | None, typer.Option("--months", help="Recorded months instead of the scenario's.")] = None,
    policy: Annotated[
        list[str] | None,
        typer.Option("--policy", help="A policy file or kind: one arm beside the baseline. Repeatable."),
    ] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help="path=value, as in society.people=1000.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Run folder; default: runs/DATE-NAME-HASH.")] = None,
    jobs: Jobs = None,
    threads: Threads = 1,
    engine: Annotated[str, typer.Option("--engine", help="local (ray comes with a later release).")] = "local",
    auto: Annotated[bool, typer.Option("--auto", help="Let the rule answer for every person (mind: human).")] = False,
    live: Annotated[bool, typer.Option("--live", help="Watch while it runs: comes with a later release.")] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
    everything: Everything = False,
) -> None:
    """Run a scenario: seeds S..S+N-1, figures, a table of the final indicators."""
    if engine != "local":
        later = engine == "ray"
        raise InputError(f"--engine {engine}  {'comes with a later release' if later else 'is unknown'}; use local.")
    if live:
        raise InputError("--live comes with a later release; progress is shown while it runs.")
    from wildsim.cli.billing import priced, say_minds
    from wildsim.cli.running import finish, watching
    from wildsim.cli.seat import left_to_the_rule
    from wildsim.engine.plan import make_plan
    from wildsim.engine.run import start
    from wildsim.engine.store import command_line
    from wildsim.scenario.load import load, load_overlay

    story = load(scenario, set_ or ())
    plan = make_plan(story, [load_overlay(name) for name in policy or ()], seeds=seeds, seed=seed, months=months)
    plan = left_to_the_rule(plan) if auto else plan
    _warn(plan)
    bill = priced(plan)
    if bill is not None and not quiet:
        say_minds(plan, bill)
    speech = speech_of(plan)
    with watching(plan, quiet=quiet or as_json, talking=speech.ask is not None) as watcher:
        folder = start(
            plan, out=out, jobs=jobs, threads=threads, watcher=watcher, command=command_line(), speech=speech
        )
    finish(folder.path, as_json=as_json, quiet=quiet, everything=everything)


def speech_of(plan: Plan, *, auto: bool = False) -> Speech:
    """Return how the minds of a plan are asked from a terminal; with a person among them, in one process.

    Args:
        auto: The rule answers for the person wherever the person has not answered yet.
    """
    from wildsim.cli.seat import Seat, seats_people
    from wildsim.engine.speech import Speech

    return Speech(ask=Seat(auto=auto)) if seats_people(plan) else Speech()


def _warn(plan: Plan) -> None:
    for warning in dict.fromkeys(text for arm in plan.arms for text in arm.scenario.warnings()):
        output.say(f"Note: {warning}")
