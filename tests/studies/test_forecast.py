"""The forecast check on a society whose law of motion is known: a vector autoregression."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from wildsim.core.errors import InputError
from wildsim.core.table import F64
from wildsim.studies.forecast import analogues, judge, rivals
from wildsim.studies.forecast.analogues import EVERYBODY, Library, Rule, ahead, choose
from wildsim.studies.forecast.library import SOCIETY
from wildsim.studies.forecast.quarters import GDP, HORIZONS, JUDGED, UNEMPLOYMENT, VARIABLES, Quarters
from wildsim.studies.forecast.study import NO_CHANGE, OWN_PAST, RIVAL, SCRAMBLED, document, run_check

#: growth, unemployment, inflation: growth lowers unemployment a quarter later, unemployment lowers inflation.
LAW = np.array([[0.4, 0.15, -0.05], [-0.45, 0.9, 0.0], [0.3, -0.4, 0.5]])
MEAN = np.array([0.7, 6.0, 3.0])
NOISE = np.array([0.6, 0.12, 0.8])


def economy(seed: int, quarters: int, shift: F64 | float = 0.0) -> F64:
    """Return growth, unemployment and inflation of an economy that follows LAW."""
    luck = np.random.Generator(np.random.Philox(seed)).standard_normal((quarters + 50, 3)) * NOISE
    gap = np.zeros((quarters + 50, 3))
    for t in range(1, len(gap)):
        gap[t] = LAW @ gap[t - 1] + luck[t]
    return np.asarray(gap[50:] + MEAN + shift)


def optimal(values: F64, origins: tuple[int, ...]) -> F64:
    """Return the forecasts of somebody who knows LAW and MEAN."""
    found = np.empty((len(origins), len(HORIZONS), 3))
    for row, origin in enumerate(origins):
        gap = values[origin] - MEAN
        for place in range(len(HORIZONS)):
            gap = LAW @ gap
            found[row, place] = gap + MEAN
        found[row, :, GDP] = found[row, :, GDP].cumsum()
    return found


def data(seed: int = 99, quarters: int = 240) -> Quarters:
    """Return data from the same law."""
    labels = tuple(f"{1950 + t // 4}Q{t % 4 + 1}" for t in range(quarters))
    return Quarters("made", "a known law", labels, economy(seed, quarters))


@pytest.fixture(scope="module")
def runs() -> dict[str, list[F64]]:
    """Return short runs of the society, whose levels differ from the data's."""
    return {SOCIETY: [economy(seed, 90, np.array([0.4, 2.0, 5.0])) for seed in range(2)]}


@pytest.fixture(scope="module")
def check() -> Any:
    """Return a check by long runs over many origins, so that luck is small; one control follows no law at all."""
    noise = np.random.Generator(np.random.Philox(7)).standard_normal((3, 150, 3)) + MEAN
    long = {SOCIETY: [economy(seed, 250, np.array([0.4, 2.0, 5.0])) for seed in range(3)], "random": list(noise)}
    return run_check(data(), long, quarters=190)


def root(errors: F64) -> float:
    return float(np.sqrt(np.mean(errors**2)))


def test_society_that_is_the_law_comes_near_the_best_there_is(check: Any) -> None:
    best = optimal(check.data.values, check.origins) - check.outcomes
    for horizon in JUDGED:
        place = HORIZONS.index(horizon)
        for variable in range(3):
            mine = root(check.errors(SOCIETY)[:, place, variable])
            assert mine < 1.12 * root(best[:, place, variable]), (VARIABLES[variable], horizon)


def test_it_beats_the_ar1_where_other_variables_matter(check: Any) -> None:
    score = check.score(SOCIETY, UNEMPLOYMENT, 1)
    assert score.ratio < 0.6
    assert score.high < 1
    assert score.p < 0.01
    assert score.words == "better, clearly"


@pytest.mark.parametrize("control", [SCRAMBLED, "random"])
def test_controls_that_know_no_dynamics_lose(check: Any, control: str) -> None:
    for horizon in JUDGED:
        society, other = (check.score(name, UNEMPLOYMENT, horizon).ratio for name in (SOCIETY, control))
        assert other > 1.25 * society, (control, horizon)


