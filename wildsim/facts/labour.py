"""Facts of the labour market: vacancies against unemployment, how long people are out of work."""

from __future__ import annotations

import math

from wildsim.facts import fact
from wildsim.facts.estimators import LEAST, grouped_median
from wildsim.facts.evidence import Evidence
from wildsim.facts.moments import correlation, hp_cycle

#: Weeks of a month.
WEEKS = 365.25 / 12.0 / 7.0
#: Months of a spell that count as its beginning, and those that count as long.
EARLY, LATE = slice(0, 2), slice(6, 12)


@fact(
    "beveridge",
    unit="correlation",
    source="Beveridge curve: cycles (HP 1600) of quarterly unemployment and vacancies; Shimer 2005: logs, HP 100,000",
    doc="Vacancies are many when unemployment is low.",
    family="labour",
)
def beveridge(evidence: Evidence) -> float:
    """Return the correlation of the cycles of unemployment and vacancies."""
    jobless, vacant = (hp_cycle(evidence.quarterly(name)) for name in ("unemployment_rate", "vacancy_rate"))
    return correlation(jobless, vacant)


@fact(
    "median_duration",
    unit="weeks",
    source="BLS, Current Population Survey: median duration of spells under way, interpolated within months",
    doc="How long those out of work have been searching.",
    family="labour",
)
def median_duration(evidence: Evidence) -> float:
    """Return the median length so far of all monthly spells under way; one counted k times lies between k-1 and k."""
    return grouped_median(evidence.array("spell.under_way"), WEEKS)


@fact(
    "hazard_ratio",
    unit="ratio",
    source="Shimer 2008, AER P&P: chance a month to find a job after 6-12 months of search over that in the first two",
    doc="The longer people have searched, the fewer find a job: below 1.",
    family="labour",
)
def hazard_ratio(evidence: Evidence) -> float:
    """Return the job-finding rate late in spells over that at their beginning."""
    hired, at_risk = evidence.array("spell.hired"), evidence.array("spell.at_risk")
    begun, lasted = float(at_risk[EARLY].sum()), float(at_risk[LATE].sum())
    found = float(hired[EARLY].sum())
    if min(begun, lasted) < LEAST or found == 0.0:
        return math.nan
    return float(hired[LATE].sum()) / lasted / (found / begun)


@fact(
    "finding_rate",
    unit="share a month",
    source="Shimer 2012, RED: .3 to .6 in US data by month (from memory); chance of all who search",
    doc="Searchers who have a job a month later.",
    family="labour",
)
def finding_rate(evidence: Evidence) -> float:
    """Return those hired over those at risk."""
    at_risk = float(evidence.array("spell.at_risk").sum())
    return float(evidence.array("spell.hired").sum()) / at_risk if at_risk >= LEAST else math.nan
