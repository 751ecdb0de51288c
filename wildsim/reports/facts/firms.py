"""Pictures of firms: sizes by rank, the tent of growth rates, failures over the cycle."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wildsim.facts.estimators import LEAST
from wildsim.facts.evidence import Evidence
from wildsim.facts.firms import failure_cycle, growth_rates
from wildsim.facts.moments import correlation, shifted
from wildsim.reports.facts.common import Study, lead_lag, legend_below
from wildsim.reports.style import GREY, figure, heading, plain_log, say_nothing_to_show

#: Failures are moved by so many quarters against output.
SHIFTS = range(-8, 9)


def picture(study: Study) -> Figure:
    """Draw sizes, growth rates and failures."""
    made = figure(14, 4.4)
    sizes, growth, failures = made.subplots(1, 3)
    _sizes(sizes, study)
    _growth(growth, study)
    lead_lag(failures, study, "Failures", SHIFTS, _failures)
    legend_below(failures, loc="upper right")
    heading(made, f"{study.name}: firms", f"{study.about} of burn-in; private firms")
    return made


def _sizes(axes: Axes, study: Study) -> None:
    """Draw the share of firms with at least so many people in the last year, a line a seed, beside Zipf's law."""
    axes.set_title("Sizes in the last year", loc="left")
    axes.set_xlabel("people, logarithmic")
    axes.set_ylabel("% of firms with at least so many")
    largest = 0.0
    for drawn in study.drawn():
        for number, evidence in enumerate(drawn.runs):
            staff, year = evidence.array("firm.staff"), evidence.array("firm.year")
            known = np.sort(staff[(year == year.max(initial=0.0)) & (staff > 0)])
            if len(known) < LEAST:
                continue
            at_least = 100 * np.arange(len(known), 0, -1) / len(known)
            first = np.unique(known, return_index=True)[1]
            label = drawn.title if not number else None
            axes.plot(known[first], at_least[first], color=drawn.shade, linewidth=1.0, alpha=0.7, label=label)
            largest = max(largest, float(known.max()))
    if not largest:
        say_nothing_to_show(axes, "no society has 30 firms that employ anybody")
        return
    axes.set_xscale("log")
    axes.set_yscale("log")
    ends = np.array([1.0, largest])
    axes.plot(ends, 100 / ends, color=GREY, linewidth=1.2, linestyle=(0, (3, 2)), label="Zipf's law, exponent 1")
    plain_log(axes.xaxis)
    plain_log(axes.yaxis)
    legend_below(axes, loc="lower left")


def _growth(axes: Axes, study: Study) -> None:
    """Draw the density of growth rates over their spread: a tent is Laplace's law, a parabola the normal one."""
    axes.set_title("Growth of firms", loc="left")
    axes.set_xlabel("yearly log growth / its standard deviation")
    axes.set_ylabel("density, logarithmic")
    bins = np.linspace(-6, 6, 49)
    middle = (bins[1:] + bins[:-1]) / 2
    for what, mark, shade in (("staff", "o", "#333333"), ("sales", "s", "#0072B2")):
        every = [growth_rates(evidence, what) for evidence in study.judged]
        rates = np.concatenate(every) if every else np.empty(0)
        if len(rates) < LEAST or rates.std() == 0.0:
            continue
        density = np.histogram(rates / rates.std(), bins)[0] / len(rates) / np.diff(bins)
        seen = density > 0
        axes.plot(middle[seen], density[seen], mark, color=shade, markersize=3.5, label=what)
    if not axes.lines:
        say_nothing_to_show(axes, "too few firms live two years")
        return
    axes.plot(
        middle, np.exp(-np.abs(middle) * np.sqrt(2)) / np.sqrt(2), color="#D55E00", linewidth=1.2, label="Laplace"
    )
    axes.plot(middle, np.exp(-(middle**2) / 2) / np.sqrt(2 * np.pi), color=GREY, linewidth=1.2, label="normal")
    axes.set_yscale("log")
    axes.set_ylim(2e-5, 3)
    legend_below(axes, loc="upper right")


def _failures(evidence: Evidence) -> np.ndarray:
    """Return the correlations of the failure rate's cycle with that of output; NaN where they cannot be compared."""
    failures, output = failure_cycle(evidence), evidence.output_cycle
    if len(failures) != len(output):
        return np.full(len(SHIFTS), np.nan)
    return np.array([correlation(shifted(failures, k), output) for k in SHIFTS])
