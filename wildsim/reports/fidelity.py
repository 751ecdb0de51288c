"""Pictures and the page of a study of fidelity: a mind's answers beside people's."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wildsim.engine.plot import colour
from wildsim.engine.units import number
from wildsim.reports.study_page import picture, render, table
from wildsim.reports.style import figure, heading, save, styled
from wildsim.studies.fidelity import told
from wildsim.studies.fidelity.experiment import VERIFIED, Experiment, Numbers, text_of
from wildsim.studies.fidelity.study import Fidelity, Outcome

MIND, RULE, CHANCE = colour(1), colour(2), colour(3)
COLUMNS = 2
#: Most bars of a histogram.
BARS = 20
#: Reasons of a mind that the page quotes, and how much of each.
QUOTED, LONGEST = 10, 200


def draw(found: Fidelity, folder: Path) -> list[Path]:
    """Draw every picture into the folder and return the paths."""
    with styled():
        made = {"distances": distances(found), "histograms": histograms(found)}
        return [save(drawn, folder / f"{name}.png") for name, drawn in made.items()]


def distances(found: Fidelity) -> Figure:
    """Draw the distance of the mind and of the controls to people, beside that of people to people."""
    rows = found.outcomes
    made = figure(9.5, 1.5 + 0.42 * len(rows))
    axes = made.subplots()
    for row, one in enumerate(rows):
        label = "people against people, 95 %" if row == 0 else None
        axes.barh(row, one.floor.limit, height=0.7, color="#DDDDDD", label=label)
        axes.plot(one.mind.distance_interval, [row, row], color=MIND, linewidth=1.6)
    places = np.arange(len(rows))
    for name, shade, marker in (("mind", MIND, "o"), ("random", CHANCE, "x"), ("rule", RULE, "D")):
        values = [getattr(one, name).distance for one in rows]
        words = found.subject if name == "mind" else name
        axes.scatter(values, places, color=shade, marker=marker, s=34, zorder=3, label=_literal(words))
    axes.set_yticks(places, [f"{one.experiment.title}\n{told.verdict(one)}" for one in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(left=0)
    axes.grid(axis="y", visible=False)
    axes.set_xlabel("Wasserstein-1 distance to people, part of the range of answers")
    made.legend(loc="outside lower center", ncols=4, fontsize=8.5)
    below = (
        f"{told.label(found)}; {found.options.subjects} subjects an experiment; line: 95 %; within the grey bar: passes"
    )
    heading(made, "How far from people", below)
    return made


def histograms(found: Fidelity) -> Figure:
    """Draw answers of the mind beside those of people, one panel an experiment."""
    deep = -(-len(found.outcomes) // COLUMNS)
    made = figure(9.5, 2.5 * deep + 0.3)
    panels = made.subplots(deep, COLUMNS, squeeze=False)
    for axes, one in zip(panels.flat, found.outcomes, strict=False):
        _histogram(axes, one, found.subject)
    for axes in list(panels.flat)[len(found.outcomes) :]:
        axes.set_visible(False)
    handles, labels = panels.flat[0].get_legend_handles_labels()
    made.legend(handles, labels, loc="outside lower center", ncols=len(labels), fontsize=8.5)
    heading(
        made, "Answers beside people's", f"{told.label(found)}; what people's figures rest on is named: see the page"
    )
    return made


def _histogram(axes: Axes, one: Outcome, name: str) -> None:
    experiment = one.experiment
    edges = bins(experiment)
    step = float(edges[1] - edges[0])
    centres = edges[:-1] + step / 2.0
    people = np.histogram(experiment.human.points, edges, weights=experiment.human.weights)[0]
    axes.bar(centres, people, width=0.86 * step, color="#BBBBBB", label="people")
    if one.values.size:
        mine = np.histogram(one.values, edges)[0] / one.values.size
        axes.bar(centres, mine, width=0.36 * step, color=MIND, label=_literal(name))
    axes.axhline(1.0 / len(centres), color=CHANCE, linestyle=":", linewidth=1.2, label="all equally likely")
    for k, condition in enumerate(experiment.conditions):
        words = "rule" if k == 0 else None
        axes.axvline(experiment.rule(condition), color=RULE, linestyle="--", linewidth=1.2, label=words)
    axes.set_title(experiment.title, loc="left")
    axes.set_xlabel(experiment.field.unit)
    axes.set_ylabel("share of answers")
    apart = f"distance {number(one.mind.distance)}, limit {number(one.floor.limit)}, of the range"
    note = f"{told.verdict(one)}\n{apart}\npeople: {experiment.human.verified}"
    axes.text(0.985, 0.97, note, transform=axes.transAxes, ha="right", va="top", fontsize=7.5, color="#444444")
    axes.grid(axis="x", visible=False)
    axes.margins(y=0.42)  # the note stands above the bars
    axes.set_yticks([tick for tick in axes.get_yticks() if 0.0 <= tick <= 1.0])


def _literal(words: str) -> str:
    """Return words that people chose, so that a dollar begins no formula and an underscore hides nothing."""
    return words.replace("$", r"\$").lstrip("_") or "mind"


def bins(experiment: Experiment) -> Numbers:
    """Return the edges of a histogram's bars, centred on what people answer where that is regular."""
    gaps = np.diff(experiment.human.points)
    step = max(float(gaps.min()), experiment.span / BARS)
    first, last = experiment.field.low - step / 2.0, experiment.field.high + step / 2.0
    return np.asarray(np.linspace(first, last, round((last - first) / step) + 1))


