"""`wildsim resume`: finish a run that was interrupted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wildsim.cli import output
from wildsim.cli.run import AsJson, Everything, Jobs, Quiet, Threads, speech_of


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    app.command(name="resume")(resume)


def resume(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")],
    budget_usd: Annotated[
        float | None, typer.Option("--budget-usd", min=0, help="Budget of the whole run, in place of the one spent.")
    ] = None,
    budget_tokens: Annotated[int | None, typer.Option("--budget-tokens", min=0, help="The same in tokens.")] = None,
    budget_calls: Annotated[int | None, typer.Option("--budget-calls", min=0, help="The same in calls.")] = None,
    auto: Annotated[bool, typer.Option("--auto", help="Let the rule answer for people from here on.")] = False,
    jobs: Jobs = None,
    threads: Threads = 1,
    as_json: AsJson = False,
    quiet: Quiet = False,
    everything: Everything = False,
) -> None:
    """Finish a run that was stopped, killed or failed; the result is the same as if nothing had happened."""
    from wildsim.cli.running import finish, watching
    from wildsim.engine import readiness
    from wildsim.engine.run import resume as carry_on
    from wildsim.engine.store import RunFolder

    opened = RunFolder.open(folder)
    speech = speech_of(opened.plan, auto=auto)
    if len(opened.done_seeds()) < len(opened.plan.seeds):
        readiness.check(opened.plan.arms, opened.plan.seeds)
    with watching(opened.plan, quiet=quiet or as_json, talking=speech.ask is not None and not auto) as watcher:
        budget = {"budget_usd": budget_usd, "budget_tokens": budget_tokens, "budget_calls": budget_calls}
        given = {name: most for name, most in budget.items() if most is not None}
        done = carry_on(folder, jobs=jobs, threads=threads, watcher=watcher, speech=speech, budget=given)
    if not quiet and not as_json:
        output.say("Finished.")
    finish(done.path, as_json=as_json, quiet=quiet, everything=everything)
