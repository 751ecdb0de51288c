"""Surveys of victims: nothing is counted twice, everybody asked is the truth, samples are as near as they say."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from tests.worlds import live, small_world
from wildsim.core.clock import Clock
from wildsim.core.errors import InputError
from wildsim.kernels.ages import WORKING_AGE
from wildsim.scenario.load import load
from wildsim.scenario.schema import Scenario
from wildsim.sensors.survey import Survey
from wildsim.sensors.victims import PER, VICTIMS, YEAR, at_home, mean_of_months
from wildsim.society import Society
from wildsim.state.people import PRISON
from wildsim.state.world import World

RATES = tuple(VICTIMS)
KINDS = {"crime_rate": [0, 1], "property_crime_rate": [0], "violent_crime_rate": [1]}
EVERYBODY = 100_000


def _base(world: World, table: str, column: str) -> np.ndarray:
    found: np.ndarray = world.tables[table].base(column)
    return found


def _rate(world: World, name: str) -> float:
    """Return the offences of the month, a year and 100,000 people, as the police's table has them."""
    offences = _base(world, "policing", "offences")[:, KINDS[name]].sum()
    return float(offences * YEAR * PER / len(world.tables["people"]))


@pytest.fixture(scope="module")
def violent() -> World:
    """A society with families in which many offend, many are hit more than once, and some are in prison."""
    world = small_world(1500, 2, sectors=("crime", "demography"), parameters={"crime.constant": [-2.0, -2.5]})
    live(world, 14)
    return world


def test_every_offence_leaves_its_trace_on_one_victim_until_the_month_ends() -> None:
    world = small_world(600, 2, sectors=("crime",), parameters={"crime.constant": [-1.0, -1.5]})
    twice = 0

    def look(w: World, step: str) -> None:
        nonlocal twice
        if step == "sensors.world_sensor.ask":
            offences = _base(w, "policing", "offences").sum(axis=0)
            robbed, hurt = _base(w, "victimisation", "robbed"), _base(w, "offending", "hurt")
            assert (robbed.sum(), hurt.sum()) == tuple(offences)
            assert ((hurt > 0) == (_base(w, "offending", "victim") == 1)).all()
            twice += int((hurt > 1).sum() + (robbed > 1).sum())

    live(world, 6, look)
    assert twice > 10  # so that a mark of yes and no would not have been enough


def test_nothing_is_counted_twice_and_nobody_left_out(violent: World) -> None:
    view = violent.view()
    assert (view.people.age < WORKING_AGE).sum() > 100
    assert (view.people.away == PRISON).sum() > 10
    for name in RATES:
        above, below = VICTIMS[name](view)
        offences = _base(violent, "policing", "offences")[:, KINDS[name]].sum()
        # rows of people moved after the month was over; the traces moved with them, but for the dead
        left = (view.victimisation.robbed.sum() * (0 in KINDS[name])) + view.offending.hurt.sum() * (1 in KINDS[name])
        assert offences * 0.8 < left <= offences
        assert above.sum() == pytest.approx(left * YEAR * PER, rel=1e-12)
        assert below.sum() == pytest.approx(len(view.people), rel=1e-12)


def test_a_household_speaks_once_whoever_of_it_is_asked(violent: World) -> None:
    """Of two grown people, a child and a prisoner each of the two stands for half of what they cannot say."""
    view = violent.view()
    home, reached = view.people.household, at_home(view)
    above, below = VICTIMS["crime_rate"](view)
    speakers = np.bincount(home, reached, len(view.households))
    silent = np.bincount(home, ~reached, len(view.households))
    found = np.flatnonzero((speakers == 2) & (silent > 0) & (view.victimisation.robbed > 0))
    assert len(found)
    for household in found:
        mine = np.flatnonzero(home == household)
        asked = mine[reached[mine]]
        own, others = view.offending.hurt[asked], view.offending.hurt[mine].sum() - view.offending.hurt[asked].sum()
        robbed = float(view.victimisation.robbed[household])
        assert below[asked] == pytest.approx(1.0 + silent[household] / 2.0)
        assert above[asked] == pytest.approx((own + (robbed + others) / 2.0) * YEAR * PER)
        assert not below[mine[~reached[mine]]].any()


def _society(sensors: dict[str, Any], **changes: Any) -> Society:
    story = {"months": 16, "burn_in": 0, "society": {"people": 1200, "regions": 2}, "sectors": {"crime": True}}
    return Society(Scenario(**{**story, "sensors": sensors, **changes}), seed=3)


def test_everybody_asked_is_what_happened_and_a_year_of_it_is_published() -> None:
    """Where nobody is in prison everybody is asked; the value is the mean of up to twelve months, and has no error."""
    society = _society({name: {"survey": EVERYBODY} for name in RATES}, parameters={"crime.prison": [0.0, 0.0]})
    happened: dict[str, list[float]] = {name: [] for name in RATES}
    for month in range(16):
        society.step()
        for reading in society.sensed():
            name = reading.indicator
            happened[name].append(_rate(society.world, name))
            lately = happened[name][-YEAR:]
            assert (reading.period, reading.vintage, reading.se) == (month, month + 1, 0.0)
            assert reading.value == pytest.approx(np.mean(lately), rel=1e-12)
            assert reading.value == pytest.approx(society.indicators[name], rel=1e-12)  # nobody is born or dies here
    society.close()
    assert len(set(happened["crime_rate"])) > 4


