"""`wildsim outcomes`: what came, beside what was forecast; whether to stop the policy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wildsim.cli import output
from wildsim.cli.run import AsJson
from wildsim.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wildsim.evaluation.deployment import Block
    from wildsim.evaluation.scores import Brier

SEVERITY = ("go on", "look closer", "stop")


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    app.command(name="outcomes")(outcomes)


def outcomes(
    where: Annotated[Path, typer.Argument(metavar="SCENARIO", help="Scenario file, or the folder it lies in.")],
    data: Annotated[Path, typer.Option("--data", help="CSV: indicator, period, value; perhaps se, unit.")],
    arm: Annotated[str | None, typer.Option("--arm", help="Policy that is in force.")] = None,
    level: Annotated[float, typer.Option("--level", help="Chance of a false alarm over the whole period.")] = 0.05,
    gaps: Annotated[bool, typer.Option("--gaps", help="Go on though outcomes are missing in between.")] = False,
    above: Annotated[
        float | None, typer.Option("--above", help="Also score the chance of a value above this (one indicator).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Judge registered forecasts by real outcomes: score, calibration, drift alarm, and whether to stop."""
    if not 0.0 < level < 0.5:
        raise InputError(f"--level is {level:g}; it must lie between 0 and 0.5.")
    from wildsim.evaluation.deployment import chosen, happened, judge, plain
    from wildsim.evaluation.forecasts import Forecasts
    from wildsim.evaluation.outcomes import read_outcomes

    register = Forecasts(where if where.is_dir() else where.parent)
    forecasts = chosen(register.all(), arm)
    units = {forecast.indicator: forecast.unit for forecast in forecasts}
    if above is not None and len(units) > 1:
        raise InputError(f"--above is of one indicator; forecast are {', '.join(units)}.")
    known = read_outcomes(data, units)
    blocks = judge(forecasts, known, level, gaps)
    event = happened(forecasts, known, above) if above is not None else None
    advice = max((block.advice.what for block in blocks), key=SEVERITY.index)
    if as_json:
        told = {"register": str(register.path), "arm": forecasts[0].arm, "advice": advice}
        brier = None if event is None else event.__dict__
        output.emit({**told, "brier": brier, "blocks": [dict(plain(block)) for block in blocks]})
        return
    print(f"Forecasts for arm {forecasts[0].arm} in {register.path}, beside {data}")
    for block in blocks:
        _print(block, units)
    _print_event(event, above)
    print(f"\nAdvice: {advice}")


def _print(block: Block, units: dict[str, str]) -> None:
    print(f"\nMade by {', '.join(block.runs[:4])}{', ...' if len(block.runs) > 4 else ''}")
    output.table(
        ["indicator", "unit", "known", "CRPS", "of promised", "centre", "spread", "verdict"], _rows(block, units)
    )
    drift = block.drift
    now = f"{drift.evidence[-1]:.3g} to 1" if len(drift.evidence) else "none"
    alarm = f"ALARM at outcome {drift.at + 1} ({drift.side})" if drift.alarm else "no alarm"
    print(f"Drift: {alarm}; evidence now {now}, alarm at {drift.bound:.3g}; false alarms at most {drift.level:.2g}")
    print(f"{block.advice.what}: {block.advice.why}")
    if block.note:
        print(block.note)


def _rows(block: Block, units: dict[str, str]) -> Sequence[Sequence[str]]:
    return [
        [
            one.indicator,
            units[one.indicator],
            f"{one.n} of {one.due}",
            f"{one.crps:.3g}",
            f"{one.ratio:.2f}",
            f"{one.calibration.centre:+.2f}",
            f"{one.calibration.spread:.2f}",
            str(one.calibration),
        ]
        for one in block.judged
    ]


def _print_event(event: Brier | None, above: float | None) -> None:
    if event is not None:
        parts = f"reliability {event.reliability:.3f}, resolution {event.resolution:.3f}"
        whole = f"{parts}, uncertainty {event.uncertainty:.3f}"
        print(f"\nChance of more than {above:g}: Brier {event.score:.3f} ({whole})")
