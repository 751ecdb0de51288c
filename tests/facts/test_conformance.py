"""What every fact must do; a new one inherits all of it."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pandas as pd
import pytest

from wildsim.facts import FACTS, FAMILIES, measure_all
from wildsim.facts.evidence import Evidence, live
from wildsim.facts.ranges import countries, load_country
from wildsim.indicators import INDICATORS
from wildsim.scenario.schema import SECTORS, Scenario

every = pytest.mark.parametrize("name", list(FACTS))
COUNTRIES = countries()


@every
def test_unit_source_and_meaning_are_given(name: str) -> None:
    item = FACTS[name]
    assert item.unit
    assert len(item.source) > 5
    assert item.doc.endswith(".")
    assert item.family in FAMILIES
    assert item.sector in ("", *SECTORS)


@every
@pytest.mark.parametrize("country", COUNTRIES)
def test_ranges_are_finite_and_sourced(country: str, name: str) -> None:
    wanted = load_country(country).of(name)
    if wanted.counted:
        assert wanted.low < wanted.high
        assert len(wanted.source) > 5
        if math.isfinite(wanted.value):
            assert wanted.holds(wanted.value), "a country shows its own facts"


def _empty() -> dict[str, Evidence]:
    nothing = pd.DataFrame({name: np.full(240, math.nan) for name in INDICATORS})
    return {
        "nothing": Evidence(sectors=frozenset(SECTORS)),
        "all missing": Evidence(nothing, sectors=frozenset(SECTORS)),
        "all zero": Evidence(nothing.fillna(0.0), sectors=frozenset(SECTORS)),
    }


@every
@pytest.mark.parametrize("kind", list(_empty()))
def test_no_evidence_gives_no_number(kind: str, name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        value = float(FACTS[name].measure(_empty()[kind]))
    if kind != "all zero":
        assert math.isnan(value)
    assert not math.isinf(value)


@pytest.fixture(scope="module")
def short() -> Evidence:
    """A society that lives two months: every observer looks, no quarter is whole."""
    on = {"demography": True, "crime": True}
    story = {"burn_in": 1, "months": 2, "society": {"people": 300, "regions": 1}, "sectors": on}
    return live(Scenario.model_validate(story), 1)


def test_a_society_of_two_months_gives_no_macro_fact(short: Evidence) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = measure_all(short)
    assert set(found) == set(FACTS)
    assert all(math.isnan(found[name]) for name, item in FACTS.items() if item.family == "macro")
    assert math.isfinite(found["labour_share"])


def test_facts_of_a_sector_that_is_off_are_not_measured() -> None:
    found = measure_all(Evidence(noted={"age.deaths": np.ones(19), "age.years": np.ones(19)}))
    assert math.isnan(found["gompertz_slope"])


@pytest.mark.parametrize("country", COUNTRIES)
def test_the_list_is_long_enough(country: str) -> None:
    known = load_country(country)
    counted = [name for name, item in FACTS.items() if known.of(name).counted and not item.sector]
    assert len(counted) >= 30
    assert sum(FACTS[name].family == "macro" for name in counted) == 18
