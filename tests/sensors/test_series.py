"""Real series: read, checked, carried along, published late, and compared with."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from wildsim.core.errors import InputError
from wildsim.core.keys import Keys
from wildsim.engine.plan import from_resolved, make_plan
from wildsim.scenario.load import load, load_overlay
from wildsim.scenario.schema import Scenario
from wildsim.sensors.reading import MEASURED, NOT_YET, UNDEFINED, Past
from wildsim.sensors.series import Series, compare
from wildsim.society import Society
from wildsim.state.history import History

NAME = "unemployment_rate"
RATES = [5.7, 5.5, 5.4, 5.4, 5.6, 5.3, 5.2, 5.1, 5.0, 5.0, 5.1, 5.0]
MONTHS = [f"2015-{month:02d}-01" for month in range(1, 13)]


def _csv(folder: Path, months: list[str], values: list[Any], columns: str = "date,value") -> None:
    rows = "".join(f"{month},{value}\n" for month, value in zip(months, values, strict=True))
    (folder / "unrate.csv").write_text(f"{columns}\n{rows}", encoding="utf-8")


def _story(folder: Path, series: str = "{file: unrate.csv, unit: percent}", name: str = NAME, more: str = "") -> str:
    file = folder / "story.yaml"
    text = (
        f"months: 6\nburn_in: 0\nsociety: {{people: 200, regions: 1}}\nsensors:\n  {name}: {{series: {series}{more}}}\n"
    )
    file.write_text(text, encoding="utf-8")
    return str(file)


def _sensor(scenario: Scenario, name: str = NAME) -> Series:
    found = scenario.sensors[name].sensor()
    assert isinstance(found, Series)
    return found


def test_a_file_beside_the_scenario_is_read_and_its_percent_converted(tmp_path: Path) -> None:
    _csv(tmp_path, MONTHS, RATES)
    sensor = _sensor(load(_story(tmp_path)))
    assert sensor.values == tuple(RATES)
    assert sensor.known(_nothing(10), NAME, 3) == (5.4 * 0.01, 0.0)
    start = _sensor(load(_story(tmp_path, "{file: unrate.csv, unit: percent, start: 2015-03, error: .1}")))
    assert start.known(_nothing(10), NAME, 0) == pytest.approx((0.054, 0.0054))
    assert start.known(_nothing(10), NAME, -2)[0] == pytest.approx(0.057)


def test_parquet_and_other_names_of_columns(tmp_path: Path) -> None:
    table = pd.DataFrame({"month": pd.to_datetime(MONTHS), "rate": RATES})
    table.to_parquet(tmp_path / "u.parquet")
    entry = "{file: u.parquet, date: month, column: rate, unit: percent}"
    assert _sensor(load(_story(tmp_path, entry))).values == tuple(RATES)


def _nothing(now: int) -> Past:
    return Past(History(), now, Keys(1))


def test_values_come_late_and_none_of_the_future_is_told() -> None:
    sensor = Series(tuple(RATES), unit="percent", lag=2)
    for month in range(20):
        for period in range(20):
            reading = sensor.read(_nothing(month), NAME, month, period)
            if period + 2 <= month and period < len(RATES):
                assert (reading.quality, reading.vintage, reading.source) == (MEASURED, period + 2, "series")
                assert reading.value == RATES[period] * 0.01
            else:
                assert (reading.quality, math.isnan(reading.value), reading.score) == (NOT_YET, True, 0.0)
    assert sensor.read(_nothing(9), NAME, 9, None).period == 7
    assert sensor.read(_nothing(9), NAME, 9, -1).quality == UNDEFINED


def test_a_society_publishes_them_whatever_it_does_and_does_without_the_file(tmp_path: Path) -> None:
    """The values travel in the resolved settings: the same plan runs where the file is gone."""
    _csv(tmp_path, MONTHS, RATES)
    plan = make_plan(load(_story(tmp_path)), seeds=1)
    written = json.loads(json.dumps(plan.resolved))
    (tmp_path / "unrate.csv").unlink()
    again = from_resolved(written)
    assert again.digest == plan.digest
    society = Society(again.scenario)
    society.run_for(4)
    [reading] = society.sensed()
    assert reading.value == RATES[3] * 0.01
    assert reading.value != society.indicators[NAME]
    society.close()
    with pytest.raises(InputError, match=r"there is no file .*unrate.csv"):
        load(_story(tmp_path))


def test_an_overlay_names_files_beside_itself(tmp_path: Path) -> None:
    base, other = tmp_path / "base", tmp_path / "other"
    base.mkdir()
    other.mkdir()
    _csv(base, MONTHS, RATES)
    _csv(other, MONTHS, [2 * rate for rate in RATES])
    file = other / "twice.yaml"
    file.write_text(f"sensors:\n  {NAME}: {{series: {{file: unrate.csv, unit: percent}}}}\n", encoding="utf-8")
    scenario = load(_story(base))
    assert _sensor(scenario.with_overlay(load_overlay(file))).values[0] == 2 * RATES[0]
    assert _sensor(scenario).values[0] == RATES[0]


WRONG: list[tuple[list[str], list[Any], str]] = [
    ([*MONTHS[:2], *MONTHS[4:]], [*RATES[:2], *RATES[4:]], "has gaps: 2015-03, 2015-04 missing; fill them, or cut"),
    ([*MONTHS[:3], MONTHS[2], *MONTHS[3:]], [5.0, *RATES], "2015-03 stands twice, rows 4 and 5; keep one."),
    ([MONTHS[1], MONTHS[0]], [5.0, 5.1], "row 3: 2015-01 comes after 2015-02; sort the rows by month."),
    (["2015-01-01", "2015-04-01", "2015-07-01"], [1, 2, 3], "is quarterly; indicators are monthly"),
    (["2015Q1", "2015Q2", "2015Q3"], [1, 2, 3], "is quarterly; indicators are monthly"),
    (["2015-01-01", "2016-01-01"], [1, 2], "is yearly; indicators are monthly"),
    ([f"2015-01-{day:02d}" for day in (2, 9, 16, 23, 30)], [1, 2, 3, 4, 5], "several values a month (weekly, daily)"),
    (
        [*(f"201{y}-{m:02d}" for y in (3, 4) for m in (1, 4, 7, 10)), *MONTHS],
        [*[5.0] * 8, *RATES],
        "is of mixed frequency: months from row to row are 1 (11 times), 3 (8 times). Make it monthly.",
    ),
    (MONTHS[:3], [5.0, "", 5.1], "row 3: 2015-02 has no value in 'value'; fill the gap"),
    (MONTHS[:3], [5.0, ".", 5.1], "row 3: 2015-02 has no value in 'value'"),
    (MONTHS[:3], [5.0, "five", 5.1], "row 3: 'five' in 'value' is no number."),
    (MONTHS[:3], [5.0, "inf", 5.1], "row 3: 'inf' in 'value' is no number."),
    (["01/02/2015", "01/03/2015"], [5.0, 5.1], "row 2: '01/02/2015' is no month; write 2015-03 or 2015-03-31."),
    (["2015-13-01"], [5.0], "'2015-13-01' is no month"),
    ([], [], "holds no rows."),
]


@pytest.mark.parametrize(("months", "values", "message"), WRONG)
def test_what_is_wrong_with_a_file_is_told(tmp_path: Path, months: list[str], values: list[Any], message: str) -> None:
    _csv(tmp_path, months, values)
    with pytest.raises(InputError) as caught:
        load(_story(tmp_path))
    assert "story.yaml:5  " in str(caught.value)
    assert "unrate.csv" in str(caught.value)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("name", "series", "message"),
    [
        (NAME, "{file: unrate.csv}", "the series has values up to 5.7. Write unit: percent, or unit: share if that is"),
        (NAME, "unrate.csv", "Write unit: percent"),
        ("gdp", "{file: unrate.csv, unit: percent}", "the series is in percent, 'gdp' in USD/month; leave out unit"),
        (NAME, "{file: unrate.csv, column: xy}", "has no column 'xy'. It has: date, value."),
        (NAME, "{file: unrate.csv, date: dat}", "has no column 'dat'. Did you mean 'date'?"),
        (NAME, "{file: other.csv}", "there is no file"),
        (NAME, "{file: story.yaml}", "is no file of a kind that is read: .csv, .parquet, .pq."),
        (NAME, "{unit: percent}", "a series needs a file (CSV or parquet), or values and first"),
        (
            NAME,
            "{file: unrate.csv, unit: percent, start: 2019-01}",
            "start is 2019-01; the series has 2015-01 to 2015-12",
        ),
        (
            NAME,
            "{file: unrate.csv, unit: percent, start: soon}",
            "start is 'soon'; it must be a month, such as 2015-01.",
        ),
        (NAME, "{values: [.05, .06]}", "first is ''; it must be the month of the first value"),
        (NAME, "{file: unrate.csv, unit: per cent}", "unit is 'per cent'; it must be"),
    ],
)
def test_mistakes_of_an_entry_are_told_with_their_line(tmp_path: Path, name: str, series: str, message: str) -> None:
    _csv(tmp_path, MONTHS, RATES)
    with pytest.raises(InputError) as caught:
        load(_story(tmp_path, series, name))
    assert "story.yaml:5  " in str(caught.value)
    assert message in str(caught.value)


def test_values_may_stand_in_the_scenario_itself(tmp_path: Path) -> None:
    sensor = _sensor(load(_story(tmp_path, "{values: [.05, .06], first: 2015-01}")))
    assert sensor.known(_nothing(9), NAME, 1) == (0.06, 0.0)


def test_a_comparison_finds_what_was_planted() -> None:
    luck = np.random.Generator(np.random.Philox(key=[1, 2]))
    real = 0.05 + 0.01 * np.sin(np.arange(60) / 6.0)
    series = Series(tuple(100.0 * real), first=-12, unit="percent")
    ours = real[12:] + 0.004 + 0.002 * np.arange(48) / 12.0
    found = compare(ours, series)
    assert found.months == 48
    assert found.bias == pytest.approx((ours - real[12:]).mean(), rel=1e-9)
    assert found.trend == pytest.approx(0.002, rel=1e-9)
    assert found.rmse == pytest.approx(np.sqrt(((ours - real[12:]) ** 2).mean()), rel=1e-9)
    assert found.correlation > 0.9
    assert abs(compare(0.05 + luck.normal(0.0, 0.01, 48), series).correlation) < 0.5
    same = compare(np.append(real[12:], [math.nan, 0.3]), series)
    assert (same.months, same.bias) == (48, pytest.approx(0.0, abs=1e-15))
    with pytest.raises(InputError, match="2 months in common; 3 are needed"):
        compare(real[:5], series, first=46)
