"""`wildsim validate`: is a scenario right, and how much work is it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wildsim.cli import output
from wildsim.cli.billing import over_budget, priced, print_bill

if TYPE_CHECKING:
    from wildsim.engine.bill import Bill
    from wildsim.engine.plan import Plan

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
    from wildsim.engine.plan import make_plan
    from wildsim.scenario.load import load, load_overlay

    story = load(scenario, set_ or [])
    plan = make_plan(story, [load_overlay(item) for item in policy or []], seeds=seeds)
    bill = priced(plan, keys=False)
    report = _report(plan, bill)
    if as_json:
        output.emit(report)
        return
    for warning in report["warnings"]:
        output.say(f"Note: {warning}")
    arms = report["arms"]
    print(f"OK  {story.file}")
    print(
        f"arms: {len(arms)} ({', '.join(arms)})  seeds: {seeds}  "
        f"months: {story.months} after {story.burn_in} of burn-in"
    )
    print(f"person-months: {report['person_months']:,}")
    for line in report["reward"]:
        print(f"reward: {line}")
    for part, names in report["evaluation"].items():
        if names:
            print(f"{part}: {', '.join(names)}")
    if bill is None:
        print("model calls: 0 (no LLM minds)")
    else:
        print_bill(bill)


def _report(plan: Plan, bill: Bill | None) -> dict[str, Any]:
    """Return what `validate` found, as plain data."""
    story, seeds = plan.scenario, len(plan.seeds)
    months = seeds * (story.burn_in + len(plan.arms) * story.months)
    minds: Mapping[str, Any] = {"model_calls": 0, "cost_usd": 0.0}
    if bill is not None:
        from wildsim.engine.bill import as_data

        minds = as_data(bill)
    warnings = [warning for arm in plan.arms for warning in arm.scenario.warnings()]
    if bill is not None:
        from wildsim.engine.readiness import unset

        warnings += [f"a run would be refused: {text}" for text in unset(plan.arms)]
        warnings += [over] if (over := over_budget(plan, bill)) else []
    return {
        "ok": True,
        "file": story.file,
        "name": story.name,
        "arms": [arm.name for arm in plan.arms],
        "seeds": seeds,
        "months": story.months,
        "burn_in": story.burn_in,
        "people": story.society.people,
        "person_months": months * story.society.people,
        # imports what a scenario without rewards need not wait for
        "reward": str(story.reward.reward()).splitlines() if story.reward else [],
        "evaluation": story.evaluation.model_dump(mode="json"),
        **minds,
        "warnings": list(dict.fromkeys(warnings)),
    }
