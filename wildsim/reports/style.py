"""The look of all figures: one palette for any colour vision, quiet axes, reproducible files. No pyplot state."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from wildsim.engine import files

DPI = 130
GREY = "#777777"
#: Inches on top of every figure for its title.
HEADING = 0.62
RC: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.labelsize": 8.5,
    "axes.labelcolor": "#444444",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#999999",
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#E6E6E6",
    "grid.linewidth": 0.7,
    "xtick.color": "#444444",
    "ytick.color": "#444444",
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "legend.frameon": False,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
}


@contextmanager
def styled() -> Iterator[None]:
    """Draw in the house style; settings of the user's own plots stay as they were."""
    with matplotlib.rc_context(RC):
        yield


def figure(width: float, height: float) -> Figure:
    """Return an empty figure of `width` x `height` inches (and a strip for the heading) that no window knows."""
    made = Figure(figsize=(width, height + HEADING), dpi=DPI)
    made.set_layout_engine("constrained", rect=(0, 0, 1, 1 - HEADING / (height + HEADING)), h_pad=0.06, w_pad=0.06)
    FigureCanvasAgg(made)
    return made


def heading(made: Figure, title: str, below: str) -> None:
    """Write a title and, smaller, what the picture shows, into the strip on top.

    Both hold names that people chose, so a dollar sign is a dollar sign and begins no formula.
    """
    height, left = made.get_figheight(), 0.1 / made.get_figwidth()
    look: Any = {"ha": "left", "va": "top", "parse_math": False}
    made.text(left, 1 - 0.09 / height, title, fontsize=13, fontweight="bold", **look)
    made.text(left, 1 - 0.36 / height, below, fontsize=9, color="#555555", **look)


def mark(made: Figure, note: str) -> None:
    """Write at the right of the heading, below a legend, what the reader must know; nothing where there is no note."""
    if note:
        height, right = made.get_figheight(), 1 - 0.1 / made.get_figwidth()
        look: Any = {"ha": "right", "va": "top", "parse_math": False}
        made.text(right, 1 - 0.4 / height, note, fontsize=8, color="#B00020", **look)


def save(made: Figure, path: Path) -> Path:
    """Write a PNG without dates or versions inside, whole or not at all."""
    buffer = io.BytesIO()
    made.savefig(buffer, format="png", metadata={"Software": None})
    files.write(path, buffer.getvalue())
    return path


def plain_log(axis: Axis) -> None:
    """Write the ticks of a logarithmic axis as plain numbers: 500, 2k, 1M."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    low, high = sorted(axis.get_view_interval())
    decades = np.log10(high / low) if low > 0 else 9.0
    subs = (1.0,) if decades > 3 else (1.0, 3.0) if decades > 1.7 else (1.0, 2.0, 5.0)
    axis.set_major_locator(LogLocator(subs=subs, numticks=12))
    axis.set_major_formatter(FuncFormatter(lambda value, _: short(value)))
    axis.set_minor_formatter(NullFormatter())


def short(value: float) -> str:
    """Return a number in few characters."""
    for size, letter in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"


def say_nothing_to_show(axes: Axes, why: str) -> None:
    """Fill an empty panel with the reason why it is empty."""
    axes.text(0.5, 0.5, why, ha="center", va="center", color=GREY, transform=axes.transAxes)
    axes.set_xticks([])
    axes.set_yticks([])
