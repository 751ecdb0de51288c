"""A public good: how much is given to a common project in the first round."""

from __future__ import annotations

import math

from wildsim.studies.fidelity.experiment import Experiment, Human, number_field
from wildsim.studies.fidelity.experiments import register

PUBLIC_GOODS = register(
    Experiment(
        name="public_goods",
        title="Public goods game, first round",
        field=number_field("contribution", "tokens", "Tokens given to the project, out of 20.", 0, 20),
        wordings=(
            "You are in a group of 4 people who do not know each other. Each has 20 tokens and decides, at the same "
            "time as the others, how many to put into a common project. The game has 10 rounds; this is the "
            "first.\n$listing\nHow many of your 20 tokens do you put into the project?",
            "A group of 4 strangers, you among them, plays 10 rounds. At the start of each everyone receives 20 "
            "tokens and splits them between a private account and a project of the group, without seeing what the "
            "rest do. You have not played yet.\n$listing\nState how many tokens go to the project.",
            "This is round one of 10. You and other participants form a group of 4; nobody knows who is in it. All "
            "hold 20 tokens and choose simultaneously what to contribute to the project of the "
            "group.\n$listing\nWhat is your contribution in this round?",
            "Imagine 4 people, each with 20 tokens, who can pay into a joint project, over 10 rounds. You are one of "
            "them. Everybody decides in private, and nothing has been decided so far.\n$listing\nHow many tokens do "
            "you pay in now?",
            "Every member of your group of 4 has an endowment of 20 tokens in each of 10 rounds and allocates it "
            "between keeping and the project. Choices are made at once and stay anonymous. The first round "
            "begins.\n$listing\nName the number of tokens that you allocate to the project.",
        ),
        listing=(
            "Each token that you keep is worth 1 point to you and nothing to the others.",
            "Each token that anyone puts into the project is worth 0.4 points to every member of the group, you "
            "included.",
        ),
        human=Human(
            points=(0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 16.0, 18.0, 20.0),
            shares=(0.15, 0.05, 0.06, 0.08, 0.08, 0.22, 0.06, 0.06, 0.04, 0.02, 0.18),
            n=math.nan,
            source="First rounds of linear public goods games: Ledyard 1995; Zelmer 2003; Fehr, Gaechter 2000",
            verified="from memory",
            checked=(
                "Shares put together from memory: heaps at nothing, half and all. Copies name 40 to 60 % as the mean "
                "of first rounds (Ledyard; Zelmer); the mean here is 49 %. No table of individual answers was found."
            ),
        ),
        rule=lambda condition: 0.0,
        rule_source="dominant strategy of someone who cares for own points alone: nothing",
        caveat="People play on for ten rounds and are paid; here the first round is asked alone.",
    ),
    __name__,
)
