"""Picture of the education sector: the exam and its cut-off, who gets the seats, what schooling earns."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wildsim.engine.api import Run
from wildsim.engine.plot import colour, draw_series
from wildsim.reports.series import arm_legend, seeds_of
from wildsim.reports.spread import Sample, samples
from wildsim.reports.style import GREY, figure, heading, plain_log, say_nothing_to_show

Values = np.ndarray[Any, Any]
Drawn = dict[str, dict[str, list[Sample]]]

_DASHED: Any = (0, (3, 2))
_FIFTHS = 5


def picture(run: Run) -> Figure:
    """Draw the cut-off, scores, seats by family income, enrolment, schooling and wages by schooling."""
    made = figure(13, 6.8)
    (cutoff, scores, seats), (enrolled, schooling, wages) = made.subplots(2, 3)
    for axes, name, title in (
        (cutoff, "cutoff_score", "Cut-off: score of the last who got a seat"),
        (enrolled, "enrolment_rate", "People of 15-24 in education"),
        (schooling, "schooling_years", "Mean schooling of people of 25 and over"),
    ):
        draw_series(axes, run, name)
        axes.set_title(title, loc="left")
        axes.set_xlabel("month")
    drawn = {arm: samples(run, arm) for arm in run.arms}
    _scores(scores, run, drawn)
    _seats(seats, drawn)
    _wages(wages, drawn[run.arms[0]])
    band = "mean and the band that holds 80 % of the seeds" if len(run.seeds) > 2 else "mean"
    below = f"{seeds_of(run)} x {run.months} months: {band}; the exam is sat every June, when pupils leave"
    if len(run.arms) > 1:
        below += "; dashed: a policy starts"
        arm_legend(made, run)
    heading(made, f"{run.name}: the exam, its seats, and what schooling earns", below)
    return made


def _pooled(found: list[Sample]) -> tuple[Values, Values]:
    """Return the values of all seeds and the share of all that each stands for."""
    weights = np.concatenate([sample.weights for sample in found]) / len(found)
    return np.concatenate([sample.values for sample in found]), weights


def _scores(axes: Axes, run: Run, drawn: Drawn) -> None:
    """Draw the scores of the last exam and the cut-off of each arm, mean of the seeds."""
    axes.set_title("Scores of the last exam", loc="left")
    axes.set_xlabel("points")
    axes.set_ylabel("% of those who sat it, in each bin")
    bins = np.arange(100.0, 901.0, 50.0)
    for number, (arm, found) in enumerate(drawn.items()):
        sat = [sample for sample in found.get("exam_score", []) if len(sample.values)]
        if not sat:
            say_nothing_to_show(axes, "nobody sat an exam\nin the last year")
            return
        values, weights = _pooled(sat)
        share, _ = np.histogram(values, bins, weights=weights)
        axes.stairs(100 * share, bins, color=colour(number), linewidth=1.6)
        last = run.arm(arm)["cutoff_score"].groupby("seed").last().mean()
        if np.isfinite(last):
            axes.axvline(last, color=colour(number), linewidth=1.2, linestyle=_DASHED)
            if number == 0:
                axes.text(last + 8, 0.97, f"cut-off {last:.0f}", transform=axes.get_xaxis_transform(), va="top")
    axes.set_ylim(0, axes.get_ylim()[1] * 1.15)


def _seats(axes: Axes, drawn: Drawn) -> None:
    """Draw how the seats of the last five years fell to fifths of family income."""
    axes.set_title("Who gets the seats", loc="left")
    axes.set_xlabel("fifth of family income, among those who sit the exam")
    axes.set_ylabel("% of the seats of five years")
    width = 0.8 / len(drawn)
    for number, found in enumerate(drawn.values()):
        chosen = [sample for sample in found.get("seat_family", []) if len(sample.values)]
        if not chosen:
            say_nothing_to_show(axes, "no seat was given away")
            return
        values, weights = _pooled(chosen)
        share, _ = np.histogram(values, np.linspace(0, 1, _FIFTHS + 1), weights=weights)
        place = np.arange(1, _FIFTHS + 1) + (number - (len(drawn) - 1) / 2) * width
        axes.bar(place, 100 * share / share.sum(), width=0.92 * width, color=colour(number))
    axes.axhline(100 / _FIFTHS, color=GREY, linewidth=1, linestyle=_DASHED)
    axes.text(0.55, 100 / _FIFTHS + 0.4, "equal parts", fontsize=8, color="#555555")
    axes.set_xticks(range(1, _FIFTHS + 1), ["poorest", "2", "3", "4", "richest"])
    axes.grid(axis="x", visible=False)


def _wages(axes: Axes, found: dict[str, list[Sample]]) -> None:
    """Draw wages with and without a degree (baseline), and how far apart their medians are."""
    axes.set_title("Wages by schooling (baseline)", loc="left")
    axes.set_xlabel("USD a month, logarithmic")
    axes.set_ylabel("% of each group, in each bin")
    groups = (("wage_school", "less than 16 years", "#E69F00"), ("wage_degree", "16 years or more", "#009E73"))
    kept = [
        (_pooled(found[name]), text, shade) for name, text, shade in groups if any(len(s.values) for s in found[name])
    ]
    if len(kept) < len(groups):
        say_nothing_to_show(axes, "nobody works with,\nor nobody without a degree")
        return
    everything = np.concatenate([values for (values, _), _, _ in kept])
    bins = np.geomspace(np.quantile(everything, 0.002), np.quantile(everything, 0.998), 36)
    axes.set_xscale("log")
    medians = []
    for (values, weights), text, shade in kept:
        share, _ = np.histogram(values, bins, weights=weights)
        axes.stairs(100 * share, bins, color=shade, linewidth=1.8, label=text)
        order = np.argsort(values)
        at = np.searchsorted(np.cumsum(weights[order]), weights.sum() / 2)
        medians.append(float(values[order][min(at, len(values) - 1)]))
        axes.axvline(medians[-1], ymax=0.75, color=shade, linewidth=1, linestyle=_DASHED)
    axes.set_ylim(0, axes.get_ylim()[1] * 1.3)
    axes.legend(loc="upper left", fontsize=8.5, title=f"medians: +{100 * (medians[1] / medians[0] - 1):.0f} %")
    plain_log(axes.xaxis)
