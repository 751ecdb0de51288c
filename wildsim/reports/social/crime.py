"""The picture of crime: what happens and what is counted, who offends, who is caught."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wildsim.engine.api import Run
from wildsim.engine.plot import colour, draw_series, set_months
from wildsim.engine.summary import cube
from wildsim.reports.series import arm_legend, seeds_of
from wildsim.reports.spread import Sample, samples
from wildsim.reports.style import GREY, figure, heading, say_nothing_to_show

Values = np.ndarray[Any, Any]

#: Recorded property and violent offences a 100,000 people: FBI, Crime in the United States 2019, table 1.
FBI_2019 = 2_109.9 + 366.7
#: Bounds of the age groups of the age-crime curve, years.
AGES = np.array([12, 16, 18, 21, 25, 30, 35, 40, 45, 50, 60, 70, 91], dtype=np.float64)
#: Ages at which offending peaks in most countries (Farrington 1986; Hirschi, Gottfredson 1983).
PEAK = (16, 25)
_SMALL: Any = {"fontsize": 8.5, "color": "#555555"}


def picture(run: Run) -> Figure:
    """Draw rates over time, clearance and prison, the age-crime curve, and how offences are spread over offenders."""
    made = figure(13.5, 7.2)
    (rates, prison, ages), (kinds, clearance, few) = made.subplots(2, 3)
    _true_and_recorded(rates, run)
    _kinds(kinds, run)
    draw_series(clearance, run, "clearance_rate")
    clearance.set_title("Offences cleared by arrest", loc="left")
    clearance.set_ylabel("% of known offences, last 12 months")
    draw_series(prison, run, "prison_rate")
    prison.set_title("In prison for these offences", loc="left")
    drawn = {arm: samples(run, arm) for arm in run.arms}
    _age_curve(ages, drawn)
    _concentration(few, drawn)
    for axes in (rates, kinds, clearance, prison):
        axes.set_xlabel("month")
    for axes in (clearance, prison):
        axes.set_ylim(bottom=0)
    below = f"{seeds_of(run)}; rates of the last 12 months; band: holds 80 % of three seeds or more"
    if len(run.arms) > 1:
        below += "; dashed upright: a policy starts"
        arm_legend(made, run)
    heading(made, f"{run.name}: offences, arrests, prison", below)
    return made


def _mean(run: Run, arm: str, indicator: str) -> Values:
    values: Values = cube(run.arm(arm)[[indicator]])[:, :, 0].mean(axis=0)
    return values


def _true_and_recorded(axes: Axes, run: Run) -> None:
    """Draw the true and the recorded rate of each arm, and what the FBI recorded."""
    draw_series(axes, run, "crime_rate")
    months = np.arange(run.months)
    for number, arm in enumerate(run.arms):
        axes.plot(months, _mean(run, arm, "crime_recorded_rate"), color=colour(number), linewidth=1.2, linestyle=":")
    axes.axhline(FBI_2019, color=GREY, linewidth=0.8, zorder=1)
    _line_styles(axes, [("true rate", "-"), ("enters the statistics", ":")], "recorded in the US, 2019 (FBI)")
    axes.set_title("All offences", loc="left")
    axes.set_ylabel("a 100,000 people and year")
    axes.set_ylim(0, 1.16 * axes.get_ylim()[1])


def _kinds(axes: Axes, run: Run) -> None:
    """Draw property crime of all arms and violent crime of the baseline relative to their means in the baseline."""
    months = np.arange(run.months)
    levels = []
    for name, style in (("property_crime_rate", "-"), ("violent_crime_rate", ":")):
        known = _mean(run, run.arms[0], name)
        base = float(np.nanmean(known)) if np.isfinite(known).any() else np.nan
        levels.append(base)
        for number, arm in enumerate(run.arms):
            if base > 0 and (number == 0 or style == "-"):
                values = 100 * _mean(run, arm, name) / base
                axes.plot(months, values, color=colour(number), linewidth=1.4, linestyle=style)
    _line_styles(
        axes, [(f"property (100 = {levels[0]:,.0f})", "-"), (f"violent, {run.arms[0]} (100 = {levels[1]:,.0f})", ":")]
    )
    axes.set_title("Property and violent offences, true rates", loc="left")
    axes.set_ylabel("index, mean of the baseline = 100")
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + 0.22 * (high - low))
    set_months(axes, run.months)


def _line_styles(axes: Axes, kinds: list[tuple[str, str]], grey: str = "") -> None:
    """Say what the line styles mean, and the thin grey line."""
    from matplotlib.lines import Line2D

    looks: list[Any] = [style for _, style in kinds]
    lines = [Line2D([], [], color="#333333", linewidth=1.4, linestyle=look) for look in looks]
    names = [name for name, _ in kinds]
    if grey:
        lines, names = [*lines, Line2D([], [], color=GREY, linewidth=0.8)], [*names, grey]
    axes.legend(lines, names, loc="upper left", fontsize=8, ncols=2, handlelength=1.8)


def _age_curve(axes: Axes, drawn: dict[str, dict[str, list[Sample]]]) -> None:
    """Draw how much of all crime an age commits, relative to its share of the people."""
    axes.set_title("Age-crime curve", loc="left")
    axes.set_xlabel("age of the offender, years")
    axes.set_ylabel("offences a head, mean of all ages = 1")
    axes.axvspan(*PEAK, color="#009E73", alpha=0.10, linewidth=0)
    shown = 0
    for number, found in enumerate(drawn.values()):
        crimes, people = (_shares(found.get(name, [])) for name in ("offender_age", "age_of_people"))
        if crimes.sum() <= 0 or people.sum() <= 0:
            continue
        shown += 1
        ratio = np.divide(crimes, people, out=np.full(len(crimes), np.nan), where=people > 0)
        axes.stairs(ratio, AGES, color=colour(number), linewidth=1.8 if number == 0 else 1.3)
    if not shown:
        say_nothing_to_show(axes, "no offence in the last year")
        return
    axes.set_xlim(AGES[0], 80)
    axes.set_ylim(bottom=0)
    axes.text(PEAK[1] + 1, axes.get_ylim()[1] * 0.95, "shaded: 16-25, where\ndata have the peak", va="top", **_SMALL)


def _shares(seeds: list[Sample]) -> Values:
    """Return the share of a sample's values in each age group, seeds together."""
    total = np.zeros(len(AGES) - 1)
    for sample in seeds:
        total += np.histogram(sample.values, AGES, weights=sample.weights)[0]
    return total / max(len(seeds), 1)


