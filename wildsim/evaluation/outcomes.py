"""Real outcomes, read from a CSV: which indicator, which period, what value, with what standard error."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wildsim.core.errors import InputError, did_you_mean
from wildsim.evaluation.periods import ordinal

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("indicator", "period", "value")
#: Columns that may be there: standard error of the value in its unit, and the unit that it is in.
OPTIONAL = ("se", "unit")
#: A share above this is taken for a percentage.
MOST_SHARE = 1.5


@dataclass(frozen=True)
class Outcome:
    """What came, as measured.

    Attributes:
        value: In the indicator's unit. se: Standard error of measuring it, same unit; 0 where none is given.
    """

    value: float
    se: float = 0.0


#: By (indicator, period).
Outcomes = Mapping[tuple[str, str], Outcome]


def read_outcomes(file: Path, units: Mapping[str, str]) -> Outcomes:
    """Read a CSV with the columns indicator, period, value, and perhaps se and unit.

    Args:
        units: Unit of each indicator that was forecast; other indicators in the file are left out.

    Raises:
        InputError: With file and line: no such file or column, a value that is no number or twice there, another unit.
    """
    table = _read(file)
    found: dict[tuple[str, str], Outcome] = {}
    foreign = set()
    for place, row in enumerate(table.to_dict("records")):
        line = place + 2
        name, period = str(row["indicator"]).strip(), str(row["period"]).strip()
        if name not in units:
            foreign.add(name)
            continue
        try:
            ordinal(period)
            outcome = Outcome(_number(row, "value"), _number(row, "se") if _given(row, "se") else 0.0)
            _check_unit(name, units[name], row, outcome)
        except InputError as error:
            raise InputError(str(error), file=str(file), line=line) from None
        if (name, period) in found:
            raise InputError(f"{name} in {period} is there twice; keep one.", file=str(file), line=line)
        found[name, period] = outcome
    if not found:
        other = sorted(foreign)
        hint = did_you_mean(other[0], units) if other else ""
        raise InputError(f"{file}  holds none of the indicators that were forecast: {', '.join(sorted(units))}.{hint}")
    return found


def _read(file: Path) -> pd.DataFrame:
    import pandas as pd

    needs = f"It must be a CSV with the columns {', '.join(COLUMNS)} (and perhaps {', '.join(OPTIONAL)})."
    try:
        table = pd.read_csv(file, dtype=str, keep_default_na=False, skip_blank_lines=False)
    except FileNotFoundError:
        raise InputError(f"No file '{file}'. {needs}") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{file}  is no CSV ({str(error).splitlines()[0][:100]}). {needs}") from None
    for name in COLUMNS:
        if name not in table:
            raise InputError(f"has no column '{name}'. {needs}", file=str(file), line=1)
    return table


def _given(row: Mapping[Any, Any], name: str) -> bool:
    return bool(str(row.get(name, "")).strip())


def _number(row: Mapping[Any, Any], name: str) -> float:
    try:
        value = float(str(row[name]).strip())
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or (name == "se" and value < 0.0):
        what = "a number, 0 or more" if name == "se" else "a number; leave out the line where nothing is known"
        raise InputError(f"{name} is '{row[name]}'; it must be {what}.")
    return value


def _check_unit(name: str, unit: str, row: Mapping[Any, Any], outcome: Outcome) -> None:
    if _given(row, "unit") and str(row["unit"]).strip() != unit:
        raise InputError(f"{name} is in '{row['unit']}'; it was forecast in '{unit}'. Give it in that unit.")
    if (unit == "share" or unit.startswith("share ")) and abs(outcome.value) > MOST_SHARE:
        raise InputError(f"{name} is {outcome.value:g}; it is a share, 0.05 for 5 %. Divide per cent by 100.")


def check_gaps(indicator: str, dues: Sequence[str], known: Iterable[str]) -> None:
    """Check that outcomes are known without gap up to the newest: what is left out may be what went wrong.

    Args:
        dues: Periods that were forecast, in order. known: Those with an outcome.

    Raises:
        InputError: One is missing though a later one is there.
    """
    have = set(known)
    places = [place for place, period in enumerate(dues) if period in have]
    for period in dues[: places[-1]] if places else ():
        if period not in have:
            raise InputError(
                f"{indicator} has no outcome in {period}, though later ones are there: what is left out may be what "
                "went wrong. Give it, or say --gaps to go on without."
            )
