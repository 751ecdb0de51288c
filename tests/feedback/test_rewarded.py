"""A scenario's reward in a living society: made of what was published, when it was; written down; mistakes told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import wildsim as ws
from wildsim.core.errors import InputError
from wildsim.scenario.load import load

STORY = """months: 30
burn_in: 20
society: {people: 2000, regions: 2}
sensors:
  unemployment_rate: {survey: 300, lag: 2}
  wage_mean: {survey: 300}
reward:
  unemployment_rate: {weight: 5, ceiling: 0.05}
  gdp_real: {weight: 0.5, of: growth}
  wage_mean: {weight: .001, of: ratio, per: price_level}
  discount: 0.99
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("rewarded")
    (folder / "story.yaml").write_text(STORY)
    return ws.run(ws.load(folder / "story.yaml"), seeds=1, jobs=1, out=folder / "run")


def test_rewards_are_what_was_published_makes_of_them(run: Any) -> None:
    rewards, sensed = run.rewards(), run.sensed()
    truth = run.indicators.droplevel("seed")
    assert list(rewards["period"]) == list(range(-1, 29))  # the survey of unemployment comes two months late
    assert (rewards["known_in"] == rewards["period"] + 2).all()
    published = sensed.set_index(["indicator", "period"])["value"]
    for row in rewards[rewards["period"] >= 12].to_dict("records"):
        month = int(row["period"])
        rate, wage = published["unemployment_rate", month], published["wage_mean", month]
        assert row["unemployment_rate"] == pytest.approx(-5.0 * max(rate - 0.05, 0.0), abs=1e-12)
        assert row["wage_mean"] == pytest.approx(0.001 * wage / truth["price_level"][month])
        growth = truth["gdp_real"][month] / truth["gdp_real"][month - 12] - 1.0
        assert row["gdp_real"] == pytest.approx(0.5 * growth, abs=1e-12)
        assert row["value"] == pytest.approx(row["unemployment_rate"] + row["wage_mean"] + row["gdp_real"])
    own = rewards.set_index("period")["unemployment_rate"]
    true = -5.0 * (truth["unemployment_rate"] - 0.05).clip(lower=0.0)
    assert (own[own.index >= 0] - true).abs().max() > 0.01  # a survey is not the truth, and it is what counts


def test_the_units_are_written_out(cli: Any, tmp_path: Path) -> None:
    (tmp_path / "story.yaml").write_text(STORY)
    told = cli("validate", str(tmp_path / "story.yaml")).out
    assert "reward: -5 x what unemployment_rate exceeds 0.05 by [share]" in told
    assert "reward: +0.5 x growth of gdp_real [share, growth over 12 months]" in told


def test_a_reward_that_can_never_be_known_is_noted(tmp_path: Path) -> None:
    (tmp_path / "story.yaml").write_text("months: 3\nreward: {crime_rate: -1, gdp: 1}\n")
    assert load(str(tmp_path / "story.yaml")).warnings() == [
        "reward names crime_rate, of the crime sector, which is off: the reward is never known. "
        "Switch it on: sectors: {crime: true}"
    ]
    (tmp_path / "on.yaml").write_text("months: 3\nsectors: {crime: true}\nreward: {crime_rate: -1, gdp: 1}\n")
    assert load(str(tmp_path / "on.yaml")).warnings() == []


def test_a_run_without_rewards_has_no_file(tmp_path: Path) -> None:
    (tmp_path / "story.yaml").write_text(STORY.partition("sensors")[0].replace("30", "2"))
    run = ws.run(ws.load(tmp_path / "story.yaml"), seeds=1, jobs=1, out=tmp_path / "run")
    assert not list((tmp_path / "run").rglob("rewards.parquet"))
    with pytest.raises(InputError):
        run.rewards()


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("gdpp: 1", "unknown indicator 'gdpp' in reward. Did you mean 'gdp'?"),
        ("gdp: {wight: 1}", "unknown key 'wight' in reward.gdp."),
        ("gdp: {weight: 1, of: ratio}", "`of: ratio` and `per`, another indicator, go together."),
        ("gdp: {weight: 1, of: ratio, per: price_lvel}", "Did you mean 'price_level'?"),
        ("gdp: {weight: 1, floor: 1, ceiling: 2}", "give one of target, floor and ceiling."),
        (
            "gdp: {weight: 1, of: growth, over: 48}\nsensors: {gdp: {lag: 24}}",
            "known 24 months late, and 36 before are",
        ),
        ("gdp: high", "it must be a weight, or a mapping"),
        ("discount: 2", "discount is 2; it must be 1 or less."),
    ],
)
def test_mistakes_are_told_with_their_line(tmp_path: Path, entry: str, message: str) -> None:
    (tmp_path / "story.yaml").write_text(f"months: 3\nreward:\n  {entry}\n")
    with pytest.raises(InputError) as caught:
        load(str(tmp_path / "story.yaml"))
    assert "story.yaml:3  " in str(caught.value)
    assert message in str(caught.value)


def test_a_reward_survives_being_written_down(tmp_path: Path) -> None:
    (tmp_path / "story.yaml").write_text(STORY)
    story = load(str(tmp_path / "story.yaml"))
    again = type(story).model_validate(story.resolved())
    assert str(again.reward.reward()) == str(story.reward.reward())
    assert again.reward.discount == 0.99
    assert again.sensors == story.sensors
