"""The ultimatum game: what is offered, and the least that is accepted (Gueth, Schmittberger, Schwarze 1982)."""

from __future__ import annotations

from wildsim.studies.fidelity.experiment import Experiment, Human, number_field
from wildsim.studies.fidelity.experiments import register

_SOURCE = (
    "Mei, Xie, Yuan, Jackson 2024, PNAS 121: plays of students on MobLab (strategy method, $100); first row of each "
    "player in four stretches of the public file ultimatum_strategy.csv, rounded to 5"
)
_CHECKED = (
    "Counted by hand from the archive github.com/yutxie/ChatGPT-Behavioral (MIT): the 16,000 characters from 0, "
    "144,000, 288,000 and 432,000 on, a ninth of the file. One stretch holds a class of whom 14 % typed 100, some of "
    "them perhaps their own share. Mean offer of 37 papers: 40 % (abstract of Oosterbeek, Sloof, van de Kuilen 2004)."
)
_PEOPLE = 602
_POINTS = tuple(float(point) for point in range(0, 101, 5))
_OFFERS = (35, 7, 15, 10, 22, 21, 46, 36, 49, 34, 207, 24, 26, 7, 13, 5, 5, 1, 2, 1, 36)
_LEAST = (94, 12, 22, 6, 34, 27, 55, 26, 82, 31, 178, 8, 11, 4, 1, 1, 4, 0, 0, 0, 6)
_LISTING = (
    "If the receiver accepts, the receiver gets the offer and the proposer keeps the rest of the 100 points.",
    "If the receiver rejects, both get 0 points.",
)
_CAVEAT = "People gave both numbers at once, in class; here each role is asked alone, for points worth cents."
_THEORY = "subgame perfect play of someone who cares for points alone: the smallest amount"


def _human(counts: tuple[int, ...]) -> Human:
    shares = tuple(count / _PEOPLE for count in counts)
    return Human(_POINTS, shares, _PEOPLE, _SOURCE, "counted", _CHECKED)


OFFER = register(
    Experiment(
        name="ultimatum_offer",
        title="Ultimatum game: the offer",
        field=number_field("offer", "points", "Points offered to the receiver, out of 100.", 0, 100),
        wordings=(
            "You and someone whom you do not know can share 100 points; 1 point is worth 0.10 dollars. You are the "
            "proposer: you offer the other person, the receiver, a part of them. The receiver then accepts or "
            "rejects your offer, and that is the end.\n$listing\nHow many of the 100 points do you offer?",
            "There are 100 points on the table, each worth 0.10 dollars (1 point, 0.10 dollars). A stranger, the "
            "receiver, and you will split them once. You propose how many go to the receiver; the receiver can only "
            "say yes or no.\n$listing\nState how many points you propose to give to the receiver.",
            "This is a decision about 100 points, paid out at 0.10 dollars for 1 point. In your role of proposer you "
            "name the points that an anonymous receiver is to get. Afterwards the receiver decides whether to take "
            "it or leave it. You will not meet again.\n$listing\nWhat is your offer to the receiver, in points?",
            "Imagine being paired at random with another participant. Together you are given 100 points (1 point = "
            "0.10 dollars). Your task as proposer is to suggest a division; the other one, as receiver, has the last "
            "word.\n$listing\nHow many points of the 100 shall the receiver have under your suggestion?",
            "A sum of 100 points, with 1 point exchanged for 0.10 dollars, has to be divided between a proposer and "
            "a receiver who stay unknown to each other. You are the proposer and make one take-it-or-leave-it "
            "offer.\n$listing\nName the number of points that you offer.",
        ),
        listing=_LISTING,
        human=_human(_OFFERS),
        rule=lambda condition: 1.0,
        rule_source=_THEORY,
        caveat=_CAVEAT,
    ),
    __name__,
)

ACCEPT = register(
    Experiment(
        name="ultimatum_accept",
        title="Ultimatum game: the least that is accepted",
        field=number_field("least", "points", "Smallest offer, in points out of 100, that is accepted.", 0, 100),
        wordings=(
            "Someone whom you do not know, the proposer, can share 100 points with you; 1 point is worth 0.10 "
            "dollars. The proposer makes you, the receiver, one offer. Before you see it you fix the smallest offer "
            "that you accept; anything below it is rejected.\n$listing\nWhat is the smallest number of points that "
            "you accept?",
            "There are 100 points on the table, each worth 0.10 dollars (1 point, 0.10 dollars). A stranger proposes "
            "how many of them you get, once. You are the receiver and say in advance from how many points on you "
            "would say yes.\n$listing\nState the lowest offer to which you say yes.",
            "This is a decision about 100 points, paid out at 0.10 dollars for 1 point. An anonymous proposer will "
            "name the points that you, the receiver, are to get. You have to set your limit now: offers under it you "
            "refuse. You will not meet again.\n$listing\nWhat is your limit, in points?",
            "Imagine being paired at random with another participant. Together you are given 100 points (1 point = "
            "0.10 dollars). The other one, as proposer, suggests a division, and you, as receiver, have the last "
            "word. Tell us beforehand what you would need.\n$listing\nHow many points of the 100 must you get at "
            "least to agree?",
            "A sum of 100 points, with 1 point exchanged for 0.10 dollars, has to be divided between a proposer and "
            "a receiver who stay unknown to each other. You are the receiver of one take-it-or-leave-it offer and "
            "commit yourself before it is made.\n$listing\nName the smallest offer in points that you take.",
        ),
        listing=_LISTING,
        human=_human(_LEAST),
        rule=lambda condition: 1.0,
        rule_source=_THEORY,
        caveat=_CAVEAT,
    ),
    __name__,
)
