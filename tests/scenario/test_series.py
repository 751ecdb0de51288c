"""Real series: read from files, refused with reasons, carried along by a run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from wildsim.core.errors import InputError
from wildsim.engine.plan import from_resolved, make_plan
from wildsim.scenario.load import load, load_overlay
from wildsim.scenario.schema import Scenario
from wildsim.scenario.series_file import month_name, month_number, read_series
from wildsim.society import Society

NAME = "unemployment_rate"
MONTHS = [f"{2014 + i // 12}-{i % 12 + 1:02d}" for i in range(36)]
VALUES = [round(5.0 + np.sin(i), 3) for i in range(36)]


def _csv(folder: Path, dates: list[str] = MONTHS, values: list[Any] = VALUES, name: str = "real.csv") -> Path:
    file = folder / name
    file.write_text("month,value\n" + "".join(f"{d},{v}\n" for d, v in zip(dates, values, strict=True)))
    return file


def _read(file: Path, unit: str = "percent", indicator: str = NAME) -> tuple[float, ...]:
    return read_series(file, indicator, "value", "month", unit).values


def test_months_have_numbers_and_names() -> None:
    assert month_number("2015-01") - month_number("2014-12") == 1
    assert [month_name(month_number(text)) for text in MONTHS] == MONTHS
    with pytest.raises(InputError, match=r"'2015-13' is no month; write it as 2015-01."):
        month_number("2015-13")


@pytest.mark.parametrize(
    "way", ["{}", "{}-01", "{}-28", "{}-01 00:00:00", "M", "parquet days", "parquet periods", "parquet index"]
)
def test_all_ways_to_write_months_and_tables_give_the_same(tmp_path: Path, way: str) -> None:
    if way.startswith("parquet"):
        file = tmp_path / "real.parquet"
        days = pd.PeriodIndex(MONTHS, freq="M", name="month")
        dates: Any = days.astype(str) if way == "parquet periods" else days.to_timestamp()
        table = pd.DataFrame({"value": VALUES}, index=pd.Index(dates, name="month"))
        (table if way == "parquet index" else table.reset_index()).to_parquet(file)
    else:
        file = _csv(tmp_path, [text.replace("-", "M") if way == "M" else way.format(text) for text in MONTHS])
    found = read_series(file, NAME, "value", "month", "percent")
    assert month_name(found.first) == "2014-01"
    assert found.values == pytest.approx([value / 100 for value in VALUES], rel=1e-14)


def test_units_are_converted_where_the_entry_says_so_and_not_else(tmp_path: Path) -> None:
    file = _csv(tmp_path)
    shares = _csv(tmp_path, values=[value / 100 for value in VALUES], name="shares.csv")
    assert _read(shares, "") == _read(shares, "share") == tuple(value / 100 for value in VALUES)
    assert _read(file, "percent", "inflation") == pytest.approx(_read(shares, ""))
    with pytest.raises(InputError, match=r"is a share of 1, and values reach 6: say `unit: percent` if"):
        _read(file, "")
    with pytest.raises(InputError, match=r"the series is in 'percent', but 'gdp' is in 'USD/month': convert it"):
        _read(file, "percent", "gdp")
    with pytest.raises(InputError, match=r"say 'share' or 'percent'"):
        _read(file, "per mille")


Q = [f"{2014 + i // 4}-{i % 4 * 3 + 1:02d}-01" for i in range(36)]
D = [f"2014-{1 + i // 28:02d}-{i % 28 + 1:02d}" for i in range(36)]


@pytest.mark.parametrize(
    ("dates", "values", "told"),
    [
        (MONTHS[:5] + MONTHS[7:], VALUES[:34], "months are missing: 2014-06, 2014-07. Fill them, or start after them."),
        (MONTHS[:2] + MONTHS[20:], VALUES[:18], "2014-03, 2014-04, 2014-05, 2014-06 and 14 more"),
        (MONTHS[:5] + MONTHS[4:], [*VALUES, 1.0], "months are there twice: 2014-05 (rows 6 and 7)."),
        (MONTHS[::-1], VALUES, "row 3 (2016-11) is before the row above it: sort the file by month."),
        ([*MONTHS[:3], MONTHS[4], MONTHS[3], *MONTHS[5:]], VALUES, "row 6 (2014-04) is before the row above it"),
        (Q, VALUES, "it has quarterly data, and indicators are monthly: give one value for each month."),
        ([f"{2000 + i // 4}Q{i % 4 + 1}" for i in range(36)], VALUES, "it has quarterly data"),
        ([*Q[:8], *[f"2016-{i:02d}-01" for i in range(1, 13)]], VALUES[:20], "it mixes quarterly and other data"),
        ([*MONTHS[:3], "2014Q2", "2014Q3"], VALUES[:5], "it mixes monthly and quarterly data"),
        ([str(1980 + i) for i in range(36)], VALUES, "it has yearly data"),
        ([f"{1980 + i}-12-31" for i in range(36)], VALUES, "it has yearly data"),
        (D, VALUES, "it has daily or weekly data"),
        ([*MONTHS[:3], "soon", *MONTHS[4:]], VALUES, "the date of row 5 is 'soon'; write months as 2015-01"),
        (["2014-13", *MONTHS[1:]], VALUES, "the date of row 2 is '2014-13'"),
        (["01/02/2014", *MONTHS[1:]], VALUES, "the date of row 2 is '01/02/2014'"),
        ([*MONTHS[:3], "", *MONTHS[4:]], VALUES, "the date of row 5 is empty"),
        (MONTHS, [*VALUES[:9], "many", *VALUES[10:]], "row 11 (2014-10) has 'many', which is no finite number."),
        (MONTHS, [*VALUES[:9], "inf", *VALUES[10:]], "row 11 (2014-10) has 'inf', which is no finite number."),
        (MONTHS, [*VALUES[:9], ".", "", *VALUES[11:]], "months have no value: 2014-10, 2014-11. Fill them"),
        ([], [], "it has 0 rows; a series has 1 to 12,000 months."),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path: Path, dates: list[str], values: list[Any], told: str) -> None:
    with pytest.raises(InputError) as caught:
        _read(_csv(tmp_path, dates, values))
    assert str(caught.value).startswith(f"series '{tmp_path / 'real.csv'}': ")
    assert told in str(caught.value)


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"there is no such file; in a scenario, paths are relative"):
        _read(tmp_path / "no.csv")
    with pytest.raises(InputError, match=r"it is no regular file."):
        _read(tmp_path)
    with pytest.raises(InputError, match=r"there is no column 'valeu'. Did you mean 'value'\? It has: month, value."):
        read_series(_csv(tmp_path), NAME, "valeu", "month")
    for name, content in (
        ("bad.parquet", b"nothing of the kind"),
        ("bad.csv", b"a,b\n\xff\xfe\x00,1\n"),
        ("e.csv", b""),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError, match=r"it cannot be read as "):
            _read(tmp_path / name)


def _story(folder: Path, entry: str, name: str = "story.yaml") -> str:
    file = folder / name
    file.write_text(f"months: 6\nburn_in: 3\nsociety: {{people: 200, regions: 1}}\nsensors:\n  {NAME}: {entry}\n")
    return str(file)


ENTRY = "{series: {file: data/real.csv, date: month, unit: percent, start: 2015-01}, lag: 2}"


@pytest.fixture
def story(tmp_path: Path) -> str:
    (tmp_path / "data").mkdir()
    _csv(tmp_path / "data")
    return _story(tmp_path, ENTRY)


def test_a_scenario_publishes_the_series_and_not_what_happens(story: str) -> None:
    society = Society(load(story), seed=1)
    society.burn_in()
    for month in range(6):
        society.step()
        (reading,) = society.sensed()
        assert (reading.period, reading.vintage, reading.source) == (month - 1, month + 1, "series")
        assert reading.value == pytest.approx(VALUES[12 + month - 1] / 100)
        assert reading.value != society.indicators[NAME]
    society.close()


def test_a_run_carries_its_data_and_needs_the_file_no_more(story: str, tmp_path: Path) -> None:
    plan = make_plan(load(story), seeds=1)
    text = json.dumps(plan.resolved)
    (tmp_path / "data" / "real.csv").unlink()
    again = from_resolved(json.loads(text))
    assert again.digest == plan.digest
    entry = again.scenario.sensors[NAME].series
    assert entry is not None
    assert (entry.first, len(entry.values)) == (-12, 36)
    assert again.scenario.sensors[NAME].sensor(NAME) == plan.scenario.sensors[NAME].sensor(NAME)
    with pytest.raises(InputError, match=r"there is no such file"):
        load(story)


def test_other_data_is_another_run(story: str, tmp_path: Path) -> None:
    before = make_plan(load(story), seeds=1).digest
    _csv(tmp_path / "data", values=[value + 1.0 for value in VALUES])
    assert make_plan(load(story), seeds=1).digest != before


def test_a_policy_file_names_files_beside_itself(story: str, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    _csv(tmp_path / "other", values=[9.0] * 36)
    over = tmp_path / "other" / "over.yaml"
    over.write_text(f"sensors:\n  {NAME}: {{series: {{file: real.csv, date: month, unit: percent}}}}\n")
    changed = load(story).with_overlay(load_overlay(over)).sensors[NAME].series
    assert changed is not None
    assert (changed.first, set(changed.values)) == (0, {0.09})  # its first month is month 0 where no start is given


def test_a_scenario_in_memory_reads_from_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _csv(tmp_path)
    monkeypatch.chdir(tmp_path)
    entry = {"series": {"file": "real.csv", "date": "month", "unit": "percent"}}
    plan = make_plan(Scenario.model_validate({"months": 4, "sensors": {NAME: entry}}), seeds=1)
    series = plan.scenario.sensors[NAME].series
    assert series is not None
    assert len(series.values) == 36
    entry["series"]["file"] = "none.csv"
    with pytest.raises(InputError, match=f"{NAME}: series 'none.csv': there is no such file"):
        make_plan(Scenario.model_validate({"months": 4, "sensors": {NAME: entry}}), seeds=1)


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (ENTRY.replace("real.csv", "rael.csv"), "data/rael.csv': there is no such file"),
        (ENTRY.replace("2015-01", "2019-01"), "series 'data/real.csv' ends in 2016-12, before month 0, 2019-01"),
        (ENTRY.replace("2015-01", "2013-01"), "the series begins in month 12, after the last month, 5."),
        (ENTRY.replace("2015-01", "January"), "'January' is no month; write it as 2015-01."),
        (ENTRY.replace(", unit: percent", ""), "say `unit: percent` if they are percent."),
        (ENTRY.replace("date: month", "dat: month"), "unknown key 'dat' in sensors.unemployment_rate.series"),
        ("{series: {}}", "the series of 'unemployment_rate' names no file: {series: {file: data.csv}}."),
        ("{series: data/real.csv}", "series is data/real.csv; it must be a mapping"),
        (ENTRY.replace("lag: 2", "survey: 300"), "it is measured in one way, not by survey and series"),
    ],
)
def test_mistakes_are_told_with_their_line(story: str, tmp_path: Path, entry: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        load(_story(tmp_path, entry))
    assert "story.yaml:5  " in str(caught.value)
    assert told in str(caught.value)


def test_real_data_need_no_sector(story: str, tmp_path: Path) -> None:
    text = Path(story).read_text().replace(NAME, "crime_rate").replace("unit: percent, ", "")
    file = tmp_path / "crime.yaml"
    file.write_text(text)
    assert load(str(file)).sensors["crime_rate"].series is not None
