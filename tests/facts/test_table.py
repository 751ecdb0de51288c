"""Verdicts, controls, sums; files of ranges."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.facts.tables import evidence
from wildsim.core.document import parse
from wildsim.core.errors import InputError
from wildsim.facts import ranges
from wildsim.facts.evidence import Evidence
from wildsim.facts.ranges import Range, load_country
from wildsim.facts.societies import variants
from wildsim.facts.table import FAILS, OFF, PASSES, SAYS_NOTHING, SHOWN, Spread, Table, document, make_table
from wildsim.reports.facts.text import cells, headers, summary
from wildsim.scenario.schema import Scenario

STORY = Scenario.model_validate({"name": "small"})


def society(labour_share: float, moments: dict[str, float] | None = None) -> Evidence:
    """Return evidence that shows a labour share and nothing else, and macro moments as given."""
    made = evidence({"labour_share": np.full(24, labour_share)})
    made.__dict__["moments"] = dict.fromkeys(made.moments, math.nan) | (moments or {})
    return made


def table(judged: Any, shuffled: Any = None, random: Any = None, calm: Any = None) -> Table:
    """Return the table of societies given as lists of evidence, one entry a seed."""
    seeds = range(1, len(judged) + 1)
    nothing = [society(math.nan) for _ in seeds]
    gathered = {"rules": judged, "shuffled": shuffled or nothing, "random": random or nothing}
    gathered["no shocks"] = calm or nothing
    return make_table(gathered, variants(STORY), tuple(seeds), load_country("us"))


def row(found: Table, name: str) -> Any:
    return next(row for row in found.rows if row.fact.name == name)


def test_a_fact_passes_by_the_mean_over_seeds() -> None:
    found = row(table([society(0.56), society(0.62)]), "labour_share")
    assert found.spreads["rules"].mean == pytest.approx(0.59)
    assert found.spreads["rules"].error == pytest.approx(0.03)
    assert found.spreads["rules"].inside == 0.5
    assert found.verdict == PASSES
    assert row(table([society(0.5), society(0.6)]), "labour_share").verdict == FAILS


@pytest.mark.parametrize("control", ["shuffled", "random"])
def test_what_a_society_without_reason_shows_says_nothing(control: str) -> None:
    found = row(table([society(0.6)], **{control: [society(0.61)]}), "labour_share")
    assert found.verdict == SAYS_NOTHING
    assert found.why == f"{control} shows it too"
    assert found.spreads["rules"].passes(found.range)
    both = row(table([society(0.6)], [society(0.61)], [society(0.62)]), "labour_share")
    assert both.why == "shuffled and random show it too"


def test_the_table_in_words_says_what_says_nothing_and_why() -> None:
    found = table([society(0.6)], [society(0.61)], [society(0.62)])
    names = [variant.name for variant in found.variants]
    assert "says nothing: shuffled and random show it too" in cells(row(found, "labour_share"), names)
    (line,) = [line for line in summary(found) if "nothing" in line]
    assert line.startswith(
        "1 of the 1 says nothing, since people who decide without reason show the same: labour_share ("
    )
    assert line.endswith("Without them it shows 0.")
    assert "nothing" not in "".join(summary(table([society(0.6)])))


def test_a_society_without_shocks_takes_nothing_away() -> None:
    assert row(table([society(0.6)], calm=[society(0.6)]), "labour_share").verdict == PASSES


def test_a_fact_that_fails_does_not_pass_because_a_control_shows_it() -> None:
    assert row(table([society(0.5)], [society(0.6)]), "labour_share").verdict == FAILS


def test_what_cannot_be_computed_fails_and_says_why() -> None:
    found = row(table([society(math.nan)]), "labour_share")
    assert (found.verdict, found.why) == (FAILS, "the evidence allows no value")
    half = row(table([society(0.6), society(math.nan)]), "labour_share")
    assert half.verdict == FAILS, "known on half of the seeds only"
    assert half.spreads["rules"].inside == 0.5


def test_sectors_that_are_off_are_not_counted() -> None:
    found = table([society(0.6)])
    assert row(found, "gompertz_slope").verdict == OFF
    assert not row(found, "gompertz_slope").counted
    assert row(found, "growth_ac1").verdict == SHOWN
    assert found.tally() == (1, sum(r.counted for r in found.rows))
    assert found.micro() == (1, found.tally()[1] - 18)
    assert found.tally("distribution")[0] == 1


def test_the_macro_share_is_the_mean_of_single_runs() -> None:
    country = load_country("us")
    middle = {n: (r.low + r.high) / 2 for n, r in country.ranges.items() if r.counted}
    half = {name: value if place % 2 else 1e9 for place, (name, value) in enumerate(list(middle.items())[:18])}
    found = table([society(0.6, middle), society(0.6, half)], random=[society(0.6, half), society(0.6)])
    assert found.share_inside("rules").values == (1.0, 0.5)
    assert found.share_inside("rules").mean == 0.75
    assert found.share_inside("random").mean == 0.25
    plain = document(found)["variants"]
    assert plain["random"]["macro_share_lower_than_judged_by"] == pytest.approx(0.5)
    text = "\n".join(summary(found))
    assert "inside 0.750 of the 18 ranges" in text
    assert "random: 0.250, 0.500 lower" in text


def test_a_control_that_does_better_is_shouted() -> None:
    country = load_country("us")
    middle = {n: (r.low + r.high) / 2 for n, r in country.ranges.items() if r.counted}
    assert "no shocks: 1.000, 1.000 HIGHER" in "\n".join(summary(table([society(0.6)], calm=[society(0.6, middle)])))


def test_broken_societies_are_named() -> None:
    broken = Evidence(pd.DataFrame(), ended="month 3: it fell apart")
    text = "\n".join(summary(table([society(0.6)], random=[broken])))
    assert "1 of 1 broke down (random), the first in month 3: it fell apart" in text


def test_cells_fit_their_headers() -> None:
    found = table([society(0.6), society(0.61)])
    names = [variant.name for variant in found.variants]
    for one in found.rows:
        assert len(cells(one, names)) == len(headers(names))
        assert all(isinstance(cell, str) for cell in cells(one, names))


def test_huge_numbers_of_a_collapsed_society_are_no_trouble() -> None:
    spread = Spread.of([1e200, 3e300, math.inf], Range(0.0, 1.0, math.nan, ""))
    assert spread.inside == 0.0
    assert math.isfinite(spread.mean)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("facts: {sd_gpd: {low: 1, high: 2, source: 'somewhere'}}", "us.yaml:1  unknown fact 'sd_gpd'. Did you mean"),
        ("facts:\n  sd_gdp: {low: 2, high: 1, source: 'somewhere'}", "us.yaml:2  sd_gdp: low and high"),
        ("facts:\n  sd_gdp: {low: 2, source: 'somewhere'}", "low and high stand together"),
        ("facts:\n  sd_gdp: {low: 1, high: two, source: 'somewhere'}", "high is 'two'; it must be a number"),
        ("facts:\n  sd_gdp: {low: 1, high: 2}", "needs a source"),
        ("facts:\n  sd_gdp: {lo: 1, high: 2}", "holds low, high, value and source"),
        ("fact: {}", "holds `about` and `facts`"),
    ],
)
def test_wrong_files_of_ranges_are_told_by_line(text: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        ranges.parse("us", parse(text, "us.yaml"))
    assert message in str(error.value)


def test_unknown_countries_are_told() -> None:
    with pytest.raises(InputError, match=r"no stylised facts are known of 'uss'. Did you mean 'us'\?"):
        load_country("uss")


def test_a_plug_in_brings_its_own_range(monkeypatch: pytest.MonkeyPatch) -> None:
    from wildsim.facts import FACTS, fact

    fact("of_a_plug_in", unit="1", source="somebody", doc="It is one.", family="firms", low=0.5, high=2.0)(
        lambda evidence: 1.0
    )
    try:
        assert row(table([society(0.6)]), "of_a_plug_in").verdict == SAYS_NOTHING
    finally:
        FACTS._items.pop("of_a_plug_in")