def test_where_a_control_is_as_good_it_is_said() -> None:
    known = data()
    noise = np.random.Generator(np.random.Philox(8)).standard_normal((2, 90, 3)) + MEAN
    good = [economy(seed, 90) for seed in range(2)]
    fair = run_check(known, {SOCIETY: good, "shuffled": list(noise)})
    assert fair.controls_as_good(UNEMPLOYMENT, 1) == []
    unfair = run_check(known, {SOCIETY: list(noise), "shuffled": good})
    assert "shuffled" in unfair.controls_as_good(UNEMPLOYMENT, 1)


def test_the_scrambled_society_is_no_better_than_no_change(check: Any) -> None:
    for variable in range(3):
        assert check.score(SCRAMBLED, variable, 1).ratio > 0.95 * check.score(NO_CHANGE, variable, 1).ratio


def test_a_linear_law_is_forecast_by_a_line_and_the_fan_is_as_wide_as_it_says(check: Any) -> None:
    assert check.choices[SOCIETY].rule.line
    assert check.inside_band == pytest.approx(np.full_like(check.inside_band, 0.8), abs=0.12)


def test_slopes_are_those_of_the_law(check: Any) -> None:
    # one quarter ahead: unemployment changes by LAW[1] times the gaps, less its own gap
    found = dict(zip(analogues.STATE, check.society_slopes.per_unit[0, UNEMPLOYMENT], strict=True))
    assert found["growth of GDP"] == pytest.approx(LAW[1, 0], abs=0.05)
    assert found["unemployment"] == pytest.approx(LAW[1, 1] - 1, abs=0.05)
    assert found["mean growth of the three quarters before"] == pytest.approx(0, abs=0.1)
    assert check.society_slopes.explained[0, UNEMPLOYMENT] > 0.8
    assert check.data_slopes.per_unit[0, UNEMPLOYMENT] == pytest.approx(
        check.society_slopes.per_unit[0, UNEMPLOYMENT], abs=0.2
    )


def test_the_past_alone_knows_the_law_too(check: Any) -> None:
    assert check.score(OWN_PAST, UNEMPLOYMENT, 1).ratio < 0.75


def test_nothing_after_the_origin_is_used(runs: dict[str, list[F64]]) -> None:
    known = data()
    before = run_check(known, runs)
    cut = 150
    changed = known.values.copy()
    changed[cut + 1 :] = 100.0
    after = run_check(Quarters(known.name, known.source, known.labels, changed), runs)
    early = [row for row, origin in enumerate(before.origins) if origin <= cut]
    for name, found in before.forecasts.items():
        assert np.array_equal(found[early], after.forecasts[name][early], equal_nan=True), name
    assert before.choices[SOCIETY].rule == after.choices[SOCIETY].rule
    late = [row for row, origin in enumerate(before.origins) if origin > cut]
    assert not np.array_equal(before.forecasts[SOCIETY][late], after.forecasts[SOCIETY][late])


def test_the_choice_of_a_rule_never_sees_the_data(runs: dict[str, list[F64]]) -> None:
    one, other = (run_check(data(seed), runs).choices[SOCIETY] for seed in (99, 5))
    assert one.tried == other.tried
    assert min(one.tried, key=one.tried.__getitem__) == one.rule.words


def test_levels_of_the_society_do_not_matter(runs: dict[str, list[F64]]) -> None:
    moved = {SOCIETY: [values + np.array([-0.4, 3.0, -5.0]) for values in runs[SOCIETY]]}
    one, other = run_check(data(), runs), run_check(data(), moved)
    assert one.forecasts[SOCIETY] == pytest.approx(other.forecasts[SOCIETY], rel=1e-8)