def page(found: Fidelity, command: str, pictures: Sequence[Path]) -> str:
    """Return the page: one self-contained HTML file. What a model wrote is quoted as text."""
    shown = {path.stem: path for path in pictures}
    who = f"<p class='soft'><b>{html.escape(told.label(found))}</b></p>"
    parts = [
        f"<p>{html.escape(_size(found))}</p>",
        "<ul>",
        *(f"<li>{html.escape(line)}</li>" for line in told.summary(found)),
        "</ul>",
        f"<p>{html.escape(told.CRITERION)}</p>",
        *("<h2>Distance to people</h2>", who, table(told.HEADERS, told.cells(found))),
        "<p>shift: mean less people's, in standard deviations of people. used: answers that could be used of those "
        "asked for.</p>",
        picture(shown["distances"], "Distances to people"),
        picture(shown["histograms"], "Histograms of answers beside people's"),
        *("<h2>Five wordings and the order of the listing</h2>", who),
        table(told.ROBUST_HEADERS, told.robust_cells(found)),
        "<p>In standard deviations of people. Spread: highest less lowest mean over five wordings of the same task. "
        "Reversed listing: mean where options or payoffs are listed in reverse, less the other. By luck: what would "
        "not be exceeded in 95 of 100 cases if words and order did nothing.</p>",
        *("<h2>Where people's answers come from</h2>", who, table(told.SOURCE_HEADERS, told.source_cells(found))),
        "<ul>",
        *(f"<li><b>{html.escape(word)}</b>: {html.escape(meaning)}</li>" for word, meaning in VERIFIED.items()),
        "</ul>",
        *("<h2>The rule, and where the task differs</h2>", who),
        table(["experiment", "rule", "what it is", "caveat"], told.rule_cells(found)),
        *_tasks(found),
        *_reasons(found),
        f"<pre>{html.escape(command)}</pre>",
    ]
    return render(f"Fidelity of {found.subject}", parts)


def _size(found: Fidelity) -> str:
    size = f"{found.options.subjects} subjects each, seed {found.options.seed}"
    return f"{len(found.outcomes)} experiments with people, put to a mind as decisions: {size}."


def _tasks(found: Fidelity) -> Iterable[str]:
    """Yield the tasks as the first subject reads them."""
    yield "<h2>The tasks, first wording</h2>"
    for one in found.outcomes:
        text = text_of(one.experiment, 0, False, one.experiment.conditions[0])
        yield f"<details><summary>{html.escape(one.experiment.title)}</summary><p>"
        yield html.escape(text).replace("\n", "<br>") + "</p></details>"


def _reasons(found: Fidelity) -> Iterable[str]:
    """Yield why the mind gave no answers, in its own words."""
    if found.reasons:
        yield "<h2>Why there was no answer, as the mind or its chain put it</h2>"
        yield f"<p class='soft'><b>{html.escape(told.label(found))}</b></p>"
        yield table(["times", "words"], ([str(count), said[:LONGEST]] for said, count in found.reasons[:QUOTED]))
