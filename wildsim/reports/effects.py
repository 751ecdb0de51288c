"""Pictures of what policies changed: effects with intervals, and their course over time."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wildsim.engine.api import Run
from wildsim.engine.paired import LEVEL, main_window
from wildsim.engine.plot import colour, set_months, title_of
from wildsim.engine.summary import cube
from wildsim.engine.units import unit_of
from wildsim.reports.series import arm_legend, main_indicators, seeds_of
from wildsim.reports.style import GREY, figure, heading


def differences(run: Run) -> Figure:
    """Draw the effect of every policy on the main indicators with its 95 % interval."""
    windows = {arm: main_window(run.months, run.starts[arm]) for arm in run.arms[1:]}
    wanted = {(arm, name) for arm, (name, _) in windows.items()}
    pairs = list(zip(run.results["arm"], run.results["window"], strict=True))
    table = run.results[[pair in wanted for pair in pairs]]
    names = main_indicators(run)
    rates = [name for name in names if unit_of(name).startswith("share")]
    levels = [name for name in names if name not in rates]
    arms = run.arms[1:]
    step = 0.34 * max(1.0, 0.45 * len(arms))
    made = figure(12.5, 0.7 + step * max(len(rates), len(levels), 3))
    left, right = made.subplots(1, 2)
    _forest(left, run, table, levels, relative=True)
    _forest(right, run, table, rates, relative=False)
    left.set_xlabel("difference from the baseline, % of it")
    right.set_xlabel("difference from the baseline, percentage points")
    spans = {when for _, when in windows.values()}
    when = spans.pop() if len(spans) == 1 else ", ".join(f"{arm}: {when}" for arm, (_, when) in windows.items())
    if len(run.seeds) > 1:
        what = f"mean over {seeds_of(run)}, paired, {when}; 95 % interval; filled: p < .05 after Holm's correction"
    else:
        what = f"1 seed, {when}: no interval can be given"
    heading(made, f"{run.name}: what the polic{'ies' if len(arms) > 1 else 'y'} changed", what)
    arm_legend(made, run, baseline=False)
    return made


def _forest(axes: Axes, run: Run, table: Any, names: list[str], *, relative: bool) -> None:
    arms = run.arms[1:]
    axes.axvline(0, color=GREY, linewidth=1)
    for row in table[table["indicator"].isin(names)].to_dict("records"):
        number = arms.index(row["arm"])
        height = names.index(row["indicator"]) + (number - (len(arms) - 1) / 2) * 0.7 / max(len(arms), 1)
        factor = 100 / abs(row["baseline"]) if relative and row["baseline"] else 100.0
        shade, sure = colour(number + 1), row["p_adjusted"] < 0.05
        axes.plot([row["low"] * factor, row["high"] * factor], [height, height], color=shade, linewidth=1.8)
        face = shade if sure else "white"
        axes.plot(row["difference"] * factor, height, "o", markersize=6, markerfacecolor=face, markeredgecolor=shade)
    axes.set_yticks(range(len(names)), [title_of(name) for name in names])
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.grid(axis="y", visible=False)


def responses(run: Run) -> Figure:
    """Draw how the difference from the baseline goes over time, with the 95 % band over pairs of seeds."""
    names = main_indicators(run)
    columns = 4
    rows = max(1, -(-len(names) // columns))
    made = figure(14, 2.3 * rows + 0.3)
    panels = made.subplots(rows, columns, squeeze=False, sharex=True)
    for number, axes in enumerate(panels.flat):
        if number >= len(names):
            axes.remove()
            continue
        _response(axes, run, names[number])
        if number + columns >= len(names):
            axes.set_xlabel("month")
            axes.tick_params(labelbottom=True)
    band = "mean over pairs and 95 % band" if len(run.seeds) > 1 else "one pair: no band can be given"
    heading(made, f"{run.name}: the policy minus the baseline, month by month", f"{seeds_of(run)}, paired; {band}")
    arm_legend(made, run, baseline=False)
    return made


def _response(axes: Axes, run: Run, name: str) -> None:
    base = cube(run.indicators[[name]])[:, :, 0]
    share = unit_of(name).startswith("share")
    axes.axhline(0, color=GREY, linewidth=1)
    axes.set_title(title_of(name), loc="left")
    axes.set_ylabel("percentage points" if share else "% of the baseline")
    set_months(axes, run.months)
    for number, arm in enumerate(run.arms[1:], start=1):
        with np.errstate(divide="ignore", invalid="ignore"):
            gap = 100 * (cube(run.arm(arm)[[name]])[:, :, 0] - base) / (1.0 if share else np.abs(base))
        middle = gap.mean(axis=0)
        months, shade = np.arange(len(middle)), colour(number)
        axes.axvline(run.starts[arm], color="#AAAAAA", linewidth=0.8, linestyle=(0, (3, 2)))
        axes.plot(months, middle, color=shade, linewidth=1.4)
        if len(gap) > 1:
            reach = _t_quantile(len(gap)) * gap.std(axis=0, ddof=1) / math.sqrt(len(gap))
            axes.fill_between(months, middle - reach, middle + reach, color=shade, alpha=0.18, linewidth=0)


def _t_quantile(pairs: int) -> float:
    from scipy import special

    return float(special.stdtrit(pairs - 1, (1 + LEVEL) / 2))
