"""Picture of the culture platform: who takes the money, what is sold, what people are shown."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wildsim.engine.api import Run
from wildsim.engine.plot import colour, draw_series
from wildsim.engine.summary import cube
from wildsim.engine.units import scale, unit_of
from wildsim.reports.series import arm_legend, seeds_of
from wildsim.reports.spread import Sample, samples
from wildsim.reports.style import GREY, figure, heading, say_nothing_to_show

Values = np.ndarray[Any, Any]
_DASHED: Any = (0, (3, 2))


def picture(run: Run) -> Figure:
    """Draw how unequal takings of titles are, sales and the evenness of what is shown, and the trade-off between."""
    made = figure(14, 7.4)
    (gmv, entropy, trade), (box_office, cocoon, lorenz) = made.subplots(2, 3)
    series = (
        (gmv, "gmv", "Gross merchandise value"),
        (box_office, "box_office", "Box office: titles in their first run"),
        (entropy, "exposure_entropy", "Evenness of what is shown (entropy)"),
        (cocoon, "cocoon_index", "Cocoon: narrowness of a slate"),
    )
    for axes, name, title in series:
        if name in run.indicators and run.indicators[name].notna().any():
            draw_series(axes, run, name)
        else:
            say_nothing_to_show(axes, "the platform sold and showed nothing")
        axes.set_title(title, loc="left")
        axes.set_xlabel("month")
    cocoon.axhline(0.0, color=GREY, linewidth=0.8, linestyle=_DASHED)
    cocoon.set_ylabel("0: as varied as the catalogue")
    entropy.set_ylabel("1: every title shown equally often")
    _trade_off(trade, run)
    _lorenz(lorenz, run)
    below = f"{seeds_of(run)} x {run.months} months"
    if len(run.arms) > 1:
        below += "; dashed upright: a policy starts; points: mean of the last year of a seed, crosses: over seeds"
        arm_legend(made, run)
    heading(made, f"{run.name}: the culture platform", below)
    return made


def _trade_off(axes: Axes, run: Run) -> None:
    """Draw sales against evenness, the mean of the last year: one point a seed, a cross an arm."""
    axes.set_title("What evenness costs", loc="left")
    axes.set_xlabel("evenness of what is shown")
    names = ["exposure_entropy", "gmv"]
    if any(name not in run.indicators for name in names):
        say_nothing_to_show(axes, "the platform sold and showed nothing")
        return
    points = {arm: _last_year(cube(run.arm(arm)[names])) for arm in run.arms}
    known = [found[np.isfinite(found).all(axis=1)] for found in points.values()]
    if not any(len(found) for found in known):
        say_nothing_to_show(axes, "the platform sold and showed nothing")
        return
    shown = scale(unit_of("gmv"), max(float(found[:, 1].max()) for found in known if len(found)))
    for number, found in enumerate(known):
        shade = colour(number)
        axes.scatter(found[:, 0], found[:, 1] * shown.factor, s=16, color=shade, alpha=0.45, linewidths=0)
        if len(found):
            middle = found.mean(axis=0)
            axes.scatter(middle[0], middle[1] * shown.factor, s=110, marker="+", color=shade, linewidths=2.2)
    axes.set_ylabel(f"gross merchandise value, {shown.unit}")
    axes.margins(0.15)


def _last_year(values: Values) -> Values:
    """Return the mean of the last 12 months of (seed, month, indicator) values."""
    means: Values = values[:, -12:].mean(axis=1)
    return means


def _lorenz(axes: Axes, run: Run) -> None:
    """Draw which share of all takings the best-selling titles have."""
    axes.set_title("Few titles take most of the money", loc="left")
    axes.set_xlabel("best-selling titles, % of all past their first run")
    axes.set_ylabel("their share of takings, %")
    axes.plot([0, 100], [0, 100], color=GREY, linewidth=1, linestyle=_DASHED)
    notes = []
    for number, arm in enumerate(run.arms):
        ginis = []
        for sample in samples(run, arm).get("box_office", []):
            if not (sample.values * sample.weights).sum() > 0.0:
                continue
            titles, share = _curve(sample)
            axes.plot(100 * titles, 100 * share, color=colour(number), linewidth=1.1, alpha=0.8)
            ginis.append(float(((share[1:] + share[:-1]) * np.diff(titles)).sum()) - 1.0)
        if ginis:
            notes.append((f"{arm}: Gini {np.mean(ginis):.2f}", colour(number)))
    if not notes:
        say_nothing_to_show(axes, "no takings")
        return
    for line, (text, shade) in enumerate(reversed(notes)):
        axes.text(0.97, 0.06 + 0.08 * line, text, transform=axes.transAxes, ha="right", fontsize=8.5, color=shade)
    axes.text(30, 25, "all equal", rotation=38, fontsize=8.5, color=GREY, ha="left", va="center")
    axes.set_xlim(0, 100)
    axes.set_ylim(0, 103)


def _curve(sample: Sample) -> tuple[Values, Values]:
    """Return shares of titles, best-selling first, and their shares of takings."""
    taken = (sample.values * sample.weights)[::-1]
    titles = np.concatenate([[0.0], np.cumsum(sample.weights[::-1])])
    return titles, np.concatenate([[0.0], np.cumsum(taken) / taken.sum()])