def test_mean_of_neighbours_and_line_on_a_line() -> None:
    states = np.random.Generator(np.random.Philox(3)).standard_normal((300, 6))
    slope = np.arange(6.0)
    after = np.broadcast_to((states @ slope)[:, None, None], (300, 4, 3)).copy()
    library = Library(states, after, np.repeat([0, 1], 150), np.zeros(3), np.ones(6))
    asked = np.full((1, 6), 0.1)
    for rule in (Rule(True, 100), Rule(True, EVERYBODY)):
        assert ahead(library, asked, rule) == pytest.approx(np.full((1, 4, 3), 1.5), rel=0.02)
    nearest = np.argsort(((states - asked) ** 2).sum(axis=1))[:25]
    assert ahead(library, asked, Rule(False, 25))[0, 0, 0] == pytest.approx(float((states[nearest] @ slope).mean()))
    assert choose(library).rule.line


def test_quarters_without_numbers_drop_out_and_a_dead_control_forecasts_nothing(runs: dict[str, list[F64]]) -> None:
    holed = [values.copy() for values in runs[SOCIETY]]
    holed[0][50] = np.nan
    library = Library.of(holed)
    # a state looks back over 4 quarters and ahead over 4: a quarter without number spoils 8 states
    assert len(library.states) == len(Library.of(runs[SOCIETY]).states) - 8
    assert np.isfinite(library.states).all()
    dead = run_check(data(), {SOCIETY: runs[SOCIETY], "shuffled": [np.full((200, 3), np.nan)] * 3})
    assert dead.why_not == {"shuffled": "0 whole states in 0 runs"}
    score = dead.score("shuffled", GDP, 1)
    assert (score.n, score.words) == (0, "no forecast")
    assert math.isnan(score.ratio)
    with pytest.raises(InputError, match="The society cannot forecast: 0 whole states"):
        run_check(data(), {SOCIETY: [np.full((200, 3), np.nan)] * 3})


def test_a_state_far_from_the_society_is_strange(runs: dict[str, list[F64]]) -> None:
    library = Library.of(runs[SOCIETY])
    usual = data().values
    origins = list(range(60, 200))
    assert np.mean(analogues.strangeness(library, usual, origins) > 1) < 0.2
    wild = usual.copy()
    wild[150] += 60.0
    assert analogues.strangeness(library, wild, [150])[0] > 10


# -- rivals -------------------------------------------------------------------------------------------------------


def test_ar1_is_least_squares_and_recovers_what_made_the_series() -> None:
    from statsmodels.regression.linear_model import OLS

    series = np.zeros(20_000)
    luck = np.random.Generator(np.random.Philox(11)).standard_normal(len(series))
    for t in range(1, len(series)):
        series[t] = 0.8 + 0.6 * series[t - 1] + luck[t]
    assert rivals.ar1(series) == pytest.approx((0.8, 0.6), abs=0.03)
    short = series[:80]
    fitted = OLS(short[1:], np.column_stack([np.ones(79), short[:-1]])).fit().params
    assert rivals.ar1(short) == pytest.approx(tuple(fitted), rel=1e-9)
    intercept, slope = rivals.ar1(short)
    second = intercept + slope * (intercept + slope * short[-1])
    assert rivals.ar1_ahead(short, 2)[1] == pytest.approx(second)


@pytest.mark.parametrize(("series", "ahead"), [([0.1] * 80, 0.1), ([1.0, 1.0, 1.0, 2.0], 4 / 3)])
def test_ar1_of_what_never_moved_forecasts_the_mean(series: list[float], ahead: float) -> None:
    assert rivals.ar1_ahead(np.array(series), 3) == pytest.approx([ahead] * 3)


def test_gdp_is_cumulated_and_the_others_are_levels() -> None:
    values = economy(3, 100)
    came = rivals.outcomes(values, [50, 97])
    assert came[0, 3, GDP] == pytest.approx(values[51:55, GDP].sum())
    assert came[0, 3, UNEMPLOYMENT] == values[54, UNEMPLOYMENT]
    assert np.isnan(came[1, 3]).all()
    assert np.isfinite(came[1, 1]).all()
    still = rivals.no_change(values, [50])
    assert still[0, 3, GDP] == pytest.approx(4 * values[:51, GDP].mean())
    assert (still[0, :, UNEMPLOYMENT] == values[50, UNEMPLOYMENT]).all()
    path = rivals.ar1_ahead(values[:51, GDP], 4)
    assert rivals.ar1_forecasts(values, [50])[0, 3, GDP] == pytest.approx(path.sum())


