"""`wildsim ask`: interview an agent of a finished run about a decision."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wildsim.cli import output
from wildsim.cli.inspect import Arm, Seed
from wildsim.cli.run import AsJson
from wildsim.core.errors import InputError


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    app.command(name="ask")(ask)


def ask(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="A finished run folder.")],
    question: Annotated[str, typer.Argument(help="What to ask it, in quotes.")],
    agent: Annotated[str, typer.Option("--agent", help="Whom: firm-3, person-17, central-bank-0, group-0-4.")],
    month: Annotated[int, typer.Option("--month", help="The month of the decision that it is asked about.")],
    role: Annotated[str | None, typer.Option("--role", help="Its role, where it has several.")] = None,
    arm: Arm = None,
    seed: Seed = None,
    model: Annotated[str, typer.Option("--model", help="Ask another model in its place.")] = "",
    backend: Annotated[str, typer.Option("--backend", help="litellm or openai_http.")] = "",
    api_base: Annotated[str | None, typer.Option("--api-base", help="Address of its server.")] = None,
    api_key_env: Annotated[str | None, typer.Option("--api-key-env", help="NAME of the variable with its key.")] = None,
    max_tokens: Annotated[int | None, typer.Option("--max-tokens", min=1, help="Longest answer, tokens.")] = None,
    as_json: AsJson = False,
) -> None:
    """Interview an agent about one of its decisions; the run is not changed, and the answer is kept nowhere."""
    from wildsim.engine.api import Run
    from wildsim.engine.ask import conversation, interview, model_of
    from wildsim.engine.readiness import key_problem

    if backend not in ("", "litellm", "openai_http"):
        raise InputError(f"--backend is {backend}; it must be litellm or openai_http.")
    run = Run(folder)
    where, world = arm or run.arms[0], run.seeds[0] if seed is None else seed
    run.table("indicators", where, world)  # says which arms and seeds there are
    call = conversation(run, where, world, agent, month, role)
    asked = model_of(
        run, where, call, name=model, backend=backend, api_base=api_base, api_key_env=api_key_env, max_tokens=max_tokens
    )
    problem = key_problem(asked)
    if problem:
        raise InputError(problem)
    found = interview(run, where, world, call, asked, question)
    if as_json:
        output.emit({"run": str(folder), "arm": where, "seed": world, **found.__dict__})
        return
    told = ", ".join(f"{name} {value:.4g}" for name, value in found.decided.items())
    print(f"{found.agent}, month {found.month}, {found.role}, {output.line(found.model, 80)}")
    if told:
        print(f"decided: {told}")
    print(f"\n{output.safe(found.answer)}")
    if found.scripted:
        output.say("Nobody is there to be asked. A model can answer in its place: --model NAME")
