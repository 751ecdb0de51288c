"""The beauty contest: guess two thirds of the mean guess (Nagel 1995)."""

from __future__ import annotations

from wildsim.studies.fidelity.experiment import Experiment, Human, number_field
from wildsim.studies.fidelity.experiments import register

BEAUTY_CONTEST = register(
    Experiment(
        name="beauty_contest",
        title="Beauty contest, p = 2/3",
        field=number_field("guess", "number", "Number from 0 to 100.", 0, 100, whole=False),
        wordings=(
            "You are one of 15 people in a room. Everyone writes down a number from 0 to 100, in secret. Whoever is "
            "closest to 2/3 of the mean of all numbers wins 20 dollars; the others get nothing.\n$listing\nWhich "
            "number do you write down?",
            "A game for 15 participants: all pick a number between 0 and 100 at the same time. The mean of the "
            "numbers is taken and multiplied by 2/3; the pick nearest to the result earns 20 "
            "dollars.\n$listing\nState your pick.",
            "This is a contest with 15 entrants, of whom you are one. An entry is any number from 0 up to 100. The "
            "target is 2/3 times the average entry, and the entry next to the target receives the prize of 20 "
            "dollars.\n$listing\nWhat is your entry?",
            "Imagine that you and further players, 15 in all, each choose a number in the range from 0 to 100. The "
            "player whose number comes closest to 2/3 of what was chosen on average is paid 20 dollars. You play "
            "once and cannot talk.\n$listing\nWhich number do you choose?",
            "There is a prize of 20 dollars for one of 15 people. To win it, guess a number from 0 to 100 that lies "
            "nearer than anybody else's guess to 2/3 of the mean guess.\n$listing\nName your guess.",
        ),
        listing=("Fractions are allowed.", "If several are equally close, they share the prize."),
        human=Human(
            points=(7, 15, 20, 22, 25, 30, 33, 36, 40, 42, 45, 50, 55, 60, 67, 75, 90, 100),
            shares=(
                *(0.03, 0.07, 0.07, 0.09, 0.08, 0.06, 0.12, 0.07, 0.07),
                *(0.04, 0.05, 0.11, 0.03, 0.03, 0.03, 0.02, 0.01, 0.02),
            ),
            n=67,
            source="Nagel 1995, AER 85: figure 1B, first period, p = 2/3 (compare Bosch-Domenech et al. 2002, AER 92)",
            verified="from memory",
            checked=(
                "Shares put together from memory of the figure: heaps near 33 and 22, a median of 33, few above 67, "
                "nobody at 0. n = 67 and a mean near 36 stand in copies; the mean here is 37. Readers of newspapers "
                "and theorists guess lower (Bosch-Domenech et al.: abstract)."
            ),
        ),
        rule=lambda condition: 0.0,
        rule_source="the only Nash equilibrium: 0",
        caveat="People were students in groups of 15 to 18 who did not know the game; a model has read about it.",
    ),
    __name__,
)
