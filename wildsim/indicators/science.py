"""What science does: papers, citations, discoveries, and what they have given production."""

from __future__ import annotations

import math

import numpy as np

from wildsim.core.table import F64
from wildsim.indicators import indicator, sample
from wildsim.state.world import WorldView

#: Citations from which h over root citations is looked at: below, both are small whole numbers.
LEAST_CITATIONS = 10


@indicator(
    "papers",
    unit="papers/month",
    source="As the NSF Science and Engineering Indicators count publications",
    direction=1,
    doc="Papers published in the month.",
    sector="science",
)
def papers(view: WorldView) -> float:
    """Return the papers of the month; NaN without any scientist."""
    return float(view.knowledge.papers[0]) if len(view.scientists) else math.nan


@indicator(
    "discoveries",
    unit="a year per 100,000 people",
    source="Own definition: papers whose findings production will use",
    direction=1,
    doc="Discoveries of the last 12 months.",
    sector="science",
)
def discoveries(view: WorldView) -> float:
    """Return discoveries a year per 100,000 people."""
    found = view.knowledge.found[0]
    known = found[found >= 0]
    return float(known.mean()) * 12e5 / len(view.people) if len(known) and len(view.people) else math.nan


@indicator(
    "h_index",
    unit="papers",
    source="Hirsch 2005",
    direction=1,
    doc="Mean h-index of those who do research.",
    sector="science",
)
def h_index(view: WorldView) -> float:
    """Return the mean h-index."""
    return float(view.scientists.h.mean()) if len(view.scientists) else math.nan


@indicator(
    "citations_per_paper",
    unit="citations",
    source="As Clarivate's Essential Science Indicators",
    direction=1,
    doc="Mean citations of the papers on record: those of the last 20 years and the older ones that count for an h.",
    sector="science",
)
def citations_per_paper(view: WorldView) -> float:
    """Return the mean citations of a paper."""
    return float(view.papers.citations.mean()) if len(view.papers) else math.nan


@indicator(
    "scientists",
    unit="researchers",
    source="As the OECD counts researchers (Frascati Manual), but only those who publish",
    direction=0,
    doc="People who do research.",
    sector="science",
)
def scientists(view: WorldView) -> float:
    """Return the number of scientists."""
    return float(len(view.scientists))


@indicator(
    "science_gain",
    unit="share",
    source="Own definition after Jones 1995: productivity relative to a path with normal science",
    direction=1,
    doc="Productivity that discoveries have given beyond what they give at normal spending.",
    sector="science",
)
def science_gain(view: WorldView) -> float:
    """Return the part of productivity that is due to more or fewer discoveries than normal."""
    return math.expm1(float(view.knowledge.level[0]))


@sample("paper_citations", unit="citations", doc="Citations of every paper on record.", sector="science")
def paper_citations(view: WorldView) -> F64:
    """Return the citations of every paper on record."""
    return np.asarray(view.papers.citations.astype(np.float64))


@sample("scientist_h", unit="papers", doc="h-index of everybody who does research.", sector="science")
def scientist_h(view: WorldView) -> F64:
    """Return the h-index of every scientist."""
    return np.asarray(view.scientists.h.astype(np.float64))


@sample(
    "h_over_root_citations",
    unit="ratio",
    doc="h-index over the root of all citations, of scientists with ten citations or more.",
    sector="science",
)
def h_over_root_citations(view: WorldView) -> F64:
    """Return h / sqrt(C) of every scientist who has been cited enough."""
    cited = view.scientists.citations
    enough = cited >= LEAST_CITATIONS
    return np.asarray(view.scientists.h[enough] / np.sqrt(cited[enough].astype(np.float64)))
