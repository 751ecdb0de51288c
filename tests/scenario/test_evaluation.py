"""The section `evaluation`: what cannot judge is refused, and nothing shows what is sealed."""

from __future__ import annotations

from pathlib import Path

import pytest

from wildsim.core.errors import InputError
from wildsim.scenario.load import load
from wildsim.scenario.schema import Scenario


def told(tmp_path: Path, text: str) -> str:
    file = tmp_path / "s.yaml"
    file.write_text(text)
    with pytest.raises(InputError) as caught:
        load(file)
    return str(caught.value)


def test_it_loads_and_travels(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text("evaluation: {validation: [wellbeing], sealed: [gini_wealth, gdp]}\n")
    story = load(file)
    again = Scenario.model_validate(story.resolved())
    assert again.evaluation == story.evaluation
    assert story.evaluation.hidden == {"gini_wealth", "gdp", "gdp_production", "gdp_income", "gdp_expenditure"}
    assert not Scenario().evaluation


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("evaluation: {sealed: [gini_wealht]}", "unknown indicator 'gini_wealht' in evaluation. Did you mean"),
        ("evaluation: {sealed: [crime_rate]}", "the crime sector, which is off: sectors: {crime: true}"),
        ("evaluation: {sealed: [population]}", "neither better high nor better low"),
        ("evaluation: {sealed: [gini_wealth], validation: [gini_wealth]}", "named twice"),
        ("evaluation: {sealed: [gini_wealth, gini_wealth]}", "named twice"),
        ("evaluation: {seal: [gini_wealth]}", "unknown key 'seal' in evaluation. Did you mean 'sealed'?"),
        ("evaluation: {sealed: gini_wealth}", "it must be a list"),
        ("evaluation: {sealed: [3]}", "unknown indicator '3' in evaluation"),
        ("evaluation: [gini_wealth]", "it must be a mapping"),
        ("evaluation: {sealed: [unemployment_rate]}\nreward: {unemployment_rate: -1}", "its true value would be seen"),
        ("evaluation: {sealed: [gdp]}\nreward: {gdp_income: 1}", "'gdp_income' is sealed"),
        (
            "evaluation: {sealed: [gdp]}\nreward: {government_debt: {weight: 1, of: ratio, per: gdp}}",
            "'gdp' is sealed",
        ),
        ("evaluation: {sealed: [gini_wealth]}\nsensors: {gini_wealth: {lag: 2}}", "its true value would be seen"),
        (
            "evaluation: {sealed: [gdp]}\n"
            "sensors: {gdp: {accounts: {releases: [{lag: 1, error: .1}, {lag: 2, error: 0}]}}}",
            "its true value would be seen",
        ),
        ("evaluation: {sealed: [wage_mean]}\nsensors: {wage_mean: {survey: 30000}}", "its true value would be seen"),
        (
            "evaluation: {sealed: [wage_mean]}\nsensors: {wage_mean: {reconciled: [{lag: 2}, {survey: 100}]}}",
            "its true value would be seen",
        ),
        (
            "sectors: {crime: true}\nevaluation: {sealed: [crime_rate]}\n"
            "sensors: {violent_crime_rate: {record: {error: 0}}}",
            "'violent_crime_rate' is sealed",
        ),
        (
            "evaluation: {sealed: [unemployment_rate]}\n"
            "minds: [{role: firm_manager, count: 1, mind: llm, model: scripted}]",
            "'unemployment_rate' is sealed",
        ),
    ],
)
def test_what_cannot_judge_is_refused(tmp_path: Path, text: str, words: str) -> None:
    assert words in told(tmp_path, text)


def test_a_reward_may_rest_on_a_survey_of_what_is_sealed(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text(
        "evaluation: {sealed: [unemployment_rate]}\nreward: {unemployment_rate: -1}\n"
        "sensors: {unemployment_rate: {survey: 500}}\n"
    )
    assert load(file).evaluation.sealed == ("unemployment_rate",)
