"""Pictures of the labour market: three curves, and how spells out of work end."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wildsim.facts.estimators import LEAST
from wildsim.facts.evidence import Evidence
from wildsim.facts.labour import WEEKS
from wildsim.facts.moments import hp_cycle
from wildsim.reports.facts.common import Study, band, legend_below, matrix
from wildsim.reports.series import scatter
from wildsim.reports.style import figure, heading, say_nothing_to_show

#: Months of a spell that pictures show.
MONTHS = 12


def picture(study: Study) -> Figure:
    """Draw the curves of Beveridge, Okun and Phillips, then hazard, survival and length of spells out of work."""
    made = figure(14, 7.4)
    (beveridge, okun, phillips), (ends, lasts, lengths) = made.subplots(2, 3)
    _curves(beveridge, okun, phillips, study)
    _spells(ends, lasts, lengths, study)
    below = f"{study.about} of burn-in; top: one point a quarter and seed, darker: later; bottom: band of all seeds"
    heading(made, f"{study.name}: the labour market", below)
    return made


def _curves(beveridge: Axes, okun: Axes, phillips: Axes, study: Study) -> None:
    runs = study.judged
    jobless, vacant = (
        matrix([hp_cycle(100 * evidence.quarterly(name)) for evidence in runs])
        for name in ("unemployment_rate", "vacancy_rate")
    )
    levels = {
        name: matrix([e.quarters[name].to_numpy(dtype=np.float64) for e in runs])
        for name in ("unemp", "infl", "realgdp")
    }
    if jobless.shape[1] < 6 or levels["realgdp"].shape[1] < 6:
        for axes in (beveridge, okun, phillips):
            say_nothing_to_show(axes, "needs six quarters")
        return
    scatter(beveridge, jobless, vacant, "unemployment, points from trend", "vacancies, points from trend", "Beveridge")
    growth = 100 * np.log(levels["realgdp"][:, 4:] / levels["realgdp"][:, :-4])
    change = levels["unemp"][:, 4:] - levels["unemp"][:, :-4]
    scatter(okun, growth, change, "growth of real GDP over a year, %", "change of unemployment, points", "Okun")
    scatter(phillips, levels["unemp"], levels["infl"], "unemployment, %", "inflation (deflator), % a year", "Phillips")


def _hazard(evidence: Evidence) -> np.ndarray:
    """Return the chance to find a job by month of the spell; NaN where fewer than 30 lasted so long."""
    hired, at_risk = evidence.array("spell.hired"), evidence.array("spell.at_risk")
    rate = np.divide(hired, at_risk, out=np.full(len(hired), np.nan), where=at_risk >= LEAST)
    return np.asarray(rate[:MONTHS])


def _spells(ends: Axes, lasts: Axes, lengths: Axes, study: Study) -> None:
    months = np.arange(1.0, MONTHS + 1.0)
    for drawn in study.drawn():
        rates = [100 * _hazard(evidence) for evidence in drawn.runs]
        survival = [100 * np.cumprod(np.concatenate([[1.0], 1 - rate / 100])) for rate in rates]
        band(ends, months, rates, drawn)
        band(lasts, np.arange(MONTHS + 1.0), survival, drawn)
        band(lengths, (months - 0.5) * WEEKS, [_under_way(evidence) for evidence in drawn.runs], drawn)
    ends.set_title("Hazard: real ones fall with duration", loc="left")
    ends.set_xlabel("month of the search")
    ends.set_ylabel("find a job within a month, %")
    ends.set_ylim(0, None)
    lasts.set_title("Survival of searches", loc="left")
    lasts.set_xlabel("months")
    lasts.set_ylabel("still searching, % (logarithmic)")
    if lasts.lines:
        lasts.set_yscale("log")
        lasts.set_ylim(0.1, 130)
    lengths.set_title("Length of searches under way", loc="left")
    lengths.set_xlabel("weeks")
    lengths.set_ylabel("% of all searches")
    lengths.set_ylim(0, None)
    legend_below(lengths, loc="upper right")


def _under_way(evidence: Evidence) -> np.ndarray:
    counts = evidence.array("spell.under_way")
    total = counts.sum()
    return 100 * counts[:MONTHS] / total if total > 0 else np.full(MONTHS, np.nan)
