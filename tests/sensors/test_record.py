"""Administrative records: what is entered is what is known."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from wildsim.core.errors import InputError
from wildsim.core.keys import Keys
from wildsim.scenario.load import load
from wildsim.scenario.schema import Scenario
from wildsim.sensors.reading import NOT_KEPT, UNDEFINED, Past
from wildsim.sensors.record import Record
from wildsim.society import Society
from wildsim.state.history import MONTHS, History

NAME, COUNTED = "crime_rate", "crime_recorded_rate"


def _past(truth: float, counted: float, seed: int = 1, now: int = MONTHS) -> Past:
    history = History()
    for _ in range(now):
        history.add({NAME: truth, COUNTED: counted})
    return Past(history, now, Keys(seed))


def test_it_publishes_another_indicator_in_its_own_name() -> None:
    reading = Record(of=COUNTED, lag=2).read(_past(100.0, 40.0), NAME, 50, None)
    assert (reading.indicator, reading.period, reading.vintage) == (NAME, 48, 50)
    assert (reading.value, reading.se, reading.source) == (40.0, 0.0, "record")


@pytest.mark.parametrize("coverage", [0.0, 0.25, 1.0])
def test_coverage_leaves_cases_out(coverage: float) -> None:
    assert Record(coverage=coverage).read(_past(100.0, 40.0), NAME, 50, None).value == 100.0 * coverage


def test_clerical_noise_has_the_mean_and_the_spread_that_are_said() -> None:
    """4,800 draws: mean and s.d. within 4 standard errors (6e-5 each by chance), shape by KS at .001; fixed seeds."""
    sensor = Record(error=0.1)
    pasts = [_past(100.0, 40.0, seed) for seed in range(80)]
    values = np.array([sensor.read(past, NAME, MONTHS, period).value for past in pasts for period in range(MONTHS)])
    assert abs(values.mean() / 100.0 - 1.0) < 4.0 * 0.1 / math.sqrt(len(values))
    logs = np.log(values)
    spread = math.sqrt(math.log1p(0.01))
    assert stats.kstest(logs, "norm", (math.log(100.0) - spread**2 / 2.0, spread)).pvalue > 0.001
    assert abs(logs.std() / spread - 1.0) < 4.0 / math.sqrt(2.0 * len(values))
    exact = Record().read(pasts[0], NAME, MONTHS, 3)
    assert (exact.value, exact.se) == (100.0, 0.0)  # and none where none was asked for


def test_the_noise_belongs_to_the_period_and_its_error_is_told() -> None:
    sensor, past = Record(error=0.1), _past(100.0, 40.0)
    first, later = sensor.read(past, NAME, 30, 20), sensor.read(past, NAME, 50, 20)
    assert first == later
    assert first.se == pytest.approx(0.1 * first.value)
    assert sensor.read(past, NAME, 50, 21).value != first.value
    assert sensor.read(_past(100.0, 40.0, seed=2), NAME, 50, 20).value != first.value


def test_what_is_not_known_stays_so() -> None:
    past = _past(math.nan, 3.0, now=MONTHS + 20)
    assert Record(error=0.1).read(past, NAME, MONTHS, 30).quality == UNDEFINED
    gone = Record(of=COUNTED).read(past, NAME, MONTHS, 10)
    assert (math.isnan(gone.value), math.isnan(gone.se), gone.quality) == (True, True, NOT_KEPT)


def _lived(strictness: float | None) -> tuple[list[float], list[float], list[float]]:
    """Return what was published of crime, what entered the statistics, and what happened, by month."""
    policies = [] if strictness is None else [{"kind": "crime_recording", "strictness": strictness, "from": 2}]
    story = {"months": 10, "burn_in": 12, "society": {"people": 1500, "regions": 2}, "sectors": {"crime": True}}
    society = Society(Scenario(**story, policies=policies, sensors={NAME: {"record": {"of": COUNTED}}}), seed=4)  # type: ignore[arg-type]
    society.burn_in()
    told, counted, true = [], [], []
    for _ in range(10):
        society.step()
        told += [reading.value for reading in society.sensed()]
        counted.append(society.indicators[COUNTED])
        true.append(society.indicators[NAME])
    society.close()
    return told, counted, true


def test_to_record_less_is_enough_to_look_safer() -> None:
    told, counted, true = _lived(None)
    blind, entered, same = _lived(0.1)
    assert told == counted
    assert blind == entered
    assert true == same  # nothing of what happens changes
    assert all(0.0 < seen < happened for seen, happened in zip(told, true, strict=True))
    assert blind[:2] == told[:2]
    assert blind[-1] < 0.7 * told[-1]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("crime_rate: {record: {of: gdp}}", "a record of 'gdp' (USD/month) cannot stand for 'crime_rate' (offences a"),
        ("crime_rate: {record: {of: crime_recorded_rat}}", "Did you mean 'crime_recorded_rate'?"),
        ("unemployment_rate: {record: {coverage: .5}}", "'unemployment_rate' (share) has no cases: leave it out."),
        ("crime_rate: {record: {coverage: 2}}", "coverage is 2; it must be 1 or less."),
        ("crime_rate: {record: 3}", "record is 3; it must be a mapping"),
        ("crime_rate: {record: {}, survey: 200}", "survey and record are ways to measure; choose one."),
        ("crime_rate: {record: {off: gdp}}", "unknown key 'off' in sensors.crime_rate.record."),
        ("pupils: {record: {}}", "'pupils' belongs to the education sector, which is off: sectors: {education: true}."),
        ("prison_rate: {record: {coverage: .5}}\nevaluation: {sealed: [prison_rate]}", "its true value would be seen."),
        (
            "crime_recorded_rate: {record: {of: crime_rate}}\nevaluation: {sealed: [crime_rate]}",
            "its true value would be seen.",
        ),
    ],
)
def test_mistakes_are_told_with_their_line(tmp_path: Any, entry: str, message: str) -> None:
    file = tmp_path / "story.yaml"
    file.write_text(f"sectors: {{crime: true}}\nsensors:\n  {entry}\n")
    with pytest.raises(InputError) as caught:
        load(str(file))
    assert "story.yaml:" in str(caught.value)
    assert message in str(caught.value)


def test_a_record_of_something_else_keeps_what_is_sealed(tmp_path: Any) -> None:
    file = tmp_path / "story.yaml"
    entry = "crime_rate: {record: {of: crime_recorded_rate}}"
    file.write_text(f"sectors: {{crime: true}}\nsensors:\n  {entry}\nevaluation: {{sealed: [crime_rate]}}\n")
    assert load(str(file)).evaluation.hidden == {"crime_rate"}
