"""What the pictures of facts share: colours of societies, bands over seeds, real series of the country."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from wildsim.engine.plot import COLOURS
from wildsim.facts.evidence import Evidence
from wildsim.facts.table import Table

Values = NDArray[np.float64]

#: Colours of the societies, in their order.
DATA_COLOUR = "#D55E00"
_OTHERS = (COLOURS[4], COLOURS[5], COLOURS[1])
DATA_SET = "US 1959-2009 (statsmodels: macrodata)"


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
        people = f"{scenario.society.people:,} people"
        return f"{seeds} seed{'s' if seeds > 1 else ''}, {people}, {scenario.months} months after {scenario.burn_in}"

    def titles(self) -> dict[str, str]:
        """Return the titles of the societies by name."""
        return {variant.name: variant.title for variant in self.table.variants}

    def shades(self) -> dict[str, str]:
        """Return the colour of each society; the judged one is the dark one."""
        names = [variant.name for variant in self.table.variants]
        return {names[0]: COLOURS[0], **dict(zip(names[1:], _OTHERS, strict=False))}


def band(axes: Axes, x: Values, lines: Iterable[Values], shade: str, label: str, *, filled: bool = True) -> None:
    """Draw the mean of a line over seeds, and the band from the lowest to the highest."""
    every = np.array(list(lines), dtype=np.float64)
    if not every.size:
        return
    known = np.isfinite(every).any(axis=0)
    if not known.any():
        return
    shown = every[:, known]
    axes.plot(x[known], np.nanmean(shown, axis=0), color=shade, linewidth=1.8 if filled else 1.1, label=label)
    if filled and len(every) > 1:
        low, high = np.nanmin(shown, axis=0), np.nanmax(shown, axis=0)
        axes.fill_between(x[known], low, high, color=shade, alpha=0.15, linewidth=0)


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
    return pd.DataFrame(table[["realgdp", "realcons", "realinv", "unemp", "infl"]])


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
