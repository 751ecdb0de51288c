"""The dictator game: how much is given to someone who can do nothing (Forsythe, Horowitz, Savin, Sefton 1994)."""

from __future__ import annotations

import math

from wildsim.studies.fidelity.experiment import Experiment, Human, number_field
from wildsim.studies.fidelity.experiments import register

DICTATOR = register(
    Experiment(
        name="dictator",
        title="Dictator game",
        field=number_field("gift", "points", "Points given to the other person, out of 100.", 0, 100),
        wordings=(
            "You are given 100 points; 1 point is worth 0.10 dollars. You decide how many of them go to another "
            "person, whom you do not know and will not meet. That person has no say in it.\n$listing\nHow many "
            "points do you give?",
            "There are 100 points at your disposal (1 point, 0.10 dollars). You may pass on any number of them to a "
            "stranger; whatever you settle is carried out. The stranger can only take what comes.\n$listing\nState "
            "how many points you pass on.",
            "This is a decision about 100 points, paid out at 0.10 dollars for 1 point. You divide them between "
            "yourself and an anonymous participant, who has nothing to decide.\n$listing\nHow many points shall the "
            "other participant get?",
            "Imagine being paired at random with someone in another room. You alone received 100 points (1 point = "
            "0.10 dollars). If you want to, you can send part of them over.\n$listing\nHow many of your 100 points "
            "do you send?",
            "A sum of 100 points, with 1 point exchanged for 0.10 dollars, is yours to split with a person who stays "
            "unknown to you and you to them. There is no reply and no second round.\n$listing\nName the number of "
            "points for the other person.",
        ),
        listing=(
            "You can keep everything: the other person gets nothing.",
            "You can share: the other person gets what you give, you keep the rest.",
            "You can give everything: you keep nothing.",
        ),
        human=Human(
            points=(0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0, 100.0),
            shares=(0.3133, 0.0794, 0.0934, 0.0922, 0.0780, 0.2127, 0.0304, 0.0142, 0.0092, 0.0064, 0.0702),
            n=math.nan,
            source="Engel 2011, Experimental Economics 14: meta-study, individual gifts in one-shot games, in tenths",
            verified="copy",
            checked=(
                "Shares read in the public code of a study that compares language models with Engel's one-shot games. "
                "Other copies give 28 % as the mean over all treatments and 36 % who give nothing; n of the one-shot "
                "games is not known to us."
            ),
        ),
        rule=lambda condition: 0.0,
        rule_source="someone who cares for own points alone gives nothing",
        caveat="The studies differ in stakes, anonymity and recipients; the published distribution pools them.",
    ),
    __name__,
)