def test_who_lives_with_nobody_at_home_is_missed_and_no_other() -> None:
    society = _society({"crime_rate": {"survey": EVERYBODY}}, parameters={"crime.constant": [-2.0, -2.0]})
    missed = 0
    for _ in range(8):
        society.step()
        world = society.world
        view = world.view()
        reached = np.bincount(view.people.household, at_home(view), len(view.households)) > 0
        spoken = reached[view.people.household]
        offences = view.victimisation.robbed[reached].sum() + view.offending.hurt[spoken].sum()
        found = world.history.last("sensed.crime_rate.month_value")
        assert found == pytest.approx(offences * YEAR * PER / spoken.sum(), rel=1e-12)
        missed += int((~spoken).sum())
    society.close()
    assert missed > 0


@pytest.mark.parametrize("name", RATES)
def test_a_year_of_samples_is_as_near_as_it_says(violent: World, name: str) -> None:
    """300 years of samples of 400: 95 % intervals hold the truth in .911 to .989 (3 standard errors), z is unbiased.

    A household's thefts told in full by all of its members (the trap) would be off by many standard errors.
    """
    view = violent.view()
    above, below = VICTIMS[name](view)
    truth = float(above[at_home(view)].sum() / below[at_home(view)].sum())
    survey, start, years = Survey(400), violent.clock.month, 300
    values, errors = np.empty((2, years, YEAR))
    for month in range(years * YEAR):
        violent.clock = Clock(start + month)
        found = survey.estimate(violent.view(), name)
        values.flat[month], errors.flat[month] = found.value, found.se
    violent.clock = Clock(start)
    means = np.array([mean_of_months(v, e) for v, e in zip(values, errors, strict=True)])
    z = (means[:, 0] - truth) / means[:, 1]
    assert 0.911 <= (np.abs(z) <= 1.96).mean() <= 0.989
    assert abs(z.mean()) < 4.0 / math.sqrt(years) + 0.1  # a ratio of rare events is a little skewed
    if name == "property_crime_rate":
        told = view.victimisation.robbed[view.people.household] * YEAR * PER * at_home(view)
        assert abs(told.sum() / at_home(view).sum() - truth) > 5.0 * means[:, 1].mean()


def test_months_without_an_answer_are_left_out() -> None:
    value, error = mean_of_months(np.array([math.nan, 3.0, 5.0]), np.array([math.nan, 0.3, 0.4]))
    assert (value, error) == (4.0, pytest.approx(0.25))
    assert all(math.isnan(x) for x in mean_of_months(np.array([math.nan]), np.array([math.nan])))


def test_a_year_is_remembered_as_it_was_published() -> None:
    """What was published for a month is the same whenever it is asked for, also when its year is forgotten by half."""
    society = _society({"crime_rate": {"survey": 300}}, months=80)
    first = {}
    from wildsim.sensors.world_sensor import Sensors

    for _ in range(70):
        society.step()
        for reading in society.sensed():
            first[reading.period] = reading
    sensors = Sensors(society.world)
    for period in range(12, 70):
        assert sensors.as_of("crime_rate", society.month, period) == first[period]
    society.close()


def test_victims_tell_what_the_police_do_not_record() -> None:
    """To record less changes what is recorded, and nothing of what victims say."""
    sensors = {"crime_rate": {"survey": 400}}
    policies = [{"kind": "crime_recording", "strictness": 0.05, "from": 0}]
    found = []
    for given in ([], policies):
        society = _society(sensors, policies=given)
        told = []
        for _ in range(14):
            society.step()
            told += [reading.value for reading in society.sensed()]
        found.append((told, society.indicators["crime_recorded_rate"]))
        society.close()
    (told, recorded), (same, fewer) = found
    assert told == same
    assert fewer < 0.5 * recorded


def test_where_there_is_no_crime_sector_there_is_nothing_to_ask() -> None:
    world = small_world(200, 1)
    live(world)
    for name in RATES:
        assert math.isnan(Survey(100).estimate(world.view(), name).value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "sensors:\n  crime_rate: {survey: 500}\n",
            "story.yaml:2  'crime_rate' belongs to the crime sector, which is off: sectors: {crime: true}.",
        ),
        (
            "sectors: {crime: true}\nsensors:\n  crime_rate: {survey: {sample: 500, top_code: 9, epsilon: 1}}\n",
            "story.yaml:3  answers about 'crime_rate' are no amounts but offences: leave out top_code and epsilon.",
        ),
        (
            "sectors: {crime: true}\nsensors:\n  violent_crime_rate: {survey: {sample: 500, epsilon: 1}}\n",
            "leave out top_code and epsilon.",
        ),
    ],
)
def test_mistakes_are_told_with_their_line(tmp_path: Any, text: str, message: str) -> None:
    file = tmp_path / "story.yaml"
    file.write_text(text)
    with pytest.raises(InputError) as caught:
        load(str(file))
    assert message in str(caught.value)
