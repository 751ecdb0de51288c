"""Pictures of lives and crime, where their sectors are on."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wildsim.facts.people import crime_panel
from wildsim.indicators.demography import AGES, YEARS
from wildsim.reports.facts.common import Study, band, legend_below
from wildsim.reports.style import figure, heading, say_nothing_to_show


def picture(study: Study) -> Figure:
    """Draw mortality by age, and property crime against unemployment."""
    made = figure(11, 4.4)
    mortality, crime = made.subplots(1, 2)
    _mortality(mortality, study)
    _crime(crime, study)
    heading(made, f"{study.name}: lives and crime", f"{study.about} of burn-in")
    return made


def _mortality(axes: Axes, study: Study) -> None:
    axes.set_title("Mortality by age", loc="left")
    axes.set_xlabel("age, years")
    axes.set_ylabel("deaths a person and year, logarithmic")
    middle = AGES + np.minimum(YEARS, 5.0) / 2.0
    for drawn in study.drawn():
        rates = []
        for evidence in drawn.runs:
            deaths, years = evidence.array("age.deaths"), evidence.array("age.years")
            if len(deaths):
                known = (deaths > 0) & (years > 0)
                rates.append(np.divide(deaths, years, out=np.full(len(deaths), np.nan), where=known))
        band(axes, middle, rates, drawn)
    if not axes.lines:
        say_nothing_to_show(axes, "demography is off: nobody dies")
        return
    axes.set_yscale("log")
    legend_below(axes, loc="upper left")


def _crime(axes: Axes, study: Study) -> None:
    """Draw both in deviations from each region's mean, as the estimator sees them."""
    axes.set_title("Property crime and unemployment", loc="left")
    axes.set_xlabel("unemployment, points from the region's mean")
    axes.set_ylabel("property offences, log points from the mean")
    drawn = False
    for evidence in study.judged:
        crime, jobless = crime_panel(evidence)
        if not crime.size or not np.isfinite(crime).any():
            continue
        known = np.isfinite(crime) & np.isfinite(jobless)
        y, x = (np.where(known, values, np.nan) for values in (crime, jobless))
        with np.errstate(invalid="ignore"):
            axes.scatter(x - np.nanmean(x, axis=0), y - np.nanmean(y, axis=0), s=9, color="#333333", alpha=0.5)
        drawn = True
    if not drawn:
        say_nothing_to_show(axes, "crime is off")
