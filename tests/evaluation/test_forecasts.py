"""The register of forecasts: for good, before it came; outcomes are read with care, and judged end to end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pytest

from wildsim.core.errors import InputError, RunError
from wildsim.evaluation.deployment import _beside_others, chosen, happened, judge
from wildsim.evaluation.forecasts import Forecast, Forecasts, of_run
from wildsim.evaluation.outcomes import Outcome, read_outcomes
from wildsim.evaluation.periods import due, ordinal
from wildsim.scenario.series_file import month_name

RATE, WAGE = "unemployment_rate", "wage_mean"
UNITS = {RATE: "share", WAGE: "USD/month"}
MADE = "2030-12-05T10:00:00+00:00"


def _rng(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(seed))


def _one(period: str, values: np.ndarray, run: str = "r", indicator: str = RATE, arm: str = "baseline") -> Forecast:
    said, seeds = tuple(map(float, values)), tuple(range(1, len(values) + 1))
    mean, sd = float(values.mean()), float(values.std(ddof=1))
    return Forecast(indicator, UNITS[indicator], arm, period, mean, sd, said, seeds, MADE, run, f"hash of {run}")


def _path(seed: int, months: int = 24, members: int = 80, run: str = "r", indicator: str = RATE) -> list[Forecast]:
    """Return the forecasts of one run: a member is a level that hardly moves."""
    rng = _rng(seed)
    paths = 0.05 + 0.01 * (rng.standard_normal((members, 1)) + 0.3 * rng.standard_normal((members, months)))
    return [_one(due(t, "2031-01"), paths[:, t], run, indicator) for t in range(months)]


def test_a_forecast_stands_for_good(tmp_path: Path) -> None:
    register = Forecasts(tmp_path)
    said = _path(1)
    assert register.add(said[:5]) == 5
    before = register.path.read_bytes()
    assert register.add(said[5:]) == 24
    assert register.path.read_bytes().startswith(before)
    assert Forecasts(tmp_path).all() == said
    with pytest.raises(InputError, match=r"was forecast by this run on 2030-12-05.*Nothing was added"):
        register.add([_path(2, run="other")[0], said[3]])
    assert len(register.all()) == 24


class _Run:
    """What `of_run` reads of a run of three seeds and two months."""

    path, months, seeds = Path("r"), 2, (4, 5, 6)
    manifest: ClassVar[dict[str, str]] = {"settings": "0123456789abcdef0123"}

    def __init__(self, values: list[float]):
        index = pd.MultiIndex.from_product([self.seeds, range(2)], names=["seed", "month"])
        self._frame = pd.DataFrame({RATE: values}, index=index)

    def arm(self, name: str) -> pd.DataFrame:
        assert name == "tax"
        return self._frame


def test_a_run_forecasts_what_its_seeds_say_and_nothing_that_it_did_not_live() -> None:
    run: Any = _Run([0.04, 0.05, 0.06, 0.07, 0.08, 0.06])
    (said,) = of_run(run, [RATE], [1], "tax", MADE, "2031-12")
    assert (said.due, said.values, said.seeds) == ("2032-01", (0.05, 0.07, 0.06), (4, 5, 6))
    assert (said.mean, said.sd) == (pytest.approx(0.06), pytest.approx(0.01))
    assert (said.unit, said.arm, said.run, said.settings) == ("share", "tax", "r", "0123456789abcdef")
    for values, name, month, says in (
        ([0.05] * 6, "unemployment_rat", 1, "Did you mean 'unemployment_rate'"),
        ([0.05] * 6, RATE, 2, "whose months are 0 to 1"),
        ([0.05] * 6, RATE, 1, "in every seed"),
        ([0.05, 0.05, 0.05, float("nan"), 0.05, 0.06], RATE, 1, "in month 1 of seed 5"),
    ):
        wrong: Any = _Run(values)
        with pytest.raises(InputError, match=says):
            of_run(wrong, [name], [month], "tax", MADE)
    run.seeds = (4,)
    with pytest.raises(InputError, match="has one seed"):
        of_run(run, [RATE], [1], "tax", MADE)


def test_a_month_that_is_over_cannot_be_forecast(tmp_path: Path) -> None:
    late = replace(_path(1)[0], due="2030-11")
    with pytest.raises(InputError, match="2030-11 was over when this was made"):
        Forecasts(tmp_path).add([late])
    assert Forecasts(tmp_path).add([replace(late, due="2030-12"), replace(late, due="11")]) == 2


@pytest.mark.parametrize("harm", ["drop", "better", "junk"])
def test_a_changed_register_is_noticed(tmp_path: Path, harm: str) -> None:
    register = Forecasts(tmp_path)
    register.add(_path(1, months=3))
    lines = register.path.read_text().splitlines()
    better = lines[0].replace('"mean": 0.0', '"mean": 0.1')
    changed = {"drop": lines[1:], "better": [better, *lines[1:]], "junk": [*lines, "{}"]}[harm]
    assert changed != lines
    register.path.write_text("\n".join(changed) + "\n")
    with pytest.raises(RunError, match="forecasts"):
        register.all()


def test_periods_are_calendar_months_or_months_of_a_run() -> None:
    assert [due(month, "2031-11") for month in (0, 1, 2)] == ["2031-11", "2031-12", "2032-01"]
    assert due(7, None) == "7"
    assert month_name(ordinal("2031-04")[1]) == "2031-04"
    for wrong in ("2031-13", "April", "2031-4", "-3"):
        with pytest.raises(InputError, match="is no month"):
            ordinal(wrong)
    with pytest.raises(InputError, match="is no calendar month"):
        due(1, "4")


def test_the_policy_in_force_is_named_and_the_first_forecast_counts() -> None:
    early, late = _path(1, months=2), _path(2, months=2, run="later")
    assert [f.run for f in chosen([*early, *late], None)] == ["r", "r"]
    other = replace(early[0], arm="tax")
    with pytest.raises(InputError, match="say which policy is in force"):
        chosen([*early, other], None)
    assert chosen([*early, other], "tax") == [other]
    with pytest.raises(InputError, match="nothing was forecast for the arm 'subsidy'"):
        chosen(early, "subsidy")
    with pytest.raises(InputError, match="nothing was forecast yet"):
        chosen([], None)


HEAD = "indicator,period,value"
GOOD = f"{HEAD},se,unit\nunemployment_rate,2031-01,0.051,0.002,share\ncpi,2031-01,3\nunemployment_rate,2031-02,0.06,,\n"


def test_outcomes_are_read_with_their_errors_and_foreign_ones_left_out(tmp_path: Path) -> None:
    file = tmp_path / "real.csv"
    file.write_text(GOOD)
    found = read_outcomes(file, UNITS)
    assert found == {(RATE, "2031-01"): Outcome(0.051, 0.002), (RATE, "2031-02"): Outcome(0.06)}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("indicator,value\n", r"real.csv:1  has no column 'period'"),
        (f"{HEAD}\n{RATE},2031-01,n/a\n", r"real.csv:2  value is 'n/a'; it must be a number; leave out the line"),
        (f"{HEAD}\n{RATE},Jan 31,0.05\n", r"real.csv:2  period 'Jan 31' is no month"),
        (f"{HEAD}\n{RATE},2031-01,5.1\n", r"real.csv:2  unemployment_rate is 5.1; it is a share, 0.05 for 5 %"),
        (f"{HEAD},unit\n{WAGE},2031-01,51,EUR/month\n", r"is in 'EUR/month'; it was forecast in 'USD/month'"),
        (f"{HEAD},se\n{WAGE},2031-01,51,-1\n", r"se is '-1'; it must be a number, 0 or more"),
        (
            f"{HEAD}\n{RATE},2031-01,0.05\n{RATE},2031-01,0.06\n",
            r"real.csv:3  unemployment_rate in 2031-01 is there twice",
        ),
        (f"{HEAD}\nunemploymentrate,2031-01,0.05\n", r"none of the indicators .* Did you mean 'unemployment_rate'\?"),
        ("", "is no CSV"),
    ],
)
def test_what_is_wrong_with_outcomes_is_said_with_its_line(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "real.csv"
    file.write_text(text)
    with pytest.raises(InputError, match=says):
        read_outcomes(file, UNITS)
    with pytest.raises(InputError, match="No file"):
        read_outcomes(tmp_path / "none.csv", UNITS)


def _came(said: list[Forecast], member: int, by: float = 0.0, since: str = "", error: float = 0.0) -> dict:
    """Return outcomes as one member lived them, shifted by some of the forecast's sd from a month on."""
    return {(f.indicator, f.due): Outcome(f.values[member] + by * f.sd * (f.due >= since), error) for f in said}


