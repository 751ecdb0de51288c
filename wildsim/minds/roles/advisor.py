"""The advisor: an AI that is paired with one person and says what it would do in that person's place."""

from __future__ import annotations

from dataclasses import replace

from wildsim.minds.roles import ROLES
from wildsim.minds.roles.household_member import CHOICES, DECIDES, SEES, asked
from wildsim.minds.roles.role import Role

#: What a member calls its own, in the words of somebody who speaks of the member.
WORDS = (("you are", "the person is"), ("your", "the person's"))
ABOUT = {
    "consumption": "The person's part of what the household should spend on goods, sales tax included.",
    "hours": "Hours that the person should offer to work; 1 is full time.",
    "participate": "Whether the person should work or look for work at all.",
    "search": "How hard the person should look for a job, or for a better one.",
    "reservation_wage": "Lowest gross wage at which the person should take a job.",
    "study": "Whether the person should apply for higher education.",
    "stay": "Whether the person should stay at school.",
    "property_crime": "Chance that the person steals this month.",
    "violent_crime": "Chance that the person assaults somebody this month.",
}


def _of_the_person(name: str) -> str:
    for own, other in WORDS:
        name = name.replace(own, other)
    return name


ROLES.register("advisor", __name__)(
    Role(
        name="advisor",
        title="You are an AI adviser to one person.",
        deciders="people",
        decides=DECIDES,
        sees=tuple(replace(item, name=_of_the_person(item.name)) for item in SEES),
        prompt="advisor.md",
        goal="You want that person to live well, now and in years to come, by the person's own lights.",
        fills="household_member",
        about=ABOUT,
        choices=CHOICES,
        asked=asked,
    )
)
