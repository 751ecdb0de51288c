"""What agents know for certain: their own books, their home, their employer, where they live, the law that binds them.

A path says what is read, `CIRCLE.COLUMN` or `CIRCLE.TABLE.COLUMN`, with `.i` behind it for entry i of a wide column.
Only the columns of a circle can be reached, decisions and identities never; so what an agent may see is the list of its
paths and nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wildsim.core.errors import InputError, did_you_mean
from wildsim.core.table import I64, NO_ROW
from wildsim.indicators import INDICATORS
from wildsim.sensors.literature import nearby
from wildsim.sensors.world_sensor import Sensors
from wildsim.state.world import TABLES, WorldView

#: Circle -> the table whose row, with those alongside it, is meant. "own" is the table of the deciders.
CIRCLES = {"home": "households", "region": "regions", "firm": "firms", "person": "people", "rule": "laws"}
#: Numbers in force that everybody may read, or that the role's trade knows: whole groups, and single names.
PUBLIC_GROUPS = ("government",)
PUBLIC_LAW = (
    *("banks.inflation_target", "banks.real_rate", "banks.unemployment_norm", "banks.capital_ratio"),
    *("banks.leverage_limit", "banks.debt_service", "banks.reserve_ratio", "banks.equity_target"),
    *("firms.capital_productivity", "education.tuition", "education.leaving_age", "crime.sentence"),
    *("culture.rule", "culture.slate", "culture.trial_share", "adoption.tax"),
    *("science.counting", "science.equal_share", "science.merit", "science.success", "science.grant_months"),
)
#: Social sectors: numbers of one that is off say nothing.
_SECTORS = frozenset(table.sector for table in TABLES if table.sector)
OWN_BOOKS, LAW_BOOK, LITERATURE = "own books", "law", "literature"


@dataclass(frozen=True)
class Known:
    """One thing known, for every row asked about.

    Attributes:
        values: One a row. applies: Where there is such a thing (someone without work has no employer).
        unit: Of the column, parameter or indicator. period: Month that it speaks of.
        source: Sensor that it comes from. common: Whether it is the same for all rows.
    """

    values: NDArray[Any]
    applies: NDArray[np.bool_]
    unit: str
    period: int
    source: str
    common: bool


@dataclass(frozen=True)
class Path:
    """A path, taken apart and found permitted.

    Attributes:
        circle: First word. table: Table of the column; "" for parameters and indicators. name: Column, parameter or
            indicator. entry: Entry of a wide column, or months before the newest reading; None where not given.
        unit: As printed. sector: Social sector that must be on; "" for none.
    """

    circle: str
    table: str
    name: str
    entry: int | None
    unit: str
    sector: str


def permitted(path: str, deciders: str) -> Path:
    """Take a path apart.

    Raises:
        InputError: It leads nowhere, or out of what rows of `deciders` may see.
    """
    circle, *rest = path.split(".")
    entry = int(rest.pop()) if len(rest) > 1 and rest[-1].isdigit() else None
    if circle == "sensed" and len(rest) == 1:
        found = INDICATORS[rest[0]]
        return Path(circle, "", found.name, entry, found.unit, found.sector)
    if circle == "law" and len(rest) == 2:
        if rest[0] in PUBLIC_GROUPS or ".".join(rest) in PUBLIC_LAW:
            return Path(circle, "", ".".join(rest), entry, "", rest[0] if rest[0] in _SECTORS else "")
        raise InputError(f"'{path}': this number is not known to agents; see PUBLIC_LAW in wildsim/sensors/own.py.")
    if path == "literature.nearby" and deciders == "scientists":
        return Path(circle, "", rest[0], None, "", "science")
    base = deciders if circle == "own" else CIRCLES.get(circle, "")
    if not base or not 1 <= len(rest) <= 2:
        known = ", ".join(f"{name}." for name in ("own", *CIRCLES, "law", "sensed"))
        raise InputError(f"'{path}' is no path to something that can be seen; paths start with {known}")
    return _column(path, circle, base, rest, entry)


def _column(path: str, circle: str, base: str, rest: Sequence[str], entry: int | None) -> Path:
    name = rest[0] if len(rest) == 2 else base
    tables = {t.name: t for t in TABLES if (t.name == base or t.alongside == base) and not t.role}
    if name not in tables:
        raise InputError(f"'{path}': '{name}' is not open to rows of '{base}'; open are: {', '.join(tables)}.")
    columns = tables[name].columns
    if rest[-1] not in columns or rest[-1] == "id":
        raise InputError(f"'{path}': no column '{rest[-1]}' to be seen.{did_you_mean(rest[-1], columns)}")
    column = columns[rest[-1]]
    if (entry is None) != (column.width == 1) or (entry or 0) >= column.width:
        raise InputError(f"'{path}': '{rest[-1]}' has {column.width} entries; '.0' behind a path is the first of many.")
    return Path(circle, name, rest[-1], entry, column.unit, tables[name].sector)


def _of_law(view: WorldView, way: Path) -> float | str:
    """Return a number in force, or a list of them as text."""
    values = view.law.array(way.name)
    if way.entry is not None:
        return float(values[way.entry])
    return float(values) if values.ndim == 0 else ", ".join(f"{value:g}" for value in values.ravel().tolist())


class Eyes:
    """Reads paths for some rows of one table, all at once."""

    def __init__(self, view: WorldView, deciders: str, rows: I64, sensors: Sensors):
        """Look at `view` with the eyes of `rows` of the table `deciders`; indicators come from `sensors`."""
        self._view, self._deciders, self._rows, self._sensors = view, deciders, rows, sensors
        self._found: dict[str, I64] = {"own": rows}

    def read(self, path: str) -> Known | None:
        """Return what a path leads to; None where its sector is off.

        Raises:
            InputError: The path leads nowhere, or out of what may be seen.
        """
        way = permitted(path, self._deciders)
        if not self._view.has(way.sector):
            return None
        if way.circle == "sensed":
            reading = self._sensors.newest(way.name, way.entry or 0)
            return self._common(reading.value, way.unit, reading.period, reading.source)
        if way.circle == "law":
            return self._common(_of_law(self._view, way), way.unit, self._view.month, LAW_BOOK)
        if way.circle == "literature":
            words = nearby(self._view, self._rows)
            everywhere = np.ones(len(words), dtype=bool)
            return Known(words, everywhere, "", self._view.month - 1, LITERATURE, common=False)
        rows = self._rows_of(way.circle)
        applies = rows != NO_ROW
        table = getattr(self._view, way.table)
        column = getattr(table, way.name) if way.entry is None else getattr(table, way.name)[:, way.entry]
        values = column[np.where(applies, rows, 0)] if len(table) else np.full(len(rows), math.nan)
        law = way.circle == "rule"
        period, source = (self._view.month, LAW_BOOK) if law else (self._view.month - 1, OWN_BOOKS)
        return Known(values, applies, way.unit, period, source, common=False)

    def _common(self, value: float | str, unit: str, period: int, source: str) -> Known:
        count = len(self._rows)
        values = np.full(count, value, dtype=object if isinstance(value, str) else np.float64)
        return Known(values, np.ones(count, dtype=bool), unit, period, source, common=True)

    def _rows_of(self, circle: str) -> I64:
        """Return the row of each asker's home, region, employer, person or group of the law; NO_ROW for none."""
        found = self._found.get(circle)
        if found is None:
            found = self._found[circle] = self._follow(circle)
        return found

    def _follow(self, circle: str) -> I64:
        if circle == "person":
            return self._ref("own", "scientists", "person") if self._deciders == "scientists" else self._people()
        if circle == "region":
            return (
                self._ref("own", "firms", "region")
                if self._deciders == "firms"
                else self._ref("home", "households", "region")
            )
        column = {"home": "household", "firm": "employer", "rule": "law"}[circle]
        return self._ref("person", "people", column)

    def _people(self) -> I64:
        if self._deciders != "people":
            raise InputError(f"rows of '{self._deciders}' are no persons: they have no home, employer or own law.")
        return self._rows

    def _ref(self, circle: str, table: str, column: str) -> I64:
        rows = self._rows_of(circle)
        there = rows != NO_ROW
        values = getattr(getattr(self._view, table), column)
        following = values[np.where(there, rows, 0)] if len(values) else np.full(len(rows), NO_ROW)
        return np.where(there, following, NO_ROW).astype(np.int64)
