"""Births, deaths, life expectancy as a statistical office computes it, health, ages."""

from __future__ import annotations

import math

import numpy as np

from wildsim.core.table import F64
from wildsim.indicators import indicator, sample
from wildsim.indicators.accounts import ratio
from wildsim.kernels.ages import ADULT_AGE, RETIREMENT_AGE, WORKING_AGE
from wildsim.state.world import WorldView

#: First ages of the groups of the life table, and how long each lasts; the last one is open.
AGES = np.array([0.0, 1.0, *np.arange(5.0, 86.0, 5.0)])
YEARS = np.append(np.diff(AGES), np.inf)
#: A life table needs so many deaths (Scherbov, Ediev 2011: below that, errors of a year and more) and starts with the
#: deaths of so many months.
LEAST_DEATHS, FIRST_WINDOW = 200, 12
#: Years lived in the interval by those who die in it: early in the first years of life, else half of it (Chiang 1984).
LIVED = np.append([0.1, 1.6], YEARS[2:] / 2.0)
_WHO = "WHO methods for life tables; Chiang 1984"


def window(view: WorldView, sexes: str) -> tuple[F64, F64] | None:
    """Return deaths and person-years by age group of the last 12 months, or of as many as hold 200 deaths.

    Args:
        sexes: "m", "f" or "mf" for both together.

    Returns:
        None where 60 months do not hold enough deaths.
    """
    deaths, alive = (_series(view, kind, sexes) for kind in ("deaths", "alive"))
    total = np.cumsum(deaths.sum(axis=0)[::-1])
    enough = np.flatnonzero(total >= LEAST_DEATHS)
    if not len(enough):
        return None
    months = max(FIRST_WINDOW, int(enough[0]) + 1)
    return deaths[:, -months:].sum(axis=1), alive[:, -months:].sum(axis=1) / 12.0


def _series(view: WorldView, kind: str, sexes: str) -> F64:
    """Return a count by age group in each of the last months, 0 where nothing is known, (groups, months)."""
    return np.asarray(sum(_series_of(view, f"{kind}.{sex}") for sex in sexes))


def _series_of(view: WorldView, name: str) -> F64:
    """Return the series of all age groups of one sex; several indicators of a month need them."""
    found: F64 | None = view.__dict__.get(name)
    if found is None:
        groups = [view.history.series(f"{name}.{group}") for group in range(len(AGES))]
        found = view.__dict__[name] = np.nan_to_num(np.array(groups))
    return found


def life_table(deaths: F64, years: F64) -> F64:
    """Return the expectation of life at the start of each age group, years; NaN where a group cannot be known.

    The chance to die in a group is q = n m / (1 + (n - a) m) with m deaths a person-year and a years lived by those who
    die; those who reach the open group live 1 / m years more (Chiang 1984).
    """
    rate = np.divide(deaths, years, out=np.full(len(years), math.nan), where=years > 0.0)
    closed = YEARS[:-1]
    dies = np.minimum(closed * rate[:-1] / (1.0 + (closed - LIVED[:-1]) * rate[:-1]), 1.0)
    reaches = np.concatenate([[1.0], np.cumprod(1.0 - dies)])
    lived = closed * reaches[1:] + LIVED[:-1] * (reaches[:-1] - reaches[1:])
    last = reaches[-1] / rate[-1] if rate[-1] > 0.0 else math.nan
    ahead = np.cumsum(np.append(lived, last)[::-1])[::-1]
    return np.asarray(np.divide(ahead, reaches, out=np.full(len(reaches), math.nan), where=reaches > 0.0))


def _expectation(view: WorldView, sexes: str, group: int = 0) -> float:
    found = window(view, sexes)
    return math.nan if found is None else float(life_table(*found)[group])


@indicator(
    "life_expectancy",
    unit="years",
    source=f"Period life table of the last 12 months, at most 60 until it holds 200 deaths; {_WHO}",
    direction=1,
    doc="Life expectancy at birth, both sexes.",
    sector="demography",
)
def life_expectancy(view: WorldView) -> float:
    """Return the expectation of life at birth; NaN where there are too few deaths."""
    return _expectation(view, "mf")


