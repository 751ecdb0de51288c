"""The picture of AI adoption: how it spreads, what it costs, who gains and who loses by it."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wildsim.engine.api import Run
from wildsim.engine.plot import colour, draw_series, set_months
from wildsim.engine.summary import cube
from wildsim.reports.series import arm_legend, seeds_of
from wildsim.reports.spread import Values, samples
from wildsim.reports.style import GREY, figure, heading, plain_log, say_nothing_to_show

#: Lines of the panel of incomes: indicator, the share that counts its people, label, dashes.
_INCOMES = (
    ("income_paired", "paired_share", "paired with AI", "-"),
    ("income_displaced", "displaced_share", "displaced by AI", (0, (4, 1.5))),
)
#: Fewest people of all seeds together whose mean is drawn.
_FEWEST = 30
#: US firms that use AI, % (Census Bureau, BTOS), as remembered: February 2024 stands for month 0.
_CENSUS = ((0, 5.4), (17, 9.2))


def picture(run: Run) -> Figure:
    """Draw adoption, tasks, price and spending, productivity, incomes and gains of a run."""
    made = figure(13.5, 7.2)
    (firms, tasks, money), (output, incomes, gains) = made.subplots(2, 3)
    draw_series(firms, run, "ai_adoption")
    firms.set_title("Firms that use AI agents", loc="left")
    firms.set_ylim(0, 100)
    firms.plot(*zip(*_CENSUS, strict=True), "o", color="#E69F00", markersize=4.5, zorder=5, label="US Census, BTOS")
    firms.legend(*_last(firms), loc="upper left", fontsize=7.5)
    draw_series(tasks, run, "ai_tasks")
    tasks.set_title("Tasks done by AI agents", loc="left")
    _spending(money, run)
    draw_series(output, run, "ai_productivity")
    output.set_title("Output of labour, 1 = without AI", loc="left")
    _incomes(incomes, run)
    _gains(gains, run)
    for axes in (firms, tasks, money, output, incomes):
        axes.set_xlabel("month")
    band = {1: "one line a seed", 2: "mean and both seeds"}.get(
        len(run.seeds), "mean, and the band of 80 % of the seeds"
    )
    below = f"{seeds_of(run)} x {run.months} months: {band}"
    if len(run.arms) > 1:
        arm_legend(made, run)
        below += "; dashed upright: a policy starts"
    heading(made, f"{run.name}: AI agents in firms", below)
    return made


def _mean(run: Run, arm: str, name: str) -> Values:
    """Return the mean over seeds by month; NaN where no seed has a value."""
    values: Values = cube(run.arm(arm)[[name]])[:, :, 0]
    known = ~np.isnan(values)
    total = np.where(known, values, 0.0).sum(axis=0)
    count = known.sum(axis=0)
    return np.asarray(np.divide(total, count, out=np.full(values.shape[1], np.nan), where=count > 0))


def _spending(axes: Axes, run: Run) -> None:
    """Draw AI services bought, in percent of GDP, and the price of AI in the baseline on the right."""
    axes.set_title("AI services bought by firms", loc="left")
    axes.set_ylabel("% of GDP")
    for number, arm in enumerate(run.arms):
        axes.plot(100 * _mean(run, arm, "ai_spending") / _mean(run, arm, "gdp"), color=colour(number), linewidth=1.6)
    right = axes.twinx()
    right.plot(_mean(run, run.arms[0], "ai_price"), color=GREY, linewidth=1.2, linestyle=(0, (4, 2)))
    right.set_yscale("log")
    right.set_ylabel("median cost of AI, labour = 1 (dashed, log)", color=GREY)
    plain_log(right.yaxis)
    right.grid(visible=False)
    right.spines["right"].set_visible(True)
    set_months(axes, run.months)


def _incomes(axes: Axes, run: Run) -> None:
    """Draw the earnings of the paired and the displaced relative to the mean wage, where there are enough of them."""
    axes.set_title("Earnings, mean wage = 1", loc="left")
    axes.set_ylabel("ratio to the mean wage, mean of 12 months")
    axes.axhline(1.0, color=GREY, linewidth=0.8, linestyle=(0, (3, 2)))
    for number, arm in enumerate(run.arms):
        people = _mean(run, arm, "population") * len(run.seeds)
        for name, share, label, look in _INCOMES:
            ratio = _smooth(_mean(run, arm, name) / _mean(run, arm, "wage_mean"))
            ratio[people * _mean(run, arm, share) < _FEWEST] = np.nan
            text = label if number == 0 else "_" + label
            axes.plot(ratio, color=colour(number), linewidth=1.5, linestyle=look, label=text)
    axes.legend(loc="best", fontsize=8)
    axes.margins(y=0.15)
    set_months(axes, run.months)


def _last(axes: Axes) -> tuple[list[Any], list[str]]:
    """Return the newest entry of a legend alone: arms are named once, at the top."""
    handles, labels = axes.get_legend_handles_labels()
    return handles[-1:], labels[-1:]


def _smooth(values: Values, months: int = 12) -> Values:
    """Return the mean of the last 12 months that are known; NaN where none is."""
    found = np.full(len(values), np.nan)
    for month in range(len(values)):
        window = values[max(0, month - months + 1) : month + 1]
        window = window[~np.isnan(window)]
        if len(window):
            found[month] = window.mean()
    return found


def _gains(axes: Axes, run: Run) -> None:
    """Draw the histogram of gains of the paired at the end of the baseline."""
    axes.set_title("Gain in output of the paired", loc="left")
    axes.set_xlabel("% change in a worker's output at the end of the run")
    axes.set_ylabel("% of paired workers")
    seeds = samples(run, run.arms[0]).get("ai_gain", [])
    values = np.concatenate([sample.values for sample in seeds]) if seeds else np.empty(0)
    if not len(values):
        say_nothing_to_show(axes, "nobody is paired")
        return
    weights = np.concatenate([sample.weights for sample in seeds]) / len(seeds)
    bins = np.arange(-22.0, 37.0, 2.0)
    share, _ = np.histogram(100 * values, bins, weights=weights)
    axes.stairs(100 * share, bins, color=colour(0), linewidth=1.6)
    axes.stairs(100 * share, bins, color=colour(0), alpha=0.12, fill=True)
    inside = values > 0.0
    mean = 100 * float((values * weights)[inside].sum() / max(weights[inside].sum(), 1e-12))
    axes.axvline(mean, color="#0072B2", linewidth=1.2, linestyle=(0, (3, 2)))
    notes = f"inside the frontier: mean {mean:+.0f} %\n(Brynjolfsson et al. 2023: +14 %)"
    axes.text(mean + 1, 0.97, notes, transform=axes.get_xaxis_transform(), va="top", fontsize=8, color="#0072B2")
    lost = 100 * float(weights[~inside].sum())
    axes.text(-17, 0.45, f"outside it:\n{lost:.0f} % of the paired", transform=axes.get_xaxis_transform(), fontsize=8)
