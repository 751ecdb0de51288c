"""What a survey can ask people: for each indicator, what an answer adds to the two totals that it is the ratio of.

Asked of everybody, prisoners too, while the people are those who lived the month, the ratio is the indicator itself,
or that of the month where the indicator is of several (`MONTHS_OF`). One line an indicator.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from wildsim.core.table import F64, NO_ROW
from wildsim.indicators.crime import PER, YEAR
from wildsim.kernels.ages import RETIREMENT_AGE, WORKING_AGE
from wildsim.state.crime import PROPERTY, VIOLENT
from wildsim.state.people import PRISON
from wildsim.state.world import WorldView

#: View -> what each person adds to the total above, and below, shape (people).
Question = Callable[[WorldView], tuple[F64, F64]]


def _works(view: WorldView) -> F64:
    return np.asarray(view.people.employer != NO_ROW, dtype=np.float64)


def _in_labour_force(view: WorldView) -> F64:
    people = view.people
    grown = people.age >= WORKING_AGE
    return np.asarray(grown & ((people.employer != NO_ROW) | (people.participates > 0)), dtype=np.float64)


def _of_working_age(view: WorldView) -> F64:
    age = view.people.age
    return np.asarray((age >= WORKING_AGE) & (age < RETIREMENT_AGE), dtype=np.float64)


def _informants(view: WorldView) -> NDArray[np.bool_]:
    """Return who can tell what happened to a household: those who live at home; all of it where nobody does."""
    people, can = view.people, at_home(view)
    told = np.bincount(people.household, can, len(view.households)) > 0.0
    return np.asarray(can | ~told[people.household])


def _suffered(*kinds: int) -> Question:
    """Return the question for the month's offences of some kinds against one's household.

    All who can tell of a household do, each for an equal share of its offences and of its members, so that what
    befalls children and people in prison is told by others, and all together tell everything once. Sources: Lavallee
    2007, Indirect Sampling (weight shares); BJS, National Crime Victimization Survey, which asks from the age of 12.
    """

    def ask(view: WorldView) -> tuple[F64, F64]:
        home, count, tells = view.people.household, len(view.households), _informants(view)
        hit = np.bincount(home, view.offending.suffered[:, kinds].sum(axis=1), count)
        share = tells / np.maximum(np.bincount(home, tells, count), 1.0)[home]
        return PER * YEAR * hit[home] * share, np.bincount(home, minlength=count)[home] * share

    return ask


QUESTIONS: dict[str, Question] = {
    "unemployment_rate": lambda view: (_in_labour_force(view) * (1.0 - _works(view)), _in_labour_force(view)),
    "employment_rate": lambda view: (_of_working_age(view) * _works(view), _of_working_age(view)),
    "participation_rate": lambda view: (_of_working_age(view) * _in_labour_force(view), _of_working_age(view)),
    "wage_mean": lambda view: (view.people.wage * _works(view), _works(view)),
    "crime_rate": _suffered(PROPERTY, VIOLENT),
    "property_crime_rate": _suffered(PROPERTY),
    "violent_crime_rate": _suffered(VIOLENT),
}
#: Over how many months an indicator is a mean, where people are asked about each of them when it ends.
MONTHS_OF: dict[str, int] = {"crime_rate": YEAR, "property_crime_rate": YEAR, "violent_crime_rate": YEAR}


def at_home(view: WorldView) -> NDArray[np.bool_]:
    """Return who lives where a survey can reach them: everybody grown but prisoners, shape (people)."""
    people = view.people
    return np.asarray((people.age >= WORKING_AGE) & (people.away != PRISON))