# -- judging ------------------------------------------------------------------------------------------------------


def test_ratio_interval_and_p() -> None:
    luck = np.random.Generator(np.random.Philox(21)).standard_normal((2, 400))
    score = judge.compare(2 * luck[0], luck[1], 1)
    assert score.ratio == pytest.approx(root(2 * luck[0]) / root(luck[1]))
    assert score.low < score.ratio < score.high
    assert score.low > 1
    assert score.p < 1e-6
    assert score.words == "worse, clearly"
    assert judge.compare(2 * luck[0], luck[1], 1) == score
    same = judge.compare(np.roll(luck[0], 7), luck[0], 1)
    assert same.low < 1 < same.high
    assert same.words.endswith("may be chance")


def test_diebold_mariano_one_step_is_a_t_test_and_false_alarms_are_as_rare_as_said() -> None:
    from scipy.stats import ttest_1samp

    luck = np.random.Generator(np.random.Philox(22))
    mine, other = luck.standard_normal((2, 40))
    # the t test divides by n - 1 where the test's variance divides by n; the correction (n - 1) / n undoes it
    assert judge.diebold_mariano(mine, other, 1) == pytest.approx(ttest_1samp(mine**2 - other**2, 0).pvalue)
    alarms = [judge.diebold_mariano(*luck.standard_normal((2, 40)), 1) < 0.05 for _ in range(400)]
    assert 0.02 < np.mean(alarms) < 0.08
    assert math.isnan(judge.diebold_mariano(mine, mine, 1))


def test_interval_of_the_ratio_covers_what_it_says() -> None:
    luck = np.random.Generator(np.random.Philox(23))
    inside = 0
    for _ in range(200):
        mine, other = luck.standard_normal((2, 80))
        score = judge.compare(1.3 * mine, other, 1)
        inside += score.low < 1.3 < score.high
    assert inside / 200 > 0.86  # blocks of 8 in 80 quarters make intervals a little too short


# -- which origins ------------------------------------------------------------------------------------------------


def test_origins_are_the_last_there_are_or_those_asked_for(runs: dict[str, list[F64]]) -> None:
    known = data()
    found = run_check(known, runs)
    assert found.chosen.sum() == 40
    assert found.label == f"{known.labels[-44]} to {known.labels[-5]}"
    asked = run_check(known, runs, first="1985Q1", quarters=20)
    assert asked.label == "1985Q1 to 1989Q4"
    assert asked.forecasts[RIVAL] == pytest.approx(found.forecasts[RIVAL])
    place = asked.data.place("1985Q1") - asked.origins[0]
    window = asked.rolling(SOCIETY, UNEMPLOYMENT, 1)
    assert window[place] == pytest.approx(asked.score(SOCIETY, UNEMPLOYMENT, 1).ratio)


@pytest.mark.parametrize(
    ("first", "quarters", "message"),
    [
        ("1985", 40, "no quarter '1985' in the data; they run from 1950Q1 to 2009Q4"),
        ("2005Q1", 40, "40 origins from 2005Q1 do not fit: origins run from 1959Q4"),
        (None, 400, "400 origins from the end back do not fit"),
        (None, 0, "0 origins"),
    ],
)
def test_origins_that_are_not_there(runs: Any, first: str | None, quarters: int, message: str) -> None:
    with pytest.raises(InputError, match=message):
        run_check(data(), runs, first, quarters)


def test_document_holds_every_forecast_with_its_outcome(check: Any) -> None:
    found = document(check)
    assert len(found["forecasts"]) == len(check.origins) * 4 * 3
    row = next(r for r in found["forecasts"] if r["variable"] == "unemployment" and r["quarters_ahead"] == 4)
    origin = check.data.place(row["origin"])
    assert row["outcome"] == check.data.values[origin + 4, UNEMPLOYMENT]
    scores = [s for s in found["scores"] if s["forecaster"] == SOCIETY and s["window"] == "all_origins"]
    assert len(scores) == 6
