"""What the pictures of facts share: colours of societies, bands over seeds, real series of the country."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from wildsim.engine.plot import COLOURS
from wildsim.facts.evidence import Evidence
from wildsim.facts.moments import COLUMNS
from wildsim.facts.table import Table
from wildsim.reports.style import GREY

Values = NDArray[np.float64]

DATA_COLOUR = "#D55E00"
#: Colours of the controls, in their order.
_OTHERS = (COLOURS[4], COLOURS[5], COLOURS[1])
DATA_SET = "US 1959-2009 (statsmodels: macrodata)"


class Drawn(NamedTuple):
    """A society as pictures show it.

    Attributes:
        runs: Its evidence, in the order of seeds. shade, title: Its colour, and what legends call it.
        judged: Whether it is the one that is judged, which stands out.
    """

    runs: Sequence[Evidence]
    shade: str
    title: str
    judged: bool

    @property
    def width(self) -> float:
        """The width of its lines."""
        return 1.8 if self.judged else 1.1


@dataclass(frozen=True)
class Study:
    """What is drawn.

    Attributes:
        name: Of the scenario. table: Judged. gathered: Evidence by variant, in the order of seeds.
    """

    name: str
    table: Table
    gathered: Mapping[str, Sequence[Evidence]]

    @property
    def judged(self) -> Sequence[Evidence]:
        """The evidence of the society itself."""
        return self.gathered[self.table.variants[0].name]

    @property
    def about(self) -> str:
        """How many seeds and months stand behind a picture."""
        seeds, scenario = len(self.table.seeds), self.table.variants[0].scenario
        size = f"{seeds} seed{'s' if seeds > 1 else ''}, {scenario.society.people:,} people"
        return f"{size}, {scenario.months} months after {scenario.burn_in}"

    def titles(self) -> dict[str, str]:
        """Return the titles of the societies by name."""
        return {variant.name: variant.title for variant in self.table.variants}

    def shades(self) -> dict[str, str]:
        """Return the colour of each society; the judged one is the dark one."""
        names = [variant.name for variant in self.table.variants]
        return {names[0]: COLOURS[0], **dict(zip(names[1:], _OTHERS, strict=False))}

    def drawn(self) -> list[Drawn]:
        """Return the societies in the order in which to draw them: the judged one last, on top."""
        shades, variants = self.shades(), self.table.variants
        every = [Drawn(self.gathered[v.name], shades[v.name], v.title, v is variants[0]) for v in variants]
        return every[::-1]


def band(axes: Axes, x: Values, lines: Sequence[Values], drawn: Drawn) -> None:
    """Draw the mean of a line over seeds; of the judged society also the band from the lowest to the highest."""
    every = np.array(lines, dtype=np.float64)
    if not every.size:
        return
    known = np.isfinite(every).any(axis=0)
    if not known.any():
        return
    shown = every[:, known]
    axes.plot(x[known], np.nanmean(shown, axis=0), color=drawn.shade, linewidth=drawn.width, label=drawn.title)
    if drawn.judged and len(every) > 1:
        low, high = np.nanmin(shown, axis=0), np.nanmax(shown, axis=0)
        axes.fill_between(x[known], low, high, color=drawn.shade, alpha=0.15, linewidth=0)


def lead_lag(axes: Axes, study: Study, what: str, shifts: Sequence[int], line: Callable[[Evidence], Values]) -> None:
    """Draw the correlation with output of the cycle of `what`, moved by each of `shifts` quarters, of all societies.

    Args:
        line: Returns the correlations of one seed, one a shift.
    """
    axes.set_title(f"{what} k quarters later, with GDP", loc="left")
    axes.set_xlabel("k, quarters (negative: earlier than GDP)")
    axes.set_ylabel("correlation of cycles")
    axes.axhline(0, color=GREY, linewidth=0.8)
    axes.axvline(0, color=GREY, linewidth=0.8)
    for drawn in study.drawn():
        band(axes, np.array(shifts, dtype=np.float64), [line(evidence) for evidence in drawn.runs], drawn)
    axes.set_ylim(-1.05, 1.05)


def pooled(runs: Sequence[Evidence], name: str) -> Values:
    """Return what was noted under a name, all seeds together."""
    return np.concatenate([evidence.array(name) for evidence in runs]) if runs else np.empty(0)


def matrix(series: Sequence[Values]) -> Values:
    """Return one row a seed, cut to the shortest that is not empty; (0, 0) where all are."""
    full = [values for values in series if len(values)]
    if not full:
        return np.empty((0, 0))
    shortest = min(len(values) for values in full)
    return np.stack([values[:shortest] for values in full])


@cache
def country_quarters(country: str) -> pd.DataFrame | None:
    """Return real quarterly series with the columns of a quarterly table; None where they are not installed."""
    if country != "us":
        return None
    try:
        macrodata = import_module("statsmodels.datasets.macrodata")
    except ImportError:
        return None
    table: Any = macrodata.load_pandas().data
    return pd.DataFrame(table[list(COLUMNS)])


def data_note(country: str) -> str:
    """Return which real series are drawn, or what to install for them."""
    if country_quarters(country) is not None:
        return f"orange: {DATA_SET}"
    if country != "us":
        return f"no real series of '{country}' are at hand"
    return "real US series need statsmodels: pip install 'wildsim[calibrate]'"


def legend_below(axes: Axes, **where: Any) -> None:
    """Write a small legend if there is anything to name, what was drawn last (the society itself) first."""
    handles, labels = axes.get_legend_handles_labels()
    if handles:
        axes.legend(handles[::-1], labels[::-1], fontsize=7.5, **where)


def text_of(value: float, digits: int = 3) -> str:
    """Return a number for a table: three significant digits, powers of ten for the very large and small."""
    if math.isnan(value):
        return "-"
    if value == 0.0:
        return "0"
    if not 1e-4 <= abs(value) < 1e6:
        return f"{value:.1e}"
    return f"{value:.{digits}g}" if abs(value) < 10**digits else f"{value:,.0f}"
