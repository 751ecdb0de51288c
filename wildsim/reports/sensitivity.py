"""Pictures and the page of a study of sensitivity."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from wildsim.engine.plot import colour
from wildsim.reports.study_page import picture, render, table
from wildsim.reports.style import GREY, figure, heading, save, styled
from wildsim.scenario.schema import Scenario
from wildsim.studies.sensitivity import Sensitivity
from wildsim.studies.told import SHOWN, index_cells, screen_cells, sentences

CLEARLY = colour(1)
LUCK: Any = {"marker": "|", "s": 130, "color": colour(2), "linewidths": 2, "zorder": 3, "label": "by luck alone"}


def draw(found: Sensitivity, folder: Path) -> list[Path]:
    """Draw every picture into the folder and return the paths."""
    made: dict[str, Figure] = {}
    with styled():
        if found.screened:
            made["screening"] = screening(found)
        if found.indices:
            made["indices"] = indices(found)
        return [save(drawn, folder / f"{name}.png") for name, drawn in made.items()]


def screening(found: Sensitivity) -> Figure:
    """Draw the strength of each parameter with its interval, beside what luck alone would give."""
    rows = found.screened[:SHOWN]
    made = figure(9.5, 1.0 + 0.27 * len(rows))
    axes = made.subplots()
    places = np.arange(len(rows))
    for row, one in enumerate(rows):
        shade = CLEARLY if one.clear else GREY
        axes.barh(row, one.strength, height=0.62, color=shade, alpha=0.85)
        low = max(one.strength - one.interval, 0.0)
        axes.plot([low, one.strength + one.interval], [row, row], color="#222222", linewidth=1.2)
    noise = np.array([one.noise for one in rows])
    if np.isfinite(noise).any():
        axes.scatter(noise, places, **LUCK)
        axes.legend(loc="lower right")
    axes.set_yticks(places, [one.name for one in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(left=0)
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(f"mean absolute change of {found.outcome} over the whole range of the parameter")
    below = f"{found.options.trajectories} trajectories, seeds {_seeds(found)}; line: 95 %; grey: not told from luck"
    heading(made, f"What moves {found.outcome}: screening", below)
    return made


def indices(found: Sensitivity) -> Figure:
    """Draw shares of the variance, alone and in all, with intervals, and the share that is luck."""
    rows = sorted(found.indices, key=lambda index: -index.total)
    made = figure(9.5, 1.1 + 0.5 * len(rows))
    axes = made.subplots()
    for row, index in enumerate(rows):
        shade = CLEARLY if index.clear else GREY
        bars = ((index.total, index.total_interval, -0.17, 1.0), (index.first, index.first_interval, 0.17, 0.45))
        for value, interval, shift, strong in bars:
            axes.barh(row + shift, value, height=0.3, color=shade, alpha=strong)
            axes.plot([value - interval, value + interval], [row + shift] * 2, color="#222222", linewidth=1.2)
    axes.barh(0, 0, color=CLEARLY, label="in all, with interactions")
    axes.barh(0, 0, color=CLEARLY, alpha=0.45, label="alone")
    noise = np.array([index.noise for index in rows])
    if np.isfinite(noise).any():
        axes.scatter(noise, np.arange(len(rows)) - 0.17, **LUCK)
    axes.legend(loc="lower right")
    axes.axvline(0, color=GREY, linewidth=0.8)
    axes.set_yticks(range(len(rows)), [index.name for index in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(f"share of the variance of {found.outcome}")
    below = f"Sobol, {found.options.samples} samples, seeds {_seeds(found)}; line: 95 %; grey: not told from luck"
    heading(made, f"What moves {found.outcome}: shares of its variance", below)
    return made


def _seeds(found: Sensitivity) -> str:
    seeds = found.options.world_seeds
    return f"{seeds[0]}-{seeds[-1]}" if len(seeds) > 1 else str(seeds[0])


def page(found: Sensitivity, document: dict[str, Any], story: Scenario, command: str, pictures: list[Path]) -> str:
    """Return the page: one self-contained HTML file."""
    shown = {path.stem: path for path in pictures}
    size = f"{story.society.people:,} people, {story.burn_in} months of burn-in and {story.months} recorded"
    parts = [f"<p>{html.escape(size)}. Every point on the same seeds.</p>"]
    parts += ["<ul>", *(f"<li>{html.escape(text)}</li>" for text in sentences(found)), "</ul>"]
    if found.screened:
        headers = ["parameter", "range", "strength", "95 %", "mean effect", "spread of effects", "by luck", ""]
        parts += [
            "<h2>Screening</h2>",
            picture(shown["screening"], "Strength of each parameter"),
            "<p>Morris's elementary effects: one parameter at a time, from many places. Strength: mean absolute effect "
            "(mu*) over the whole range. A mean effect much smaller than it: the effect goes both ways. A large "
            "spread: what it does depends on where the others are.</p>",
            table(headers, screen_cells(found, len(found.screened))),
        ]
    if found.indices:
        parts += [
            "<h2>Shares of the variance</h2>",
            picture(shown["indices"], "Sobol's indices"),
            "<p>Sobol's indices of the strongest parameters, the others as the scenario has them. Alone: variance that "
            "goes when the parameter is known. In all: variance that is left when everything else is known.</p>",
            table(["parameter", "alone", "95 %", "in all", "95 %", "by luck", ""], index_cells(found)),
        ]
    headers = ["parameter", "unit", "low", "high", "in the scenario", "meaning"]
    rows = [[d.name, d.unit, f"{d.low:.4g}", f"{d.high:.4g}", f"{d.start:.4g}", d.doc] for d in found.dimensions]
    parts += ["<h2>Ranges</h2>", table(headers, rows), f"<pre>{html.escape(command)}</pre>"]
    return render(f"What moves {found.outcome} in {story.name}", parts)