def test_a_gap_is_refused_unless_wanted() -> None:
    said = _path(1)
    came = _came(said, 3)
    del came[RATE, "2031-05"]
    with pytest.raises(InputError, match="no outcome in 2031-05, though later ones are there"):
        judge(said, came)
    assert judge(said, came, gaps=True)[0].judged[0].n == 23
    ahead = {key: value for key, value in came.items() if key[1] < "2031-05"}  # what is still to come is no gap
    assert judge(said, ahead)[0].judged[0].n == 4
    with pytest.raises(InputError, match="no outcome is of a period that was forecast"):
        judge(said, {})


def test_a_path_as_forecast_goes_on_and_one_that_leaves_it_stops() -> None:
    said = [*_path(1), *_path(2, indicator=WAGE)]
    (fine,) = judge(said, _came(said, 5))
    assert (fine.drift.how, fine.advice.what) == ("paths", "go on")
    assert [str(one.calibration) for one in fine.judged] == ["calibrated", "calibrated"]
    (gone,) = judge(said, _came(said, 5, by=8.0, since="2032-01"))
    assert gone.advice.what == "stop"
    assert gone.drift.at >= 12
    few = [replace(f, values=f.values[:15], seeds=f.seeds[:15]) for f in said]
    (silent,) = judge(few, _came(said, 5, by=8.0, since="2032-01"))
    assert not silent.drift.alarm
    assert "15 seeds can neither alarm nor give a verdict" in silent.note


