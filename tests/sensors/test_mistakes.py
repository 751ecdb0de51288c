"""Mistakes in the section `sensors` are told with file, line and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from wildsim.core.errors import InputError
from wildsim.scenario.load import load

SURVEYS_AND_ACCOUNTS = [
    ("unemployment_rate: 3", "it must be a mapping, such as {survey: 2000, lag: 1}."),
    ("unemployment_rate: {survey: 3}", "survey is 3; it must be 10 or more."),
    ("unemployment_rate: {survei: 300}", "unknown key 'survei'"),
    (
        "wage_mean: {survey: {sample: 300, epsilon: 1}}",
        "know no bound; noise cannot hide one: give a top",
    ),
    ("unemployment_rate: {survey: {sample: 300, delta: 1.0e-5}}", "give epsilon, too."),
    ("unemployment_rate: {survey: {sample: 300, epsilon: 0}}", "epsilon is 0; it must be above 0."),
    ("gdp: {survey: 300}", "no survey asks about 'gdp'. It can: unemployment_rate"),
    ("unemployment_rate: {accounts: {releases: [{lag: 1, error: 0}]}}", "accounts measure amounts of money;"),
    (
        "gdp: {accounts: {releases: [{lag: 2, error: 0}, {lag: 1, error: 0}]}}",
        "the lags of the releases must rise.",
    ),
    (
        "gdp: {accounts: {releases: [{lag: 1, error: 0}, {lag: 2, error: .1}]}}",
        "the errors of the releases must not",
    ),
    ("gdp: {lag: 2, accounts: {releases: [{lag: 1, error: 0}]}}", "leave out the rest."),
    ("discount: {lag: 2}", "unknown indicator 'discount' in sensors."),
    (
        "gdp: {accounts: {kind: news, releases: [{lag: 36, error: 0}]}}",
        "can come 35 months after its period at most",
    ),
    ("wage_mean: {survey: {sample: 10, refusals: [{region: 9, response: 0}]}}", "region 9 does not exist"),
    ("wage_mean: {survey: {sample: 10, refusals: [{sex: 2, response: 0}]}}", "there is no 2; 1 is for women"),
    ("gpd: {lag: 2}", "unknown indicator 'gpd' in sensors. Did you mean 'gdp'?"),
]
INDICES = [
    ("gdp: {index: 30}", "no price index measures 'gdp'. It can: price_level, inflation."),
    ("price_level: {index: 1}", "index is 1; it must be 2 or more."),
    ("price_level: {index: {sample: 9, review: 0}}", "review is 0; it must be 1 or more."),
    ("price_level: {index: 30, record: {}}", "not by record and index;"),
]
RECORDS = [
    ("crime_rate: {record: gdp}", "(USD/month) cannot stand for 'crime_rate' (offences a 100,000 people"),
    ("crime_rate: {record: {of: crime_recordd_rate}}", "Did you mean 'crime_recorded_rate'?"),
    ("price_level: {record: {coverage: .9}}", "'price_level' counts no cases, it is in ratio to month 0;"),
    ("inflation: {record: {coverage: .9}}", "'inflation' counts no cases"),
    ("crime_rate: {record: {coverage: 0}}", "coverage is 0; it must be above 0."),
    ("crime_rate: {record: {}, survey: 300}", "measured in one way, not by survey and record; leave out all"),
    ("crime_rate: {record: {lag: 2}, lag: 2}", "the lag stands twice, in `record` and beside it; leave one out."),
]
RECONCILED = [
    ("unemployment_rate: {reconciled: [{lag: 1}]}", "2"),
    ("unemployment_rate: {reconciled: [{lag: 1}, {lag: 2}]}", "no two of one kind"),
    ("unemployment_rate: {reconciled: [{lag: 1}, {survey: 300}], lag: 3}", "designs and lags of their own"),
    (
        "unemployment_rate: {reconciled: [{lag: 1}, {reconciled: [{lag: 1}, {survey: 300}]}]}",
        "cannot be a source of its own",
    ),
    (
        "unemployment_rate: {reconciled: {sources: [{lag: 1}, {survey: 300}], trusted: census}}",
        "trusted is 'census'; the sources are",
    ),
    ("unemployment_rate: {reconciled: [{lag: 1}, {survey: 3}]}", "it must be 10 or more"),
    (
        "unemployment_rate: {reconciled: [{lag: 1}, {survey: {sample: 99, refusals: [{region: 9, response: 0}]}}]}",
        "region 9 does not exist",
    ),
]
SEASONS = [
    ("inflation: {season: .02}", "a season is a ratio, and 'inflation' may be negative; leave out season."),
    ("gdp: {season: 2}", "season is 2; it must be 0.25 or less."),
    ("gdp: {season: {amplitude: .02, adjusted: true}, lag: 40}", "adjustment needs 30 months;"),
    (
        "gdp: {season: {amplitude: .02, adjusted: true}, accounts: {kind: news, releases: [{lag: 1, error: 0}]}}",
        "speaks of 35, 23 are there.",
    ),
]


@pytest.mark.parametrize(("entry", "message"), [*SURVEYS_AND_ACCOUNTS, *INDICES, *RECORDS, *RECONCILED, *SEASONS])
def test_mistakes_are_told_with_their_line(tmp_path: Path, entry: str, message: str) -> None:
    file = tmp_path / "story.yaml"
    file.write_text(f"months: 3\nsensors:\n  {entry}\n")
    with pytest.raises(InputError) as caught:
        load(file)
    assert "story.yaml:3  " in str(caught.value)
    assert message in str(caught.value)
