"""Surveys of victims: intervals hold the truth as often as they say, whoever in a household is asked."""

from __future__ import annotations

import numpy as np
import pytest

from tests.worlds import small_world
from wildsim.indicators.crime import PER, YEAR
from wildsim.kernels.ages import WORKING_AGE
from wildsim.scenario.schema import Scenario
from wildsim.sensors.questions import QUESTIONS, Question
from wildsim.sensors.reading import kept_as
from wildsim.sensors.survey import Survey
from wildsim.society import Society
from wildsim.state.people import PRISON
from wildsim.state.world import World, WorldView

TIMES, SAMPLE, NAME = 1_000, 500, "crime_rate"
#: 95 % of 1,000 within 2.6 standard errors of a share of .95: a true interval fails this once in a hundred.
LOW, HIGH = 0.932, 0.968


def _robbed(world: World) -> float:
    """Let one person in twelve suffer an offence, children twice as often, put some in prison; return the true rate."""
    luck = np.random.Generator(np.random.Philox(key=[5, 6]))
    people, offending = world.tables["people"], world.tables["offending"]
    child = people.base("age") < WORKING_AGE
    offending.base("suffered")[:] = luck.random((len(people), 2)) < np.where(child, 0.08, 0.04)[:, None]
    people.base("away")[::50] = PRISON
    return PER * YEAR * float(offending.base("suffered").sum()) / len(people)


def _surveyed(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Return value and standard error of the month's survey, and of the mean of 12, over TIMES months, (TIMES, 2)."""
    monthly, yearly = [], []
    for month in range(TIMES):
        world.clock.month = month
        found = Survey(SAMPLE).observe(world.view(), NAME)
        world.history.add({kept_as(NAME, what): value for what, value in found.items()})
        monthly.append((found["month"], found["month_se"]))
        yearly.append((found["value"], found["se"]))
    return np.array(monthly), np.array(yearly)


def _covered(found: np.ndarray, truth: float) -> float:
    return float((np.abs(found[:, 0] - truth) <= 1.96 * found[:, 1]).mean())


def test_intervals_cover_and_do_not_where_people_speak_for_themselves_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    world = small_world(people=3_000, sectors={"crime", "demography"})
    truth = _robbed(world)
    monthly, yearly = _surveyed(world)
    assert LOW <= _covered(monthly, truth) <= HIGH
    apart = (yearly[11:, 0] - truth) / yearly[11:, 1]
    assert 0.8 < apart.std() < 1.2
    assert 0.9 < _covered(yearly[11:], truth) < 0.99
    assert yearly[11:, 1].mean() == pytest.approx(monthly[:, 1].mean() / np.sqrt(12.0), rel=0.01)

    def alone(view: WorldView) -> tuple[np.ndarray, np.ndarray]:
        own = view.offending.suffered.sum(axis=1).astype(np.float64)
        return PER * YEAR * own, np.ones(len(own))

    question: Question = alone
    monkeypatch.setitem(QUESTIONS, NAME, question)
    monthly, _ = _surveyed(world)
    assert _covered(monthly, truth) < 0.9  # what befalls children and prisoners nobody tells


@pytest.mark.slow
@pytest.mark.parametrize("demography", [False, True])
def test_in_living_societies_intervals_cover(demography: bool) -> None:
    """Of 24 surveys a year apart 20 or more hold the truth: a true 95 % fails this less than once in a hundred."""
    size, sectors = {"people": 3000, "regions": 2}, {"crime": True, "demography": demography}
    far = []
    for seed in range(1, 7):
        sensors = {NAME: {"survey": 1500}}
        scenario = Scenario(months=48, burn_in=24, society=size, sectors=sectors, sensors=sensors)
        society = Society(scenario, seed=seed)
        society.burn_in()
        for _ in range(4):
            society.run_for(12)
            [reading] = society.sensed()
            far.append((reading.value - society.indicators[NAME]) / reading.se)
        society.close()
    assert len(far) == 24
    assert sum(abs(one) < 1.96 for one in far) >= 20
    assert 0.6 < np.std(far) < 1.5
