"""The picture of the social network: how many close ties, how tightly knit, beside published figures."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wildsim.engine.api import Run
from wildsim.engine.plot import colour, draw_series
from wildsim.reports.series import arm_legend, seeds_of
from wildsim.reports.spread import Sample, samples
from wildsim.reports.style import GREY, figure, heading, say_nothing_to_show

#: Published figures, drawn as grey bands: sympathy group (Hill, Dunbar 2003), clustering (Newman 2003).
TIES, CLUSTERING = (10.0, 15.0), (0.1, 0.3)
Drawn = dict[str, dict[str, list[Sample]]]


def picture(run: Run) -> Figure:
    """Draw the distributions of ties and of clustering at the end, and two indicators over time."""
    made = figure(12, 7.4)
    (ties, tail), (knit, gap) = made.subplots(2, 2)
    drawn = {arm: samples(run, arm) for arm in run.arms}
    _ties(ties, drawn)
    _tail(tail, drawn)
    _knit(knit, drawn)
    draw_series(gap, run, "employed_friends_gap")
    gap.set_xlabel("month")
    text = "ties at work: those of people at work less those of searchers, points of %"
    gap.text(0.02, 0.02, text, transform=gap.transAxes, va="bottom", fontsize=8.5, color="#555555")
    below = (
        f"month {run.months - 1}, {seeds_of(run)}; histograms: all seeds together, dashed: mean; grey: published range"
    )
    if len(run.arms) > 1:
        arm_legend(made, run)
    heading(made, f"{run.name}: who knows whom", below)
    return made


def _pool(seeds: list[Sample]) -> tuple[np.ndarray, np.ndarray]:
    weights = np.concatenate([seed.weights for seed in seeds]) / len(seeds)
    return np.concatenate([seed.values for seed in seeds]), weights


def _band(axes: Axes, ends: tuple[float, float], text: str) -> None:
    axes.axvspan(*ends, color=GREY, alpha=0.13, linewidth=0)
    axes.text(0.98, 0.96, text, transform=axes.transAxes, ha="right", va="top", fontsize=8.5, color="#555555")


def _histogram(axes: Axes, drawn: Drawn, name: str, bins: np.ndarray) -> bool:
    """Draw one histogram an arm and a dashed line at its mean; return whether there was anything to draw."""
    any_drawn = False
    for number, found in enumerate(drawn.values()):
        if not found.get(name):
            continue
        any_drawn = True
        values, weights = _pool(found[name])
        share, _ = np.histogram(values, bins, weights=weights)
        axes.stairs(100 * share, bins, color=colour(number), linewidth=1.6)
        axes.stairs(100 * share, bins, color=colour(number), alpha=0.12, fill=True)
        axes.axvline(float((values * weights).sum()), color=colour(number), linewidth=1.2, linestyle=(0, (3, 2)))
    if not any_drawn:
        say_nothing_to_show(axes, "the network sector was off")
    return any_drawn


def _ties(axes: Axes, drawn: Drawn) -> None:
    axes.set_title("Close ties", loc="left")
    axes.set_xlabel("close ties of a person, those at home included")
    axes.set_ylabel("% of people")
    if _histogram(axes, drawn, "close_ties", np.arange(-0.5, 41.5)):
        _band(axes, TIES, "grey: mean sympathy group\nof 10 to 15 people (Hill, Dunbar 2003)")


def _tail(axes: Axes, drawn: Drawn) -> None:
    """Draw the share of people with at least so many ties, on a logarithmic scale, beside a Poisson's."""
    axes.set_title("Popular people", loc="left")
    axes.set_xlabel("close ties of a person")
    axes.set_ylabel("% with at least so many, logarithmic")
    known = [(number, seed) for number, found in enumerate(drawn.values()) for seed in found.get("close_ties", [])]
    if not known:
        say_nothing_to_show(axes, "the network sector was off")
        return
    for number, seed in known:
        levels, first = np.unique(seed.values, return_index=True)
        at_least = np.cumsum(seed.weights[::-1])[::-1][first]
        axes.plot(levels, 100 * at_least / seed.weights.sum(), color=colour(number), linewidth=1.1, alpha=0.8)
    mean = float((known[0][1].values * known[0][1].weights).sum())
    counts = np.arange(0, 41)
    chance = np.exp(counts * np.log(max(mean, 1e-9)) - mean - np.cumsum(np.log(np.maximum(counts, 1))))
    at_least = 100 * np.clip(1 - np.cumsum(chance) + chance, 0, 1)
    shown = at_least > 0.01
    axes.plot(counts[shown], at_least[shown], color=GREY, linewidth=1, linestyle=(0, (3, 2)))
    axes.text(0.98, 0.96, "dashed: ties by pure chance (Poisson)", transform=axes.transAxes, ha="right", va="top",
              fontsize=8.5, color="#555555")  # fmt: skip
    axes.set_yscale("log")
    axes.set_ylim(0.01, 150)
    axes.set_yticks([0.01, 0.1, 1, 10, 100], ["0.01", "0.1", "1", "10", "100"])


def _knit(axes: Axes, drawn: Drawn) -> None:
    axes.set_title("Clustering", loc="left")
    axes.set_xlabel("pairs of a person's ties that are tied themselves, share")
    axes.set_ylabel("% of people")
    if _histogram(axes, drawn, "clustering", np.linspace(0, 1, 21)):
        _band(axes, CLUSTERING, "grey: mean of social networks,\n.1 to .3 (Newman 2003)")
