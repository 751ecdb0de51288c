"""The picture of a study of Goodhart's law: proxy and gold along the optimisation, and where the promise went."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from wildsim.engine.plot import colour
from wildsim.reports.style import GREY, figure, heading, save, styled
from wildsim.scenario.schema import Scenario
from wildsim.studies.goodhart.study import Studied
from wildsim.studies.goodhart.told import errors

PROXY, GOLD, LOST = colour(0), colour(1), colour(2)


def draw(scenario: Scenario, found: Studied, folder: Path) -> Path:
    """Draw the picture into the folder and return its path."""
    with styled():
        return save(parting(scenario, found), folder / "goodhart.png")


def parting(scenario: Scenario, found: Studied) -> Figure:
    """Draw gains by step, and the promise, its four losses and what was gained."""
    made = figure(11.0, 3.8)
    along, lost = made.subplots(1, 2, width_ratios=(1.2, 1.0))
    _along(along, found)
    _lost(lost, found)
    meant = ", ".join(found.gold)
    below = f"mechanism: {found.named.name}; meant: {meant}; {found.worlds} fresh worlds an arm"
    heading(made, f"Goodhart's law in {scenario.name}", below)
    return made


def _along(axes: Axes, found: Studied) -> None:
    curve = found.curve
    steps = np.arange(len(curve.shown))
    gold, error = curve.gold.mean(axis=1), 1.96 * errors(curve.gold)
    axes.plot(steps, curve.shown, "--", color=PROXY, label="reward as shown to the optimiser")
    axes.plot(steps, curve.proxy.mean(axis=1), "-o", ms=3, color=PROXY, label="reward in fresh worlds")
    axes.plot(steps, gold, "-o", ms=3, color=GOLD, label="what was meant")
    axes.fill_between(steps, gold - error, gold + error, color=GOLD, alpha=0.2, linewidth=0, label="its 95 % interval")
    axes.axhline(0.0, color="#222222", linewidth=0.8)
    axes.axvline(curve.stop, color=LOST, linewidth=1.0, label="where to stop")
    axes.set_title("Gains over the start", loc="left")
    axes.set_xlabel("best guess after generation")
    axes.set_ylabel("standard deviations between worlds")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(fontsize=7.5)


def _lost(axes: Axes, found: Studied) -> None:
    """Draw the way from what the proxy promised to what was gained, loss by loss."""
    named = found.named
    names = ["promised", *(loss.mechanism for loss in named.losses), "gained"]
    level, place = named.promise, 0
    axes.barh(place, named.promise, color=PROXY, height=0.6, alpha=0.85)
    for place, loss in enumerate(named.losses, start=1):
        axes.barh(place, -loss.value, left=level, color=LOST if loss.clear else GREY, height=0.6, alpha=0.85)
        level -= loss.value
        axes.plot(
            [level - 1.96 * loss.error, level + 1.96 * loss.error], [place, place], color="#222222", linewidth=1.0
        )
    axes.barh(len(names) - 1, named.gain, color=GOLD, height=0.6, alpha=0.85)
    axes.axvline(0.0, color="#222222", linewidth=0.8)
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.grid(axis="y", visible=False)
    axes.set_title("Where the promise went", loc="left")
    axes.set_xlabel("what was meant, standard deviations between worlds\ngrey: not told from luck; line: 95 %")
