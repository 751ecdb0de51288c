"""`wildsim fidelity`: experiments with people put to a mind, beside chance and the rule."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wildsim.cli import output
from wildsim.cli.run import AsJson, Quiet
from wildsim.cli.studying import StudyOut, working

if TYPE_CHECKING:
    from wildsim.minds.language.call import Model
    from wildsim.minds.language.chain import Language
    from wildsim.studies.fidelity.study import Fidelity, Options
    from wildsim.studies.folder import StudyFolder


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    app.command(name="fidelity")(fidelity)


def fidelity(
    mind: Annotated[
        str,
        typer.Option("--mind", help="llm, or a model (scripted, PROVIDER/NAME), or a control: random, rule, people."),
    ],
    model: Annotated[str, typer.Option("--model", help="Of llm: litellm's name for it, or scripted.")] = "scripted",
    backend: Annotated[str, typer.Option("--backend", help="litellm, openai_http or scripted.")] = "litellm",
    api_base: Annotated[str, typer.Option("--api-base", help="Address of the model's server.")] = "",
    api_key_env: Annotated[str, typer.Option("--api-key-env", help="Variable that holds the key.")] = "",
    temperature: Annotated[float, typer.Option("--temperature", help="Sampling temperature.")] = 1.0,
    subjects: Annotated[int, typer.Option("--subjects", help="Subjects of each experiment.")] = 200,
    seed: Annotated[int, typer.Option("--seed", help="Seed of chance.")] = 1,
    budget_usd: Annotated[float | None, typer.Option("--budget-usd", help="Most that model calls may cost.")] = None,
    experiments: Annotated[
        str | None, typer.Option("--experiments", help="Some of them: a,b,...; default: all.")
    ] = None,
    out: StudyOut = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Put published experiments with people to a mind; distance to people, beside random and the rule; resumable."""
    from wildsim.engine.store import command_line
    from wildsim.minds.language.call import Model
    from wildsim.studies.fidelity.mind_subject import check_name, subject_of
    from wildsim.studies.fidelity.study import Options, study

    if Model(mind).scripted or "/" in mind:  # the name of a model in place of its kind
        mind, model = "llm", mind
    check_name(mind)
    names = tuple(dict.fromkeys(name.strip() for name in (experiments or "").split(",") if name.strip()))
    options = Options(subjects, seed, names)
    carrier = "scripted" if Model(model).scripted else backend
    asked = Model(model, carrier, api_base, api_key_env, temperature)
    folder = _folder(mind, asked, options, out, command_line())
    silent = quiet or as_json
    told = f"fidelity of {model if mind == 'llm' else mind}"
    with working(folder.path, told, quiet=silent, lives="experiments") as watcher, ExitStack() as opened:
        language = opened.enter_context(_chain(folder, budget_usd)) if mind == "llm" else None
        subject = subject_of(mind, asked, seed, language)
        found = study(subject, options, folder.path, watcher.progress if not silent else lambda *_: None)
        document = _write(folder, found)
    _finish(folder.path, found, document, as_json=as_json, quiet=quiet)


def _chain(folder: StudyFolder, budget_usd: float | None) -> Language:
    """Return what models are asked through; the tape in the folder keeps every answer."""
    from wildsim.minds.language.chain import Language
    from wildsim.minds.language.settings import Settings

    return Language(Settings(budget_usd=budget_usd), tape=folder.path / "tape.sqlite")


def _folder(mind: str, model: Model, options: Options, out: Path | None, command: str) -> StudyFolder:
    """Return the folder of this study: what it depends on is the mind, its model, chance, and the experiments."""
    from wildsim.engine.store import code_digest
    from wildsim.studies.folder import open_folder

    asked = {name: value for name, value in asdict(model).items() if name != "api_key_env"}
    parts: dict[str, Any] = {
        "mind": [mind, asked if mind == "llm" else {}],
        "subjects": options.subjects,
        "seed": options.seed,
        "experiments": [experiment.name for experiment in options.chosen()],
        "tasks": code_digest("studies/fidelity/"),
    }
    return open_folder("fidelity", model.name if mind == "llm" else mind, parts, out, command)


def _write(folder: StudyFolder, found: Fidelity) -> dict[str, Any]:
    from wildsim.engine import files
    from wildsim.reports.fidelity import draw, page
    from wildsim.studies.fidelity.told import document as told

    document = told(found)
    pictures = draw(found, folder.path)
    files.write(folder.path / "fidelity.html", page(found, folder.facts["command"], pictures).encode())
    return folder.finish("fidelity", document)


def _finish(folder: Path, found: Fidelity, document: dict[str, Any], *, as_json: bool, quiet: bool) -> None:
    from wildsim.engine.units import shown_path
    from wildsim.studies.fidelity import told

    if as_json:
        output.emit(document)
        return
    if not quiet:
        who = told.label(found)
        print(f"Distance to people: {who}")
        output.table(told.HEADERS, told.cells(found))
        print(f"\nFive wordings, and the listing in reverse, in standard deviations of people: {who}")
        output.table(told.ROBUST_HEADERS, told.robust_cells(found))
        print()
        for line in (*told.summary(found), told.CRITERION):
            print(line)
        print(f"\nPage: {shown_path(folder / 'fidelity.html')}")
    print(shown_path(folder))
