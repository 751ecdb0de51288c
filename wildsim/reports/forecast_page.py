"""The page of a forecast check: one HTML file with its pictures, tables and what every mark means."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from wildsim.engine import files
from wildsim.reports.forecast import NAMES, PICTURES, SHORT, shown
from wildsim.reports.study_page import image, render, table
from wildsim.reports.style import save, styled
from wildsim.studies.forecast.analogues import STATE
from wildsim.studies.forecast.judge import WITHIN, Score
from wildsim.studies.forecast.library import SOCIETY
from wildsim.studies.forecast.quarters import GDP, HORIZONS, JUDGED, UNEMPLOYMENT, VARIABLES
from wildsim.studies.forecast.study import KNOWN, Check

_STYLE = """
figcaption{color:var(--soft)}figure{margin:1rem 0}table{width:100%}
th,td{text-align:right;padding:.3rem .6rem;white-space:nowrap;color:inherit}th{white-space:normal;vertical-align:bottom}
th:first-child,td:first-child{text-align:left}.words td{text-align:left;white-space:normal}
"""
UNITS = {"gdp": "% of GDP", "unemployment": "points", "inflation": "points a year"}
CAPTIONS = {
    "paths": "Black: what came. Coloured: forecast from every fourth origin; it knew nothing after its first dot. The "
    "fan holds 80 % of the society's errors when it forecasts itself.",
    "ratios": f"Left of the black line a forecaster beats the AR(1). The dashed line is {WITHIN:g} times its error.",
    "windows": "Each point takes as many successive origins as the table does; further right is later.",
}


def number(value: float, digits: int = 2) -> str:
    """Return a number, or a dash where there is none."""
    return "-" if value != value else f"{round(value, digits) + 0.0:.{digits}f}"  # no minus before a zero


def with_interval(score: Score) -> str:
    """Return a ratio and its interval as text."""
    return f"{number(score.ratio)} [{number(score.low)}, {number(score.high)}]" if score.n else "no forecast"


def table_of(check: Check) -> list[list[str]]:
    """Return the main table: a row a variable and horizon."""
    rows = []
    others = [name for name in shown(check) if name != SOCIETY]
    for place, variable in enumerate(VARIABLES):
        for horizon in JUDGED:
            score = check.score(SOCIETY, place, horizon)
            rows.append(
                [
                    f"{variable}, {horizon} ahead",
                    UNITS[variable],
                    number(score.rival),
                    number(score.rmse),
                    with_interval(score),
                    number(score.p),
                    _words(check, place, horizon),
                    number(check.score(SOCIETY, place, horizon, check.everything).ratio),
                    *(number(check.score(name, place, horizon).ratio) for name in others),
                ]
            )
    return rows


def _words(check: Check, place: int, horizon: int) -> str:
    """Say what the ratio says, and which control does as well: then it says nothing of the society."""
    as_good = check.controls_as_good(place, horizon)
    nothing = f"; says nothing: {', '.join(as_good)} as good" if as_good else ""
    return check.score(SOCIETY, place, horizon).words + nothing


def headers_of(check: Check) -> list[str]:
    """Return the headers of the main table."""
    others = [SHORT[name] for name in shown(check) if name != SOCIETY]
    n = f"{len(check.origins)} origins"
    return ["quarters ahead", "unit", "AR(1)", "society", "ratio", "p", "the society is", f"ratio, all {n}", *others]


def summary(check: Check) -> str:
    """Return in words whether the stated aim is met, how much the choice of quarters matters, and what is worse."""
    first = {name: check.score(SOCIETY, place, 1).ratio for place, name in enumerate(VARIABLES)}
    met = [name for name in ("unemployment", "gdp") if first[name] <= WITHIN]
    text = ", ".join(f"{name} {first[name]:.2f}" for name in ("unemployment", "gdp"))
    verdict = "met" if len(met) == 2 else f"met for {met[0]} alone" if met else "missed"
    return (
        f"One quarter ahead, error / the AR(1)'s: {text}. Aim, at most {WITHIN:g} for both: {verdict}; "
        f"{_stretches(check)} {_worse(check)}"
    )


def _stretches(check: Check) -> str:
    """Say in how many stretches of the data the aim is met."""
    met = np.logical_and(*(check.rolling(SOCIETY, place, 1) <= WITHIN for place in (GDP, UNEMPLOYMENT)))
    return f"it is met in {int(met.sum())} of the {len(met)} stretches of {int(check.chosen.sum())} origins in a row."


def _worse(check: Check) -> str:
    """Name what the society forecasts worse than the AR(1)."""
    found = {}
    for place, variable in enumerate(VARIABLES):
        for horizon in JUDGED:
            score = check.score(SOCIETY, place, horizon)
            if score.ratio > 1:
                found[f"{variable} {horizon} ahead"] = score.words.removeprefix("worse, ")
    if not found:
        return "Nothing is forecast worse than by the AR(1)."
    return "Worse than the AR(1): " + "; ".join(f"{name} ({words})" for name, words in found.items()) + "."


def write_report(check: Check, path: Path, about: dict[str, Any]) -> list[Path]:
    """Write pictures and page; return the page first, then the pictures.

    Args:
        check: What was found. path: The folder. about: Facts on the society, in words, by name.
    """
    pictures = []
    with styled():
        for name, draw in PICTURES.items():
            pictures.append(save(draw(check), path / "figures" / f"{name}.png"))
    page = path / "forecast.html"
    files.write(page, _page(check, pictures, about).encode())
    return [page, *pictures]


def _page(check: Check, pictures: list[Path], about: dict[str, Any]) -> str:
    figures = "".join(_figure(path) for path in pictures)
    title = f"{about['name']}: does the society know what comes next?"
    body = f"""<p>{escape(summary(check))}</p>
