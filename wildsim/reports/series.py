"""Pictures of indicators over time, of curves between them, and of what policies changed."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wildsim.engine.api import Run
from wildsim.engine.plot import colour, draw_series, title_of
from wildsim.engine.summary import cube
from wildsim.engine.units import unit_of
from wildsim.reports.style import GREY, figure, heading, say_nothing_to_show

Values = np.ndarray[Any, Any]

MAIN = (
    "gdp_real",
    "unemployment_rate",
    "inflation",
    "policy_rate",
    "consumption_real",
    "vacancy_rate",
    "wage_mean",
    "credit",
    "investment_real",
    "labour_share",
    "profit_rate",
    "bankruptcy_rate",
    "gini_income",
    "gini_wealth",
    "poverty_rate",
    "government_debt",
)


def seeds_of(run: Run) -> str:
    """Return how many seeds stand behind a picture."""
    return f"{len(run.seeds)} seed{'s' if len(run.seeds) != 1 else ''}"


def main_indicators(run: Run) -> list[str]:
    """Return the main indicators that the run has."""
    return [name for name in MAIN if name in run.indicators.columns and run.indicators[name].notna().any()]


def indicators(run: Run) -> Figure:
    """Draw the main indicators over time, arms in colours, with the band that holds 80 % of the seeds."""
    names = main_indicators(run)
    columns = 4
    rows = max(1, -(-len(names) // columns))
    made = figure(14, 2.35 * rows + 1.0)
    panels = made.subplots(rows, columns, squeeze=False, sharex=True)
    for number, axes in enumerate(panels.flat):
        if number >= len(names):
            axes.remove()
            continue
        draw_series(axes, run, names[number])
        if number + columns >= len(names):
            axes.set_xlabel("month")
            axes.tick_params(labelbottom=True)
    band = {1: "one seed", 2: "mean and both seeds"}.get(
        len(run.seeds), "mean, and the band that holds 80 % of the seeds"
    )
    below = f"{seeds_of(run)} x {run.months} months: {band}"
    if len(run.arms) > 1:
        below += "; dashed: a policy starts"
        _arm_legend(made, run)
    heading(made, f"{run.name}: main indicators", below)
    return made


def _arm_legend(made: Figure, run: Run) -> None:
    from matplotlib.lines import Line2D

    lines = [Line2D([], [], color=colour(number), linewidth=2.5) for number in range(len(run.arms))]
    made.legend(lines, run.arms, loc="upper right", ncols=min(len(run.arms), 5), fontsize=9, borderaxespad=0.8)


def quarters(values: Values) -> Values:
    """Return quarterly means of (seed, month) values; months beyond whole quarters drop out."""
    seeds, months = values.shape
    means: Values = values[:, : months // 3 * 3].reshape(seeds, -1, 3).mean(axis=2)
    return means


def curves(run: Run) -> Figure:
    """Draw the Phillips, Beveridge and Okun curves of the baseline, one point a quarter and seed."""
    made = figure(13, 4.6)
    phillips, beveridge, okun = made.subplots(1, 3)
    got = {name: quarters(cube(run.indicators[[name]])[:, :, 0]) for name in _CURVES if name in run.indicators}
    if len(got) < len(_CURVES) or run.months < 6:
        for axes in (phillips, beveridge, okun):
            say_nothing_to_show(axes, "needs 6 months and the indicators\nof work, prices and output")
    else:
        jobless = 100 * got["unemployment_rate"]
        _scatter(
            phillips, jobless, 100 * got["inflation"], "unemployment, %", "inflation over 12 months, %", "Phillips"
        )
        _scatter(beveridge, jobless, 100 * got["vacancy_rate"], "unemployment, %", "vacancies, % of jobs", "Beveridge")
        growth = 100 * (got["gdp_real"][:, 4:] / got["gdp_real"][:, :-4] - 1)
        change = jobless[:, 4:] - jobless[:, :-4]
        label = "change of unemployment over a year, points"
        _scatter(okun, growth, change, "growth of real GDP over a year, %", label, "Okun")
    below = f"baseline, {seeds_of(run)}; one point a quarter and seed, darker = later; line: least squares"
    heading(made, f"{run.name}: three curves of the labour market", below)
    return made


_CURVES = ("unemployment_rate", "inflation", "vacancy_rate", "gdp_real")


def _scatter(axes: Axes, x: Values, y: Values, x_label: str, y_label: str, title: str) -> None:
    axes.set_title(title, loc="left")
    axes.set_xlabel(x_label)
    axes.set_ylabel(y_label)
    when = np.broadcast_to(np.arange(x.shape[1]), x.shape)
    known = np.isfinite(x) & np.isfinite(y)
    if known.sum() < 3:
        say_nothing_to_show(axes, "too few quarters")
        return
    size = float(np.clip(1500 / known.sum(), 4, 30))
    axes.scatter(x[known], y[known], c=when[known], cmap="Blues", vmin=-x.shape[1] * 0.6, s=size, linewidths=0)
    spread_x, spread_y = float(np.std(x[known])), float(np.std(y[known]))
    if spread_x == 0 or spread_y == 0:
        return
    slope, level = np.polyfit(x[known], y[known], 1)
    ends = np.quantile(x[known], [0.01, 0.99])
    axes.plot(ends, level + slope * ends, color="#D55E00", linewidth=1.8)
    correlation = float(np.corrcoef(x[known], y[known])[0, 1])
    text = f"slope {slope:+.2f}   r = {correlation:+.2f}"
    axes.set_title(text, loc="right", fontsize=9, fontweight="normal", color="#D55E00")


def differences(run: Run) -> Figure:
    """Draw the effect of every policy on the main indicators with its 95 % interval."""
    window = "last_60" if (run.results["window"] == "last_60").any() else "all"
    table = run.results[run.results["window"] == window]
    names = main_indicators(run)
    rates = [name for name in names if unit_of(name).startswith("share")]
    levels = [name for name in names if name not in rates]
    arms = run.arms[1:]
    step = 0.34 * max(1.0, 0.45 * len(arms))
    made = figure(12.5, 1.7 + step * max(len(rates), len(levels), 3))
    left, right = made.subplots(1, 2)
    _forest(left, run, table, levels, relative=True)
    _forest(right, run, table, rates, relative=False)
    left.set_xlabel("difference from the baseline, % of it")
    right.set_xlabel("difference from the baseline, percentage points")
    when = "last 60 months" if window == "last_60" else "whole run"
    if len(run.seeds) > 1:
        what = f"mean over {seeds_of(run)}, paired, {when}; 95 % interval; filled: p < .05 after Holm's correction"
    else:
        what = f"1 seed, {when}: no interval can be given"
    heading(made, f"{run.name}: what the polic{'ies' if len(arms) > 1 else 'y'} changed", what)
    if len(arms) > 1:
        _arm_legend(made, run)
    else:
        made.text(0.988, 0.985, arms[0], ha="right", va="top", color=colour(1), fontsize=11, fontweight="bold")
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
