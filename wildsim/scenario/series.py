"""Entries of the section `sensors` that take a real series for an indicator; its values travel with the scenario."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field

from wildsim.core.document import Document, KeyPath
from wildsim.core.errors import InputError
from wildsim.policies.base import Part
from wildsim.scenario.series_file import MOST, month_name, month_number, read_series

if TYPE_CHECKING:
    from wildsim.scenario.sensors import SensorEntry
    from wildsim.sensors.reading import Sensor


class SeriesEntry(Part):
    """A real monthly series."""

    file: str = Field("", max_length=1000, description="CSV or parquet file, relative to the file that names it.")
    column: str = Field("value", max_length=200, description="Its column with the values.")
    date: str = Field("date", max_length=200, description="Its column with the months, such as 2015-01.")
    unit: str = Field("", max_length=100, description="Unit of the values: the indicator's, or percent for shares.")
    start: str = Field("", max_length=7, description="Calendar month that is month 0; the first one where left out.")
    first: int = Field(0, ge=-MOST, le=MOST, description="Month of the first of `values`; from the file.")
    values: tuple[float, ...] = Field(
        (), max_length=MOST, strict=False, description="Values in the indicator's unit; from the file."
    )

    def read(self, indicator: str, folder: Path) -> SeriesEntry:
        """Return the entry with the values of its file, so that a run carries them along; read once only.

        Args:
            folder: What the file's path is relative to.

        Raises:
            InputError: The file is not what it should be, names no file, or ends before month 0.
        """
        if self.values:
            return self
        if not self.file:
            raise InputError(f"the series of '{indicator}' names no file: {{series: {{file: data.csv}}}}.")
        found = read_series(folder / self.file, indicator, self.column, self.date, self.unit)
        first = found.first - month_number(self.start) if self.start else 0
        if first + len(found.values) <= 0:
            last = month_name(found.first + len(found.values) - 1)
            raise InputError(f"series '{self.file}' ends in {last}, before month 0, {self.start}: it says nothing.")
        if abs(first) > MOST:
            raise InputError(f"series '{self.file}' begins {first:,} months after month 0, {self.start}.")
        return self.model_copy(update={"first": first, "values": found.values})

    def sensor(self, indicator: str, lag: int) -> Sensor:
        """Return the sensor that this is; the file of a scenario that nobody loaded is looked for in this folder."""
        from wildsim.sensors.series import Series

        entry = self.read(indicator, Path())
        return Series(entry.values, entry.first, lag)


def with_series(
    sensors: Mapping[str, SensorEntry], document: Document | None, months: int, note: Callable[[KeyPath, str], object]
) -> dict[str, SensorEntry]:
    """Return sensors with the values of all real series; a resume or replay must not read another file.

    Args:
        document: Where the entries are written; files are relative to it. None: to the current folder.
        months: Recorded months. note: Called with the place of a mistake and with what it is.
    """
    found = dict(sensors)
    for name, entry in sensors.items():
        if entry.series is None:
            continue
        path: KeyPath = ("sensors", name, "series")
        try:
            read = entry.series.read(name, _folder(document, path))
            if read.first >= months:
                raise InputError(f"the series begins in month {read.first}, after the last month, {months - 1}.")
        except InputError as error:
            note(path, str(error))
            continue
        found[name] = entry.model_copy(update={"series": read})
    return found


def _folder(document: Document | None, path: KeyPath) -> Path:
    """Return the folder of the file in which an entry is written; the current one where it is written in none."""
    file = document.place(path).file if document is not None else None
    return Path(file).parent if file and Path(file).is_file() else Path()
