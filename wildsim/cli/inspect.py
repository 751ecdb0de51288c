"""`wildsim inspect`: who decided what in a run, and the calls behind it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wildsim.cli import output
from wildsim.cli.run import AsJson
from wildsim.core.errors import InputError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from wildsim.engine.api import Run

#: Rows shown where the user says nothing, and characters of each text of a call.
ROWS, CHARACTERS = 40, 1500
NUMBERS = ("rule", "proposed", "guarded", "executed")

Seed = Annotated[int | None, typer.Option("--seed", help="Seed; default: the first of the run.")]
Arm = Annotated[str | None, typer.Option("--arm", help="Arm; default: baseline.")]


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    app.command(name="inspect")(inspect)


def inspect(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")],
    agent: Annotated[str | None, typer.Option("--agent", help="One agent, as in firm-3.")] = None,
    month: Annotated[int | None, typer.Option("--month", help="One recorded month.")] = None,
    role: Annotated[str | None, typer.Option("--role", help="One role: wildsim list roles.")] = None,
    source: Annotated[str | None, typer.Option("--source", help="One source, as in fallback.")] = None,
    arm: Arm = None,
    seed: Seed = None,
    calls: Annotated[bool, typer.Option("--calls", help="Prompt and answer of each call behind them.")] = False,
    whole: Annotated[bool, typer.Option("--whole", help="Texts of calls without a cut.")] = False,
    limit: Annotated[
        int | None, typer.Option("--limit", min=0, help=f"Most rows; default {ROWS}, 0 or --json: all.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the decisions of agents with minds: an overview, or those that fit the filters, with their calls."""
    from wildsim.engine.api import Run

    run = Run(folder)
    filters = {"agent": agent, "month": month, "role": role, "source": source}
    if calls or seed is not None or any(value is not None for value in filters.values()):
        table = _filtered(run, arm or run.arms[0], seed, filters)
        most = limit if limit is not None else None if as_json else ROWS
        shown = table.head(most) if most else table
        found = _calls(run, arm or run.arms[0], seed, shown) if calls else []
        if as_json:
            rows = shown.astype(object).to_dict("records")
            output.emit({"run": str(folder), "decisions": rows, "more": len(table) - len(shown)} | _told(found, calls))
            return
        _print(shown, len(table) - len(shown), found, None if whole else CHARACTERS)
        return
    _overview(run, arm, as_json)


def _overview(run: Run, arm: str | None, as_json: bool) -> None:
    from wildsim.cli.minds import fallback_effects, fallback_rate, print_overview

    told = run.manifest.get("minds")
    if not told and run.minded and run.manifest["status"] != "done":
        raise InputError(
            f"'{run.path}' is not finished; who decided what is counted at its end. Continue: wildsim resume {run.path}"
        )
    if not told:
        raise InputError(
            f"No mind but the rules decided in '{run.path}'. Where `record: {{decisions: all}}` was said, filters show "
            f"the rules' decisions: wildsim inspect {run.path} --month 0"
        )
    if arm is not None and arm not in told:
        raise InputError(f"No minds in an arm '{arm}' of '{run.path}'.{did_you_mean(arm, told)} It has: {_few(told)}.")
    arms = [arm] if arm is not None else [name for name in run.arms if name in told]
    effects = {name: fallback_effects(_all_seeds(run, name)) for name in arms}
    if not as_json:
        if run.scripted:
            print(run.scripted)
        print_overview(run, arms, effects)
        return
    document = {
        name: told[name]
        | {"fallback_rate": fallback_rate(told[name]), "fallbacks": effects[name].to_dict("records")}
        | {"calls": run.manifest["calls"].get(name, {})}
        for name in arms
    }
    output.emit({"run": str(run.path), "arms": document, "cost_usd": run.manifest["cost_usd"], "note": run.scripted})


def _all_seeds(run: Run, arm: str) -> pd.DataFrame:
    import pandas as pd

    return pd.concat([run.decisions(arm=arm, seed=seed) for seed in run.seeds], ignore_index=True)


