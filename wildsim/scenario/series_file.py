"""Reads a real monthly series from a CSV or parquet file, and says what is wrong with it in the words of the file."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wildsim.core.errors import InputError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

#: Most months of a series, a thousand years: it travels in the settings of a run. Largest file, bytes.
MOST, MOST_BYTES = 12_000, 20_000_000
#: How many rows or months a message names.
NAMED = 4
_YEAR = 12
#: Texts that stand for a value that is missing; the point is that of FRED, Federal Reserve Bank of St. Louis.
_EMPTY = {"", ".", "na", "n/a", "nan", "none", "null", "<na>", "-"}
_MONTHLY = re.compile(r"(\d{4})[-/ ]?[mM]?(\d{1,2})\Z")
_QUARTERLY = re.compile(r"(\d{4})[-/ ]?[qQ]([1-4])\Z")
_YEARLY = re.compile(r"\d{4}\Z")
_REMEDY = "write months as 2015-01, or the date of a day in them as 2015-01-31."
#: Steps in months between dates that are no monthly data.
_SLOWER = {3: "quarterly", 6: "half-yearly", 12: "yearly"}


@dataclass(frozen=True)
class RealSeries:
    """A monthly series without gaps.

    Attributes:
        first: Its first month, counted from January of year 0. values: In the indicator's unit, one a month.
    """

    first: int
    values: tuple[float, ...]


def month_number(text: str) -> int:
    """Return the number of a calendar month, such as "2015-01", counted from January of year 0.

    Raises:
        InputError: It is no month.
    """
    found = _MONTHLY.match(text.strip())
    if not found or not 1 <= int(found[2]) <= _YEAR:
        raise InputError(f"'{text}' is no month; write it as 2015-01.")
    return int(found[1]) * _YEAR + int(found[2]) - 1


def month_name(number: int) -> str:
    """Return how a calendar month is written, such as "2015-01"."""
    return f"{number // _YEAR:04d}-{number % _YEAR + 1:02d}"


def read_series(file: Path, indicator: str, column: str, date: str, unit: str = "") -> RealSeries:
    """Read the values of an indicator.

    Args:
        column, date: Names of the columns with the values and with their months.
        unit: What the values are in: "" or the indicator's own unit, or "percent" for an indicator that is a share.

    Raises:
        InputError: There is no such file or column; a date or a value cannot be read; months are missing, twice, not
            in order or not months; the unit is another than the indicator's.
    """
    factor = _factor(indicator, unit)
    table = _table(file)
    for name in (date, column):
        if name not in table.columns:
            known = [str(one) for one in table.columns]
            raise _wrong(file, f"there is no column '{name}'.{did_you_mean(name, known)} It has: {', '.join(known)}.")
    if not 1 <= len(table) <= MOST:
        raise _wrong(file, f"it has {len(table):,} rows; a series has 1 to {MOST:,} months.")
    months = _months(file, [str(value) for value in table[date]])
    values = _values(file, table[column], months) * factor
    if not unit:
        _check_share(file, indicator, float(abs(values).max()))
    return RealSeries(months[0], tuple(values.tolist()))


def _wrong(file: Path, message: str) -> InputError:
    return InputError(f"series '{file}': {message}")


def _factor(indicator: str, unit: str) -> float:
    """Return what values in `unit` are multiplied by.

    Raises:
        InputError: It is another unit than the indicator's.
    """
    from wildsim.indicators import INDICATORS

    own = INDICATORS[indicator].unit
    if unit in ("", own):
        return 1.0
    if unit == "percent" and own.startswith("share"):
        return 0.01
    other = " or 'percent'" if own.startswith("share") else ""
    raise InputError(f"the series is in '{unit}', but '{indicator}' is in '{own}': convert it, and say '{own}'{other}.")


def _check_share(file: Path, indicator: str, largest: float) -> None:
    """Raise if values of which no unit is given are no shares, though the indicator is one."""
    from wildsim.indicators import INDICATORS

    if INDICATORS[indicator].unit == "share" and largest > 1.0:
        told = f"'{indicator}' is a share of 1, and values reach {largest:g}: say `unit: percent` if they are percent."
        raise _wrong(file, told)


def _table(file: Path) -> pd.DataFrame:
    """Return the table of a file; texts of a CSV stay as they are written."""
    import pandas as pd

    try:
        if not file.exists():
            raise _wrong(file, "there is no such file; in a scenario, paths are relative to its own file.")
        if not file.is_file():
            raise _wrong(file, "it is no regular file.")
        if file.stat().st_size > MOST_BYTES:
            raise _wrong(file, f"it is larger than {MOST_BYTES:,} bytes; keep the months and one column.")
        if file.suffix.lower() in (".parquet", ".pq"):
            table = pd.read_parquet(file)
            return table.reset_index() if table.index.name else table
        return pd.read_csv(file, dtype=str, keep_default_na=False, skipinitialspace=True, encoding="utf-8-sig")
    except (OSError, ValueError) as error:  # pandas and pyarrow raise kinds of ValueError for what they cannot parse
        told = str(error).strip().splitlines() or [type(error).__name__]
        raise _wrong(file, f"it cannot be read as {file.suffix.lstrip('.') or 'CSV'}: {told[0]}.") from None


def _months(file: Path, texts: Sequence[str]) -> list[int]:
    """Return the months of the rows, one after the other without gap.

    Raises:
        InputError: They are not, or they are no months.
    """
    found = [_month_of(file, row, text.strip()) for row, text in enumerate(texts)]
    kinds = sorted({kind for _, kind in found} - {"monthly"})
    if kinds:
        both = " and ".join(sorted({kind for _, kind in found}))
        mixed = len({kind for _, kind in found}) > 1
        raise _wrong(file, _no_months(f"mixes {both}" if mixed else f"has {kinds[0]}"))
    months = [month for month, _ in found]
    steps = [after - before for before, after in pairwise(months)]
    if any(step < 0 for step in steps):
        row = next(row for row, step in enumerate(steps) if step < 0) + 1
        raise _wrong(file, f"row {_row(row)} ({texts[row]}) is before the row above it: sort the file by month.")
    _check_steps(file, texts, months, steps)
    return months


def _check_steps(file: Path, texts: Sequence[str], months: Sequence[int], steps: Sequence[int]) -> None:
    """Raise if months, which rise, are twice in the file, are missing, or are quarters or years."""
    again = [row + 1 for row, step in enumerate(steps) if step == 0]
    if len(again) > len(months) / 2 and len(set(texts)) == len(texts):
        raise _wrong(file, _no_months("has daily or weekly"))
    if again:
        rows = ", ".join(f"{month_name(months[row])} (rows {_row(row - 1)} and {_row(row)})" for row in again[:NAMED])
        raise _wrong(file, f"months are there twice: {rows}{_more(again)}.")
    kinds = {_SLOWER.get(step, "") for step in steps}
    if len(kinds) == 1 and "" not in kinds:
        raise _wrong(file, _no_months(f"has {kinds.pop()}"))
    for step, kind in _SLOWER.items():
        if any(one == two == step for one, two in pairwise(steps)):
            raise _wrong(file, _no_months(f"mixes {kind} and other"))
    missing = [month for here, step in zip(months, steps, strict=False) for month in range(here + 1, here + step)]
    if missing:
        named = ", ".join(month_name(month) for month in missing[:NAMED])
        raise _wrong(file, f"months are missing: {named}{_more(missing)}. Fill them, or start after them.")


def _month_of(file: Path, row: int, text: str) -> tuple[int, str]:
    """Return the month of a row and what kind of date it is."""
    import pandas as pd

    if _QUARTERLY.match(text):
        return 0, "quarterly"
    if _YEARLY.match(text):
        return 0, "yearly"
    found = _MONTHLY.match(text)
    if found and 1 <= int(found[2]) <= _YEAR:
        return month_number(text), "monthly"
    try:
        day = pd.to_datetime(text, format="ISO8601")
        return int(day.year) * _YEAR + int(day.month) - 1, "monthly"
    except (ValueError, TypeError):  # what pandas raises for a text that is no date
        told = f"'{text}'" if text else "empty"
        raise _wrong(file, f"the date of row {_row(row)} is {told}; {_REMEDY}") from None


def _no_months(what: str) -> str:
    return f"it {what} data, and indicators are monthly: give one value for each month."


def _values(file: Path, column: pd.Series[Any], months: Sequence[int]) -> Any:
    """Return the values as floats, shape (months).

    Raises:
        InputError: One is missing, or no finite number.
    """
    import numpy as np
    import pandas as pd

    numbers = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=math.nan)
    bad = np.flatnonzero(~np.isfinite(numbers)).tolist()
    if not bad:
        return numbers
    texts = [str(column.iloc[row]).strip() for row in bad]
    empty = [row for row, text in zip(bad, texts, strict=True) if text.lower() in _EMPTY]
    if len(empty) == len(bad):
        named = ", ".join(month_name(months[row]) for row in empty[:NAMED])
        raise _wrong(file, f"months have no value: {named}{_more(empty)}. Fill them, or start after them.")
    row, text = next((row, text) for row, text in zip(bad, texts, strict=True) if row not in empty)
    raise _wrong(file, f"row {_row(row)} ({month_name(months[row])}) has '{text}', which is no finite number.")


def _row(index: int) -> int:
    """Return the line of a row in a file whose first line names the columns."""
    return index + 2


def _more(things: Sequence[object]) -> str:
    return f" and {len(things) - NAMED} more" if len(things) > NAMED else ""
