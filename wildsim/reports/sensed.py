"""Pictures of what is measured: published values beside the truth, and the triangle of revisions."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wildsim.engine.api import Run
from wildsim.engine.plot import colour, title_of
from wildsim.engine.units import scale, unit_of
from wildsim.reports.style import GREY, figure, heading, say_nothing_to_show

#: Panels at most, and months that the triangle shows.
MOST, SHOWN = 9, 24
#: Standard errors on each side of a 95 % interval.
REACH = 1.96


def picture(run: Run) -> Figure:
    """Draw, for each indicator that a sensor measures, the truth and what was first published of it; first seed."""
    published = first_releases(run.sensed())
    names = list(run.sensed()["indicator"].unique())[:MOST]
    wide = min(3, len(names))
    made = figure(4.4 * wide, 3.0 * math.ceil(len(names) / wide) + 0.4)
    panels = list(np.atleast_1d(made.subplots(math.ceil(len(names) / wide), wide)).ravel())
    truth = run.indicators.loc[run.seeds[0]]
    for panel, name in zip(panels, names, strict=False):
        _measured(panel, name, published[published["indicator"] == name], truth[name])
    for panel in panels[len(names) :]:
        panel.remove()
    shown = {name: line for panel in panels for line, name in zip(*panel.get_legend_handles_labels(), strict=True)}
    if shown:
        made.legend(shown.values(), shown, loc="outside lower center", ncols=3, fontsize=8.5)
    below = f"seed {run.seeds[0]}, {run.arms[0]}; first releases by the month they speak of; band: 95 % by their errors"
    heading(made, f"{run.name}: what was measured", below)
    return made


def first_releases(sensed: pd.DataFrame) -> pd.DataFrame:
    """Return the first release of each indicator and recorded period, as `sensed.parquet` has them."""
    recorded = sensed[sensed["period"] >= 0].sort_values(["indicator", "period", "vintage"], kind="stable")
    return recorded.drop_duplicates(["indicator", "period"])


def _measured(axes: Axes, name: str, published: pd.DataFrame, truth: pd.Series) -> None:
    axes.set_title(title_of(name), loc="left")
    if published["value"].isna().all():
        say_nothing_to_show(axes, "nothing was published")
        return
    shown = scale(unit_of(name), float(published["value"].abs().max()))
    axes.set_ylabel(shown.unit)
    axes.set_xlabel("month")
    values, errors = published["value"] * shown.factor, published["se"] * shown.factor * REACH
    low, high = values - errors, values + errors
    axes.fill_between(published["period"], low, high, color=colour(1), alpha=0.2, linewidth=0, label="95 % interval")
    axes.plot(published["period"], values, color=colour(1), linewidth=1.1, label="published")
    axes.plot(truth.index, truth * shown.factor, color="#222222", linewidth=1.4, label="true")


def revised(run: Run) -> list[str]:
    """Return the indicators of which some recorded period was published more than once."""
    sensed = run.sensed()
    sensed = sensed[sensed["period"] >= 0]
    counts = sensed.groupby(["indicator", "period"], observed=True).size()
    return list(dict.fromkeys(counts[counts > 1].index.get_level_values("indicator")))


def triangle(run: Run) -> Figure:
    """Draw the triangle of revisions: by how much each release of a period differed from the last one, first seed."""
    names, sensed = revised(run)[:3], run.sensed()
    made = figure(4.6 * len(names), 4.6)
    for panel, name in zip(np.atleast_1d(made.subplots(1, len(names))), names, strict=True):
        _triangle(panel, name, sensed[(sensed["indicator"] == name) & (sensed["period"] >= 0)])
    below = f"seed {run.seeds[0]}, {run.arms[0]}; what was known, from the last release"
    heading(made, f"{run.name}: revisions", below)
    return made


def _triangle(axes: Axes, name: str, own: pd.DataFrame) -> None:
    axes.set_title(title_of(name), loc="left")
    table = own.pivot(index="period", columns="vintage", values="value").ffill(axis=1)
    table = table.loc[table.index[-SHOWN:], table.columns[-SHOWN:]]
    apart = 100.0 * (table.div(table.iloc[:, -1], axis=0) - 1.0)
    if apart.isna().all(axis=None):
        say_nothing_to_show(axes, "nothing was published")
        return
    most = float(np.nanmax(apart.abs().to_numpy())) or 1.0
    mesh = axes.pcolormesh(table.columns, table.index, apart, cmap="PuOr", vmin=-most, vmax=most, shading="nearest")
    axes.set_xlabel("month of publication")
    axes.set_ylabel("month that it speaks of")
    axes.grid(visible=False)
    axes.get_figure().colorbar(mesh, ax=axes, label="% from the last release", shrink=0.8)  # type: ignore[union-attr]
    axes.text(0.03, 0.97, "not published yet", transform=axes.transAxes, va="top", fontsize=8.5, color=GREY)
