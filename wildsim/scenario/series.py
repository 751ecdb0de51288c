"""The entry `series` of a sensor: real values from a file, which the scenario carries along from then on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from wildsim.core.document import Document
from wildsim.core.errors import InputError
from wildsim.policies.base import Part

if TYPE_CHECKING:
    from wildsim.sensors.reading import Sensor


class SeriesEntry(Part):
    """Values of the real world, by month."""

    file: str = Field(
        "", max_length=1000, description="CSV or parquet; a relative path starts at the scenario's folder."
    )
    column: str = Field("value", max_length=200, description="Column of the values.")
    date: str = Field("date", max_length=200, description="Column of the months: 2015-03, or any day of the month.")
    unit: Literal["share", "percent", "thousand", "million", "billion"] | None = Field(
        None, description="Of the values; that of the indicator where left out. Nothing else is converted."
    )
    start: str = Field("", max_length=20, description="Month of the series that is month 0; its first where left out.")
    error: float = Field(0.0, ge=0, le=1, description="Relative standard error of the values, as their office says.")
    first: str = Field("", max_length=20, description="Month of the first value; found in the file.")
    values: tuple[Annotated[float, Field(strict=True)], ...] | None = Field(
        None, min_length=1, strict=False, description="One a month; found in the file, so that a run does without it."
    )

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        value = {"file": value} if isinstance(value, str) else value
        texts = ("file", "column", "date")
        if not isinstance(value, dict) or value.get("values") is not None:
            return value
        if not value.get("file"):
            raise _problem("a series needs a file (CSV or parquet), or values and first, the month of the first one.")
        if not all(isinstance(value.get(name, ""), str) for name in texts):
            return value
        from wildsim.sensors.series_file import read_series, written

        defaults = {name: cls.model_fields[name].default for name in texts}
        try:
            found = read_series(*(value.get(name) or defaults[name] for name in texts))
        except InputError as error:
            raise _problem(str(error)) from error
        return value | {"first": written(found.first), "values": found.values}

    @model_validator(mode="after")
    def _has_months(self) -> SeriesEntry:
        from wildsim.sensors.series_file import month_of, written

        first = month_of(self.first)
        if first is None:
            raise _problem(f"first is {self.first!a}; it must be the month of the first value, such as 2015-01.")
        if self.start and month_of(self.start) is None:
            raise _problem(f"start is {self.start!a}; it must be a month, such as 2015-01.")
        last = first + len(self.values or ()) - 1
        if self.start and not first <= (month_of(self.start) or 0) <= last:
            raise _problem(f"start is {self.start}; the series has {written(first)} to {written(last)}.")
        return self

    def sensor(self, lag: int) -> Sensor:
        """Return the sensor that publishes the values, `lag` months late."""
        from wildsim.sensors.series import Series
        from wildsim.sensors.series_file import month_of

        first = month_of(self.first) or 0
        before = first - (month_of(self.start) or 0) if self.start else 0
        return Series(self.values or (), before, self.unit or "", self.error, lag)


def _problem(text: str) -> PydanticCustomError:
    return PydanticCustomError("series", "{text}", {"text": text})


def beside(data: dict[str, Any], document: Document) -> dict[str, Any]:
    """Return the data of a scenario with the files of series sought beside the file that names them."""
    sensors = data.get("sensors")
    found = {}
    for name, entry in sensors.items() if isinstance(sensors, dict) else ():
        series = entry.get("series") if isinstance(entry, dict) else None
        series = {"file": series} if isinstance(series, str) else series
        if isinstance(series, dict) and isinstance(series.get("file"), str) and series["file"]:
            named = document.place(("sensors", name, "series", "file")).file or ""
            place = named if Path(named).is_file() else document.place(()).file or ""  # `--set` names no file
            folder = Path(place).parent if Path(place).is_file() else Path()
            found[name] = {**entry, "series": {**series, "file": str(folder / series["file"])}}
    return {**data, "sensors": {**sensors, **found}} if found else data  # type: ignore[dict-item]
