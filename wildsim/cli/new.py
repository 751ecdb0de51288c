"""`wildsim new`: a commented scenario to start from."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from wildsim.cli import output
from wildsim.core.errors import InputError, RunError


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    app.command(name="new")(new)


def new(
    name: Annotated[str, typer.Argument(help="Name of the scenario; NAME.yaml is written.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Write a commented scenario, every default shown."""
    from wildsim.scenario.template import scenario_text

    file = Path(name if name.endswith((".yaml", ".yml")) else f"{name}.yaml")
    if not file.stem or "\0" in name or file.stem.startswith("."):
        raise InputError(f"'{name}' is not a name for a file. Example: wildsim new mine")
    if file.exists():
        raise InputError(f"'{file}' exists already; choose another name or delete it.")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as stream:
            stream.write(scenario_text(file.stem, _schema_from(file.parent)))
    except OSError as error:
        raise RunError(f"'{file}' cannot be written: {error.strerror}.") from None
    if as_json:
        output.emit({"file": str(file)})
        return
    print(f"Wrote {file}. Check it: wildsim validate {file}")
    print(f"Run it: wildsim run {file}")


def _schema_from(folder: Path) -> str:
    """Return the path of the JSON schema as seen from `folder`, where this is a source tree and the file near it."""
    schema = Path(__file__).resolve().parents[2] / "docs" / "scenario.schema.json"
    if not schema.is_file() or schema.parents[1] not in (folder.resolve(), *folder.resolve().parents):
        return ""
    return Path(os.path.relpath(schema, folder.resolve())).as_posix()
