"""Prices, work and wages."""

from __future__ import annotations

import math

from wildsim.core.table import NO_ROW
from wildsim.indicators import indicator
from wildsim.indicators.accounts import ratio
from wildsim.state.distribution import Groups, groups
from wildsim.state.world import WorldView

_ILO = "ILO, 19th International Conference of Labour Statisticians"


@indicator(
    "price_level",
    unit="ratio to month 0",
    source="Unit value of consumer goods sold, product tax included",
    direction=0,
    doc="Consumer prices, month 0 = 1.",
)
def price_level(view: WorldView) -> float:
    """Return the consumer price relative to month 0."""
    return float(view.macro.price_level[0]) / float(view.macro.base_level[0])


@indicator(
    "inflation",
    unit="share a year",
    source="12-month change of price_level",
    direction=0,
    doc="Consumer price inflation over 12 months.",
)
def inflation(view: WorldView) -> float:
    """Return the price level over that of 12 months ago, less 1; NaN in the first year."""
    ago = view.history.last("cpi", 11)
    return float(view.macro.price_level[0]) / ago - 1.0 if math.isfinite(ago) else math.nan


@indicator(
    "unemployment_rate",
    unit="share",
    source=_ILO,
    direction=-1,
    doc="Searchers without work in the labour force aged 15 and over.",
)
def unemployment_rate(view: WorldView) -> float:
    """Return 1 - at work / labour force."""
    total = view.regions.counts.sum(axis=0)
    return 1.0 - float(total[0]) / float(total[2]) if total[2] > 0 else math.nan


@indicator("employment_rate", unit="share", source=_ILO, direction=1, doc="People at work among those aged 15-64.")
def employment_rate(view: WorldView) -> float:
    """Return at work aged 15-64 over people aged 15-64."""
    total = view.regions.counts.sum(axis=0)
    return ratio(float(total[1]), float(total[4]))


@indicator(
    "participation_rate",
    unit="share",
    source=_ILO,
    direction=0,
    doc="People at work or searching among those aged 15-64.",
)
def participation_rate(view: WorldView) -> float:
    """Return participants aged 15-64 over people aged 15-64."""
    total = view.regions.counts.sum(axis=0)
    return ratio(float(total[3]), float(total[4]))


@indicator(
    "vacancy_rate",
    unit="share",
    source="BLS JOLTS: openings / (employment + openings)",
    direction=0,
    doc="Posts on offer during the month.",
)
def vacancy_rate(view: WorldView) -> float:
    """Return posts opened over posts opened and filled ones."""
    opened = float(view.firms.opened.sum())
    return ratio(opened, opened + float(view.regions.counts[:, 0].sum()))


@indicator("wage_mean", unit="USD/month", source="BLS OEWS", direction=1, doc="Mean gross wage of people at work.")
def wage_mean(view: WorldView) -> float:
    """Return wages over people at work."""
    total = view.regions.counts.sum(axis=0)
    return ratio(float(total[5]), float(total[0]))


@indicator("wage_median", unit="USD/month", source="BLS OEWS", direction=1, doc="Median gross wage of people at work.")
def wage_median(view: WorldView) -> float:
    """Return the median wage."""
    return _wages(view).quantile(0.5)


@indicator(
    "wage_p10",
    unit="USD/month",
    source="BLS OEWS",
    direction=1,
    doc="Gross wage below which a tenth of people at work earn.",
)
def wage_p10(view: WorldView) -> float:
    """Return the first decile of wages."""
    return _wages(view).quantile(0.1)


def _wages(view: WorldView) -> Groups:
    found: Groups | None = view.__dict__.get("wages")
    if found is None:
        found = view.__dict__["wages"] = groups(view.people.wage[view.people.employer != NO_ROW])
    return found


@indicator(
    "unemployment_duration",
    unit="months",
    source="Mean length of spells that ended with a job this month",
    direction=-1,
    doc="How long those who found a job had been out of work.",
)
def unemployment_duration(view: WorldView) -> float:
    """Return the mean length of spells that ended this month; NaN where none did."""
    ended = view.people.spell[view.people.spell > 0]
    return float(ended.mean()) if len(ended) else math.nan


@indicator("population", unit="people", source="UN demographic yearbook", direction=0, doc="People alive.")
def population(view: WorldView) -> float:
    """Return the number of people."""
    return float(len(view.people))
