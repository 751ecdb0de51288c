"""Pictures and the page of a calibration: moments against their ranges, the search, loss against each parameter."""

from __future__ import annotations

import html
import math
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wildsim.engine.plot import colour
from wildsim.engine.units import number
from wildsim.reports.study_page import picture, render, table
from wildsim.reports.style import GREY, figure, heading, plain_log, save, styled
from wildsim.scenario.schema import Scenario
from wildsim.studies.calibrate import Calibration
from wildsim.studies.fit import as_good, standard_error
from wildsim.studies.trial import MOVES, TRIALS, Trial

#: Half-ranges from the middle at which a mark is drawn at the edge of the picture.
FARTHEST = 3.0
COLUMNS = 4
AFTER, CHOSEN = colour(1), colour(2)
METHOD = (
    "Method: simulated moments with common random numbers. The loss of a world is the weighted mean over moments of "
    "log(1 + d\u00b2), d the distance from the middle of the range in half-ranges; a moment without a value counts "
    "d = 100. {points} The best few were lived on further seeds, and the best over both was taken."
)
POINTS = {
    TRIALS: "Points come from the tree-structured Parzen estimator of optuna.",
    MOVES: "Points come from moving the parameters one at a time and from steps that a linear model of the moments "
    "promises the largest share of ranges; a step is taken if the share expected on further seeds is larger.",
}


def draw(found: Calibration, folder: Path) -> list[Path]:
    """Draw every picture into the folder and return the paths."""
    with styled():
        made = {"moments": moments(found), "search": search(found), "parameters": parameters(found)}
        return [save(drawn, folder / f"{name}.png") for name, drawn in made.items()]


def moments(found: Calibration) -> Figure:
    """Draw each moment of each world on the scale of its range, before and after."""
    rows = found.targets.moments
    made = figure(9.5, 1.1 + 0.30 * len(rows))
    axes = made.subplots()
    axes.axvspan(-1, 1, color="#DDEBDD", zorder=0)
    axes.axvline(0, color=GREY, linewidth=0.8, linestyle=(0, (3, 2)))
    fresh = found.fresh is not None
    arms = (
        ((found.start_fresh, "before"), (found.fresh, "after"))
        if fresh
        else ((found.start, "before"), (found.best, "after"))
    )
    for index, (trial, label) in enumerate(arms):
        assert trial is not None
        _marks(axes, found, trial, label, index)
    axes.set_yticks(range(len(rows)), [f"{t.name}   [{number(t.low)}, {number(t.high)}]" for t in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(-FARTHEST - 0.25, FARTHEST + 0.25)
    axes.set_xticks([-2, -1, 0, 1, 2], ["", "low end", "middle", "high end", ""])
    axes.grid(axis="x", visible=False)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.05), ncols=2)
    which = "fresh seeds, not searched on" if fresh else "the seeds searched on"
    heading(made, "Moments against their ranges", f"a dot a world, {which}; bar: mean; at the margin: farther away")
    return made


def _marks(axes: Axes, found: Calibration, trial: Trial, label: str, index: int) -> None:
    shift, shade = (-0.17, 0.17)[index], (GREY, AFTER)[index]
    for row, target in enumerate(found.targets.moments):
        values = np.array([outcome.values.get(target.name, math.nan) for outcome in trial.outcomes])
        places = (values - (target.low + target.high) / 2) / ((target.high - target.low) / 2)
        shown = np.clip(places, -FARTHEST, FARTHEST)
        axes.scatter(shown, np.full(len(shown), row + shift), s=11, color=shade, alpha=0.55, linewidths=0)
        mean = float(np.clip(np.nanmean(places), -FARTHEST, FARTHEST)) if np.isfinite(places).any() else math.nan
        axes.plot([mean, mean], [row + shift - 0.14, row + shift + 0.14], color=shade, linewidth=2.2)
    axes.scatter([], [], s=16, color=shade, label=label)


