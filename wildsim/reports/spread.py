"""Pictures of who has how much: wealth, incomes, wages, firm sizes at the end of a run."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wildsim.engine.api import Run
from wildsim.engine.plot import colour
from wildsim.reports.series import seeds_of
from wildsim.reports.style import GREY, figure, heading, plain_log, say_nothing_to_show

Values = np.ndarray[Any, Any]


class Sample:
    """A sample at the end of one seed, sorted; thinned samples carry weights.

    Attributes:
        values: Sorted values. below: Share of all at or below each value. weights: Share that each value stands for.
    """

    def __init__(self, values: Values, below: Values):
        """Take sorted values and the share of all at or below each."""
        self.values, self.below = values, below
        self.weights = np.clip(np.diff(below, prepend=0.0), 0.0, None)


def samples(run: Run, arm: str) -> dict[str, list[Sample]]:
    """Return the samples of every seed by name of the distribution."""
    found: dict[str, list[Sample]] = {}
    for seed in run.seeds:
        for name, table in run.distributions(arm, seed).groupby("distribution"):
            made = Sample(table["value"].to_numpy(), table["share_below"].to_numpy())
            found.setdefault(str(name), []).append(made)
    return found


def distributions(run: Run) -> Figure:
    """Draw wealth, its Lorenz curve, firm sizes by rank and wages at the end of the run."""
    made = figure(12, 8.2)
    (wealth, lorenz), (firms, wages) = made.subplots(2, 2)
    drawn = {arm: samples(run, arm) for arm in run.arms}
    _density(wealth, drawn, "wealth", "Household wealth", "USD a household, logarithmic")
    _lorenz(lorenz, drawn)
    _rank(firms, drawn)
    _density(wages, drawn, "wage", "Wages", "USD a month, logarithmic")
    if len(run.arms) > 1:
        firms.legend(*_one_each(firms), loc="lower left")
    below = f"month {run.months - 1}, {seeds_of(run)}; histograms: all seeds together; curves: a line a seed"
    heading(made, f"{run.name}: who has how much", below)
    return made


def _one_each(axes: Axes) -> tuple[list[Any], list[str]]:
    handles, labels = axes.get_legend_handles_labels()
    first = {label: handle for handle, label in reversed(list(zip(handles, labels, strict=True)))}
    ordered = list(dict.fromkeys(labels))
    return [first[label] for label in ordered], ordered


def _pooled(seeds: list[Sample]) -> tuple[Values, Values]:
    """Return the values of all seeds and their weights (which sum to 1)."""
    weights = np.concatenate([sample.weights for sample in seeds]) / len(seeds)
    return np.concatenate([sample.values for sample in seeds]), weights


def _density(axes: Axes, drawn: dict[str, dict[str, list[Sample]]], name: str, title: str, unit: str) -> None:
    """Draw a histogram over logarithmic bins; say what share lies at or below zero."""
    axes.set_title(title, loc="left")
    axes.set_xlabel(unit)
    axes.set_ylabel("% in each bin")
    pooled = {arm: _pooled(found[name]) for arm, found in drawn.items() if found.get(name)}
    positive = [values[values > 0] for values, _ in pooled.values()]
    if not any(len(values) for values in positive):
        say_nothing_to_show(axes, "no positive values")
        return
    everything = np.concatenate(positive)
    low, high = np.quantile(everything, 0.002), everything.max()
    bins = np.geomspace(low, high * 1.001, 45)
    axes.set_xscale("log")
    for number, (values, weights) in enumerate(pooled.values()):
        share, _ = np.histogram(values, bins, weights=weights)
        shade = colour(number)
        axes.stairs(100 * share, bins, color=shade, linewidth=1.6)
        axes.stairs(100 * share, bins, color=shade, alpha=0.12, fill=True)
    values, weights = next(iter(pooled.values()))
    middle = _quantile(values, weights, 0.5)
    axes.axvline(middle, ymax=0.8, color=GREY, linewidth=1, linestyle=(0, (3, 2)))  # the text stands above
    notes = f"median {middle:,.0f} USD" + (f" ({next(iter(pooled))})" if len(pooled) > 1 else "")
    nothing = 100 * float(weights[values <= 0].sum())
    if nothing >= 0.05:
        notes += f"\n{nothing:.1f} % have nothing or less: not shown"
    axes.text(0.02, 0.97, notes, transform=axes.transAxes, va="top", fontsize=8.5, color="#555555")
    axes.set_ylim(0, axes.get_ylim()[1] * 1.22)
    plain_log(axes.xaxis)


def _quantile(values: Values, weights: Values, share: float) -> float:
    order = np.argsort(values)
    place = int(np.searchsorted(np.cumsum(weights[order]), share))
    return float(values[order][min(place, len(values) - 1)])


def _lorenz(axes: Axes, drawn: dict[str, dict[str, list[Sample]]]) -> None:
    axes.set_title("Lorenz curve of wealth", loc="left")
    axes.set_xlabel("poorest households, % of all")
    axes.set_ylabel("their share of all wealth, %")
    axes.plot([0, 100], [0, 100], color=GREY, linewidth=1, linestyle=(0, (3, 2)))
    look: Any = {"rotation": 45, "rotation_mode": "anchor", "transform_rotates_text": True, "va": "bottom"}
    axes.text(62, 65, "equality", ha="center", fontsize=8.5, color=GREY, **look)
    notes = []
    for number, (arm, found) in enumerate(drawn.items()):
        ginis = []
        for sample in found.get("wealth", []):
            total = float((sample.values * sample.weights).sum())
            if total <= 0:
                continue
            people = np.concatenate([[0.0], np.cumsum(sample.weights)])
            share = np.concatenate([[0.0], np.cumsum(sample.values * sample.weights) / total])
            axes.plot(100 * people, 100 * share, color=colour(number), linewidth=1.0, alpha=0.7)
            ginis.append(1 - float(((share[1:] + share[:-1]) * np.diff(people)).sum()))
            top = 100 * (1 - float(np.interp(0.9, people, share)))
        if ginis:
            notes.append(f"{arm}: Gini {np.mean(ginis):.2f}, richest 10 % own {top:.0f} %")
    if not notes:
        say_nothing_to_show(axes, "no wealth")
    axes.text(0.03, 0.97, "\n".join(notes), transform=axes.transAxes, va="top", fontsize=8.5, color="#555555")
    axes.set_xlim(0, 100)


def _rank(axes: Axes, drawn: dict[str, dict[str, list[Sample]]]) -> None:
    """Draw the share of firms with at least so many people; a straight line is a power law, Zipf's has slope -1."""
    axes.set_title("Firm sizes", loc="left")
    axes.set_xlabel("people, logarithmic")
    axes.set_ylabel("% of firms with at least so many")
    largest = 0.0
    for number, (arm, found) in enumerate(drawn.items()):
        for sample in found.get("firm_size", []):
            working = sample.values > 0
            sizes, weights = sample.values[working], sample.weights[working]
            if not len(sizes):
                continue
            at_least = 100 * np.cumsum(weights[::-1])[::-1] / weights.sum()
            first = np.unique(sizes, return_index=True)[1]
            axes.plot(sizes[first], at_least[first], color=colour(number), linewidth=1.1, alpha=0.8, label=arm)
            largest = max(largest, float(sizes.max()))
    if not largest:
        say_nothing_to_show(axes, "no firm employs anybody")
        return
    axes.set_xscale("log")
    axes.set_yscale("log")
    plain_log(axes.xaxis)
    plain_log(axes.yaxis)
    ends = np.array([1.0, largest])
    axes.plot(ends, 100 / ends, color=GREY, linewidth=1, linestyle=(0, (3, 2)))
    axes.text(1.6, 100 / 1.6, "Zipf's law  ", ha="right", va="top", fontsize=8.5, color=GREY)
