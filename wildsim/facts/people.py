"""Facts of lives and of crime, where their sectors are on."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from wildsim.facts import fact
from wildsim.facts.estimators import fixed_effects_slope, gompertz_slope
from wildsim.facts.evidence import Evidence
from wildsim.facts.observers import MONTHS_A_YEAR
from wildsim.indicators.demography import AGES, LEAST_DEATHS, YEARS, life_table
from wildsim.state.crime import PROPERTY

F64 = NDArray[np.float64]

#: Ages between which mortality grows as Gompertz said.
GOMPERTZ_AGES = (40.0, 85.0)


@fact(
    "life_expectancy",
    unit="years",
    source="Period life table of all deaths of the run (Chiang 1984)",
    doc="Life expectancy at birth, both sexes.",
    family="people",
    sector="demography",
)
def life_expectancy(evidence: Evidence) -> float:
    """Return the expectation of life at birth."""
    deaths, years = evidence.array("age.deaths"), evidence.array("age.years")
    return float(life_table(deaths, years)[0]) if deaths.sum() >= LEAST_DEATHS else math.nan


@fact(
    "gompertz_slope",
    unit="log points a year",
    source="Gompertz 1825: log mortality on age, 40 to 84 in groups of five years, weighted by deaths",
    doc="Mortality doubles every eight years of age or so.",
    family="people",
    sector="demography",
)
def mortality_slope(evidence: Evidence) -> float:
    """Return the growth of log mortality with age."""
    deaths, years = evidence.array("age.deaths"), evidence.array("age.years")
    if len(deaths) != len(AGES):
        return math.nan
    old = (AGES >= GOMPERTZ_AGES[0]) & (AGES < GOMPERTZ_AGES[1])
    return gompertz_slope((AGES + YEARS / 2.0)[old], deaths[old], years[old])


@fact(
    "property_crime_unemployment",
    unit="log points per point",
    source="Raphael, Winter-Ebmer 2001: log property offences of region and year on unemployment, region effects",
    doc="Property crime rises with unemployment.",
    family="people",
    sector="crime",
)
def property_crime_and_unemployment(evidence: Evidence) -> float:
    """Return the slope of log property offences on unemployment, regions and years."""
    crime, jobless = crime_panel(evidence)
    return fixed_effects_slope(crime, jobless)


def crime_panel(evidence: Evidence) -> tuple[F64, F64]:
    """Return log property offences and unemployment in percent, years first, then regions; NaN where none."""
    offences, work, force = (evidence.array(f"crime.{name}") for name in ("offences", "work", "force"))
    years = len(work) // MONTHS_A_YEAR
    if not years:
        return np.empty((0, 0)), np.empty((0, 0))
    yearly = (values[: years * MONTHS_A_YEAR] for values in (offences[:, :, PROPERTY], work, force))
    crimes, employed, active = (v.reshape(years, MONTHS_A_YEAR, -1).sum(axis=1) for v in yearly)
    positive, takes_part = crimes > 0.0, active > 0.0
    crime = np.log(np.where(positive, crimes, math.nan))
    return crime, 100.0 * (1.0 - np.divide(employed, active, out=np.full(active.shape, math.nan), where=takes_part))
