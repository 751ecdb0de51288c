"""The culture platform: what is sold, how concentrated it is, how narrow what people are shown."""

from __future__ import annotations

import math

import numpy as np

from wildsim.core.table import F64
from wildsim.indicators import indicator, sample
from wildsim.state.distribution import groups
from wildsim.state.world import WorldView


def _run_over(view: WorldView) -> F64:
    """Return takings since release of the titles in the catalogue whose first run is over, USD."""
    titles = view.titles
    over = (titles.life > 0) & (titles.age >= view.law("culture.first_run"))
    return np.asarray(titles.box_office[over])


@indicator(
    "box_office",
    unit="USD/month",
    source="As in the film trade: takings while a title is in its first run",
    direction=1,
    doc="Takings of titles in their first run (culture.first_run months), product tax included.",
    sector="culture",
)
def box_office(view: WorldView) -> float:
    """Return the month's takings of new titles."""
    titles = view.titles
    return float(titles.takings[titles.age < view.law("culture.first_run")].sum())


@indicator(
    "gmv",
    unit="USD/month",
    source="Gross merchandise value, as platforms report it",
    direction=1,
    doc="Takings of all titles on the platform, product tax included.",
    sector="culture",
)
def gmv(view: WorldView) -> float:
    """Return the month's takings of all titles."""
    return float(view.titles.takings.sum())


@indicator(
    "exposure_entropy",
    unit="0 to 1",
    source="Shannon 1948, over its largest value: ln of the number of titles",
    direction=1,
    doc="Evenness of what is shown over the titles of the catalogue: 1 if all are shown equally often.",
    sector="culture",
)
def exposure_entropy(view: WorldView) -> float:
    """Return the normalised entropy of exposures; NaN if nothing was shown or there are fewer than two titles."""
    titles = view.titles
    shown = titles.exposures[titles.exposures > 0.0]
    on_offer = int((titles.life > 0).sum())
    if not len(shown) or on_offer < 2:
        return math.nan
    share = shown / shown.sum()
    return float(-(share * np.log(share)).sum() / math.log(on_offer))


@indicator(
    "cocoon_index",
    unit="at most 1",
    source="Filter bubble as lack of variety within a person's list: Nguyen, Hui, Harper, Terveen, Konstan 2014, WWW",
    direction=-1,
    doc="1 - variety of a slate / variety of the catalogue (mean cosine distance of pairs); 0: as varied as the whole.",
    sector="culture",
)
def cocoon_index(view: WorldView) -> float:
    """Return how narrow a slate is relative to the catalogue, over all who looked; NaN if nobody did."""
    whole = float(view.platform.catalogue_variety[0])
    return 1.0 - float(view.platform.variety[0]) / whole if whole > 0.0 else math.nan


@indicator(
    "box_office_gini",
    unit="0 to 1",
    source="Salganik, Dodds, Watts 2006: Gini of market shares",
    direction=0,
    doc="Gini of takings since release over the titles in the catalogue whose first run is over.",
    sector="culture",
)
def box_office_gini(view: WorldView) -> float:
    """Return how unequal takings are; NaN with fewer than two titles or no takings."""
    takings = _run_over(view)
    return groups(takings).gini() if len(takings) > 1 else math.nan


@sample(
    "box_office", unit="USD a title", doc="Takings since release of titles whose first run is over.", sector="culture"
)
def takings(view: WorldView) -> F64:
    """Return the takings of every title whose first run is over."""
    return _run_over(view)
