"""`wildsim validate`: is a scenario right, and how much work is it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from wildsim.cli import output

if TYPE_CHECKING:
    from wildsim.scenario.schema import Scenario

SEEDS = 8
"""Seeds of a run where the user gives none."""


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    app.command(name="validate")(validate)


def validate(
    scenario: Annotated[str, typer.Argument(help="Scenario file, or its bare name.")],
    policy: Annotated[list[str] | None, typer.Option("--policy", help="Policy file or kind; each is one arm.")] = None,
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="Seeds of the run.")] = SEEDS,
    set_: Annotated[list[str] | None, typer.Option("--set", help="Change a value: society.people=1000.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Check a scenario: OK with the size of the work, or its mistakes as file:line."""
    from wildsim.scenario.load import load, load_overlay

    story = load(scenario, set_ or [])
    arms = {"baseline": story}
    for item in policy or []:
        overlay = load_overlay(item)
        arms[overlay.name] = story.with_overlay(overlay)
    report = _report(story, arms, seeds)
    if as_json:
        output.emit(report)
        return
    for warning in report["warnings"]:  # type: ignore[attr-defined]
        output.say(f"Note: {warning}")
    print(f"OK  {story.file}")
    print(
        f"arms: {len(arms)} ({', '.join(arms)})  seeds: {seeds}  "
        f"months: {story.months} after {story.burn_in} of burn-in"
    )
    print(f"person-months: {report['person_months']:,}")
    print("model calls: 0 (no LLM minds)")


def _report(story: Scenario, arms: dict[str, Scenario], seeds: int) -> dict[str, object]:
    """Return what `validate` found, as plain data."""
    months = seeds * (story.burn_in + len(arms) * story.months)
    return {
        "ok": True,
        "file": story.file,
        "name": story.name,
        "arms": list(arms),
        "seeds": seeds,
        "months": story.months,
        "burn_in": story.burn_in,
        "people": story.society.people,
        "person_months": months * story.society.people,
        "model_calls": 0,
        "cost_usd": 0.0,
        "warnings": list(dict.fromkeys(warning for arm in arms.values() for warning in arm.warnings())),
    }
