"""Pictures of the forecast check: paths beside what came, ratios of errors, and those of every stretch of the data."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wildsim.core.table import F64
from wildsim.engine.plot import COLOURS
from wildsim.reports.style import GREY, figure, heading
from wildsim.studies.forecast.judge import WITHIN
from wildsim.studies.forecast.library import SOCIETY
from wildsim.studies.forecast.quarters import GDP, HORIZONS, JUDGED, VARIABLES
from wildsim.studies.forecast.study import NO_CHANGE, OWN_PAST, RIVAL, SCRAMBLED, Check

NAMES = {
    SOCIETY: "the society",
    OWN_PAST: "a line through the data's own past",
    NO_CHANGE: "no change",
    SCRAMBLED: "the society, continuations dealt anew",
    "shuffled": "shuffled society",
    "random": "random society",
}
SHORT = {SOCIETY: "society", OWN_PAST: "own past", NO_CHANGE: "no change", RIVAL: "AR(1)"} | {
    name: name for name in (SCRAMBLED, "shuffled", "random")
}
SHADES = {
    SOCIETY: COLOURS[1],
    RIVAL: COLOURS[2],
    OWN_PAST: COLOURS[3],
    NO_CHANGE: COLOURS[5],
    SCRAMBLED: COLOURS[4],
} | {
    "shuffled": COLOURS[6],
    "random": GREY,
}
TITLES = ("GDP, growth over four quarters", "Unemployment", "Inflation of consumer prices")
UNITS = ("percent", "percent of the labour force", "percent a year")
#: Ratios beyond are drawn at the edge.
MOST, LEAST = 4.0, 0.5


def shown(check: Check) -> list[str]:
    """Return the forecasters beside the AR(1), in the order of the tables."""
    return [name for name in NAMES if name in check.forecasts]


def _years(check: Check) -> F64:
    """Return the quarters of the data as fractions of years."""
    return np.array([float(label[:4]) + (int(label[5]) - 1) / 4 for label in check.data.labels])


def paths(check: Check) -> Figure:
    """Draw the data, and from every fourth origin the path forecast by the society (with its fan) and by the AR(1)."""
    made = figure(13, 8.4)
    panels = made.subplots(3, 2, sharex=True, sharey="row")
    for variable, (left, right) in enumerate(panels):
        _paths(left, check, variable, SOCIETY)
        _paths(right, check, variable, RIVAL)
        left.set_title(f"{TITLES[variable]}: the society", loc="left")
        right.set_title("AR(1)", loc="left")
        left.set_ylabel(UNITS[variable])
    below = f"{check.data.name}; origins {check.label}, one a year drawn; fan: 80 % of the society's errors on itself"
    heading(made, "What was forecast, and what came", below)
    return made


def _paths(axes: Axes, check: Check, variable: int, who: str) -> None:
    years, values = _years(check), check.data.values[:, variable]
    if variable == GDP:
        values = np.concatenate([np.full(3, np.nan), np.convolve(values, np.ones(4), "valid")])
    asked = [row for row, chosen in enumerate(check.chosen) if chosen]
    first, last = check.origins[asked[0]], check.origins[asked[-1]]
    span = slice(max(0, first - 4), last + max(HORIZONS) + 1)
    axes.plot(years[span], values[span], color=COLOURS[0], linewidth=1.5, zorder=3)
    for row in asked[::-4]:
        origin = check.origins[row]
        path = check.forecasts[who][row, :, variable]
        low, high = (path + check.band[side][:, variable] for side in (0, 1))
        if variable == GDP:
            known = np.array([check.data.values[origin - 3 + h : origin + 1, GDP].sum() for h in HORIZONS])
            path, low, high = path + known, low + known, high + known
        when = years[origin] + np.arange(len(HORIZONS) + 1) / 4
        if who == SOCIETY:
            here = [values[origin]]
            low, high = np.concatenate([here, low]), np.concatenate([here, high])
            axes.fill_between(when, low, high, color=SHADES[who], alpha=0.18, linewidth=0)
        axes.plot(when, [values[origin], *path], color=SHADES[who], linewidth=1.6, marker="o", markersize=2.5)


def ratios(check: Check) -> Figure:
    """Draw errors as multiples of the AR(1)'s, with intervals, for every forecaster, variable and horizon."""
    made = figure(13, 5.6)
    panels = made.subplots(1, 2, sharey=True, sharex=True)
    names = shown(check)
    for axes, horizon in zip(panels, JUDGED, strict=True):
        for number, name in enumerate(names):
            for variable in range(len(VARIABLES)):
                height = variable + (number - (len(names) - 1) / 2) * 0.78 / len(names)
                _ratio(axes, check, name, variable, horizon, height)
        axes.axvline(1, color=COLOURS[0], linewidth=1)
        axes.axvline(WITHIN, color=GREY, linewidth=0.9, linestyle=(0, (3, 2)))
        axes.set_xscale("log")
        axes.set_xlim(LEAST, MOST)
        ticks = [0.5, 0.7, 1, WITHIN, 1.6, 2, 3, 4]
        axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks], minor=False)
        axes.set_xticks([], minor=True)
        axes.set_title(f"{horizon} quarter{'s' if horizon > 1 else ''} ahead", loc="left")
        axes.set_xlabel("error / the AR(1)'s error: left of 1 is better")
        axes.set_yticks(range(3), ["GDP", "unemployment", "inflation"])
        axes.set_ylim(2.5, -0.5)
        axes.grid(axis="y", visible=False)
    handles = [_handle(name) for name in names]
    made.legend(handles=handles, loc="outside lower center", ncols=3, fontsize=9)
    beyond = f"; an arrow is beyond {MOST:g}" if any(_beyond(check, name) for name in names) else ""
    below = f"root mean squared errors, origins {check.label}; lines: 95 % interval; hollow: it holds 1{beyond}"
    heading(made, "Errors beside an AR(1)'s", below)
    return made


