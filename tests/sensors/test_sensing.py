"""A scenario's sensors in a living society: what is published, when, and how near to the truth it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from wildsim.indicators.crime import PER, YEAR
from wildsim.scenario.schema import SECTORS, Scenario
from wildsim.sensors.questions import MONTHS_OF, QUESTIONS
from wildsim.sensors.reading import kept_as
from wildsim.sensors.world_sensor import Sensors
from wildsim.society import Society
from wildsim.state.world import WorldView

STORY: dict[str, Any] = {"months": 40, "burn_in": 30, "society": {"people": 3000, "regions": 2}}
LATE = [{"lag": 2, "error": 0.01}, {"lag": 3, "error": 0.0}]
SENSORS = {
    "unemployment_rate": {"survey": 600, "lag": 1},
    "wage_mean": {"survey": {"sample": 500, "response": 0.7}, "lag": 3},
    "employment_rate": {"survey": {"sample": 100_000}},
    "gdp_real": {"accounts": {"releases": [{"lag": 1, "error": 0.02}, {"lag": 4, "error": 0.0}]}},
    "consumption_real": {
        "accounts": {"kind": "news", "releases": [{"lag": 2, "error": 0.01}, {"lag": 3, "error": 0.0}]}
    },
    "vacancy_rate": {"lag": 6},
}


def _lived(seed: int = 1, **changes: Any) -> tuple[dict[str, list[Any]], dict[str, np.ndarray], Society]:
    """Return everything published by indicator, the truth of the recorded months, and the society."""
    society = Society(Scenario(**{**STORY, "sensors": SENSORS, **changes}), seed=seed)
    society.burn_in()
    published: dict[str, list[Any]] = {name: [] for name in changes.get("sensors", SENSORS)}
    truth: dict[str, list[float]] = {name: [] for name in SENSORS}
    for _ in range(40):
        society.step()
        for reading in society.sensed():
            published[reading.indicator].append(reading)
        for name in SENSORS:
            truth[name].append(society.indicators[name])
    return published, {name: np.array(values) for name, values in truth.items()}, society


@pytest.fixture(scope="module")
def lived() -> Iterator[tuple[dict[str, list[Any]], dict[str, np.ndarray], Society]]:
    found = _lived()
    yield found
    found[2].close()


def test_values_appear_when_they_are_said_to(lived: Any) -> None:
    published, _, _ = lived
    for name, lag in (("unemployment_rate", 1), ("wage_mean", 3), ("vacancy_rate", 6)):
        assert {reading.vintage - reading.period for reading in published[name]} == {lag}
    assert {reading.vintage - reading.period for reading in published["gdp_real"]} == {1, 4}
    for readings in published.values():
        assert [reading.vintage for reading in readings] == sorted(reading.vintage for reading in readings)


def test_surveys_are_near_the_truth_by_their_own_standard_error(lived: Any) -> None:
    published, truth, _ = lived
    for name in ("unemployment_rate", "wage_mean"):
        own = [r for r in published[name] if r.period >= 0]
        far = np.array([(r.value - truth[name][r.period]) / r.se for r in own])
        assert 0.6 < far.std() < 1.5
        assert abs(far.mean()) < 0.6
        assert np.abs(far).max() > 0.1  # a sample is not the truth


def test_a_census_is_the_truth(lived: Any) -> None:
    published, truth, _ = lived
    for reading in published["employment_rate"]:
        if reading.period >= 0:
            assert reading.value == pytest.approx(truth["employment_rate"][reading.period], rel=1e-12)
            assert reading.se == 0.0


class Census:
    """Asks everybody, wherever they are."""

    def observe(self, view: WorldView, indicator: str) -> dict[str, float]:
        above, below = QUESTIONS[indicator](view)
        return {"value": float(above.sum() / below.sum())}


def test_everybody_asked_is_the_indicator_with_every_sector_on() -> None:
    """Graduations, births and deaths come after the month's statistics, so that both speak of the same people."""
    size = {"people": 2000, "regions": 2}
    society = Society(Scenario(months=20, burn_in=0, society=size, sectors=dict.fromkeys(SECTORS, True)))
    society.world.sensors = dict.fromkeys(QUESTIONS, Census())
    for _ in range(20):
        society.step()
        for name in set(QUESTIONS) - set(MONTHS_OF):
            asked = society.world.history.last(kept_as(name, "value"))
            assert asked == pytest.approx(society.indicators[name], rel=1e-12), (name, society.month)
    society.close()


OFFENCES = {"property_crime_rate": ("property",), "violent_crime_rate": ("violent",)}
OFFENCES["crime_rate"] = OFFENCES["property_crime_rate"] + OFFENCES["violent_crime_rate"]


