"""What a study of sensitivity says of itself, in cells and sentences."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from wildsim.engine.units import number
from wildsim.studies.sensitivity import CLEAR, Sensitivity

#: Screened parameters that a table shows.
SHOWN = 20


def screen_cells(found: Sensitivity, most: int = SHOWN) -> list[list[str]]:
    """Return the rows of the table of screening, the strongest first."""
    ranges = {d.name: f"[{d.low:.4g}, {d.high:.4g}]" for d in found.dimensions}
    rows = []
    for one in found.screened[:most]:
        cells = [number(value) for value in (one.strength, one.interval, one.effect, one.spread, one.noise)]
        note = "" if one.clear else "no effect" if one.strength == 0 else "not told from luck"
        rows.append([one.name, ranges[one.name], *cells, note])
    return rows


def index_cells(found: Sensitivity) -> list[list[str]]:
    """Return the rows of the table of indices."""
    rows = []
    for index in sorted(found.indices, key=lambda index: -index.total):
        alone = [f"{index.first:.3f}", f"+- {index.first_interval:.3f}"]
        in_all = [f"{index.total:.3f}", f"+- {index.total_interval:.3f}"]
        note = "" if index.clear else "not told from luck"
        rows.append([index.name, *alone, *in_all, f"{index.noise:.3f}" if index.noise >= 0 else "-", note])
    return rows


def sentences(found: Sensitivity) -> list[str]:
    """Return what a reader must know beside the tables."""
    said = []
    hidden = len(found.screened) - SHOWN
    if hidden > 0:
        said.append(
            f"The picture and the terminal's table show the {SHOWN} strongest of {len(found.screened)} parameters; "
            "sensitivity.json and the page have all."
        )
    if found.options.seeds == 1:
        said.append("1 seed: what luck alone gives cannot be told. Use --seeds 2 or more.")
    elif found.screened:
        said.append(_of_luck(found))
    if found.indices and found.options.seeds > 1:
        said.append(
            "By luck, beside a share in all: what the luck of the seeds adds to it; a parameter without effect would "
            "show this much."
        )
    for stage, (lost, of, why) in found.dropped.items():
        said.append(f"{stage}: {lost} of {of} blocks of points dropped, since a world in each had no value ({why}).")
    return said


def _of_luck(found: Sensitivity) -> str:
    still = sum(one.strength == 0 for one in found.screened)
    weak = sum(not one.clear for one in found.screened) - still
    text = (
        f"By luck: strength that a parameter without effect would show on {found.options.seeds} seeds. "
        f"{weak} of {len(found.screened)} are below {CLEAR:g} times it: not told from luck."
    )
    return f"{text} {still} changed nothing at all." if still else text


def document(found: Sensitivity) -> dict[str, Any]:
    """Return everything as plain data, for sensitivity.json."""
    names = {index.name: index for index in found.indices}
    return {
        "outcome": found.outcome,
        "seeds": found.options.world_seeds,
        "options": asdict(found.options),
        "mean": found.mean,
        "sd": found.sd,
        "parameters": [
            {"name": d.name, "low": d.low, "high": d.high, "log": d.log, "start": d.start, "unit": d.unit, "doc": d.doc}
            for d in found.dimensions
        ],
        "screening": [{**asdict(one), "clear": one.clear} for one in found.screened],
        "indices": [{**asdict(index), "clear": index.clear} for index in names.values()],
        "dropped": {stage: {"blocks": n, "of": of, "why": why} for stage, (n, of, why) in found.dropped.items()},
        "notes": sentences(found),
    }