def search(found: Calibration) -> Figure:
    """Draw the loss and the share inside of every trial, and the best so far."""
    made = figure(9.5, 3.4)
    left, right = made.subplots(1, 2)
    numbers = np.array([trial.number for trial in found.trials])
    losses = np.array([trial.loss for trial in found.trials])
    shares = np.array([trial.shares.mean() for trial in found.trials])
    best = np.minimum.accumulate(losses)
    first = np.array([int(np.flatnonzero(losses[: i + 1] == best[i])[0]) for i in range(len(losses))])
    for axes, values, title, label in (
        (left, losses, "Loss", "mean over worlds; lower is better"),
        (right, shares, "Share inside", "mean single-run share of moments in range"),
    ):
        axes.scatter(numbers, values, s=12, color=GREY, alpha=0.6, linewidths=0, label="a trial")
        axes.step(
            numbers, values[first], where="post", color=AFTER, linewidth=1.6, label="that of the lowest loss so far"
        )
        axes.scatter(
            [found.best.number], values[numbers == found.best.number], s=40, color=CHOSEN, label="chosen", zorder=3
        )
        axes.set_title(title, loc="left")
        axes.set_xlabel("trial")
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.set_ylabel(label)
    if losses.max() > 3 * np.median(losses):
        left.set_yscale("log")
        plain_log(left.yaxis)
    right.legend(loc="lower right")
    seeds = found.options.search_seeds
    heading(made, "The search", f"{len(found.trials)} trials on seeds {seeds[0]}-{seeds[-1]}")
    return made


def parameters(found: Calibration) -> Figure:
    """Draw the loss of every trial against each parameter; those that fit about as well stand out."""
    dimensions = found.targets.dimensions
    columns = min(COLUMNS, len(dimensions))
    rows = math.ceil(len(dimensions) / columns)
    made = figure(3.0 * columns, 2.05 * rows + 0.2)
    grid = np.atleast_1d(made.subplots(rows, columns, sharey=True, squeeze=False)).ravel()
    alike = {trial.number for trial in as_good(found)}
    losses = np.array([trial.loss for trial in found.trials])
    good = np.array([trial.number in alike for trial in found.trials])
    # Collapsed worlds would flatten the rest: the axis ends at the worst of nine tenths.
    top = float(np.quantile(losses, 0.9)) + 0.1 * float(np.ptp(losses[losses <= np.quantile(losses, 0.9)]) or 1.0)
    for axes, dimension in zip(grid, dimensions, strict=False):
        values = np.array([trial.point[dimension.name] for trial in found.trials])
        axes.scatter(values[~good], losses[~good], s=9, color=GREY, alpha=0.5, linewidths=0)
        axes.scatter(values[good], losses[good], s=16, color=AFTER, linewidths=0)
        axes.axvline(dimension.start, color=GREY, linewidth=1, linestyle=(0, (3, 2)))
        axes.scatter([found.best.point[dimension.name]], [found.best.loss], s=42, color=CHOSEN, zorder=3)
        axes.set_title(dimension.name, loc="left", fontsize=8.5)
        axes.set_xlim(dimension.low, dimension.high)
        if dimension.log:
            axes.set_xscale("log")
            plain_log(axes.xaxis)
        axes.set_ylim(float(losses.min()) - 0.05 * (top - float(losses.min())), top)
    for axes in grid[len(dimensions) :]:
        axes.remove()
    for axes in grid[::columns]:
        if axes.figure is not None:
            axes.set_ylabel("loss")
    below = "a dot a trial; blue: about as good as the best; orange: chosen; dashed: the scenario before"
    heading(made, "Loss against each parameter", below)
    return made


