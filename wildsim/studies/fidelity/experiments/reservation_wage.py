"""The reservation wage: the lowest pay that someone out of work accepts, by how long they have been."""

from __future__ import annotations

import math

from wildsim.studies.fidelity.experiment import Condition, Experiment, Human, number_field
from wildsim.studies.fidelity.experiments import parameter, register

#: USD/month before the job was lost.
LAST_WAGE = 4000.0
_RATIOS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.5, 2.0)
_DURATIONS = {"1 month": 1, "3 months": 3, "6 months": 6, "12 months": 12}


def rule(condition: Condition) -> float:
    """Return WildSim's rule: the last wage times start * fall^months, at least the benefit while it is paid."""
    fallen = parameter("labour.reservation_start") * math.pow(parameter("labour.reservation_fall"), condition.value)
    paid = condition.value < parameter("government.benefit_months")
    return LAST_WAGE * max(fallen, parameter("government.benefit_replacement") if paid else 0.0)


RESERVATION_WAGE = register(
    Experiment(
        name="reservation_wage",
        title="Reservation wage",
        field=number_field("least", "USD/month", "Lowest gross pay a month that is accepted.", 0, 8000, whole=False),
        wordings=(
            "You lost your job through no fault of your own and have been looking for work for $duration. The job "
            "paid 4000 dollars a month before tax.\n$listing\nSuppose someone offered you a job of the same kind "
            "today. What is the lowest monthly pay, before tax, at which you would take it?",
            "For $duration you have been out of work and searching. Your last position, from which you were laid "
            "off, brought 4000 dollars a month before tax.\n$listing\nState the smallest gross salary a month for "
            "which you would accept similar work now.",
            "A firm closed and you were dismissed; since then $duration of search have passed. There you earned 4000 "
            "dollars monthly, gross.\n$listing\nBelow which gross monthly pay would you turn down a comparable job?",
            "Imagine that you are unemployed and want to work. Your former wage was 4000 dollars a month before tax, "
            "and your search has taken $duration so far.\n$listing\nAn offer for the work that you usually do comes "
            "in: how many dollars a month must it pay at least?",
            "Your employer had to let you go. You made 4000 dollars a month before tax, and you have now been "
            "applying for $duration.\n$listing\nName the minimum pay per month, before tax, that would make you say "
            "yes to a job in your line of work.",
        ),
        listing=(
            "If you accept, you start next week and the search is over.",
            "If you refuse, you go on searching; other offers may come, and may be better or worse.",
        ),
        human=Human(
            points=tuple(LAST_WAGE * ratio for ratio in _RATIOS),
            shares=(0.04, 0.05, 0.07, 0.10, 0.12, 0.36, 0.08, 0.07, 0.04, 0.05, 0.02),
            n=6025,
            source="Krueger, Mueller 2016, AEJ Policy 8 (New Jersey); Feldstein, Poterba 1984, JPubE 23 (CPS 1976)",
            verified="partly",
            checked=(
                "Abstracts: 6,025 people; most ask at least their last wage, about a quarter 10 % more or above. A "
                "copy: mean ratio about 1 at all durations. Shares fitted to these three facts, the tails from memory."
            ),
        ),
        rule=rule,
        rule_source="WildSim's rule, labour.reservation_start and _fall (Lengnick 2013), benefit as floor",
        caveat="People were asked about their own last job; here it paid 4,000 USD a month.",
        conditions=tuple(Condition(name, {"duration": name}, float(months)) for name, months in _DURATIONS.items()),
        human_by_condition="nearly flat: 2.5 to 7 % lower after a year (Krueger, Mueller; NBER Digest, June 2014)",
    ),
    __name__,
)
