"""Three quarterly series in one form, from data or from a society: growth of GDP, unemployment, inflation."""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from wildsim.core.errors import InputError
from wildsim.core.table import F64

if TYPE_CHECKING:
    import pandas as pd

#: The variables, in the order of the last axis of every array here.
VARIABLES = ("gdp", "unemployment", "inflation")
GDP, UNEMPLOYMENT, INFLATION = range(3)
#: Quarters ahead; 1 and 4 are judged, those between are drawn.
HORIZONS = (1, 2, 3, 4)
JUDGED = (1, 4)
COLUMNS = ("quarter", "realgdp", "cpi", "unemp")
LEAST_QUARTERS = 60
US = "US, statsmodels macrodata"
US_SOURCE = (
    "Federal Reserve Economic Data through statsmodels.datasets.macrodata (public domain), as revised in 2009: real "
    "GDP, end-of-quarter consumer price index, unemployment rate; seasonally adjusted"
)


@dataclass(frozen=True)
class Quarters:
    """One economy quarter by quarter.

    Attributes:
        name: Where it comes from. source: The same with all detail. labels: Names of the quarters, as 1984Q3.
        values: A row a quarter: growth of real GDP on the quarter before (100 x log difference), unemployment (percent
            of the labour force), inflation (consumer prices, 400 x log difference on the quarter before).
    """

    name: str
    source: str
    labels: tuple[str, ...]
    values: F64

    def place(self, label: str) -> int:
        """Return the row of a quarter.

        Raises:
            InputError: The data do not hold it.
        """
        if label not in self.labels:
            raise InputError(
                f"no quarter '{label}' in the data; they run from {self.labels[0]} to {self.labels[-1]}, "
                "written like 1985Q1."
            )
        return self.labels.index(label)


def in_one_form(real_gdp: F64, unemployment: F64, prices: F64) -> F64:
    """Return growth, unemployment and inflation; the first quarter drops out, what is no number is NaN.

    Units:
        unemployment: percent; the others in any unit of level.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        growth, inflation = 100 * np.diff(np.log(real_gdp)), 400 * np.diff(np.log(prices))
    found = np.column_stack([growth, unemployment[1:], inflation])
    return np.where(np.isfinite(found), found, np.nan)


def of_a_society(months: pd.DataFrame) -> F64:
    """Return the quarters of recorded months: consumer prices at the end of each quarter, as in the data."""
    from wildsim.engine.export import quarterly_table

    with np.errstate(divide="ignore", invalid="ignore"):  # a control may produce nothing at all
        table = quarterly_table(months)
    prices = months["price_level"].to_numpy(dtype=np.float64)[2::3][: len(table)]
    return in_one_form(table["realgdp"].to_numpy(), table["unemp"].to_numpy(), prices)


def us_quarters() -> Quarters:
    """Return the United States 1959Q2-2009Q3.

    Raises:
        InputError: The extra that holds the data is not installed.
    """
    try:
        macrodata = importlib.import_module("statsmodels.datasets").macrodata
    except ImportError as error:
        raise InputError("The US series need the extra: pip install 'wildsim[calibrate]'. Or give --data.") from error
    table = macrodata.load_pandas().data
    labels = [f"{int(year)}Q{int(quarter)}" for year, quarter in zip(table["year"], table["quarter"], strict=True)]
    return _checked(US, US_SOURCE, labels, *(table[name].to_numpy() for name in ("realgdp", "unemp", "cpi")))


def read_quarters(file: Path) -> Quarters:
    """Read a CSV of quarterly series.

    Raises:
        InputError: The file is missing or no such table.
    """
    import pandas as pd

    try:
        table = pd.read_csv(file)
    except FileNotFoundError:
        raise InputError(f"No file '{file}'. It must be a CSV with the columns {', '.join(COLUMNS)}.") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{file}  is no CSV ({str(error).splitlines()[0][:100]}).") from None
    missing = [name for name in COLUMNS if name not in table]
    if missing:
        raise InputError(f"{file}:1  has no column '{missing[0]}'; needed: {', '.join(COLUMNS)} (quarter as 1985Q1).")
    numbers = {name: pd.to_numeric(table[name], errors="coerce").to_numpy(dtype=float) for name in COLUMNS[1:]}
    for name, values in numbers.items():
        wrong = np.flatnonzero(~np.isfinite(values) | ((values <= 0) & (name != "unemp")))
        if wrong.size:
            raise InputError(f"{file}:{wrong[0] + 2}  {name} is {table[name][wrong[0]]!r}; it must be a number.")
    labels = [str(label) for label in table["quarter"]]
    _check_order(file, labels)
    return _checked(file.stem, f"file {file.name}", labels, numbers["realgdp"], numbers["unemp"], numbers["cpi"])


def _check_order(file: Path, labels: list[str]) -> None:
    """Raise unless quarters are written like 1985Q1 and follow one another."""
    last = None
    for line, label in enumerate(labels, start=2):
        found = re.fullmatch(r"(\d{4})Q([1-4])", label)
        if found is None:
            raise InputError(f"{file}:{line}  quarter is '{label}'; write it like 1985Q1.")
        now = 4 * int(found[1]) + int(found[2])
        if last is not None and now != last + 1:
            raise InputError(f"{file}:{line}  {label} follows {labels[line - 3]}; quarters must follow one another.")
        last = now


def _checked(name: str, source: str, labels: list[str], gdp: F64, unemployment: F64, prices: F64) -> Quarters:
    if len(labels) < LEAST_QUARTERS:
        raise InputError(f"{name}: {len(labels)} quarters; the check needs {LEAST_QUARTERS} or more.")
    return Quarters(name, source, tuple(labels[1:]), in_one_form(gdp, unemployment, prices))