def page(found: Calibration, document: dict[str, Any], story: Scenario, command: str, pictures: list[Path]) -> str:
    """Return the page: one self-contained HTML file."""
    shown = {path.stem: path for path in pictures}
    error = standard_error(found.best.losses)
    method = METHOD.format(points=POINTS[document["search"]])
    parts = [
        _summary(document, story),
        "<h2>Moments</h2>",
        picture(shown["moments"], "Moments of each world against their ranges"),
        _moments(document),
        "<h2>Parameters</h2>",
        f"<p>{document['as_good_trials']} of {document['trials']} trials fit about as well as the best: their loss is "
        f"within one standard error over seeds ({number(error)}) of its {number(found.best.loss)}. "
        "Where their interval is nearly all that was searched, the moments do not tell that parameter.</p>",
        picture(shown["parameters"], "Loss against each parameter"),
        _parameters(document),
        "<h2>Search</h2>",
        picture(shown["search"], "Loss and share inside of every trial"),
        f"<p>{html.escape(method)} {document['collapsed_trials']} of {document['trials']} trials had a world without "
        f"all moments.</p>",
        _rounds(document),
        f"<pre>{html.escape(command)}</pre>",
    ]
    return render(f"Calibration of {story.name}", parts)


def _summary(document: dict[str, Any], story: Scenario) -> str:
    rows = []
    for label, arm in (("before", "start"), ("after", "best")):
        for kind in ("search", "fresh"):
            score = document[arm][kind]
            if score:
                seeds = document["seeds"][kind]
                where = f"{'searched on' if kind == 'search' else 'fresh'}: {seeds[0]}-{seeds[-1]}"
                rows.append(
                    [label, where, f"{score['inside']:.3f}", number(score["inside_se"], 2), f"{score['loss']:.3f}"]
                )
    size = f"{story.society.people:,} people, {story.burn_in} months of burn-in and {story.months} recorded"
    headers = ["parameters", "seeds", "mean single-run share inside", "standard error", "loss"]
    return f"<p>{html.escape(size)}. <b>{html.escape(document['verdict'])}</b></p>{table(headers, rows)}"


def _rounds(document: dict[str, Any]) -> str:
    """Return the table of the steps of a search by moves; nothing for another search."""
    if not document["rounds"]:
        return ""
    headers = ["round", "from trial", "to trial", "reach", "share promised", "on further seeds", "before", ""]
    rows = []
    for count, one in enumerate(document["rounds"], start=1):
        for step in one["steps"]:
            shares = [f"{step[key]:.3f}" for key in ("promised", "found", "base")]
            ends = [str(count), str(one["base"]), str(step["trial"]), f"{step['reach']:.3g}"]
            rows.append([*ends, *shares, "taken" if step["taken"] else ""])
    stuck = sorted({name for one in document["rounds"] for name in one["stuck"]})
    note = (
        f"<p>Worlds fell apart beside a base, so that these stayed: {html.escape(', '.join(stuck))}.</p>"
        if stuck
        else ""
    )
    return table(headers, rows) + note


def _moments(document: dict[str, Any]) -> str:
    headers = ["moment", "range", "before", "inside", "after", "inside", "after, fresh seeds", "inside", "source"]
    rows = []
    for row in document["moments"]:
        cells = [row["moment"], f"{number(row['low'])} to {number(row['high'])}"]
        for arm in ("start", "search", "fresh"):
            value = row[arm]
            cells += [number(value["mean"]), f"{value['inside']:.2f}"] if value else ["-", "-"]
        rows.append([*cells, row["source"] or "none given"])
    return table(headers, rows)


def _parameters(document: dict[str, Any]) -> str:
    headers = ["parameter", "unit", "before", "after", "about as well", "searched", "told by the moments?"]
    rows = []
    for row in document["parameters"]:
        told = "at the edge of the search" if row["at_bound"] else f"{1 - row['width']:.0%} of the range ruled out"
        cells = [row["parameter"], row["unit"], f"{row['start']:.4g}", f"{row['best']:.4g}"]
        cells += [
            f"{row['low']:.4g} to {row['high']:.4g}",
            f"{row['search_low']:.4g} to {row['search_high']:.4g}",
            told,
        ]
        rows.append(cells)
    return table(headers, rows)