def _concentration(axes: Axes, drawn: dict[str, dict[str, list[Sample]]]) -> None:
    """Draw the share of offences that the most active offenders commit, and read off the worst tenth."""
    axes.set_title("Few commit most", loc="left")
    axes.set_xlabel("most active offenders, % of all who ever offended")
    axes.set_ylabel("their share of offences, %")
    notes = []
    for number, (arm, found) in enumerate(drawn.items()):
        worst = []
        for sample in found.get("offences", []):
            weight, crimes = sample.weights[::-1], (sample.values * sample.weights)[::-1]
            if crimes.sum() <= 0:
                continue
            people = np.concatenate([[0.0], np.cumsum(weight) / weight.sum()])
            share = np.concatenate([[0.0], np.cumsum(crimes) / crimes.sum()])
            axes.plot(100 * people, 100 * share, color=colour(number), linewidth=1.1, alpha=0.8)
            worst.append(100 * float(np.interp(0.1, people, share)))
        if worst:
            notes.append(f"{arm}: worst tenth {np.mean(worst):.0f} %")
    if not notes:
        say_nothing_to_show(axes, "nobody offended")
        return
    axes.plot([0, 100], [0, 100], color=GREY, linewidth=1, linestyle=(0, (3, 2)))
    axes.axvline(10, color=GREY, linewidth=0.8)
    axes.set_xlim(0, 100)
    axes.set_ylim(0, 101)
    axes.text(0.97, 0.05, "\n".join(notes), transform=axes.transAxes, ha="right", va="bottom", **_SMALL)