def _beyond(check: Check, name: str) -> bool:
    return any(check.score(name, variable, horizon).ratio > MOST for variable in range(3) for horizon in JUDGED)


def _ratio(axes: Axes, check: Check, name: str, variable: int, horizon: int, height: float) -> None:
    score, shade = check.score(name, variable, horizon), SHADES[name]
    if not np.isfinite(score.ratio):
        return
    if score.ratio > MOST:
        axes.plot(MOST * 0.97, height, ">", color=shade, markersize=7)
        return
    axes.plot([score.low, score.high], [height, height], color=shade, linewidth=1.8)
    face = shade if score.high < 1 or score.low > 1 else "white"
    axes.plot(score.ratio, height, "o", markersize=6.5, markerfacecolor=face, markeredgecolor=shade)


def _handle(name: str) -> Any:
    from matplotlib.lines import Line2D

    return Line2D([], [], color=SHADES[name], marker="o", linewidth=1.8, label=NAMES[name])


def windows(check: Check) -> Figure:
    """Draw the ratio of errors for every stretch of as many successive origins: how much the choice matters."""
    made = figure(13, 5.6)
    panels = made.subplots(2, 3, sharex=True)
    length = int(check.chosen.sum())
    starts = _years(check)[list(check.origins)][: len(check.origins) - length + 1]
    asked = _years(check)[check.origins[int(np.argmax(check.chosen))]]
    for row, horizon in enumerate(JUDGED):
        for variable, axes in enumerate(panels[row]):
            axes.axhline(1, color=COLOURS[0], linewidth=1)
            axes.axhline(WITHIN, color=GREY, linewidth=0.9, linestyle=(0, (3, 2)))
            for name in (NO_CHANGE, OWN_PAST, SOCIETY):
                axes.plot(starts, check.rolling(name, variable, horizon), color=SHADES[name], linewidth=1.5)
            axes.axvline(asked, color="#AAAAAA", linewidth=0.9)
            ahead = f"{horizon} quarter{'s' if horizon > 1 else ''} ahead"
            axes.set_title(f"{['GDP', 'Unemployment', 'Inflation'][variable]}, {ahead}", loc="left")
    for axes in panels[1]:
        axes.set_xlabel(f"first of {length} successive origins")
    for axes in panels[:, 0]:
        axes.set_ylabel("error / the AR(1)'s")
    made.legend(handles=[_handle(name) for name in (SOCIETY, OWN_PAST, NO_CHANGE)], loc="outside lower center", ncols=3)
    heading(made, "The same for every stretch of the data", "below 1 is better than the AR(1); grey line: as asked for")
    return made


PICTURES = {"paths": paths, "ratios": ratios, "windows": windows}
