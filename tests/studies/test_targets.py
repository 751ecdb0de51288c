"""Targets files and the numbers that a study varies: every mistake has its line and its remedy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from wildsim.core.errors import InputError
from wildsim.core.parameters import resolve
from wildsim.facts.ranges import load_country
from wildsim.scenario.load import load
from wildsim.scenario.schema import Scenario
from wildsim.studies import moments
from wildsim.studies.space import Dimension, around, find, numbers, overrides, split, varied
from wildsim.studies.targets import read_ranges, read_targets

#: As they stand: persistence and spread of the demand shock, habit, pay for hours.
START, HABIT, PAY = (resolve("us", {})[name] for name in ("shocks.demand", "households.habit", "labour.hours_pay"))

GOOD = """\
about: A test.
moments:
  sd_gdp: {low: 0.9, high: 2.0, source: somewhere}
  mean(unemployment_rate): {low: 0.04, high: 0.07, weight: 2}
parameters:
  households.habit: {low: 0.1, high: 0.5, log: true}
  shocks.demand.1: {low: 0.002, high: 0.01}
  labour.hours_pay:
"""


@pytest.fixture
def story() -> Scenario:
    return load("us")


def written(folder: Path, text: str) -> Path:
    file = folder / "targets.yaml"
    file.write_text(text)
    return file


def test_a_good_file(tmp_path: Path, story: Scenario) -> None:
    found = read_targets(written(tmp_path, GOOD), story)
    assert [(t.name, t.low, t.high, t.weight) for t in found.moments] == [
        ("sd_gdp", 0.9, 2.0, 1.0),
        ("mean(unemployment_rate)", 0.04, 0.07, 2.0),
    ]
    habit, demand, pay = found.dimensions
    assert (habit.log, habit.start, habit.unit) == (True, HABIT, "share/month")
    assert demand.start == START[1]
    assert (pay.low, pay.high) == (PAY / 2, 2 * PAY), "from half to double where nothing is said"
    assert found.about == "A test."


def test_a_range_left_out_stays_legal(tmp_path: Path, story: Scenario) -> None:
    text = "moments: {sd_gdp: {low: 0, high: 1}}\nparameters:\n  banks.smoothing:\n"
    (only,) = read_targets(written(tmp_path, text), story).dimensions
    assert (only.low, only.high) == (0.465, 1.0)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("sd_gdp:", "sd_gpd:", 3, "unknown moment 'sd_gpd'. Did you mean 'sd_gdp'?"),
        ("sd_gdp:", "unemployment_rate:", 3, "is an indicator: write mean(unemployment_rate)"),
        ("(unemployment_rate)", "(unemploymnt_rate)", 4, "Did you mean 'unemployment_rate'?"),
        ("high: 2.0", "high: 0.5", 3, "the range of sd_gdp is [0.9, 0.5]; low must be below high."),
        ("high: 2.0, ", "", 3, "sd_gdp has no high; write sd_gdp: {low: ..., high: ...}."),
        ("low: 0.9", "low: few", 3, "low of sd_gdp is 'few'; it must be a finite number."),
        ("low: 0.9", "low: .nan", 3, "low of sd_gdp is nan; it must be a finite number."),
        ("weight: 2", "weight: 0", 4, "it must be a number above 0"),
        ("weight: 2", "wieght: 2", 4, "unknown key 'wieght' in mean(unemployment_rate). Did you mean 'weight'?"),
        ("households.habit", "households.habbit", 6, "unknown parameter 'households.habbit'. Did you mean"),
        ("demand.1: {low: 0.002", "demand.1: {log: true, low: 0", 7, "a logarithmic scale needs more than 0"),
        ("high: 0.5, log", "high: 1.5, log", 6, "high of households.habit is 1.5; legal are 0.001 to 1 (share/month)."),
        ("log: true", "log: 2", 6, "it must be true or false"),
        ("demand.1", "demand", 7, "shocks.demand is a list of 2 numbers; name one, the first is shocks.demand.0."),
        ("demand.1", "demand.2", 7, "shocks.demand has 2 numbers; the last is shocks.demand.1."),
        ("households.habit", "households.habit.0", 6, "households.habit is one number; leave out .0."),
        ("about:", "abuot:", 1, "unknown key 'abuot'. Did you mean 'about'?"),
        ("  labour.hours_pay:", "  government.wealth_tax:", 8, "is 0 in the scenario and has no range of its own"),
        ("  labour.hours_pay:", "  labour.hours_pay: 3", 8, "labour.hours_pay is no mapping"),
    ],
)
def test_mistakes(tmp_path: Path, story: Scenario, old: str, new: str, line: int, message: str) -> None:
    assert old in GOOD
    file = written(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(InputError) as caught:
        read_targets(file, story)
    assert str(caught.value).startswith(f"{file}:{line}  ")
    assert message in str(caught.value)


@pytest.mark.parametrize("text", ["", "- a\n", "moments: {sd_gdp: {low: 0, high: 1}}\n", "parameters: 3\n"])
def test_files_that_say_nothing(tmp_path: Path, story: Scenario, text: str) -> None:
    with pytest.raises(InputError, match=r"targets\.yaml:1|targets\.yaml  "):
        read_targets(written(tmp_path, text), story)


def test_the_shipped_targets_are_right(story: Scenario, root: Path) -> None:
    found = read_targets(root / "scenarios" / "targets" / "us_macro.yaml", story)
    assert len(found.moments) == 18
    assert all(target.source for target in found.moments)
    assert all(d.low < d.start < d.high for d in found.dimensions), "the scenario itself can be the first trial"
    assert read_ranges(root / "scenarios" / "targets" / "us_macro.yaml", story) == found.dimensions


def test_what_is_calibrated_is_what_the_facts_judge(story: Scenario, root: Path) -> None:
    known = moments.macro_names()
    judged = {n: (r.low, r.high) for n, r in load_country("us").ranges.items() if r.counted and n in known}
    aimed_at = read_targets(root / "scenarios" / "targets" / "us_macro.yaml", story).moments
    assert {target.name: (target.low, target.high) for target in aimed_at} == judged


# -- numbers that are varied -------------------------------------------------------------------------------------------


def test_names_with_and_without_an_index() -> None:
    assert split("shocks.demand.1") == ("shocks.demand", 1)
    assert split("households.habit") == ("households.habit", None)


@pytest.mark.parametrize("name", ["banks.smoothing", "firms.normal_use"])
def test_a_share_near_one_moves_by_what_is_left(story: Scenario, name: str) -> None:
    answer = find(name, story)
    assert not isinstance(answer, str)
    parameter, value = answer
    assert around(parameter, value) == pytest.approx((value - 0.2 * (1 - value), value + 0.2 * (1 - value)))


def test_every_number_has_a_legal_range(story: Scenario) -> None:
    found, without = varied(story, numbers(story))
    assert len(found) > 100
    assert "government.wealth_tax" in without
    assert not {"crime", "culture"} & {d.name.partition(".")[0] for d in found}, "sectors that are off move nothing"
    for dimension in found:
        answer = find(dimension.name, story)
        assert not isinstance(answer, str)
        assert answer[0].low is None or answer[0].low <= dimension.low
        assert answer[0].high is None or dimension.high <= answer[0].high
        assert dimension.low <= dimension.start <= dimension.high


def test_lists_are_written_whole_and_the_scenario_is_left_alone(story: Scenario) -> None:
    point = {"shocks.demand.1": 0.004, "households.habit": 0.3, "shocks.demand.0": 0.9}
    assert overrides(story, point) == {"shocks.demand": [0.9, 0.004], "households.habit": 0.3}
    assert overrides(story, {"shocks.demand.1": 0.004}) == {"shocks.demand": [START[0], 0.004]}


def test_places_on_both_scales() -> None:
    flat, log = Dimension("a", 2.0, 4.0, 3.0), Dimension("a", 0.01, 1.0, 0.1, log=True)
    assert flat.at(0.25) == 2.5
    assert log.at(0.5) == pytest.approx(0.1)
    assert log.place(0.1) == pytest.approx(0.5)
    assert log.at(1.0) == 1.0


# -- moments -----------------------------------------------------------------------------------------------------------


def test_mean_and_sd_leave_out_months_without_a_value() -> None:
    months = {"crime_rate": [1.0, float("nan"), 3.0]}
    found = moments.measure(["mean(crime_rate)", "sd(crime_rate)"], months)
    assert found == {"mean(crime_rate)": 2.0, "sd(crime_rate)": pytest.approx(2**0.5)}
    assert np.isnan(moments.measure(["sd(crime_rate)"], {"crime_rate": [1.0]})["sd(crime_rate)"])


def test_an_economy_that_stands_still_has_no_macro_moments() -> None:
    quiet = dict.fromkeys(moments.NEEDED, [0.0] * 60)
    assert all(np.isnan(value) for value in moments.measure(["sd_gdp"], quiet).values())


def test_a_quarter_without_investment_spoils_its_own_moments_alone() -> None:
    luck = np.random.Generator(np.random.Philox(3))
    months = {name: list(100 + np.cumsum(luck.normal(0, 1, 240))) for name in moments.NEEDED}
    months["investment_real"][30:33] = [-1.0, -2.0, 0.5]
    found = moments.measure(["sd_gdp", "rel_sd_inv"], months)
    assert np.isfinite(found["sd_gdp"])
    assert np.isnan(found["rel_sd_inv"])