@indicator(
    "life_expectancy_men",
    unit="years",
    source=_WHO,
    direction=1,
    doc="Life expectancy of men at birth.",
    sector="demography",
)
def life_expectancy_men(view: WorldView) -> float:
    """Return the expectation of life of men at birth; NaN where there are too few deaths."""
    return _expectation(view, "m")


@indicator(
    "life_expectancy_women",
    unit="years",
    source=_WHO,
    direction=1,
    doc="Life expectancy of women at birth.",
    sector="demography",
)
def life_expectancy_women(view: WorldView) -> float:
    """Return the expectation of life of women at birth; NaN where there are too few deaths."""
    return _expectation(view, "f")


@indicator(
    "life_expectancy_at_65",
    unit="years",
    source=_WHO,
    direction=1,
    doc="Years that people of 65 have before them.",
    sector="demography",
)
def life_expectancy_at_65(view: WorldView) -> float:
    """Return the expectation of life at 65; NaN where there are too few deaths."""
    return _expectation(view, "mf", int(np.searchsorted(AGES, RETIREMENT_AGE)))


@indicator(
    "mortality_rate",
    unit="deaths per 1,000 people and year",
    source="UN demographic yearbook: crude death rate",
    direction=-1,
    doc="Deaths of the last 12 months relative to people alive.",
    sector="demography",
)
def mortality_rate(view: WorldView) -> float:
    """Return deaths over person-years of the last 12 months."""
    deaths, alive = (_series(view, kind, "mf")[:, -FIRST_WINDOW:] for kind in ("deaths", "alive"))
    return 1000.0 * ratio(float(deaths.sum()), float(alive.sum()) / 12.0)


@indicator(
    "birth_rate",
    unit="births per 1,000 people and year",
    source="UN demographic yearbook: crude birth rate",
    direction=0,
    doc="Births of the last 12 months relative to people.",
    sector="demography",
)
def birth_rate(view: WorldView) -> float:
    """Return births over person-years of the last 12 months."""
    alive = _series(view, "alive", "mf")[:, -FIRST_WINDOW:]
    births = view.history.series("births")[-FIRST_WINDOW:]
    return 1000.0 * ratio(float(np.nansum(births)), float(alive.sum()) / 12.0)


@indicator(
    "health",
    unit="index",
    source="Mean of the health index of adults: 1 more divides mortality by e",
    direction=1,
    doc="Health of adults; 0 is that of the start.",
    sector="demography",
)
def health(view: WorldView) -> float:
    """Return the mean health of adults."""
    adults = view.people.age >= ADULT_AGE
    return float(view.lives.health[adults].mean(dtype=np.float64)) if adults.any() else math.nan


@indicator(
    "old_age_ratio",
    unit="ratio",
    source="OECD: old-age dependency ratio",
    direction=0,
    doc="People of 65 and over for each of 15 to 64.",
    sector="demography",
)
def old_age_ratio(view: WorldView) -> float:
    """Return the retired over people of working age."""
    age = view.people.age
    working = (age >= WORKING_AGE) & (age < RETIREMENT_AGE)
    return ratio(float((age >= RETIREMENT_AGE).sum()), float(working.sum()))


@sample("age_men", unit="years", doc="Ages of men.", sector="demography")
def age_men(view: WorldView) -> F64:
    """Return the ages of men."""
    return np.asarray(view.people.age[view.people.female == 0], dtype=np.float64)


@sample("age_women", unit="years", doc="Ages of women.", sector="demography")
def age_women(view: WorldView) -> F64:
    """Return the ages of women."""
    return np.asarray(view.people.age[view.people.female == 1], dtype=np.float64)


@sample("household_size", unit="people", doc="Members of households.", sector="demography")
def household_size(view: WorldView) -> F64:
    """Return the number of members of every household."""
    return np.asarray(view.households.members, dtype=np.float64)
