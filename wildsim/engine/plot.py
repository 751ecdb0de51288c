"""One indicator of a run over time. The figures of reports are made of these, so a notebook shows the same picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from wildsim.engine.summary import cube
from wildsim.engine.units import scale, unit_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from wildsim.engine.api import Run

#: Okabe and Ito's colours, told apart with any colour vision; the baseline is the dark one.
COLOURS = ("#333333", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442")

_NOTES = {"poverty_rate": "below 60 % of the median"}


def colour(number: int) -> str:
    """Return the colour of the arm with that number; 0 is the baseline."""
    return COLOURS[0] if number == 0 else COLOURS[1 + (number - 1) % (len(COLOURS) - 1)]


def title_of(indicator: str) -> str:
    """Return an indicator's name as a title."""
    words = indicator.split("_")
    if words[-1] in ("real", "mean", "median"):
        words = [*words[:-2], words[-2] + ",", words[-1]]
    text = " ".join({"gdp": "GDP", "gdp,": "GDP,", "gini": "Gini of", "llm": "LLM"}.get(word, word) for word in words)
    return text[0].upper() + text[1:]


def draw_series(axes: Axes, run: Run, indicator: str, arms: Sequence[str] | None = None) -> None:
    """Draw the mean over seeds with the band that holds 80 % of them; thin lines for few seeds.

    Args:
        axes: Where. run: A finished run. indicator: A name from `wildsim list indicators`. arms: All where left out.
    """
    chosen = list(arms or run.arms)
    values = {arm: cube(run.arm(arm)[[indicator]])[:, :, 0] for arm in chosen}
    known = np.concatenate([np.abs(v[~np.isnan(v)]) for v in values.values()])
    shown = scale(unit_of(indicator), float(known.max()) if len(known) else 0.0)
    for arm in reversed(chosen):  # the baseline last: where a policy changes nothing, both colours can be seen
        first = arm == run.arms[0]
        width = 1.1 if first and len(chosen) > 1 else 1.4 if first else 2.4
        _draw_arm(axes, values[arm] * shown.factor, colour(run.arms.index(arm)), arm, width)
    for start in sorted({run.starts[arm] for arm in chosen if arm != run.arms[0]}):
        axes.axvline(start, color="#888888", linewidth=0.8, linestyle=(0, (3, 2)), zorder=1)
    axes.set_title(title_of(indicator), loc="left")
    if indicator in _NOTES:
        axes.set_title(_NOTES[indicator], loc="right", fontsize=7.5, fontweight="normal", color="#555555")
    axes.set_ylabel(shown.unit)
    set_months(axes, run.months)
    axes.margins(y=0.08)


def set_months(axes: Axes, months: int) -> None:
    """Let the horizontal axis hold all recorded months, with ticks at whole years where there are many."""
    from matplotlib.ticker import MultipleLocator

    step = next((step for step in (1, 3, 6, 12, 24, 60, 120, 240) if months <= 6 * step), months // 5)
    axes.set_xlim(0, max(months, 1))
    axes.xaxis.set_major_locator(MultipleLocator(step))


def _draw_arm(axes: Axes, values: np.ndarray[Any, Any], shade: str, label: str, width: float) -> None:
    months = np.arange(values.shape[1])
    blank = np.isnan(values).all(axis=0)
    filled = np.where(blank, 0.0, values)
    middle = np.where(blank, np.nan, np.nanmean(filled, axis=0))
    if len(values) >= 3:
        low, high = np.nanquantile(filled, [0.1, 0.9], axis=0)
        axes.fill_between(months, low, high, where=~blank, color=shade, alpha=0.18, linewidth=0, zorder=2)
    elif len(values) == 2:
        axes.plot(months, values.T, color=shade, alpha=0.4, linewidth=0.6, zorder=2)
    axes.plot(months, middle, color=shade, linewidth=width, label=label, zorder=3)
