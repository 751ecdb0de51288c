"""Pictures of the business cycle: leads and lags beside real data, the cycles themselves, the share of ranges held."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wildsim.facts.moments import SHIFTS, hp_cycle, macro_moments
from wildsim.reports.facts.common import DATA_COLOUR, Study, Values, country_quarters, data_note, lead_lag, legend_below
from wildsim.reports.style import GREY, figure, heading, say_nothing_to_show

_SERIES = {"cons": "Consumption", "inv": "Investment", "unemp": "Unemployment", "infl": "Inflation"}


def picture(study: Study) -> Figure:
    """Draw correlations of four cycles with output's at leads and lags, one seed's cycles, and the shares inside."""
    made = figure(14, 7.4)
    (first, second, cycles), (third, fourth, shares) = made.subplots(2, 3)
    for axes, name in zip((first, second, third, fourth), _SERIES, strict=True):
        _correlations(axes, study, name)
    legend_below(first, loc="lower center")
    _cycles(cycles, study)
    _shares(shares, study)
    note = data_note(study.table.country.name)
    heading(made, f"{study.name}: the business cycle", f"{study.about} of burn-in; band: all seeds; {note}")
    return made


def _correlations(axes: Axes, study: Study, name: str) -> None:
    def line(moments: Mapping[str, float]) -> Values:
        return np.array([moments[f"xcorr_{name}_{k:+d}"] for k in SHIFTS])

    lead_lag(axes, study, _SERIES[name], SHIFTS, lambda evidence: line(evidence.moments))
    real = country_quarters(study.table.country.name)
    if real is not None:
        look: Any = {"color": DATA_COLOUR, "linewidth": 1.8, "marker": "o", "markersize": 3.5}
        axes.plot(SHIFTS, line(macro_moments(real)), label="United States", **look)


def _cycles(axes: Axes, study: Study) -> None:
    """Draw the cycles of output and unemployment of the first seed."""
    quarters = study.judged[0].quarters
    axes.set_title(f"Cycles of seed {study.table.seeds[0]}", loc="left")
    output, jobless = study.judged[0].output_cycle, hp_cycle(quarters["unemp"].to_numpy(dtype=np.float64))
    if len(output) < 8 or not np.isfinite(output).all():
        say_nothing_to_show(axes, "needs two years in which something is made")
        return
    time = np.arange(len(output)) / 4.0
    axes.axhline(0, color=GREY, linewidth=0.8)
    axes.plot(time, output, color="#333333", linewidth=1.6, label="real GDP, % of trend")
    axes.plot(time, jobless, color="#0072B2", linewidth=1.6, label="unemployment, points")
    axes.set_xlabel("years")
    axes.set_ylabel("deviation from trend (HP 1600)")
    legend_below(axes, loc="upper right", ncols=2)


def _shares(axes: Axes, study: Study) -> None:
    """Draw the share of macro ranges that each seed of each society lies in."""
    axes.set_title("Share of the macro ranges held", loc="left")
    shades, titles = study.shades(), study.titles()
    for number, name in enumerate(titles):
        found = study.table.share_inside(name)
        values = np.array(found.values)
        axes.barh(number, found.mean, color=shades[name], alpha=0.3, height=0.6)
        scatter = np.linspace(-0.18, 0.18, len(values)) if len(values) > 1 else np.zeros(1)
        axes.plot(values, number + scatter, ".", color=shades[name], markersize=5)
        axes.text(1.02, number, f"{found.mean:.2f}", va="center", fontsize=9, color=shades[name])
    axes.set_yticks(range(len(titles)), list(titles.values()))
    axes.invert_yaxis()
    axes.set_xlim(0, 1.12)
    axes.set_xlabel("share inside of a single run (dots: seeds; bar: mean)")
    axes.grid(axis="y", visible=False)
