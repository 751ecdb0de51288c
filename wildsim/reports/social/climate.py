"""Picture of the climate sector: emissions, power, warming, and what policies change of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wildsim.engine.api import Run
from wildsim.engine.plot import colour, draw_series, set_months, title_of
from wildsim.engine.summary import cube
from wildsim.reports.series import arm_legend, seeds_of
from wildsim.reports.style import GREY, figure, heading, say_nothing_to_show

Values = np.ndarray[Any, Any]

GT_A_TERATONNE = 1000.0
MILLI = 1000.0


def picture(run: Run) -> Figure:
    """Draw emissions, renewable power and temperature by arm, differences between arms, and warming against carbon."""
    made = figure(13.5, 6.6)
    (level, power, carbon), (first, second, third) = made.subplots(2, 3)
    draw_series(level, run, "emissions")
    draw_series(power, run, "renewable_share")
    power.set_title("Renewable share of power", loc="left")
    _warming_by_carbon(carbon, run)
    if len(run.arms) > 1:
        _difference(first, run, "emissions", "% of the baseline", 100.0, relative=True)
        _difference(second, run, "price_level", "% of the baseline", 100.0, relative=True)
        _difference(third, run, "temperature", "thousandths of a °C", MILLI, relative=False)
        arm_legend(made, run)
    else:
        for axes, name in ((first, "energy_price"), (second, "climate_damage"), (third, "temperature")):
            draw_series(axes, run, name)
    for axes in (level, power):
        axes.set_ylim(bottom=0)
    for axes in (first, second, third):
        axes.set_xlabel("month")
    below = f"{seeds_of(run)} x {run.months} months"
    if len(run.seeds) > 1:
        below += "; lines: means" + ("; bands hold 80 % of the seeds" if len(run.seeds) > 2 else "; thin: both seeds")
    if len(run.arms) > 1:
        below += "; dashed: a policy starts"
    heading(made, f"{run.name}: carbon and climate", below)
    return made


def _values(run: Run, arm: str, indicator: str) -> Values:
    found: Values = cube(run.arm(arm)[[indicator]])[:, :, 0]
    return found


def _difference(axes: Axes, run: Run, indicator: str, unit: str, factor: float, *, relative: bool) -> None:
    """Draw policy less baseline on the same seed: mean, and the band that holds 80 % of the seeds."""
    baseline = _values(run, run.arms[0], indicator)
    months = np.arange(run.months)
    axes.axhline(0, color=GREY, linewidth=1)
    for number, arm in enumerate(run.arms[1:], start=1):
        gap = (_values(run, arm, indicator) - baseline) * factor / (baseline if relative else 1.0)
        if len(gap) >= 3:
            low, high = np.quantile(gap, [0.1, 0.9], axis=0)
            axes.fill_between(months, low, high, color=colour(number), alpha=0.18, linewidth=0)
        axes.plot(months, gap.mean(axis=0), color=colour(number), linewidth=1.8)
        last = float(gap[:, -1].mean())
        axes.annotate(
            f"{last:+.2g}",
            (months[-1], last),
            xytext=(-2, 17),
            textcoords="offset points",
            ha="right",
            fontsize=8.5,
            color=colour(number),
        )
    for start in sorted({run.starts[arm] for arm in run.arms[1:]}):
        axes.axvline(start, color="#888888", linewidth=0.8, linestyle=(0, (3, 2)), zorder=1)
    axes.set_title(f"{title_of(indicator)}: policy less baseline", loc="left")
    axes.set_ylabel(unit)
    set_months(axes, run.months)
    axes.margins(y=0.12)


def _warming_by_carbon(axes: Axes, run: Run) -> None:
    """Draw the temperature against all carbon since month 0: one line, whatever the policy (IPCC AR6, .45)."""
    axes.set_title("Warming follows carbon", loc="left")
    axes.set_xlabel("world emissions since month 0, GtCO2")
    axes.set_ylabel("°C above 1850-1900")
    if run.months < 2:
        say_nothing_to_show(axes, "needs two months")
        return
    slopes = []
    for number, arm in enumerate(run.arms):
        carbon = _values(run, arm, "world_emissions").cumsum(axis=1)
        warm = _values(run, arm, "temperature")
        slopes += [GT_A_TERATONNE * np.polyfit(c, t, 1)[0] for c, t in zip(carbon, warm, strict=True)]
        axes.plot(carbon[0], warm[0], color=colour(number), linewidth=4 if number == 0 else 1.4)
        axes.plot(carbon[0, -1], warm[0, -1], "o", color=colour(number), markersize=5)
    text = f"{np.mean(slopes):.3f} °C per 1000 GtCO2"
    axes.set_title(text, loc="right", fontsize=9, fontweight="normal", color="#555555")
