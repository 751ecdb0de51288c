"""The picture of science: papers, discoveries, what they give, and how citations are spread."""

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

Drawn = dict[str, dict[str, list[Sample]]]

#: What papers find for h over root citations: Hirsch 2005 (h = sqrt(C / a), a 3-5) and Yong 2014 (.54).
PUBLISHED = (0.45, 0.65)
_TITLES = {
    "papers": "Papers, mean of 12 months",
    "discoveries": "Discoveries in 12 months",
    "science_gain": "Productivity from science beyond the norm",
    "h_index": "Mean h-index",
}


def picture(run: Run) -> Figure:
    """Draw papers, discoveries, their yield and h over time; citations by rank; h over root citations."""
    made = figure(13, 6.6)
    over_time = made.subplots(2, 3)
    for axes, name in zip(over_time.flat, _TITLES, strict=False):
        if name in run.indicators and run.indicators[name].notna().any():
            shown: Any = _Smoothed(run) if name == "papers" else run
            draw_series(axes, shown, name)
        else:
            say_nothing_to_show(axes, "needs the science sector")
        axes.set_title(_TITLES[name], loc="left")
        axes.set_xlabel("month")
    drawn = {arm: samples(run, arm) for arm in run.arms}
    _citations(over_time[1, 1], drawn)
    _ratio(over_time[1, 2], drawn)
    below = f"{seeds_of(run)} x {run.months} months; citations and h over their root: at the end, all seeds together"
    if len(run.arms) > 1:
        arm_legend(made, run)
        below += "; dashed: a policy starts"
    heading(made, f"{run.name}: papers, discoveries, citations", below)
    return made


class _Smoothed:
    """A run whose papers are means over the last 12 months: the numbers of a month are small."""

    def __init__(self, run: Run):
        self._run = run

    def __getattr__(self, name: str) -> Any:
        return getattr(self._run, name)

    def arm(self, name: str) -> Any:
        """Return the papers of one arm, index (seed, month)."""
        papers = self._run.arm(name)[["papers"]]
        return papers.groupby(level="seed", group_keys=False).apply(lambda one: one.rolling(12).mean())


def _pooled(seeds: list[Sample]) -> tuple[np.ndarray, np.ndarray]:
    """Return sorted values of all seeds and the share of all that each stands for."""
    values = np.concatenate([sample.values for sample in seeds])
    weights = np.concatenate([sample.weights for sample in seeds])
    order = np.argsort(values, kind="stable")
    return values[order], weights[order] / weights.sum()


def _citations(axes: Axes, drawn: Drawn) -> None:
    """Draw the share of papers with at least so many citations; say how unequal they are."""
    axes.set_title("Citations of papers", loc="left")
    axes.set_xlabel("citations, logarithmic")
    axes.set_ylabel("% of papers with at least so many")
    notes, any_cited = [], False
    for number, (arm, found) in enumerate(drawn.items()):
        seeds = [sample for sample in found.get("paper_citations", []) if len(sample.values)]
        if not seeds:
            continue
        values, weights = _pooled(seeds)
        cited = values > 0
        if not cited.any():
            continue
        any_cited = True
        at_least = 100 * np.cumsum(weights[::-1])[::-1]
        first = np.unique(values[cited], return_index=True)[1]
        shape: Any = {"linewidth": 2.4, "zorder": 2} if number else {"linewidth": 1.2, "zorder": 3}
        axes.plot(values[cited][first], at_least[cited][first], color=colour(number), **shape)
        notes.append(f"{arm}: Gini {_gini(values, weights):.2f}, never cited {100 * weights[~cited].sum():.0f} %")
    if not any_cited:
        say_nothing_to_show(axes, "no citation yet")
        return
    axes.set_xscale("log")
    axes.set_yscale("log")
    plain_log(axes.xaxis)
    plain_log(axes.yaxis)
    axes.text(0.03, 0.04, "\n".join(notes), transform=axes.transAxes, va="bottom", fontsize=8.5, color="#555555")


def _gini(values: np.ndarray, weights: np.ndarray) -> float:
    """Return the Gini of sorted weighted values."""
    share = np.concatenate([[0.0], np.cumsum(values * weights) / (values * weights).sum()])
    return float(1.0 - ((share[1:] + share[:-1]) * weights).sum())


def _ratio(axes: Axes, drawn: Drawn) -> None:
    """Draw h over root citations of scientists beside the band that papers find for its mean."""
    axes.set_title("h-index over root of citations", loc="left")
    axes.set_xlabel("ratio, scientists with 10 citations or more")
    axes.set_ylabel("% of scientists in each bin")
    notes, bins = [], np.arange(0.0, 1.0001, 0.05)
    for number, (arm, found) in enumerate(drawn.items()):
        seeds = [sample for sample in found.get("h_over_root_citations", []) if len(sample.values)]
        if not seeds:
            continue
        values, weights = _pooled(seeds)
        share, _ = np.histogram(np.minimum(values, bins[-1] - 1e-9), bins, weights=weights)
        axes.stairs(100 * share, bins, color=colour(number), linewidth=1.6)
        axes.stairs(100 * share, bins, color=colour(number), alpha=0.1, fill=True)
        notes.append(f"{arm}: mean {(values * weights).sum():.2f}")
    if not notes:
        say_nothing_to_show(axes, "nobody with ten citations")
        return
    axes.axvspan(*PUBLISHED, color=GREY, alpha=0.12, linewidth=0)
    axes.set_ylim(0, axes.get_ylim()[1] * 1.25)
    published = "grey: mean found by\nHirsch 2005, Yong 2014"
    axes.text(0.98, 0.97, published, transform=axes.transAxes, ha="right", va="top", fontsize=8.5, color=GREY)
    axes.text(0.02, 0.97, "\n".join(notes), transform=axes.transAxes, va="top", fontsize=8.5, color="#555555")
