"""Reports as a table of columns: who said what of which month, through which source, under whose seal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wildsim.core.errors import InputError
from wildsim.core.table import F64, I64
from wildsim.sensors.reading import Reading

Texts = NDArray[np.str_]


@dataclass(frozen=True)
class Records:
    """One row a report, all columns of one length.

    Attributes:
        row: Number of the record, kept through every step. source: Through whom it came (a survey, a registry).
        reporter: Who said it; "" for the source itself. indicator: Of what. period: Month that it speaks of.
        published: Month in which it came. value: In the indicator's unit. seal: Keyed digest of the rest, hexadecimal;
            "" without one.
    """

    row: I64
    source: Texts
    reporter: Texts
    indicator: Texts
    period: I64
    published: I64
    value: F64
    seal: Texts

    def __post_init__(self) -> None:
        """Check the lengths.

        Raises:
            InputError: Columns differ in length.
        """
        lengths = {field.name: len(getattr(self, field.name)) for field in fields(self)}
        if len(set(lengths.values())) > 1:
            raise InputError(f"columns of records differ in length: {lengths}.")

    def __len__(self) -> int:
        return len(self.row)

    def take(self, which: NDArray[Any]) -> Records:
        """Return some rows: a mask or numbers of places."""
        return Records(*(getattr(self, field.name)[which] for field in fields(self)))

    def sealed(self, seals: Sequence[str]) -> Records:
        """Return the same records with other seals."""
        return replace(self, seal=np.array(seals, dtype=np.str_))

    def groups(self, *by: str) -> list[I64]:
        """Return the places of the rows of each group that has the same values in the columns `by`."""
        places: dict[tuple[Any, ...], list[int]] = {}
        for place, key in enumerate(zip(*(getattr(self, name).tolist() for name in by), strict=True)):
            places.setdefault(key, []).append(place)
        return [np.array(group, dtype=np.int64) for group in places.values()]


def records(
    source: Sequence[str] | Texts | str,
    reporter: Sequence[str] | Texts | str,
    indicator: Sequence[str] | Texts | str,
    period: Sequence[int] | I64 | int,
    value: Sequence[float] | F64,
    published: Sequence[int] | I64 | int | None = None,
) -> Records:
    """Return records without seals, numbered from 0; a single value stands for a whole column.

    Args:
        published: A month after the period where left out.
    """
    values: F64 = np.asarray(value, dtype=np.float64)
    rows = len(values)
    whose, who, what = (np.broadcast_to(np.asarray(one, dtype=np.str_), rows) for one in (source, reporter, indicator))
    months = np.broadcast_to(np.asarray(period, dtype=np.int64), rows)
    came = months + 1 if published is None else np.broadcast_to(np.asarray(published, dtype=np.int64), rows)
    return Records(np.arange(rows), whose, who, what, months, came, values, np.full(rows, "", dtype=np.str_))


def of_readings(readings: Iterable[Reading]) -> Records:
    """Return what sensors published as records; the sensor is the source."""
    told = [reading for reading in readings if np.isfinite(reading.value)]
    return records(
        [reading.source for reading in told],
        "",
        [reading.indicator for reading in told],
        [reading.period for reading in told],
        [reading.value for reading in told],
        [reading.vintage for reading in told],
    )
