"""Crime: true and recorded rates, clearance, prison, loot."""

from __future__ import annotations

import math

import numpy as np

from wildsim.core.table import F64
from wildsim.indicators import indicator, sample
from wildsim.indicators.accounts import ratio
from wildsim.kernels.ages import ADULT_AGE
from wildsim.state.people import PRISON
from wildsim.state.world import WorldView

_RATE = "offences a 100,000 people and year"
#: Rates are for so many people, from so many months.
PER, YEAR = 100_000.0, 12


def _rate(view: WorldView, *names: str) -> float:
    """Return the counts of the last 12 months per 100,000 people, at an annual rate while fewer months are known."""
    a_month = sum(view.history.mean(name, YEAR) for name in names)
    return ratio(PER * YEAR * a_month, float(len(view.people)))


@indicator(
    "crime_rate",
    unit=_RATE,
    source="As FBI, Crime in the United States, but of all offences, known to the police or not",
    direction=-1,
    doc="Property and violent offences of the last 12 months: the true rate.",
    sector="crime",
)
def crime_rate(view: WorldView) -> float:
    """Return the true rate of all offences."""
    return _rate(view, "crime.property", "crime.violent")


@indicator(
    "property_crime_rate",
    unit=_RATE,
    source="As FBI, Crime in the United States, but of all offences, known to the police or not",
    direction=-1,
    doc="Property offences of the last 12 months: the true rate.",
    sector="crime",
)
def property_crime_rate(view: WorldView) -> float:
    """Return the true rate of property offences."""
    return _rate(view, "crime.property")


@indicator(
    "violent_crime_rate",
    unit=_RATE,
    source="As FBI, Crime in the United States, but of all offences, known to the police or not",
    direction=-1,
    doc="Violent offences of the last 12 months: the true rate.",
    sector="crime",
)
def violent_crime_rate(view: WorldView) -> float:
    """Return the true rate of violent offences."""
    return _rate(view, "crime.violent")


@indicator(
    "crime_recorded_rate",
    unit=_RATE,
    source="FBI, Crime in the United States: offences known to law enforcement",
    direction=0,
    doc="Offences of the last 12 months that entered the statistics; moves with what is recorded, too.",
    sector="crime",
)
def crime_recorded_rate(view: WorldView) -> float:
    """Return the rate of recorded offences."""
    return _rate(view, "crime.recorded")


@indicator(
    "clearance_rate",
    unit="share of known offences",
    source="FBI, Crime in the United States: offences cleared by arrest",
    direction=1,
    doc="Offences of the last 12 months known to the police that led to an arrest.",
    sector="crime",
)
def clearance_rate(view: WorldView) -> float:
    """Return cleared over known offences; NaN where none was known."""
    return ratio(view.history.mean("crime.cleared", YEAR), view.history.mean("crime.known", YEAR))


@indicator(
    "prison_rate",
    unit="inmates a 100,000 adults",
    source="BJS, Prisoners: rate of adults of 18 and over",
    direction=-1,
    doc="People in prison for property and violent offences.",
    sector="crime",
)
def prison_rate(view: WorldView) -> float:
    """Return inmates per 100,000 adults."""
    people = view.people
    return ratio(PER * float((people.away == PRISON).sum()), float((people.age >= ADULT_AGE).sum()))


@indicator(
    "loot",
    unit="USD/month",
    source="FBI, Crime in the United States, table 24: value of property stolen",
    direction=-1,
    doc="Money taken by property offences.",
    sector="crime",
)
def loot(view: WorldView) -> float:
    """Return the loot of the month."""
    return float(view.policing.loot.sum()) if len(view.policing) else math.nan


@sample("offences", unit="offences", doc="Offences of each offender so far.", sector="crime")
def offences(view: WorldView) -> F64:
    """Return the careers of all who ever offended."""
    career = view.offending.career
    return np.asarray(career[career > 0], dtype=np.float64)


@sample("offender_age", unit="years", doc="Age of the offender, once for each offence of the year.", sector="crime")
def offender_age(view: WorldView) -> F64:
    """Return ages of offenders, each as often as the person offended since the year began."""
    return np.repeat(view.people.age, view.offending.year).astype(np.float64)


@sample("age_of_people", unit="years", doc="Age of everybody, beside that of offenders.", sector="crime")
def age_of_people(view: WorldView) -> F64:
    """Return the age of everybody."""
    return np.asarray(view.people.age, dtype=np.float64)
