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
    jobs: Jobs = None,
    threads: Threads = 1,
    as_json: AsJson = False,
    quiet: Quiet = False,
    everything: Everything = False,
) -> None:
    """Finish a run that was stopped, killed or failed; the result is the same as if nothing had happened."""
    from wildsim.cli.running import finish, watching
    from wildsim.engine import provider_keys
    from wildsim.engine.run import resume as carry_on
    from wildsim.engine.store import RunFolder

    opened = RunFolder.open(folder)
    speech = speech_of(opened.plan)
    if len(opened.done_seeds()) < len(opened.plan.seeds):
        provider_keys.check(list(opened.plan.arms))
    with watching(opened.plan, quiet=quiet or as_json, talking=speech.ask is not None) as watcher:
        done = carry_on(folder, jobs=jobs, threads=threads, watcher=watcher, speech=speech)
    if not quiet and not as_json:
        output.say("Finished.")
    finish(done.path, as_json=as_json, quiet=quiet, everything=everything)
