"""What a survey can ask people: for each indicator, what an answer adds to the two totals that it is the ratio of.

Asked of everybody, prisoners too, while the people are those who lived the month, the ratio is the indicator itself;
of rates of crime, which look back over a year, it is the part of one month. One line an indicator.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from wildsim.core.table import F64, NO_ROW
from wildsim.kernels.ages import RETIREMENT_AGE, WORKING_AGE
from wildsim.sensors.victims import VICTIMS
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


QUESTIONS: dict[str, Question] = {
    "unemployment_rate": lambda view: (_in_labour_force(view) * (1.0 - _works(view)), _in_labour_force(view)),
    "employment_rate": lambda view: (_of_working_age(view) * _works(view), _of_working_age(view)),
    "participation_rate": lambda view: (_of_working_age(view) * _in_labour_force(view), _of_working_age(view)),
    "wage_mean": lambda view: (view.people.wage * _works(view), _works(view)),
    **VICTIMS,
}