<p class="soft">{escape(check.data.name)}; origins {escape(check.label)} ({int(check.chosen.sum())} quarters).
{escape("; ".join(f"{key}: {value}" for key, value in about.items() if key != "name"))}.</p>
<h2>Errors, one and four quarters ahead</h2>
{table(headers_of(check), table_of(check))}
<p class="soft">AR(1), society: root mean squared errors. ratio: society / AR(1), its 95 % interval (blocks of origins
drawn anew). p: of equal accuracy (Diebold and Mariano, small-sample correction). Further columns: the same ratio
for other forecasters. Says nothing: a control, which knows no dynamics, forecasts as well.</p>
{figures}
<h2>Where its dynamics differ</h2>
<p>What comes after a state, per unit of each of its six numbers: the society's slope / the slope in all of the data.
GDP in percent since, unemployment and inflation in points. Explained: the share of what comes that the state tells.</p>
{table(["quarters ahead", *STATE, "explained"], _slopes(check))}
<h2>Who forecasts</h2>
<div class="words">{table(["forecaster", "how"], _who(check))}</div>
<h2>How</h2>
{_method(check)}"""
    return render(title, [body], style=_STYLE)


def _figure(path: Path) -> str:
    caption = CAPTIONS[path.stem]
    return f"<figure>{image(path, caption)}<figcaption>{escape(caption)}</figcaption></figure>"


def _slopes(check: Check) -> list[list[str]]:
    rows = []
    for place, variable in enumerate(VARIABLES):
        for horizon in JUDGED:
            at = HORIZONS.index(horizon), place
            sides = (check.society_slopes, check.data_slopes)
            pairs = zip(*(side.per_unit[at] for side in sides), strict=True)
            cells = [" / ".join(number(float(value)) for value in pair) for pair in pairs]
            explained = " / ".join(number(float(side.explained[at])) for side in sides)
            rows.append([f"{variable}, {horizon} ahead", *cells, explained])
    return rows


def _who(check: Check) -> list[list[str]]:
    how = {
        "own_past": "a regression on the same six numbers, estimated on the data up to the origin: what the state "
        "tells without any society",
        "no_change": "unemployment and inflation stay; GDP keeps its mean growth so far",
        "scrambled": "control: the society's states, each followed by what came after another one",
        "shuffled": "control: a society whose decisions are dealt anew among its people every month",
        "random": "control: a society whose people decide by chance",
    }
    rows = [
        ["AR(1)", f"next = a + b x last, estimated anew at every origin on all quarters up to it ({KNOWN} or more)"]
    ]
    for name in shown(check):
        text = [how[name]] if name in how else []
        if name in check.choices:
            text.append(f"{check.choices[name].rule.words} ({check.states[name]:,} states)")
        if name in check.why_not:
            text.append(f"it forecasts nothing: {check.why_not[name]}")
        rows.append([NAMES[name], "; ".join(text)])
    return rows


def _method(check: Check) -> str:
    inside = "; ".join(
        f"{variable} {100 * check.inside_band[HORIZONS.index(h), n]:.0f} % ({h} ahead)"
        for n, variable in enumerate(VARIABLES)
        for h in JUDGED
    )
    mean = ", ".join(f"{name} {value:.2f}" for name, value in zip(VARIABLES, check.mean, strict=True))
    strange = 100 * float((check.strangeness[check.chosen] > 1).mean())
    parts = [
        "The society is never fitted to these data at an origin. Long runs of it make a library of states and of what "
        "came after each. At every origin the data's state is looked up there, and what came after such states is the "
        "forecast: a change from the origin.",
        f"A state is six numbers: {', '.join(STATE)}. Each is measured from the mean of its own economy: the society's "
        "over its library, the data's over the quarters up to the origin. Levels therefore need not match.",
        "How many neighbours are asked, and whether their mean or a line through them is taken, was chosen where the "
        "society forecasts itself, one run left out at a time. The data had no part in it.",
        f"Data: {check.data.source}. They are revised figures, not those known at the time; that helps all alike.",
        f"Outcomes inside the 80 % fan: {inside}. Fewer than 80 %: the society is too sure of itself.",
        f"Origins whose state is farther from the library than its own runs are from one another: {strange:.0f} %. "
        f"Means of the society, percent: {mean}.",
    ]
    return "".join(f"<p>{escape(part)}</p>" for part in parts)
