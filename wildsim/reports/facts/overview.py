"""Every counted fact on one page: where the society and its controls lie in the range."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wildsim.facts import FAMILIES
from wildsim.facts.table import PASSES, SAYS_NOTHING, Row
from wildsim.reports.facts.common import Study, text_of
from wildsim.reports.style import GREY, figure, heading

#: What is farther than this from the range, in widths of the range, stands at the edge.
REACH = 1.6
_MARKS = {"shuffled": "x", "random": "v", "no shocks": "o"}


def picture(study: Study) -> Figure:
    """Draw one line a fact: the range from left to right, seeds as a bar, their mean, the controls as marks."""
    rows = [row for row in study.table.rows if row.counted]
    made = figure(12, max(3.0, 0.27 * (len(rows) + 2 * len(FAMILIES))))
    axes = made.subplots()
    axes.axvspan(0, 1, color="#009E73", alpha=0.12, linewidth=0)
    places, names, height = [], [], 0.0
    for family, title in FAMILIES.items():
        chosen = [row for row in rows if row.fact.family == family]
        if not chosen:
            continue
        axes.text(-REACH - 0.06, height, title, ha="right", va="center", fontsize=9, fontweight="bold")
        for row in chosen:
            height += 1.0
            _line(axes, study, row, height)
            places.append(height)
            names.append(row.fact.name)
        height += 1.4
    axes.set_yticks(places, names)
    axes.set_ylim(height - 0.5, -0.9)
    axes.set_xlim(-REACH - 0.05, 1 + REACH + 1.0)
    axes.set_xticks([0, 1], ["low end of the range", "high end"])
    axes.grid(axis="y", visible=False)
    _legend(axes, study)
    shown, total = study.table.tally()
    below = f"{study.about} of burn-in; green: the range; what lies farther out stands at the edge"
    heading(made, f"{study.name}: shows {shown} of {total} stylised facts", below)
    return made


def _line(axes: Axes, study: Study, row: Row, height: float) -> None:
    names, shades = list(row.spreads), study.shades()
    width = row.range.high - row.range.low

    def place(value: float) -> float:
        return float(np.clip((value - row.range.low) / width, -REACH, 1 + REACH))

    judged = row.spreads[names[0]]
    colour = "#009E73" if row.verdict == PASSES else GREY if row.verdict == SAYS_NOTHING else "#D55E00"
    known = [place(value) for value in judged.values if math.isfinite(value)]
    for name in names[1:]:
        if math.isfinite(row.spreads[name].mean):
            look: Any = {"markersize": 5, "markerfacecolor": "none", "markeredgecolor": shades[name]}
            axes.plot(place(row.spreads[name].mean), height, _MARKS[name], **look)
    if known:
        axes.plot([min(known), max(known)], [height, height], color=colour, linewidth=2.2, alpha=0.55)
        axes.plot(place(judged.mean), height, "o", markersize=6.5, color=colour)
    text = f"{text_of(judged.mean)}  [{text_of(row.range.low)}, {text_of(row.range.high)}]"
    axes.text(1 + REACH + 0.08, height, text, va="center", fontsize=7.5, color="#444444")


def _legend(axes: Axes, study: Study) -> None:
    from matplotlib.lines import Line2D

    shades = study.shades()
    names = [variant.name for variant in study.table.variants[1:]]
    handles = [
        Line2D([], [], color=colour, marker="o", linewidth=2.2, label=label)
        for colour, label in (("#009E73", "passes"), (GREY, "passes, says nothing"), ("#D55E00", "fails"))
    ]
    handles += [
        Line2D([], [], linestyle="", marker=_MARKS[n], markerfacecolor="none", markeredgecolor=shades[n], label=n)
        for n in names
    ]
    axes.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, -0.03), ncols=6, fontsize=8)
