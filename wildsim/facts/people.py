"""Facts of lives and of crime, where their sectors are on."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from wildsim.facts import fact
from wildsim.facts.estimators import fixed_effects_slope, gompertz_slope
from wildsim.facts.evidence import Evidence
from wildsim.facts.observers import MONTHS_A_YEAR
from wildsim.facts.societies import REFORMS
from wildsim.indicators.demography import AGES, LEAST_DEATHS, YEARS, life_table
from wildsim.state.crime import PROPERTY

F64 = NDArray[np.float64]

#: Ages between which mortality grows as Gompertz said.
GOMPERTZ_AGES = (40.0, 85.0)
#: Months that pass before the effect of a reform counts.
SETTLING = 24


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


@fact(
    "arrest_elasticity",
    unit="elasticity",
    source="Ehrlich 1973; Levitt 1998: log offences on log clearance rate, with a reform of +-30 % as instrument",
    doc="Crime falls where more offences lead to an arrest.",
    family="people",
    sector="crime",
)
def arrest_elasticity(evidence: Evidence) -> float:
    """Return the difference of log offences between two reforms over that of log clearance (Wald 1940).

    Least squares on the rate itself would be biased: offences stand on both sides. Two years pass before it counts.
    """
    arms = [evidence.reforms.get(name) for name in REFORMS]
    logs = [_offences_and_clearance(arm) for arm in arms if arm is not None]
    if len(logs) < len(arms):
        return math.nan
    (few, low), (many, high) = logs
    return (many - few) / (high - low) if high != low else math.nan


def _offences_and_clearance(evidence: Evidence) -> tuple[float, float]:
    """Return log offences and log cleared over known ones, from the third year on; NaN where there were none."""
    sums = [float(evidence.array(f"crime.{name}")[SETTLING:].sum()) for name in ("offences", "known", "cleared")]
    if min(sums) <= 0.0:
        return math.nan, math.nan
    offences, known, cleared = sums
    return math.log(offences), math.log(cleared / known)


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
