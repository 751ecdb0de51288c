"""The table of facts in words: cells for the terminal and the page, and what it all comes to."""

from __future__ import annotations

import math
from collections.abc import Sequence

from wildsim.facts.table import FAILS, OFF, PASSES, SAYS_NOTHING, SHOWN, Row, Table
from wildsim.reports.facts.common import text_of

MARKS = {PASSES: "pass", FAILS: "FAIL", SAYS_NOTHING: "says nothing", SHOWN: "", OFF: "not modelled here"}

MEANINGS = {
    PASSES: "the mean over seeds lies in the range, and that of no society without reason does",
    FAILS: "the mean over seeds lies outside, or the evidence allows no value",
    SAYS_NOTHING: "it lies in the range, but so does that of a society that decides without reason",
    OFF: "its sector is off in this scenario; not counted",
}


def headers(names: Sequence[str]) -> list[str]:
    """Return the headers of the columns that `cells` fills; `names` are the societies, the judged one first."""
    return ["fact", "unit", names[0], "s.e.", "range", "country", "inside", "verdict", *names[1:], "range from"]


def cells(row: Row, names: Sequence[str]) -> tuple[str, ...]:
    """Return one row of the table as text."""
    wanted, judged = row.range, row.spreads[names[0]]
    unit = row.fact.unit.partition(" (")[0]
    return (
        row.fact.name,
        unit,
        text_of(judged.mean),
        "" if math.isnan(judged.error) else text_of(judged.error, 2),
        f"[{text_of(wanted.low)}, {text_of(wanted.high)}]" if wanted.counted else "",
        "" if math.isnan(wanted.value) else text_of(wanted.value),
        f"{100 * judged.inside:.0f} %" if row.counted else "",
        f"{MARKS[row.verdict]}: {row.why}" if row.verdict == SAYS_NOTHING else MARKS[row.verdict],
        *(text_of(row.spreads[name].mean) for name in names[1:]),
        wanted.source,
    )


def summary(table: Table) -> list[str]:
    """Return what the table comes to, in sentences."""
    first, seeds = table.variants[0], len(table.seeds)
    shown, total = table.tally()
    micro, micros = table.micro()
    silent = [f"{row.fact.name} ({row.why})" for row in table.rows if row.verdict == SAYS_NOTHING]
    lines = [f"Shows {shown} of {total} facts, {micro} of {micros} beside the macro ones."]
    if silent:
        many = "say" if len(silent) > 1 else "says"
        lines.append(
            f"{len(silent)} of the {shown} {many} nothing, since people who decide without reason show the same: "
            f"{', '.join(silent)}. Without them it shows {shown - len(silent)}."
        )
    if any(row.verdict == OFF for row in table.rows):
        lines.append(f"{sum(row.verdict == OFF for row in table.rows)} are not modelled here: their sector is off.")
    inside = table.share_inside(first.name)
    error = "" if math.isnan(inside.error) else f" (s.e. {inside.error:.3f})"
    ranges = sum(row.counted for row in table.family("macro"))
    lines.append(
        f"Macro: a single run lies inside {inside.mean:.3f} of the {ranges} ranges{error}, "
        f"{seeds} seed{'s' if seeds > 1 else ''}."
    )
    for variant in table.variants[1:]:
        other, (count, _) = table.share_inside(variant.name), table.tally(variant=variant.name)
        gap = inside.mean - other.mean
        lines.append(
            f"    {variant.name}: {other.mean:.3f}, {abs(gap):.3f} {'lower' if gap >= 0 else 'HIGHER'}; "
            f"shows {count} of {total} facts ({variant.about})"
        )
    lines += [
        f"{len(reasons)} of {seeds} broke down ({name}), the first in {reasons[0]}"
        for name, reasons in table.ended.items()
        if reasons
    ]
    return lines