def _filtered(run: Run, arm: str, seed: int | None, filters: dict[str, Any]) -> pd.DataFrame:
    """Return the decisions that fit, by month and agent.

    Raises:
        InputError: Nothing fits; says what there is.
    """
    table = run.decisions(arm=arm, seed=seed)
    if table.empty:
        raise InputError(f"No decision was recorded in arm '{arm}' of '{run.path}': no mind was active.")
    for name, wanted in filters.items():
        if wanted is None:
            continue
        kept = table[table[name] == wanted]
        if kept.empty:
            known = sorted(map(str, table[name].unique()), key=lambda text: (len(text), text))
            near = _near(name, str(wanted), known)
            there = f"{known[0]} to {known[-1]}" if name == "month" else _few(known)
            before = [f"{key} {value}" for key, value in filters.items() if value is not None]
            among = f" among decisions of {', '.join(before[: before.index(f'{name} {wanted}')])}"
            among = among if before[0] != f"{name} {wanted}" else ""
            text = output.line(str(wanted), 60)
            raise InputError(f"No decision of {name} '{text}'{among}.{near} There are: {there}.")
        table = kept
    order = table.astype({"agent": str})
    order = order.assign(_length=order["agent"].str.len()).sort_values(["month", "_length", "agent"], kind="stable")
    return order.drop(columns="_length").reset_index(drop=True)


def _near(name: str, wanted: str, known: list[str]) -> str:
    """Return "Did you mean"; nothing where only the number is another: digits are no words."""
    if name == "month" or (name == "agent" and wanted.rpartition("-")[0] in {one.rpartition("-")[0] for one in known}):
        return ""
    return did_you_mean(wanted, known)


def _few(names: Any) -> str:
    known = list(names)
    return ", ".join(map(str, known[:8])) + (f", ... ({len(known):,})" if len(known) > 8 else "")


def _calls(run: Run, arm: str, seed: int | None, table: pd.DataFrame) -> list[Any]:
    """Return the recorded calls behind some decisions, each once, in their order.

    Raises:
        InputError: There is no tape.
    """
    from wildsim.engine.speech import TAPE
    from wildsim.minds.language.store import read_calls

    path = run.path / "arms" / arm / f"seed={run.seeds[0] if seed is None else seed}" / TAPE
    keys = dict.fromkeys(key for ids in table["call_ids"].unique() for key in str(ids).split())
    if not keys:
        return []
    if not path.is_file():
        raise InputError(f"'{path}' is gone: the calls of this run cannot be shown.")
    return [call for key in keys for call in read_calls(path, begins=key)]


def _told(calls: list[Any], asked: bool) -> dict[str, Any]:
    """Return calls as plain data; nothing where they were not asked for."""
    if not asked:
        return {}
    found = []
    for call in calls:
        facts = {name: getattr(call, name) for name in ("key", "agent", "month", "role", "purpose", "model", "source")}
        messages = [{"role": role, "content": text} for role, text in call.messages]
        found.append(facts | {"sampling": call.sampling, "messages": messages, "answer": dict(call.answer.__dict__)})
    return {"calls": found}


def _print(table: pd.DataFrame, more: int, calls: list[Any], longest: int | None) -> None:
    from wildsim.engine.units import number

    rows = [
        [
            *(str(row[name]) for name in ("month", "agent", "role", "field")),
            *(number(row[name], 4) for name in NUMBERS),
            row["source"],
            output.line(str(row["reason"]), None if longest is None else 70),
        ]
        for row in table.to_dict("records")
    ]
    output.table(["month", "agent", "role", "field", *NUMBERS, "source", "reason"], rows)
    if more:
        print(f"{more:,} more rows: --limit 0")
    for call in calls:
        print_call(call, longest)


def print_call(call: Any, longest: int | None) -> None:
    """Print one call: who asked which model, the prompt, the answer; text of models is shown, never obeyed."""
    answer = call.answer
    print(f"\n--- {call.agent}, month {call.month}, {call.role}, {call.purpose}: {output.line(call.model, 80)}")
    facts = [f"call {call.key[:16]}", f"answer from the {call.source}"]
    if hasattr(answer, "text"):
        tokens = answer.prompt_tokens + answer.completion_tokens
        facts += [f"{answer.latency_s:.3g} s"] * (answer.latency_s == answer.latency_s)
        facts += [f"{tokens:,.0f} tokens"] * (tokens == tokens) + [output.line(answer.revision, 80)] * bool(
            answer.revision
        )
    print("    " + ", ".join(facts))
    for role, text in call.messages:
        _print_text(role, text, longest)
    _print_text("answer", answer.text if hasattr(answer, "text") else f"none: {answer.kind}: {answer.why}", longest)


def _print_text(who: str, text: str, longest: int | None) -> None:
    print(f"[{who}]")
    for line in output.safe(text, longest).split("\n"):
        print(f"    {line}")
