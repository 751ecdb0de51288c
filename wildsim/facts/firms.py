"""Facts of firms: how large they are, how they grow, when they fail."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from wildsim.facts import fact
from wildsim.facts.estimators import excess_kurtosis, mean, zipf_exponent
from wildsim.facts.evidence import Evidence
from wildsim.facts.moments import correlation, hp_cycle
from wildsim.facts.observers import MONTHS_A_YEAR

F64 = NDArray[np.float64]


def growth_rates(evidence: Evidence, what: str) -> F64:
    """Return yearly log growth of `what` ("staff" or "sales") of firms that live in both years, less the year's mean.

    Firms founded within the first of the two years are left out: their year is not whole.
    """
    names = (what, "age", "year")
    size, age, year = (evidence.array(f"firm.{name}") for name in names)
    ids = evidence.array("firm.id")
    staffed = evidence.array("firm.staff") > 0.0
    found = []
    for before in np.unique(year)[:-1]:
        old = np.flatnonzero((year == before) & (age >= MONTHS_A_YEAR) & (size > 0.0) & staffed)
        new = np.flatnonzero((year == before + 1) & (size > 0.0) & staffed)
        _, i, j = np.intersect1d(ids[old], ids[new], return_indices=True)
        growth = np.log(size[new[j]] / size[old[i]])
        found.append(growth - growth.mean() if len(growth) else growth)
    return np.concatenate(found) if found else np.empty(0)


def failure_cycle(evidence: Evidence) -> F64:
    """Return the cycle (HP 1600) of the quarterly failure rate."""
    return hp_cycle(evidence.quarterly("bankruptcy_rate"))


@fact(
    "zipf_exponent",
    unit="exponent",
    source="Axtell 2001, Science: slope of log P(size >= s) over sizes 1, 3, 9, 27, ...; mean over years",
    doc="Few firms are large: the share of firms above a size falls in inverse proportion to it.",
    family="firms",
)
def size_exponent(evidence: Evidence) -> float:
    """Return the exponent of the sizes of firms by staff."""
    staff, year = evidence.array("firm.staff"), evidence.array("firm.year")
    found = np.array([zipf_exponent(staff[year == one]) for one in np.unique(year)])
    return float(np.nanmean(found)) if np.isfinite(found).any() else math.nan


@fact(
    "growth_kurtosis",
    unit="excess kurtosis",
    source="Stanley et al. 1996, Nature; Bottazzi, Secchi 2006: yearly log growth of staff less the year's mean",
    doc="Growth rates of firms are fat-tailed: a tent on log axes (Laplace: 3; normal: 0).",
    family="firms",
)
def growth_kurtosis(evidence: Evidence) -> float:
    """Return the excess kurtosis of growth rates of staff."""
    return excess_kurtosis(growth_rates(evidence, "staff"))


@fact(
    "sales_growth_kurtosis",
    unit="excess kurtosis",
    source="As growth_kurtosis, of sales",
    doc="So is growth of sales.",
    family="firms",
)
def sales_growth_kurtosis(evidence: Evidence) -> float:
    """Return the excess kurtosis of growth rates of sales."""
    return excess_kurtosis(growth_rates(evidence, "sales"))


@fact(
    "failure_rate",
    unit="share a year",
    source="Failures over private firms, mean of all months x 12",
    doc="Firms that fail in a year.",
    family="firms",
)
def failure_rate(evidence: Evidence) -> float:
    """Return the mean failure rate."""
    return mean(evidence.series("bankruptcy_rate"))


@fact(
    "failures_cycle",
    unit="correlation",
    source="Cycles (HP 1600) of the quarterly failure rate and of GDP",
    doc="More firms fail in slumps.",
    family="firms",
)
def failures_cycle(evidence: Evidence) -> float:
    """Return the correlation of failures with output."""
    failures, output = failure_cycle(evidence), evidence.output_cycle
    return correlation(failures, output) if len(failures) == len(output) else math.nan
