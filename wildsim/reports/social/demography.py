"""The picture of demography: who lives at the end, how long people live, births and deaths."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wildsim.engine.api import Run
from wildsim.engine.plot import colour, draw_series
from wildsim.reports.series import arm_legend, seeds_of
from wildsim.reports.spread import Sample, samples
from wildsim.reports.style import figure, heading, say_nothing_to_show

#: Bars of the pyramid: years of age in each, and the age at which the last one begins.
BAR_YEARS, LAST_BAR = 5, 100
SERIES = ("life_expectancy", "life_expectancy_at_65", "population", "birth_rate", "mortality_rate", "health")


def picture(run: Run) -> Figure:
    """Draw the ages at the end of the run, and life expectancy, births, deaths, health over time."""
    made = figure(13, 6.4)
    grid = made.add_gridspec(2, 4, width_ratios=[1.5, 1, 1, 1])
    _pyramid(made.add_subplot(grid[:, 0]), run)
    for number, name in enumerate(SERIES):
        axes = made.add_subplot(grid[number // 3, 1 + number % 3])
        draw_series(axes, run, name)
        if number >= 3:
            axes.set_xlabel("month")
    if len(run.arms) > 1:
        arm_legend(made, run)
    below = f"{seeds_of(run)} x {run.months} months; life expectancy: period life table of the last 12 to 60 months"
    heading(made, f"{run.name}: lives", below)
    return made


def _pyramid(axes: Axes, run: Run) -> None:
    """Draw men to the left and women to the right, per cent of all people; arms beside the baseline as lines."""
    axes.set_title("Ages at the end", loc="left")
    axes.set_xlabel("% of all people: men to the left, women to the right")
    axes.set_ylabel("age, years")
    bins = np.append(np.arange(0, LAST_BAR + 1, BAR_YEARS), 130)
    bottoms = bins[:-1]
    for number, arm in enumerate(run.arms):
        found = samples(run, arm)
        if not found.get("age_men") or not found.get("age_women"):
            say_nothing_to_show(axes, "nobody is left")
            return
        men, women = (_shares(found[name], bins) for name in ("age_men", "age_women"))
        people = _men(run, arm)
        for share, sign in ((men * people, -1.0), (women * (1.0 - people), 1.0)):
            shade = colour(number)
            if number == 0:
                axes.barh(bottoms, sign * 100 * share, height=0.9 * BAR_YEARS, align="edge", color=shade, alpha=0.75)
            else:
                axes.stairs(
                    sign * 100 * share, bins.clip(max=LAST_BAR + BAR_YEARS), orientation="horizontal", color=shade
                )
    axes.axvline(0, color="white", linewidth=1.5)
    axes.set_ylim(0, LAST_BAR + BAR_YEARS)
    most = float(np.abs(axes.get_xlim()).max())
    axes.set_xlim(-most, most)
    axes.xaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")


def _men(run: Run, arm: str) -> float:
    """Return the share of men among all people, over seeds."""
    counts = [run.distributions(arm, seed)["distribution"].value_counts() for seed in run.seeds]
    men = sum(int(count.get("age_men", 0)) for count in counts)
    return men / max(men + sum(int(count.get("age_women", 0)) for count in counts), 1)


def _shares(seeds: list[Sample], bins: np.ndarray) -> np.ndarray:
    """Return the share of a sex in each bar, mean over seeds."""
    return np.asarray(np.mean([np.histogram(s.values, bins, weights=s.weights)[0] for s in seeds], axis=0))
