"""Periods that a forecast is due in: calendar months as 2031-04, or months of a run where nobody says when it began."""

from __future__ import annotations

import re

from wildsim.core.errors import InputError
from wildsim.scenario.series_file import month_name, month_number


def ordinal(period: str) -> tuple[str, int]:
    """Return of which kind a period is, "calendar" or "run", and its place among those of its kind, in months.

    Raises:
        InputError: It is neither.
    """
    if re.fullmatch(r"\d{1,6}", period):
        return "run", int(period)
    if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", period) is None:
        raise InputError(f"period '{period}' is no month: write 2031-04, or the number of a month of the run.")
    return "calendar", month_number(period)


def due(month: int, begins: str | None) -> str:
    """Return the period of a month of a run.

    Args:
        begins: Calendar month of the run's month 0, as 2031-04; None where the run is of no time in particular.

    Raises:
        InputError: `begins` is no calendar month.
    """
    if begins is None:
        return str(month)
    kind, first = ordinal(begins)
    if kind != "calendar":
        raise InputError(f"--begins {begins}  is no calendar month; write it like 2031-04.")
    return month_name(first + month)
