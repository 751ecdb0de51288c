"""Surveys of victims: people are asked what was done to them this month, and to their household.

As in the National Crime Victimization Survey of the United States (BJS), which so counts what no police records. Every
person asked speaks of violence against itself. Of what a whole household suffered, thefts, and of those of it who
cannot be asked, children and prisoners, all who can be speak, each with its part, so that nothing is counted twice.
Source: Sirken 1970, Household surveys with multiplicity, Journal of the American Statistical Association 65.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from wildsim.core.table import F64
from wildsim.kernels.ages import WORKING_AGE
from wildsim.state.people import PRISON
from wildsim.state.world import WorldView

#: Months that the rates of crime look back over, and people that they are relative to.
YEAR, PER = 12, 100_000.0


def at_home(view: WorldView) -> NDArray[np.bool_]:
    """Return who lives where a survey can reach them: everybody grown but prisoners, shape (people)."""
    people = view.people
    return np.asarray((people.age >= WORKING_AGE) & (people.away != PRISON))


def _suffered(view: WorldView, property_too: bool, violence_too: bool) -> tuple[F64, F64]:
    """Return for how many offences, and people, each person's answer stands, as a yearly rate, shape (people).

    Whoever can be asked stands for itself and for its part of the household's thefts and of those of the household who
    cannot; where nobody can, each stands for itself, so that the answers of all are all offences of the month.
    """
    if not view.has("crime"):
        return np.zeros(len(view.people)), np.zeros(len(view.people))
    home, homes, reached = view.people.household, len(view.households), at_home(view)
    hurt = view.offending.hurt.astype(np.float64) * violence_too
    robbed = view.victimisation.robbed.astype(np.float64) * property_too
    speakers = np.bincount(home, weights=reached, minlength=homes)
    speaks = reached | (speakers[home] == 0.0)
    parts = np.bincount(home, weights=speaks, minlength=homes)
    silent = np.where(speaks, 0.0, 1.0)
    hurt_too = robbed + np.bincount(home, weights=hurt * silent, minlength=homes)
    each = speaks / np.maximum(parts[home], 1.0)
    people = speaks + each * np.bincount(home, weights=silent, minlength=homes)[home]
    return (speaks * hurt + each * hurt_too[home]) * (YEAR * PER), people


VICTIMS: dict[str, Callable[[WorldView], tuple[F64, F64]]] = {
    "crime_rate": lambda view: _suffered(view, property_too=True, violence_too=True),
    "property_crime_rate": lambda view: _suffered(view, property_too=True, violence_too=False),
    "violent_crime_rate": lambda view: _suffered(view, property_too=False, violence_too=True),
}


def mean_of_months(values: F64, errors: F64) -> tuple[float, float]:
    """Return the mean of monthly estimates and its standard error; the samples of different months are independent.

    Args:
        values, errors: Estimates and their standard errors, NaN for months without, shape (months).

    Returns:
        NaN, NaN where there is no month; months without an estimate are left out.
    """
    known = np.isfinite(values)
    count = int(known.sum())
    if not count:
        return math.nan, math.nan
    return float(values[known].mean()), float(np.sqrt((errors[known] ** 2).sum()) / count)
