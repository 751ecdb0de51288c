"""Pictures of indicators over time and of curves between them."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wildsim.engine.api import Run
from wildsim.engine.plot import colour, draw_series
from wildsim.engine.summary import cube
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
    # deep goals, where their sector is on
    "wellbeing",
    "life_expectancy",
    "crime_rate",
    "cutoff_score",
    "box_office",
    "discoveries",
    "h_index",
    "temperature",
    "home_price",
    "ai_adoption",
    "emissions",
    "population",
)


def seeds_of(run: Run) -> str:
    """Return how many seeds stand behind a picture."""
    return f"{len(run.seeds)} seed{'s' if len(run.seeds) != 1 else ''}"


def main_indicators(run: Run) -> list[str]:
    """Return the main indicators that the run has; those of people as a whole where some social sector is on."""
    known = [name for name in MAIN if name in run.indicators.columns and run.indicators[name].notna().any()]
    return [name for name in known if run.sectors or name not in ("population", "wellbeing")]


def indicators(run: Run) -> Figure:
    """Draw the main indicators over time, arms in colours, with the band that holds 80 % of the seeds."""
    names = main_indicators(run)
    columns = 4
    rows = max(1, -(-len(names) // columns))
    made = figure(14, 2.3 * rows + 0.3)
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
        arm_legend(made, run)
    heading(made, f"{run.name}: main indicators", below)
    return made


def arm_legend(made: Figure, run: Run, *, baseline: bool = True) -> None:
    """Name the arms in the top right corner, beside the heading."""
    from matplotlib.lines import Line2D

    shown = list(range(0 if baseline else 1, len(run.arms)))
    lines = [Line2D([], [], color=colour(number), linewidth=2.5) for number in shown]
    labels = [run.arms[number] for number in shown]
    made.legend(lines, labels, loc="upper right", ncols=min(len(shown), 5), fontsize=9, borderaxespad=0.6)


def quarters(values: Values) -> Values:
    """Return quarterly means of (seed, month) values; months beyond whole quarters drop out."""
    seeds, months = values.shape
    means: Values = values[:, : months // 3 * 3].reshape(seeds, -1, 3).mean(axis=2)
    return means


def curves(run: Run) -> Figure:
    """Draw the Phillips, Beveridge and Okun curves of the baseline, one point a quarter and seed."""
    made = figure(13, 4.2)
    phillips, beveridge, okun = made.subplots(1, 3)
    got = {name: quarters(cube(run.indicators[[name]])[:, :, 0]) for name in _CURVES if name in run.indicators}
    if len(got) < len(_CURVES) or run.months < 6:
        for axes in (phillips, beveridge, okun):
            say_nothing_to_show(axes, "needs 6 months and the indicators\nof work, prices and output")
    else:
        jobless = 100 * got["unemployment_rate"]
        scatter(phillips, jobless, 100 * got["inflation"], "unemployment, %", "inflation over 12 months, %", "Phillips")
        scatter(beveridge, jobless, 100 * got["vacancy_rate"], "unemployment, %", "vacancies, % of jobs", "Beveridge")
        growth = 100 * (got["gdp_real"][:, 4:] / got["gdp_real"][:, :-4] - 1)
        change = jobless[:, 4:] - jobless[:, :-4]
        label = "change of unemployment over a year, points"
        scatter(okun, growth, change, "growth of real GDP over a year, %", label, "Okun")
    below = f"baseline, {seeds_of(run)}; one point a quarter and seed, darker: later; line: least squares if p < .05"
    heading(made, f"{run.name}: three curves of the labour market", below)
    return made


_CURVES = ("unemployment_rate", "inflation", "vacancy_rate", "gdp_real")


def scatter(axes: Axes, x: Values, y: Values, x_label: str, y_label: str, title: str) -> None:
    """Draw y against x, both (seed, quarter), darker where later, with the line of least squares if p < .05."""
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
    correlation = float(np.corrcoef(x[known], y[known])[0, 1])
    if not _clear(x, y, correlation, int(known.sum())):
        look: Any = {"loc": "right", "fontsize": 9, "fontweight": "normal", "color": GREY}
        axes.set_title(f"not told from chance   r = {correlation:+.2f}", **look)
        return
    slope, level = np.polyfit(x[known], y[known], 1)
    ends = np.quantile(x[known], [0.01, 0.99])
    axes.plot(ends, level + slope * ends, color="#D55E00", linewidth=1.8)
    text = f"slope {slope:+.2f}   r = {correlation:+.2f}"
    axes.set_title(text, loc="right", fontsize=9, fontweight="normal", color="#D55E00")


def _clear(x: Values, y: Values, correlation: float, points: int) -> bool:
    """Return whether a correlation differs from zero (p < .05, two-sided), quarters in a row counting for less.

    Neighbouring quarters resemble each other; the number of points is cut accordingly (Bartlett 1935).
    """
    from scipy import special

    alike = _persistence(x) * _persistence(y)
    freedom = points * (1 - alike) / (1 + alike) - 2
    if freedom <= 0 or abs(correlation) >= 1:
        return abs(correlation) >= 1
    t = abs(correlation) * np.sqrt(freedom / (1 - correlation**2))
    return bool(2 * special.stdtr(freedom, -t) < 0.05)


def _persistence(values: Values) -> float:
    """Return the correlation of a quarter with the next one, within seeds; 0 where unknown, at most 0.99."""
    before, after = values[:, :-1].ravel(), values[:, 1:].ravel()
    known = np.isfinite(before) & np.isfinite(after)
    if known.sum() < 3 or np.ptp(before[known]) == 0 or np.ptp(after[known]) == 0:
        return 0.0
    return float(np.clip(np.corrcoef(before[known], after[known])[0, 1], 0.0, 0.99))
