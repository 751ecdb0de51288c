"""Moments that a study may name: a macro moment, or the mean or standard deviation of an indicator."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from wildsim.core.errors import did_you_mean
from wildsim.engine.export import NEEDED, quarterly_table

_FUNCTION = re.compile(r"(mean|sd)\((\w+)\)\Z")
#: Least quarters of which the macro moments say anything.
LEAST_QUARTERS = 12


def macro_names() -> list[str]:
    """Return the names of the macro moments."""
    import pandas as pd

    from wildsim.facts.moments import macro_moments

    wave = 1.0 + 0.1 * np.sin(np.arange(2.0 * LEAST_QUARTERS))
    columns = ("realgdp", "realcons", "realinv", "unemp", "infl")
    table = {name: np.roll(wave, shift) + 0.001 * shift * np.arange(len(wave)) for shift, name in enumerate(columns)}
    return list(macro_moments(pd.DataFrame(table)))


def indicator_of(name: str) -> tuple[str, str] | None:
    """Return ("mean" or "sd", indicator) of `mean(x)` or `sd(x)`, None for another name."""
    found = _FUNCTION.match(name)
    return (found[1], found[2]) if found else None


def problem(name: str) -> str | None:
    """Return what is wrong with the name of a moment, or None."""
    from wildsim.indicators import INDICATORS

    function = indicator_of(name)
    if function is not None:
        indicator = function[1]
        if indicator in INDICATORS:
            return None
        return (
            f"unknown indicator '{indicator}'.{did_you_mean(indicator, INDICATORS)} List them: wildsim list indicators"
        )
    macro = macro_names()
    if name in macro:
        return None
    if name in INDICATORS:
        return f"'{name}' is an indicator: write mean({name}) or sd({name})."
    known = "Known: macro moments, mean(INDICATOR), sd(INDICATOR)."
    return f"unknown moment '{name[:80]}'.{did_you_mean(name, macro)} {known}"


def needed_indicators(names: Sequence[str]) -> list[str]:
    """Return the indicators that must be recorded for the moments called `names`."""
    found = [function[1] for name in names if (function := indicator_of(name)) is not None]
    macro = any(indicator_of(name) is None for name in names)
    return list(dict.fromkeys([*found, *(NEEDED if macro else ())]))


def measure(names: Sequence[str], months: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Return the moments called `names`, and every other macro moment where one is asked for.

    Args:
        names: Moments. months: Recorded months of each needed indicator.
    """
    found: dict[str, float] = {}
    if any(indicator_of(name) is None for name in names):
        found |= _macro({name: np.asarray(months[name], dtype=np.float64) for name in NEEDED})
    for name in names:
        function = indicator_of(name)
        if function is not None:
            found[name] = _summary(function[0], np.asarray(months[function[1]], dtype=np.float64))
    return found


def _summary(function: str, series: np.ndarray[Any, Any]) -> float:
    """Return the mean or the standard deviation over the months that have a value; NaN where too few have."""
    known = series[np.isfinite(series)]
    if len(known) < (1 if function == "mean" else 2):
        return math.nan
    return float(known.mean()) if function == "mean" else float(known.std(ddof=1))


def _macro(months: Mapping[str, np.ndarray[Any, Any]]) -> dict[str, float]:
    """Return the macro moments; all NaN where output stood still for a month, so that it has no deflator."""
    import pandas as pd

    from wildsim.facts.moments import macro_moments

    output = np.minimum(months["gdp"], months["gdp_real"])
    if not (output > 0).all():
        return dict.fromkeys(macro_names(), math.nan)
    return macro_moments(quarterly_table(pd.DataFrame(months)))
