"""The picture of an optimisation: the search, the levers, and what was gained where."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from wildsim.engine.plot import colour
from wildsim.reports.style import GREY, figure, heading, save, say_nothing_to_show, styled
from wildsim.scenario.schema import Scenario
from wildsim.studies.optimise.judge import Sealed
from wildsim.studies.optimise.study import Optimised
from wildsim.studies.optimise.told import gap

FEEDBACK, SEALED, FOUND = colour(0), colour(1), colour(2)


def draw(scenario: Scenario, found: Optimised, sealed: Sealed | None, folder: Path) -> Path:
    """Draw the picture into the folder and return its path."""
    with styled():
        return save(optimisation(scenario, found, sealed), folder / "optimise.png")


def optimisation(scenario: Scenario, found: Optimised, sealed: Sealed | None) -> Figure:
    """Draw rewards of candidates by generation, the way of the levers, and gains on feedback and of what is sealed."""
    made = figure(12.0, 3.6)
    rewards, levers, gains = made.subplots(1, 3, width_ratios=(1.2, 1.0, 1.1))
    _rewards(rewards, found)
    _levers(levers, found)
    _gains(gains, found, sealed)
    word = f"verdict of what is sealed: {sealed.verdict.word}" if sealed else "nothing is sealed: no verdict"
    heading(
        made,
        f"Optimising {scenario.name}",
        f"{word}; reward: {'; '.join(str(scenario.reward.reward()).split(chr(10)))}",
    )
    return made


def _rewards(axes: Axes, found: Optimised) -> None:
    numbers = np.arange(1, len(found.trace) + 1)
    for number, one in zip(numbers, found.trace, strict=True):
        axes.plot([number] * len(one.scores), one.scores, ".", color=GREY, alpha=0.6, markersize=4)
    axes.plot([], [], ".", color=GREY, label="candidates")
    axes.plot(numbers, [one.scores[0] for one in found.trace], "-o", color=FEEDBACK, ms=4, label="best guess before it")
    axes.axhline(float(np.mean(found.before)), color="#222222", linewidth=1.0, linestyle="--", label="start")
    if found.found.generation >= 0:
        axes.axvline(found.found.generation + 1.5, color=FOUND, linewidth=1.0, label="taken")
    axes.set_title("Sensed reward on feedback seeds", loc="left")
    axes.set_xlabel("generation")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(fontsize=7.5)


def _levers(axes: Axes, found: Optimised) -> None:
    last = found.trace[-1].guess or list(found.found.point)
    guesses = [*(one.candidates[0] for one in found.trace[1:]), last]
    numbers = np.arange(1, len(guesses) + 1)
    for index, lever in enumerate(found.levers):
        way = [(guess[index] - lever.low) / (lever.high - lever.low) for guess in guesses]
        axes.plot(numbers, way, "-o", color=colour(index), ms=3, label=f"{lever.name} [{lever.low:g}, {lever.high:g}]")
        start = (found.start[lever.name] - lever.low) / (lever.high - lever.low)
        axes.plot([0], [start], "x", color=colour(index), ms=6)
    axes.set_ylim(-0.03, 1.03)
    axes.set_title("Best guess of the levers, in parts of their ranges", loc="left")
    axes.set_xlabel("after generation (cross: the scenario's value)")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(fontsize=7.5)


def _gains(axes: Axes, found: Optimised, sealed: Sealed | None) -> None:
    axes.set_title("What was gained", loc="left")
    if sealed is None:
        say_nothing_to_show(axes, "nothing is sealed")
        return
    bars = [("reward as sensed,\nfeedback seeds", found.standard_gain, FEEDBACK)]
    bars.append(("reward as sensed,\nfresh seeds", sealed.reward_gain, FEEDBACK))
    bars += [(f"{one.indicator}\n(sealed)", one.gain, SEALED) for one in sealed.verdict.judged]
    for place, (_, value, shade) in enumerate(bars):
        axes.barh(place, value if math.isfinite(value) else 0.0, height=0.6, color=shade, alpha=0.85)
    for place, one in enumerate(sealed.verdict.judged, start=2):
        axes.plot(one.gain_interval, (place, place), color="#222222", linewidth=1.2)
    axes.axvline(0.0, color="#222222", linewidth=0.8)
    axes.set_yticks(range(len(bars)), [name for name, _, _ in bars])
    axes.set_ylim(len(bars) - 0.4, -0.6)
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(
        f"standard deviations between worlds, better to the right\nGoodhart gap {gap(found, sealed):+.2f}; line: 95 %"
    )
