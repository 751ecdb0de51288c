"""What everybody in research can look up: how crowded topics are, and how much their papers are cited."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wildsim.core.table import I64
from wildsim.state.science import TOPICS
from wildsim.state.world import WorldView


def nearby(view: WorldView, rows: I64) -> NDArray[Any]:
    """Return in words, for some scientists, crowd and citations of the topics that they can move to."""
    papers, law, now = view.papers, view.law, view.scientists.topic
    recent = papers.month > view.month - law("science.record_months")
    topics = papers.topic[recent]
    cited = np.bincount(topics, weights=papers.citations[recent].astype(np.float64), minlength=TOPICS)
    written = np.bincount(topics, minlength=TOPICS)
    crowd = np.bincount(now, minlength=TOPICS)
    each = [
        f"topic {k}: {_counted(int(crowd[k]), 'scientist')}, {_citations(int(written[k]), float(cited[k]))}"
        for k in range(TOPICS)
    ]
    reach = int(law("science.topic_reach"))
    around = ["; ".join(each[(k + step) % TOPICS] for step in range(-reach, reach + 1)) for k in range(TOPICS)]
    words: NDArray[Any] = np.array(around, dtype=object)
    return np.asarray(words[now[rows]])


def _citations(papers: int, citations: float) -> str:
    if not papers:
        return "no recent papers"
    return f"{_counted(papers, 'recent paper')} cited {citations / papers:.3g} times on average"


def _counted(number: int, one: str) -> str:
    return f"{number} {one}" if number == 1 else f"{number} {one}s"
