"""Moments of quarterly series: against known numbers, known processes, other libraries and real data."""

from __future__ import annotations

import json
import math
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.facts.tables import plain_table, rough, wave
from wildsim.facts.moments import COLUMNS, change, correlation, hp_cycle, macro_moments, regression, shape, shifted
from wildsim.facts.ranges import load_country

#: Made by the scoring script of the design from `plain_table` of so many quarters; null stands for NaN.
KNOWN = json.loads((Path(__file__).parent / "moments.json").read_text())
NAMES = list(KNOWN["80"])


@pytest.mark.parametrize("quarters", list(KNOWN))
def test_moments_are_those_of_the_scoring_script(quarters: str) -> None:
    found = macro_moments(plain_table(int(quarters)))
    assert set(found) == set(KNOWN[quarters])
    for name, value in KNOWN[quarters].items():
        wanted = math.nan if value is None else value
        assert found[name] == pytest.approx(wanted, rel=1e-9, abs=1e-9, nan_ok=True), name


def test_the_hp_filter_lets_a_wave_through_as_its_gain_says() -> None:
    """King, Rebelo 1993: gain 4 l (1 - cos w)^2 / (1 + 4 l (1 - cos w)^2), no shift of phase."""
    for period in (8, 32, 80):
        share = 4 * 1600 * (1 - math.cos(2 * math.pi / period)) ** 2
        series = wave(1200, period)
        inner = slice(300, 900)
        assert hp_cycle(series)[inner] == pytest.approx(share / (1 + share) * series[inner], abs=2e-3)


def test_the_hp_filter_takes_a_line_for_a_trend() -> None:
    assert hp_cycle(3.0 + 0.7 * np.arange(80.0)) == pytest.approx(np.zeros(80), abs=1e-8)


def test_the_hp_filter_is_that_of_statsmodels() -> None:
    filters = pytest.importorskip("statsmodels.tsa.filters.hp_filter")
    series = plain_table()["realgdp"].to_numpy()
    assert hp_cycle(np.log(series)) == pytest.approx(filters.hpfilter(np.log(series), 1600)[0], abs=1e-9)


def test_moments_of_the_united_states_lie_in_their_ranges() -> None:
    macrodata = pytest.importorskip("statsmodels.datasets.macrodata").load_pandas().data
    found, country = macro_moments(macrodata), load_country("us")
    for name in NAMES:
        if name in country.ranges and country.ranges[name].counted:
            assert country.ranges[name].holds(found[name]), name
    for name, wanted in country.ranges.items():
        if name in found and math.isfinite(wanted.value):
            assert found[name] == pytest.approx(wanted.value, abs=5.1e-4), f"{name}: value in targets/us.yaml"
            assert "1959-2009" in wanted.source, f"{name}: the years of its value in targets/us.yaml"
    assert found["recessions_per_100q"] * len(macrodata) / 100 == pytest.approx(6, abs=0.5), (
        "of 1959-2009, by this rule"
    )


def test_persistence_of_white_noise_and_of_an_ar1() -> None:
    noise = np.random.Generator(np.random.Philox(7)).normal(size=4000)
    persistent = np.zeros(4000)
    for quarter in range(1, 4000):
        persistent[quarter] = 0.9 * persistent[quarter - 1] + noise[quarter]
    table = plain_table(4000).dropna()
    table["unemp"], table["infl"] = 6 + persistent[1:], 3 + noise[1:]
    found = macro_moments(table)
    assert found["unemp_ac1"] == pytest.approx(0.9, abs=0.02)
    assert found["infl_ac1"] == pytest.approx(0.0, abs=0.05)
    assert found["infl_sumAR4"] == pytest.approx(0.0, abs=0.1)
    assert found["phillips_level"] == pytest.approx(1 - 0.9**2, abs=0.05), "the same noise drives both"


def test_leads_and_lags_point_the_right_way() -> None:
    """Investment that leads by two quarters is best known two quarters earlier."""
    table = plain_table(160).dropna()
    table["realgdp"] = np.exp(0.01 * wave(len(table), 24))
    table["realinv"] = np.exp(0.05 * wave(len(table), 24, -2))
    table["unemp"] = 6 - wave(len(table), 24, 1)
    found = macro_moments(table)
    assert max(range(-4, 5), key=lambda k: found[f"xcorr_inv_{k:+d}"]) == -2
    assert min(range(-4, 5), key=lambda k: found[f"xcorr_unemp_{k:+d}"]) == 1
    assert found["xcorr_inv_-2"] == pytest.approx(1.0, abs=0.01)


def test_planted_curves_are_found() -> None:
    quarters = 120
    growth = 0.8 + 2.0 * rough(quarters, 1.7)
    table = plain_table(quarters)
    table["realgdp"] = np.exp(np.cumsum(growth) / 100)
    table["unemp"] = 6 - 0.4 * (np.cumsum(growth) - 0.8 * np.arange(quarters))
    table["infl"] = 5 - 0.3 * table["unemp"]
    found = macro_moments(table)
    assert found["okun_diff_q"] == pytest.approx(-0.4)
    assert found["okun_diff_4q"] == pytest.approx(-0.4)
    assert found["okun_zero_growth"] == pytest.approx(3.2)
    assert found["phillips_level"] == pytest.approx(-0.3)


def test_recessions_are_counted_once() -> None:
    steps = [1.0] * 10 + [-1.0] * 3 + [1.0] * 5 + [-1.0] + [1.0] * 5 + [-1.0] * 2 + [1.0] * 4
    table = plain_table(len(steps) + 1).fillna(3.0)
    table["realgdp"] = np.exp(np.cumsum([0.0, *steps]) / 100)
    found = macro_moments(table)
    assert found["recessions_per_100q"] * len(table) / 100 == pytest.approx(2.0)
    assert found["share_neg_quarters"] == pytest.approx(6 / 30)


def _poor_tables() -> dict[str, pd.DataFrame]:
    constant = pd.DataFrame(dict.fromkeys(COLUMNS, [1.0] * 40))
    negative = plain_table(40)
    negative.loc[10, ["realinv", "realgdp"]] = [-5.0, 0.0]
    missing = plain_table(40)
    missing["unemp"] = np.nan
    return {
        "nothing": plain_table(40).iloc[:0],
        "one": plain_table(40).iloc[1:2],
        "three": plain_table(40).iloc[1:4],
        "constant": constant,
        "negative": negative,
        "missing": missing,
    }


@pytest.mark.parametrize("name", list(_poor_tables()))
def test_poor_tables_give_nan_and_no_warning(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = macro_moments(_poor_tables()[name])
    assert set(found) == set(NAMES)
    assert math.isnan(found["okun_diff_4q"]) or name == "negative" or found["okun_diff_4q"] == 0.0
    assert math.isnan(found["xcorr_inv_+0"])
    assert not any(math.isinf(value) for value in found.values())


def test_shifted_and_change() -> None:
    series = np.array([1.0, 3.0, 6.0])
    assert shifted(series, 1).tolist()[:2] == [3.0, 6.0]
    assert np.isnan(shifted(series, 5)).all()
    assert change(series).tolist()[1:] == [2.0, 3.0]
    assert np.isnan(change(series)[0])


def test_few_values_give_no_estimate() -> None:
    assert math.isnan(correlation(np.arange(8.0), np.arange(8.0)))
    assert correlation(np.arange(9.0), np.arange(9.0)) == pytest.approx(1.0)
    assert np.isnan(regression(np.arange(9.0), np.arange(9.0))).all()
    assert math.isnan(shape(np.empty(0))[1])
