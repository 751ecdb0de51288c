"""Command line: one file a verb. Heavy imports happen inside the verbs, so that `--help` answers at once."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from wildsim.cli import output
from wildsim.core.errors import WildSimError

if TYPE_CHECKING:
    import typer

ORDER = ("run", "resume", "compare", "export", "validate", "new", "list", "doctor")
"""Verbs as the help shows them; verbs of later releases follow in the order of the alphabet."""

#: Ctrl-C where there is nothing to go on with; a run or a study that was stopped and goes on is 1 (StoppedError).
INTERRUPTED = 130


def build() -> typer.Typer:
    """Return the application with every verb of this package."""
    import typer

    app = typer.Typer(
        name="wildsim",
        help="An agent-based society: run it, change the law, compare.",
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,  # rich's help pages load markdown and pygments: a third of a second for a frame
        context_settings={"help_option_names": ["-h", "--help"]},
    )

    def version(asked: bool) -> None:
        if asked:
            from wildsim._version import __version__

            typer.echo(f"wildsim {__version__}")
            raise typer.Exit

    @app.callback()
    def common(
        show_version: bool = typer.Option(False, "--version", callback=version, is_eager=True, help="Print it."),
        debug: bool = typer.Option(False, "--debug", help="Show tracebacks (may stand anywhere in the line)."),
    ) -> None:
        """Simulate a society and rehearse policies in it."""

    for module in sorted(_verbs(), key=_rank):
        register = getattr(import_module(f"{__name__}.{module}"), "register", None)
        if register is not None:
            register(app)
    return app


def _verbs() -> list[str]:
    """Return the modules of this package; those that hold a verb have `register`.

    A trailing underscore keeps a builtin's name free.
    """
    return [found.name for found in iter_modules(__path__)]


def _rank(module: str) -> tuple[int, str]:
    verb = module.rstrip("_")
    return (ORDER.index(verb) if verb in ORDER else len(ORDER), verb)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 done, 1 failed or stopped and can go on, 2 the input is wrong.

    Args:
        argv: Arguments after the program's name; those of the process where left out.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    debug = "--debug" in arguments
    arguments = [argument for argument in arguments if argument != "--debug"]
    as_json = "--json" in arguments
    try:
        build()(arguments, prog_name="wildsim")
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 0 if stop.code is None else 1
        if code == 2 and as_json:
            output.emit({"error": "wrong options; standard error says which", "exit_code": 2})
        return code
    except WildSimError as error:
        if debug:
            raise
        return _fail(str(error), error.exit_code, as_json)
    except KeyboardInterrupt:
        return _fail("Stopped.", INTERRUPTED, as_json)
    except BrokenPipeError:
        # The reader of the output has gone, as in `wildsim list policies | head`: no error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if debug:
            raise
        return _fail(_unforeseen(error), 1, as_json)
    return 0


def _fail(message: str, code: int, as_json: bool) -> int:
    output.say(message)
    if as_json:
        output.emit({"error": message, "exit_code": code})
    return code


def _unforeseen(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        where = f" '{error.filename}'" if error.filename else ""
        return f"The system refused{where}: {error.strerror}."
    if isinstance(error, MemoryError):
        return "Out of memory. Lower society.people or --jobs."
    return f"An error nobody foresaw: {type(error).__name__}: {error}. With --debug the command shows where."
