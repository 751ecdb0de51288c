"""Ten choices between a safe and a risky lottery: how often the safe one is taken (Holt, Laury 2002)."""

from __future__ import annotations

from wildsim.studies.fidelity.experiment import Experiment, Human, number_field
from wildsim.studies.fidelity.experiments import register

_ROWS = tuple(
    f"Decision {row}: A pays 2.00 dollars with chance {row}/10 and else 1.60; "
    f"B pays 3.85 dollars with chance {row}/10 and else 0.10"
    for row in range(1, 11)
)

LOTTERY = register(
    Experiment(
        name="lottery",
        title="Risk: safe choices of ten",
        field=number_field("safe", "choices", "Decisions out of 10 in which lottery A is taken.", 0, 10),
        wordings=(
            "Here are 10 decisions between two lotteries, A and B. After you have made all of them, one is drawn by "
            "lot and played for money.\n$listing\nIn how many of the 10 decisions do you take A?",
            "Choose between lottery A and lottery B in each of the 10 rows below. A single row, picked at random, "
            "will count and be paid.\n$listing\nState the number of rows, out of 10, in which your choice is A.",
            "You are shown 10 pairs. In every pair you may have either A or B, and chance decides which of the pairs "
            "is carried out for real.\n$listing\nCount the pairs in which you would have A: how many of 10?",
            "Imagine deciding 10 times between a lottery called A and one called B. Only one of these decisions, "
            "nobody knows which, turns into cash.\n$listing\nHow often, out of 10, would you go for A?",
            "Below stand 10 questions, each with the answers A and B. Your earnings come from the answer to one "
            "question, selected by lot at the end.\n$listing\nName the number of questions, of the 10, that you "
            "answer with A.",
        ),
        listing=_ROWS,
        human=Human(
            points=(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0),
            shares=(0.01, 0.01, 0.06, 0.26, 0.26, 0.23, 0.13, 0.03, 0.01),
            n=212,
            source="Holt, Laury 2002, AER 92: table 3, low real payoffs; 0-1 shown as 1, 9-10 as 9",
            verified="from memory",
            checked=(
                "Shares and n as remembered; the design (payoffs of 2.00, 1.60, 3.85, 0.10) was read in copies. The "
                "abstract says that most are averse to risk at such payoffs."
            ),
        ),
        rule=lambda condition: 4.0,
        rule_source="greatest expected payoff: A in the first four decisions",
        caveat="People made ten choices, some of them inconsistent; here the count is asked.",
    ),
    __name__,
)
