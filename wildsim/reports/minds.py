"""The picture of minds: who decided, month by month and role by role, and how often the rule had to."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wildsim.engine.api import Run
from wildsim.engine.plot import colour, set_months
from wildsim.minds.language.call import SCRIPTED
from wildsim.minds.mind import FALLIBLE
from wildsim.reports.series import seeds_of
from wildsim.reports.style import GREY, figure, heading, say_nothing_to_show

if TYPE_CHECKING:
    import pandas as pd

Values = np.ndarray[Any, Any]

#: Sources from the bottom of the stack, in Okabe and Ito's colours; hatched where nobody chose.
SOURCES: dict[str, tuple[str, str, str]] = {
    "llm": ("language model", "#0072B2", ""),
    "scripted": (SCRIPTED, "#56B4E9", ""),
    "human": ("a person", "#009E73", ""),
    "replay": ("an earlier run", "#CC79A7", ""),
    "random": ("chance", "#F0E442", ""),
    "rule": ("the rule", "#BBBBBB", ""),
    "fallback": ("fallback: the rule, as the mind could not", "#D55E00", "////"),
}
#: Roles drawn at most; a picture of more cannot be read.
_MOST = 8


def picture(run: Run) -> Figure:
    """Draw decisions by source over months, a panel a role of the first arm with minds, and the rate of fallbacks."""
    counted = {arm: monthly(run, arm) for arm in run.minded}
    first = run.minded[0]
    roles = list(counted[first])[:_MOST]
    columns = min(3, len(roles) + 1)
    lines = math.ceil((len(roles) + 1) / columns)
    made = figure(4.5 * columns, 3.3 * lines)
    panels = list(np.atleast_1d(made.subplots(lines, columns)).ravel())
    for panel, role in zip(panels, roles, strict=False):
        _stack(panel, role, counted[first][role], run.months)
    _rates(panels[len(roles)], run, counted)
    for panel in panels[len(roles) + 1 :]:
        panel.remove()
    if roles:
        _legend(made, counted[first])
    of_arm = f", arm {first}" if len(run.arms) > 1 else ""
    below = f"{seeds_of(run)} x {run.months} months{of_arm}: agents asked each month, mean over seeds"
    heading(made, f"{run.name}: who decided", below)
    return made


def monthly(run: Run, arm: str) -> dict[str, dict[str, Values]]:
    """Return role -> source -> decisions a month, mean over seeds; one decision has all its fields.

    Decisions that the plain rule made are left out where the scenario records everybody's: no mind was asked.
    """
    scenario = next(one["scenario"] for one in run.settings["arms"] if one["name"] == arm)
    everybody = scenario["record"]["decisions"] != "minds"
    found: dict[str, dict[str, Values]] = {}
    for seed in run.seeds:
        table = run.decisions(arm=arm, seed=seed)
        if everybody:
            table = table[(table["source"] != "rule") | (table["reason"] != "")]
        _add(found, table, run.months)
    return {
        role: {source: sources[source] / len(run.seeds) for source in _ordered(sources)}
        for role, sources in sorted(found.items())
    }


def _add(found: dict[str, dict[str, Values]], table: pd.DataFrame, months: int) -> None:
    """Add the decisions of one seed."""
    decisions = table.drop_duplicates(["month", "agent", "role"])
    for (role, source), part in decisions.groupby(["role", "source"], observed=True):
        counts = np.bincount(part["month"].to_numpy(dtype=np.int64), minlength=months)[:months]
        of_role = found.setdefault(str(role), {})
        of_role[str(source)] = of_role.get(str(source), np.zeros(months)) + counts


def _ordered(sources: dict[str, Values]) -> list[str]:
    known = list(SOURCES)
    return sorted(sources, key=lambda name: (known.index(name) if name in known else len(known), name))


def _stack(axes: Axes, role: str, sources: dict[str, Values], months: int) -> None:
    below = np.zeros(months)
    at = np.arange(months + 1)  # a month is as wide as it is long: from its beginning to the next one's
    for source, counts in sources.items():
        _, shade, hatch = SOURCES.get(source, (source, "#999999", ""))
        low, high = (np.append(values, values[-1]) for values in (below, below + counts))
        look: Any = {"facecolor": shade, "edgecolor": "white", "hatch": hatch, "linewidth": 0}
        axes.fill_between(at, low, high, step="post", **look)
        below = below + counts
    axes.set_title(role.replace("_", " "), loc="left")
    axes.set_ylabel("agents asked")
    axes.set_ylim(0, max(float(below.max()), 1.0) * 1.05)
    axes.set_xlabel("month")
    set_months(axes, months)


def _rates(axes: Axes, run: Run, counted: dict[str, dict[str, dict[str, Values]]]) -> None:
    """Draw the share of decisions asked of minds that can fail which the rule had to make, by arm."""
    axes.set_title("Fallbacks, all roles", loc="left")
    drawn, any_lost = False, False
    for arm, roles in reversed(counted.items()):  # the first arm last and thin: equal ones can both be seen
        asked = sum((c for of in roles.values() for s, c in of.items() if s in FALLIBLE), np.zeros(run.months))
        lost = sum((of["fallback"] for of in roles.values() if "fallback" in of), np.zeros(run.months))
        if asked.any():
            rate = 100.0 * np.divide(lost, asked, out=np.full(run.months, np.nan), where=asked > 0)
            number = run.arms.index(arm)
            width = 2.6 if number else 1.2
            axes.plot(rate, marker=".", markersize=4, color=colour(number), linewidth=width, label=arm)
            drawn, any_lost = True, any_lost or bool(lost.any())
    if not drawn:
        say_nothing_to_show(axes, "no mind that can fail was asked")
        return
    if not any_lost:
        axes.set_title("none", loc="right", fontsize=9, fontweight="normal", color=GREY)
    axes.set_ylabel("% of decisions")
    axes.set_xlabel("month")
    highest = max(axes.get_ylim()[1], 1.0)
    axes.set_ylim(-0.02 * highest, highest)  # a line of zeros must not hide behind the axis
    set_months(axes, run.months)
    if len(counted) > 1:
        axes.legend(frameon=False, fontsize=7.5)


def _legend(made: Figure, roles: dict[str, dict[str, Values]]) -> None:
    """Explain the colours once, below the panels."""
    from matplotlib.patches import Patch

    used = _ordered({source: counts for sources in roles.values() for source, counts in sources.items()})
    handles = []
    for source in used:
        label, shade, hatch = SOURCES.get(source, (source, "#999999", ""))
        handles.append(Patch(facecolor=shade, hatch=hatch, edgecolor="white", label=label))
    made.legend(handles=handles, loc="outside lower center", ncols=min(len(handles), 4), fontsize=8)
