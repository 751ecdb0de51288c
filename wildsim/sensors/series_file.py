"""Monthly series from files, CSV or parquet: one value for each month in a row, or an error that says what is wrong."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from wildsim.core.errors import InputError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

#: Largest file that is read, bytes.
MOST_BYTES = 50_000_000
CSV, PARQUET = (".csv",), (".parquet", ".pq")
#: How a month may be written: 2015-03, 2015-03-31 (any day, with or without a time), 2015Q1.
_MONTH = re.compile(r"(\d{4})-(\d{2})(?:-\d{2}(?:[T ].*)?)?\Z")
_QUARTER = re.compile(r"(\d{4})-?[Qq]([1-4])\Z")
_EMPTY = ("", ".", "na", "nan", "null", "none", "<na>", "nat")
_NAMES = {3: "quarterly", 6: "half-yearly", 12: "yearly"}
#: Missing months that a message names.
_NAMED = 5


@dataclass(frozen=True)
class Monthly:
    """A series without gaps.

    Attributes:
        first: Its first month, as a count of months since year 0. values: One a month, as in the file.
    """

    first: int
    values: tuple[float, ...]


def month_of(text: str) -> int | None:
    """Return a month as a count of months since year 0; None if it is none."""
    found = _MONTH.match(text.strip())
    if found and 1 <= int(found[2]) <= 12:
        return 12 * int(found[1]) + int(found[2]) - 1
    quarter = _QUARTER.match(text.strip())
    return 12 * int(quarter[1]) + 3 * (int(quarter[2]) - 1) if quarter else None


def written(month: int) -> str:
    """Return a count of months since year 0 as 2015-03."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def read_series(file: str, column: str, date: str) -> Monthly:
    """Return the series in a column of a file.

    Args:
        column: Column of the values. date: Column that says of which month each is.

    Raises:
        InputError: There is no such file or column; a month or value cannot be read, is missing, stands twice or out of
            order; or the series is not monthly.
    """
    table = _table(file)
    for name in (date, column):
        if name not in table.columns:
            known = ", ".join(map(str, table.columns))
            raise InputError(
                f"{file} has no column '{name}'.{did_you_mean(name, map(str, table.columns))} It has: {known}."
            )
    if not len(table):
        raise InputError(f"{file} holds no rows.")
    first_row = 2 if Path(file).suffix.lower() in CSV else 1  # a CSV file has a line of names above
    months = [_month(file, first_row + k, text) for k, text in enumerate(table[date].astype(str))]
    values = [_value(file, first_row + k, column, text, months[k]) for k, text in enumerate(table[column].astype(str))]
    _check_months(file, months, first_row)
    return Monthly(months[0], tuple(values))


def _table(file: str) -> pd.DataFrame:
    import pandas as pd

    path, shown = Path(file), ascii(file)
    kinds = ", ".join((*CSV, *PARQUET))
    try:
        if not path.exists():
            raise InputError(f"there is no file {shown}; a relative path starts at the folder of the scenario file.")
        if not path.is_file() or path.suffix.lower() not in (*CSV, *PARQUET):
            raise InputError(f"{shown} is no file of a kind that is read: {kinds}.")
        if path.stat().st_size > MOST_BYTES:
            raise InputError(f"{shown} is larger than {MOST_BYTES:,} bytes; keep the columns that are needed.")
        if path.suffix.lower() in CSV:
            return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig", skipinitialspace=True)
        return pd.read_parquet(path)
    except (OSError, ValueError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(f"{shown} cannot be read: {error}") from error


def _month(file: str, row: int, text: str) -> int:
    found = month_of(text)
    if found is None:
        raise InputError(f"{file}, row {row}: {text!a} is no month; write 2015-03 or 2015-03-31.")
    return found


def _value(file: str, row: int, column: str, text: str, month: int) -> float:
    if text.strip().lower() in _EMPTY:
        raise InputError(
            f"{file}, row {row}: {written(month)} has no value in '{column}'; fill the gap, or cut the series."
        )
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(f"{file}, row {row}: {text!a} in '{column}' is no number.")
    return value


def _check_months(file: str, months: list[int], first_row: int) -> None:
    """Check that months follow one another, each once.

    Raises:
        InputError: They do not; says at which rows, or which months are missing.
    """
    steps = [late - early for early, late in pairwise(months)]
    for place, step in enumerate(steps):
        if step < 0:
            told = f"{written(months[place + 1])} comes after {written(months[place])}"
            raise InputError(f"{file}, row {first_row + place + 1}: {told}; sort the rows by month.")
    if 0 in steps:
        place = steps.index(0)
        if steps.count(0) > len(steps) / 2:
            raise InputError(f"{file} holds several values a month (weekly, daily); make one a month of them.")
        rows = f"rows {first_row + place} and {first_row + place + 1}"
        raise InputError(f"{file}: {written(months[place])} stands twice, {rows}; keep one.")
    sizes = Counter(steps)
    if not steps or set(sizes) == {1}:
        return
    if len(sizes) == 1:
        [size] = sizes
        name = _NAMES.get(size, f"of every {size} months")
        raise InputError(f"{file} is {name}; indicators are monthly: make a monthly series of it.")
    usual = [size for size, count in sizes.items() if count > 2]
    if len(usual) > 1 or 1 not in sizes:
        told = ", ".join(f"{size} ({count} times)" for size, count in sorted(sizes.items()))
        raise InputError(f"{file} is of mixed frequency: months from row to row are {told}. Make it monthly.")
    held = set(months)
    missing = [written(month) for month in range(months[0], months[-1]) if month not in held]
    more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
    raise InputError(f"{file} has gaps: {', '.join(missing[:_NAMED])}{more} missing; fill them, or cut the series.")