def test_a_worse_measurement_makes_outcomes_less_telling() -> None:
    said = _path(1)
    (sure,) = judge(said, _came(said, 5, by=3.0))
    (vague,) = judge(said, _came(said, 5, by=3.0, error=0.05))
    assert abs(vague.judged[0].calibration.centre) < 0.5 * abs(sure.judged[0].calibration.centre)


def test_each_member_is_judged_beside_the_others_as_an_outcome_is_beside_all() -> None:
    values = _rng(5).standard_normal(9)
    found = _beside_others(values)
    for place, value in enumerate(values):
        rest = np.delete(values, place)
        assert found[place] == pytest.approx((value - rest.mean()) / (rest.std(ddof=1) * (1 + 1 / 8) ** 0.5))
    alone = _beside_others(np.array([0.1] * 8 + [0.3]))  # seven others that are equal, and one that is not
    assert alone[8] == 40.0
    assert np.abs(alone[:8]).max() < 1.0


WORLDS, EACH = 40, 200


def _verdicts(seed: int, claimed: float, worlds: int = WORLDS, shuffle: bool = False) -> list[str]:
    """Return the verdict in each world on 200 runs of 20 seeds each, whose spread is a share of the truth's."""
    rng, found = _rng(seed), []
    for _ in range(worlds):
        level = 0.05 + 0.02 * rng.standard_normal(EACH)
        real = level + 0.01 * rng.standard_normal(EACH)
        values = level[:, None] + claimed * 0.01 * rng.standard_normal((EACH, 20))
        said = [_one(str(t), values[t], run=f"run {t}") for t in range(EACH)]
        real = rng.permutation(real) if shuffle else real
        (block,) = judge(said, {(RATE, str(t)): Outcome(float(real[t])) for t in range(EACH)})
        assert block.drift.how == "betting"
        found.append(str(block.judged[0].calibration))
    return found


def test_over_200_ensembles_of_20_seeds_calibrated_is_told_from_overconfident() -> None:
    right, sure = _verdicts(3, 1.0), _verdicts(3, 0.6, 20)
    assert right.count("calibrated") / WORLDS >= 0.9  # 6.6 % false, and one standard error of 40 worlds
    assert sum("overconfident" in verdict for verdict in sure) / 20 >= 0.95
    assert _verdicts(3, 1.0, 10, shuffle=True).count("calibrated") == 0


def test_brier_of_an_event_tells_who_knew() -> None:
    rng = _rng(4)
    level = 0.05 + 0.02 * rng.standard_normal(EACH)
    values = level[:, None] + 0.01 * rng.standard_normal((EACH, 40))
    said = [_one(str(t), values[t], run=f"run {t}") for t in range(EACH)]
    real = {(RATE, str(t)): Outcome(float(level[t] + 0.01 * rng.standard_normal())) for t in range(EACH)}
    knew = happened(said, real, 0.05)
    assert knew.score < 0.6 * knew.uncertainty
    other = dict(zip(real, rng.permutation(np.array(list(real.values()), dtype=object)), strict=True))
    assert happened(said, other, 0.05).score > knew.uncertainty
    normal = [replace(forecast, values=(), seeds=()) for forecast in said]
    assert happened(normal, real, 0.05).score == pytest.approx(knew.score, abs=0.02)
