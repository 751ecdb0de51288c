"""`wildsim replay`: a run once more from its tapes, without any model, and whether it is the same."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wildsim.cli import output
from wildsim.cli.run import AsJson, Quiet, Threads
from wildsim.core.errors import RunError


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    app.command(name="replay")(replay)


def replay(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="A finished run folder.")],
    out: Annotated[Path | None, typer.Option("--out", help="Keep the repeated run here; default: nowhere.")] = None,
    threads: Threads = 1,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Repeat a run bit for bit from its tapes, with no model and no network, and compare; code 1 where it differs."""
    from wildsim.cli.running import watching
    from wildsim.engine.replay import replay as repeat
    from wildsim.engine.store import RunFolder

    plan = RunFolder.open(folder).plan
    with watching(plan, quiet=quiet or as_json) as watcher:
        found = repeat(folder, out=out, threads=threads, watcher=watcher)
    if as_json:
        first = found.first
        output.emit(
            {
                "run": str(folder),
                "identical": found.identical,
                "files": found.files,
                "different": list(found.different),
                "first": None if first is None else dict(first.__dict__),
                "answers_on_tape": found.answers,
                "model_calls": 0,
                "same_code": found.same_code,
                "out": None if out is None else str(out),
            }
        )
    elif found.identical:
        taped = f"{found.answers:,} answers came from its tapes" if found.answers else "it asked nobody"
        print(f"Identical: {found.files} files of '{folder}' are the same; {taped}, no model was called.")
    if not found.identical:
        code = "" if found.same_code else " The run was made by other source code than this, which may be why."
        _end(f"Different: {len(found.different)} of {found.files} files. First: {found.first}.{code}", as_json)


def _end(message: str, as_json: bool) -> None:
    """End with code 1; the JSON document has told everything already.

    Raises:
        RunError: Unless a document was printed. Exit: Otherwise.
    """
    if as_json:
        output.say(message)
        raise typer.Exit(1)
    raise RunError(message)