@pytest.mark.parametrize("demography", [False, True])
def test_everybody_asked_whether_they_were_victims_tells_the_offences_of_the_month(demography: bool) -> None:
    """With nobody born and nobody dying, the mean of 12 such months is the indicator; else it is within 1 %."""
    size, found = {"people": 2000, "regions": 2}, {name: 0.0 for name in OFFENCES}
    sectors = {"crime": True, "demography": demography}
    society = Society(Scenario(months=30, burn_in=0, society=size, sectors=sectors))
    society.world.sensors = dict.fromkeys(OFFENCES, Census())
    history = society.world.history
    for month in range(30):
        people = len(society.people)
        society.step()
        for name, kinds in OFFENCES.items():
            happened = sum(history.last(f"crime.{kind}") for kind in kinds)
            found[name] += happened
            assert history.last(kept_as(name, "value")) * people / (PER * YEAR) == pytest.approx(happened, abs=1e-9)
            yearly = np.mean([history.last(kept_as(name, "value"), ago) for ago in range(min(month + 1, YEAR))])
            assert yearly == pytest.approx(society.indicators[name], rel=0.01 if demography else 1e-12, abs=1e-9)
    assert min(found.values()) > 3.0  # there were victims to ask
    society.close()


def test_a_survey_of_victims_is_near_the_truth_by_its_own_standard_error() -> None:
    """In two societies over 40 months; surveys overlap, so that there are some seven independent values."""
    story: dict[str, Any] = {"months": 40, "burn_in": 24, "society": {"people": 3000, "regions": 2}}
    far = []
    for seed in (1, 2):
        sensors = {"crime_rate": {"survey": 1500}}
        society = Society(Scenario(**story, sectors={"crime": True}, sensors=sensors), seed=seed)
        society.burn_in()
        for _ in range(40):
            society.step()
            [reading] = society.sensed()
            assert (reading.period, reading.complete) == (society.month - 1, 1.0)
            far.append((reading.value - society.indicators["crime_rate"]) / reading.se)
        society.close()
    assert 0.4 < np.std(far) < 1.8
    assert abs(np.mean(far)) < 1.5
    assert np.abs(far).max() > 0.3


def test_where_crime_is_off_nobody_is_asked_about_it() -> None:
    published, _, society = _lived(sensors={"crime_rate": {"survey": 300}})
    society.close()
    assert {(r.quality, r.score, np.isnan(r.value)) for r in published["crime_rate"]} == {("undefined", 0.0, True)}


def test_quality_falls_with_error_and_with_silence(lived: Any) -> None:
    published, _, _ = lived
    sure, half, late = (published[name][-1] for name in ("employment_rate", "wage_mean", "vacancy_rate"))
    assert (sure.score, late.score) == (1.0, 1.0)
    assert 0.6 < half.complete < 0.8
    assert half.score == pytest.approx(half.complete / (1.0 + (half.se / half.value) ** 2), rel=1e-12)


def test_the_last_release_is_the_truth_and_the_first_is_not(lived: Any) -> None:
    published, truth, _ = lived
    for name, first in (("gdp_real", 1), ("consumption_real", 2)):
        for reading in published[name]:
            if reading.period >= 0 and reading.vintage - reading.period > first:
                assert reading.value == pytest.approx(truth[name][reading.period], rel=1e-12)
        early = [r for r in published[name] if r.period >= 0 and r.vintage - r.period == first]
        apart = np.array([r.value / truth[name][r.period] - 1 for r in early])
        assert 0.002 < apart.std() < 0.04
        assert all(r.se > 0 for r in early)


def test_nothing_of_a_later_vintage_can_be_reached(lived: Any) -> None:
    _, _, society = lived
    sensors = Sensors(society.world)
    month = society.month
    for name in SENSORS:
        for asked in (month - 3, month, month + 5):
            for period in (month - 8, month - 4, month - 1, month):
                reading = sensors.as_of(name, asked, period)
                assert np.isnan(reading.value) or reading.vintage <= min(asked, month)
    first, last = sensors.as_of("gdp_real", month - 2, month - 4), sensors.as_of("gdp_real", month, month - 4)
    assert (first.vintage, last.vintage) == (month - 3, month)
    assert first.value != last.value


def test_measuring_changes_nothing_of_the_society_and_is_the_same_every_time() -> None:
    published, truth, society = _lived(months=40)
    society.close()
    again, same, society = _lived()
    society.close()
    _, plain, society = _lived(sensors={"unemployment_rate": {"survey": 200}})
    society.close()
    assert published == again
    for name in SENSORS:
        assert (truth[name] == same[name]).all()
        assert (truth[name] == plain[name]).all()


@pytest.mark.parametrize("delta", [{}, {"delta": 1e-5}], ids=["laplace", "normal"])
def test_top_codes_bias_and_privacy_adds_noise_and_says_so(delta: dict[str, float]) -> None:
    plain, _, society = _lived(sensors={"wage_mean": {"survey": 100_000}})
    society.close()
    cut, _, society = _lived(sensors={"wage_mean": {"survey": {"sample": 100_000, "top_code": 5000.0}}})
    society.close()
    name = "wage_mean"
    assert all(low.value < high.value for low, high in zip(cut[name], plain[name], strict=True))
    hidden = {"sample": 100_000, "top_code": 5000.0, "epsilon": 0.5} | delta
    noisy, _, society = _lived(sensors={"wage_mean": {"survey": hidden}})
    society.close()
    far = np.array([(a.value - b.value) / a.se for a, b in zip(noisy[name], cut[name], strict=True)])
    assert 0.5 < far.std() < 1.6
    assert all(reading.se > 0 for reading in noisy[name])


def test_another_seed_draws_another_sample() -> None:
    published, _, society = _lived()
    society.close()
    other, _, society = _lived(seed=2)
    society.close()
    name = "unemployment_rate"
    assert [r.value for r in published[name]] != [r.value for r in other[name]]
