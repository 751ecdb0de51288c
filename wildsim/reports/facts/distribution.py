"""Pictures of wages, wealth and prices on logarithmic axes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from wildsim.facts.distribution import LEAST_SELLERS, markets
from wildsim.facts.evidence import Evidence
from wildsim.reports.facts.common import Study, legend_below, pooled
from wildsim.reports.style import GREY, figure, heading, plain_log, say_nothing_to_show

Values = NDArray[np.float64]
#: Years of schooling are drawn from so many workers on.
LEAST_WORKERS = 100


def picture(study: Study) -> Figure:
    """Draw wages, wages by schooling, wealth by rank, and prices relative to their market."""
    made = figure(12, 8.0)
    (wages, schooling), (wealth, prices) = made.subplots(2, 2)
    _wages(wages, study)
    _schooling(schooling, study)
    _wealth(wealth, study)
    _prices(prices, study)
    below = f"{study.about} of burn-in; last month, all seeds together"
    heading(made, f"{study.name}: wages, wealth and prices", below)
    return made


def _wages(axes: Axes, study: Study) -> None:
    """Draw wages over their median, so that societies with other price levels can be compared."""
    axes.set_title("Wages", loc="left")
    axes.set_xlabel("wage / median wage, logarithmic")
    axes.set_ylabel("% of workers in each bin")
    bins = np.geomspace(0.1, 12, 61)
    _histograms(axes, study, lambda runs: pooled(runs, "worker.wage"), bins)
    axes.set_xscale("log")
    plain_log(axes.xaxis)
    legend_below(axes, loc="upper right")


def _histograms(
    axes: Axes, study: Study, values_of: Callable[[Sequence[Evidence]], Values], bins: Values, *, relative: bool = True
) -> None:
    for drawn in study.drawn():
        values = values_of(drawn.runs)
        known = values[values > 0]
        if len(known) < LEAST_WORKERS:
            continue
        shown = known / np.median(known) if relative else known
        share = 100 * np.histogram(shown, bins)[0] / len(shown)
        axes.stairs(share, bins, color=drawn.shade, linewidth=drawn.width, label=drawn.title)
        if drawn.judged:
            axes.stairs(share, bins, color=drawn.shade, alpha=0.12, fill=True)


def _schooling(axes: Axes, study: Study) -> None:
    """Draw the mean log wage by years of schooling, with the slope that Mincer's equation finds."""
    axes.set_title("Wages by schooling", loc="left")
    axes.set_xlabel("years of schooling")
    axes.set_ylabel("mean log wage, deviation from all")
    wage, years = pooled(study.judged, "worker.wage"), pooled(study.judged, "worker.schooling")
    paid = wage > 0
    if paid.sum() < LEAST_WORKERS:
        say_nothing_to_show(axes, "too few workers")
        return
    logs = np.log(wage[paid]) - np.log(wage[paid]).mean()
    group = np.round(years[paid]).astype(np.int64)
    count = np.bincount(group)
    mean = np.bincount(group, logs) / np.maximum(count, 1)
    shown = np.flatnonzero(count >= LEAST_WORKERS // 4)
    axes.scatter(shown, mean[shown], s=10 + 500 * count[shown] / count.sum(), color="#333333", alpha=0.7)
    slope = next(row for row in study.table.rows if row.fact.name == "mincer_return").spreads
    middle = slope[study.table.variants[0].name].mean
    if np.isfinite(middle):
        centre = float(years[paid].mean())
        axes.plot(shown, middle * (shown - centre), color="#D55E00", linewidth=1.4)
        axes.text(0.03, 0.95, f"slope given experience: {middle:.3f}", transform=axes.transAxes, va="top", fontsize=8.5)


def _wealth(axes: Axes, study: Study) -> None:
    """Draw the share of households with at least so much, in units of the median; a straight line is a power law."""
    axes.set_title("Wealth", loc="left")
    axes.set_xlabel("net wealth / median of positive ones, logarithmic")
    axes.set_ylabel("% of households with at least so much")
    for drawn in study.drawn():
        every = pooled(drawn.runs, "household.wealth")
        positive = np.sort(every[every > 0])
        if len(positive) < LEAST_WORKERS:
            continue
        share = 100 * np.arange(len(positive), 0, -1) / len(every)
        median = np.median(positive)
        axes.plot(positive / median, share, color=drawn.shade, linewidth=drawn.width, label=drawn.title)
    if not axes.lines:
        say_nothing_to_show(axes, "nobody has anything")
        return
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(1e-3, None)
    plain_log(axes.xaxis)
    plain_log(axes.yaxis)
    legend_below(axes, loc="lower left")


def _prices(axes: Axes, study: Study) -> None:
    """Draw prices of consumer goods over the mean price in their market and year."""
    axes.set_title("Prices of one good in one place", loc="left")
    axes.set_xlabel("price / mean price of the market and year")
    axes.set_ylabel("% of sellers in each bin")
    _histograms(axes, study, _relative, np.linspace(0.4, 1.8, 71), relative=False)
    axes.axvline(1, color=GREY, linewidth=0.8)
    legend_below(axes, loc="upper right")


def _relative(runs: Sequence[Evidence]) -> Values:
    found = []
    for price, where, sellers in map(markets, runs):
        mean = np.bincount(where, price) / sellers
        found.append((price / mean[where])[sellers[where] >= LEAST_SELLERS])
    return np.concatenate(found)
