"""The picture of a study of manipulation: what turns verdicts, who notices, and whom robustness leaves unheard."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from wildsim.engine.plot import colour
from wildsim.reports.style import GREY, figure, heading, save, say_nothing_to_show, styled
from wildsim.studies.hijack.curating import RATES
from wildsim.studies.hijack.study import Hijack
from wildsim.studies.hijack.told import label, success, unheard
from wildsim.studies.hijack.verdicts import JUDGES


def draw(found: Hijack, folder: Path, scenario: str) -> Path:
    """Draw hijack.png into the folder and return its path."""
    with styled():
        return save(picture(found, scenario), folder / "hijack.png")


def picture(found: Hijack, scenario: str) -> Figure:
    """Draw attack success of each attack, then detection and the loss of minorities."""
    attacks = found.options.attacks
    rows = -(-len(attacks) // 3) + 1
    made = figure(11.0, 2.9 * rows)
    grid = made.add_gridspec(rows, 6)
    for place, attack in enumerate(attacks):
        _success(made.add_subplot(grid[place // 3, 2 * (place % 3) : 2 * (place % 3) + 2]), found, attack)
    _detection(made.add_subplot(grid[rows - 1, :3]), found)
    _minority(made.add_subplot(grid[rows - 1, 3:]), found)
    seeds = found.options.world_seeds
    below = f"{scenario}, effect of {found.policy} on {found.of}; {found.options.reporters} reporters, "
    below += f"{len(seeds)} seed{'s' if len(seeds) > 1 else ''}"
    heading(made, "How many lies turn the verdict", below)
    return made


def _success(axes: Axes, found: Hijack, attack: str) -> None:
    for number, judge in enumerate(JUDGES):
        style = "--" if judge == "geometric_median" else "-"  # lies on the median
        axes.plot(found.options.grid, success(found, attack, judge), style, color=colour(number), label=label(judge))
    axes.set_title(label(attack))
    axes.set_ylim(-0.04, 1.04)
    _share(axes, "share of reports that lie")
    axes.set_ylabel("seeds with another verdict")
    if attack == found.options.attacks[0]:
        axes.legend(loc="lower right", fontsize=6.5)


def _detection(axes: Axes, found: Hijack) -> None:
    drawn = 0
    for number, attack in enumerate(found.options.attacks):
        curve = np.mean([one.detection[attack].roc["all"] for one in found.seeds], axis=0)
        if np.isfinite(curve).all():
            axes.plot(RATES, curve, color=colour(number), label=label(attack))
            drawn += 1
    axes.set_title(f"Detection by curation, {found.options.at:.0%} lie")
    if not drawn:
        say_nothing_to_show(axes, "nothing false is said")
        return
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=0.8, linestyle=":")
    _share(axes, "honest reports under suspicion")
    axes.set_ylabel("lies under suspicion")
    axes.legend(loc="lower right", fontsize=7)


def _minority(axes: Axes, found: Hijack) -> None:
    for number, judge in enumerate(JUDGES):
        style = "--" if judge == "geometric_median" else "-"
        axes.plot(found.options.grid, unheard(found, judge), style, color=colour(number), label=label(judge))
    axes.set_title("An honest minority, the poorest, that truly loses")
    _share(axes, "its share")
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_ylabel("of its loss not seen")
    axes.legend(loc="center right", fontsize=7)


def _share(axes: Axes, title: str) -> None:
    axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.set_xlabel(title)
