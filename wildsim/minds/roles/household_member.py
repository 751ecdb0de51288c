"""A member of a household: spending, work, search, study, crime."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wildsim.core.table import I64, NO_ROW
from wildsim.kernels.ages import RETIREMENT_AGE, WORKING_AGE
from wildsim.minds.roles import ROLES
from wildsim.minds.roles.economy import INFLATION, UNEMPLOYMENT
from wildsim.minds.roles.role import Item, Role
from wildsim.minds.roles.sums import some, whole
from wildsim.state.education import AT_SCHOOL
from wildsim.state.people import PRISON, SCHOOL
from wildsim.state.world import WorldView

Values = NDArray[Any]

DECIDES = (
    *("consumption", "hours", "participate", "search", "reservation_wage"),
    *("study", "stay", "property_crime", "violent_crime"),
)
ABOUT = {
    "consumption": "Your part of what the household spends on goods, sales tax included.",
    "hours": "Hours you are ready to work; 1 is full time.",
    "participate": "Whether to work or look for work at all.",
    "search": "How hard to look for a job, or for a better one.",
    "reservation_wage": "Lowest gross wage at which you take a job.",
    "study": "Whether to apply for higher education.",
    "stay": "Whether to stay at school.",
    "property_crime": "Chance that you steal this month.",
    "violent_crime": "Chance that you assault somebody this month.",
}
CHOICES = {name: ("no", "yes") for name in ("participate", "study", "stay")}


def asked(view: WorldView, rows: I64) -> Mapping[str, NDArray[np.bool_]]:
    """Pupils alone are asked about school; who may not work is not asked at what wage and hours."""
    people = view.people
    works = (people.age[rows] < RETIREMENT_AGE) & (people.away[rows] == 0)
    found = {"hours": works, "reservation_wage": works}
    if view.has("education"):
        found["study"] = found["stay"] = view.pupils.stage[rows] == AT_SCHOOL
    return found


def situation(employer: Values, participates: Values, away: Values, age: Values) -> Values:
    """Return in words what a person does."""
    conditions = [away == PRISON, away == SCHOOL, employer != NO_ROW, age >= RETIREMENT_AGE, participates > 0]
    words = ["in prison", "at school", "at work", "retired", "out of work and looking for it"]
    return np.select(conditions, words, "neither at work nor looking for it")


def _at_work(values: Values, employer: Values) -> Values:
    return np.ma.masked_where(employer == NO_ROW, values)


def _had_work(values: Values, employer: Values, months_out: Values, age: Values) -> Values:
    """Leave out those at work, and those who never had any: who was out of work at the start counts from there."""
    never = months_out > 12.0 * (age - WORKING_AGE)
    return np.ma.masked_where((employer != NO_ROW) | (values <= 0.0) | never, values)


def _can_work(values: Values, age: Values) -> Values:
    return np.ma.masked_where(age >= RETIREMENT_AGE, values)


def _going(wage: Values, skill: Values, age: Values) -> Values:
    return _can_work(wage * skill, age)


OUT = ("own.people.employer", "own.people.months_out", "own.people.age")
SEES = (
    Item(
        "you are",
        "own.people.employer",
        also=("own.people.participates", "own.people.away", "own.people.age"),
        work=situation,
    ),
    Item("your age", "own.people.age", work=whole),
    Item("your gross wage", "own.people.wage", also=("own.people.employer",), work=_at_work),
    Item("gross wage of your last job", "own.people.last_wage", also=OUT, work=_had_work),
    Item("months without a job", "own.people.months_out", also=OUT, work=_had_work),
    Item(
        "wage that people of your skill get around here",
        "region.market_wage",
        "USD/month",
        also=("own.people.skill", "own.people.age"),
        work=_going,
    ),
    Item(
        "unemployment benefit",
        "rule.replacement",
        "of the last wage",
        also=("own.people.age",),
        work=_can_work,
    ),
    Item("unemployment benefit is paid for at most", "rule.months", "months", also=("own.people.age",), work=_can_work),
    Item("people in your household", "home.members"),
    Item("income of the household after taxes", "home.income"),
    Item("usual income of the household", "home.permanent_income"),
    Item("spending of the household", "home.spending"),
    Item("rent and other fixed payments", "home.prepaid", work=some),
    Item("savings in the bank", "home.deposits"),
    Item("debts", "home.loans"),
    Item("missed payments on debts", "home.arrears", work=some),
    Item("close friends who are at work", "own.acquaintances.contacts"),
    Item("chance to be arrested for a theft", "region.policing.perceived.0", "(0 never, 1 always)"),
    Item("chance to be arrested for an assault", "region.policing.perceived.1", "(0 never, 1 always)"),
    Item("usual prison term for a theft", "law.crime.sentence.0", "months"),
    UNEMPLOYMENT,
    INFLATION,
    Item("mean wage of all", "sensed.wage_mean"),
)

ROLES.register("household_member", __name__)(
    Role(
        name="household_member",
        title="You are a member of a household.",
        deciders="people",
        decides=DECIDES,
        sees=SEES,
        outcomes=(
            "you are",
            "income of the household after taxes",
            "spending of the household",
            "savings in the bank",
        ),
        prompt="household_member.md",
        goal="You want a good life for yourself and those at home, now and in years to come.",
        about=ABOUT,
        choices=CHOICES,
        asked=asked,
    )
)
