"""Estimates beside published ranges: one line a case, on an axis of its own range."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wildsim.engine.units import number
from wildsim.reports.style import GREY, figure, heading

Row = Mapping[str, Any]

PASS, FAIL, RANGE = "#1B7F4D", "#B3261E", "#CFE0F4"
#: How far beyond the range the axis reaches, in widths of the range; what lies beyond is drawn at the edge.
REACH = 0.85


def picture(rows: Sequence[Row]) -> Figure:
    """Draw every case on the scale of its range: 0 its lower end, 1 its upper end."""
    made = figure(11.5, 1.1 + 0.62 * len(rows))
    axes = made.subplots()
    for place, row in enumerate(rows):
        _draw(axes, place, row)
    axes.set_yticks(range(len(rows)), [f"{row['title']}\n{row['measured'].split(',')[0]}" for row in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(-REACH, 1 + REACH + 0.55)
    axes.set_xticks([0, 1], ["lower end of\nthe published range", "upper end"])
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="y", visible=False)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    below = "blue: published range; filled: the policy with its 95 % interval, green if the case passes, red if not; "
    below += "hollow: placebo; dashes: no effect; right: estimate (standard error)"
    heading(made, "Policies whose effect is known", below)
    return made


def _draw(axes: Axes, place: int, row: Row) -> None:
    low, high = row["range"]

    def at(value: float) -> float:
        return float((value - low) / (high - low))

    axes.barh(place, 1.0, left=0.0, height=0.62, color=RANGE, zorder=1)
    for end, side in ((low, "left"), (high, "right")):
        shift = 0.015 if side == "left" else -0.015
        look: Any = {"ha": side, "va": "center", "fontsize": 7, "color": "#48607C"}
        axes.text(at(end) + shift, place - 0.22, f"{end:.4g}", **look)
    if -REACH < at(0.0) < 1 + REACH:
        axes.plot([at(0.0)] * 2, [place - 0.38, place + 0.38], color=GREY, linewidth=1, linestyle=(0, (3, 2)))
    arm, placebo = row["policy_arm"], row["placebo_arm"]
    if placebo is not None:
        _mark(axes, place + 0.18, placebo, at, GREY, hollow=True)
    _mark(axes, place - 0.02, arm, at, PASS if arm["passed"] else FAIL, hollow=False)
    text = f"{number(arm['value'])} ({number(arm['error'], 2)}) {row['unit']}"
    axes.text(1 + REACH + 0.04, place, text, va="center", fontsize=8, color=PASS if arm["passed"] else FAIL)


def _mark(axes: Axes, height: float, arm: Row, at: Any, shade: str, *, hollow: bool) -> None:
    """Draw a mean and its interval; an arrow where it lies beyond the axis."""
    if arm["value"] is None or not math.isfinite(arm["value"]):
        return
    left, right = -REACH + 0.02, 1 + REACH - 0.02
    ends = [min(max(at(end), left), right) for end in (arm["low"], arm["high"]) if end is not None and end == end]
    if len(ends) == 2:
        axes.plot(ends, [height] * 2, color=shade, linewidth=1.2 if hollow else 2, zorder=3)
    value = at(arm["value"])
    inside = min(max(value, left), right)
    shape = "o" if inside == value else "<" if value < left else ">"
    face = "white" if hollow else shade
    axes.plot(inside, height, shape, color=shade, markerfacecolor=face, markersize=5 if hollow else 7, zorder=4)
