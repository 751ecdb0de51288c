"""How numbers are shown: shares as percent, large sums in thousand, million, billion."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

_STEPS = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"), (1e3, "thousand"))


@dataclass(frozen=True)
class Scale:
    """Multiply by `factor` and write `unit`."""

    factor: float
    unit: str


def unit_of(indicator: str) -> str:
    """Return the unit of an indicator as its registry says; empty for an unknown one."""
    from wildsim.indicators import INDICATORS

    return str(INDICATORS[indicator].unit) if indicator in INDICATORS else ""


def scale(unit: str, largest: float) -> Scale:
    """Return how to show values up to `largest` of a unit."""
    if unit == "share" or unit.startswith("share "):
        return Scale(100.0, "%" + unit.removeprefix("share"))
    if unit.startswith("share/"):
        return Scale(100.0, "% a " + unit.removeprefix("share/"))
    if unit in ("1", "ratio", "index"):
        return Scale(1.0, "")
    unit = unit.partition(" (")[0].replace("USD of month 0/month", "USD/month, month-0 prices")
    if not unit.startswith("USD") or not math.isfinite(largest):
        return Scale(1.0, unit)
    for size, word in _STEPS:
        if abs(largest) >= size and not (word == "thousand" and unit != "USD" and abs(largest) < 1e5):
            return Scale(1 / size, f"{word} {unit}")
    return Scale(1.0, unit)


def number(value: float, digits: int = 3) -> str:
    """Return a number for people: `digits` significant digits, no exponent, "-" for NaN."""
    if math.isnan(value):
        return "-"
    if value == 0:
        return "0"
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    return f"{value:,.{min(places, 8)}f}"


def shown_path(path: Path) -> str:
    """Return a path as a user would type it: relative where it lies below the working directory."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
