"""The picture of homes: prices, rents, owners, mortgages over time; what rent takes and what owners own at the end."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wildsim.engine.api import Run
from wildsim.engine.plot import colour, draw_series
from wildsim.reports.series import arm_legend, seeds_of
from wildsim.reports.spread import Sample, samples
from wildsim.reports.style import GREY, figure, heading, plain_log, say_nothing_to_show

SERIES = ("home_price", "price_to_rent", "home_sales", "ownership_rate", "mortgage_debt", "rent_burden")
#: Share of income above which official statistics call a tenant cost-burdened (HUD).
BURDENED = 0.30

Values = np.ndarray[Any, Any]


def picture(run: Run) -> Figure:
    """Draw prices, sales, owners, debt and rents over time, and two distributions at the end."""
    made = figure(14, 6.2)
    grid = made.add_gridspec(2, 4, width_ratios=[1, 1, 1, 1.25])
    for number, name in enumerate(SERIES):
        axes = made.add_subplot(grid[number // 3, number % 3])
        draw_series(axes, run, name)
        if number >= 3:
            axes.set_xlabel("month")
    drawn = {arm: samples(run, arm) for arm in run.arms}
    _rents(made.add_subplot(grid[0, 3]), drawn)
    _equity(made.add_subplot(grid[1, 3]), drawn)
    below = f"{seeds_of(run)} x {run.months} months; right: all households at the end, seeds together"
    if len(run.arms) > 1:
        arm_legend(made, run)
        below += "; dashed: a policy starts"
    heading(made, f"{run.name}: homes", below)
    return made


def _pooled(seeds: list[Sample]) -> tuple[Values, Values]:
    """Return the values of all seeds and their weights, which sum to 1."""
    values = np.concatenate([sample.values for sample in seeds])
    return values, np.concatenate([sample.weights for sample in seeds]) / len(seeds)


def _rents(axes: Axes, drawn: dict[str, dict[str, list[Sample]]]) -> None:
    """Draw how much of their income tenants pay, and the share for whom that is above the official line."""
    axes.set_title("What rent takes of tenants' income", loc="left")
    axes.set_xlabel("rent, % of disposable income")
    axes.set_ylabel("% of tenants in each bin")
    bins = np.linspace(0.0, 100.0, 41)
    notes = []
    for number, (arm, found) in enumerate(drawn.items()):
        if not found.get("rent_share"):
            continue
        values, weights = _pooled(found["rent_share"])
        share, _ = np.histogram(100.0 * values, bins, weights=weights)
        axes.stairs(100.0 * share, bins, color=colour(number), linewidth=1.6)
        axes.stairs(100.0 * share, bins, color=colour(number), alpha=0.12, fill=True)
        notes.append(f"{arm}: {100.0 * float(weights[values > BURDENED].sum()):.0f} % pay more than 30 %")
    if not notes:
        say_nothing_to_show(axes, "nobody pays rent")
        return
    axes.set_ylim(0, axes.get_ylim()[1] * (1.08 + 0.1 * len(notes)))
    axes.axvline(100.0 * BURDENED, ymax=0.8, color=GREY, linewidth=1, linestyle=(0, (3, 2)))
    axes.text(
        0.98, 0.97, "\n".join(notes), transform=axes.transAxes, ha="right", va="top", fontsize=8.5, color="#555555"
    )


def _equity(axes: Axes, drawn: dict[str, dict[str, list[Sample]]]) -> None:
    """Draw what owners' homes are worth and what they own of them, of the first arm."""
    axes.set_title("What owners own", loc="left")
    axes.set_xlabel("USD, logarithmic")
    axes.set_ylabel("% in each bin")
    arm, found = next(iter(drawn.items()))
    pooled = {name: _pooled(found[name]) for name in ("home_value", "home_equity") if found.get(name)}
    positive = [values[values > 0.0] for values, _ in pooled.values()]
    if len(pooled) < 2 or not all(len(values) for values in positive):
        say_nothing_to_show(axes, "nobody owns a home")
        return
    everything = np.concatenate(positive)
    bins = np.geomspace(np.quantile(everything, 0.01), everything.max() * 1.001, 40)
    axes.set_xscale("log")
    labels = {"home_value": "value of a home", "home_equity": "equity of an owner in homes"}
    for name, shade in (("home_value", GREY), ("home_equity", colour(0))):
        values, weights = pooled[name]
        share, _ = np.histogram(values, bins, weights=weights)
        axes.stairs(100.0 * share, bins, color=shade, linewidth=1.6, label=labels[name])
    values, weights = pooled["home_equity"]
    under = 100.0 * float(weights[values <= 0.0].sum())
    axes.set_ylim(0, axes.get_ylim()[1] * 1.3)
    axes.legend(loc="upper left", fontsize=8, borderaxespad=0.2)
    note = f"{arm}\n{under:.1f} % under water"
    axes.text(0.98, 0.97, note, transform=axes.transAxes, ha="right", va="top", fontsize=8.5, color="#555555")
    plain_log(axes.xaxis)
