"""Spending out of a windfall: which part of unexpected money is consumed."""

from __future__ import annotations

from wildsim.studies.fidelity.experiment import Condition, Experiment, Human, number_field
from wildsim.studies.fidelity.experiments import parameter, register

#: Months over which WildSim's rule spends: the question names none, and answers are mostly read as those of a year.
HORIZON = 12


def rule(condition: Condition) -> float:
    """Return the percent of a windfall that a saver of WildSim spends within a year: 1 - (1 - pull)^12."""
    pull = parameter("households.wealth_pull")
    return 100.0 * (1.0 - (1.0 - pull) ** HORIZON)


WINDFALL = register(
    Experiment(
        name="windfall",
        title="Spending out of a windfall",
        field=number_field(
            "spent", "% of the windfall", "Part of the money that is spent, in percent.", 0, 100, whole=False
        ),
        wordings=(
            "Suppose that your household unexpectedly gets back money that it had paid: as much as it earns in 1 "
            "month. Nothing else changes.\n$listing\nWhich part of it, in percent from 0 to 100, would you spend?",
            "By surprise a refund arrives. It equals the income of your household for 1 month, and it will not come "
            "again.\n$listing\nHow many percent of the refund, 0 to 100, would be used for purchases?",
            "Imagine a single payment that you had not counted on, of the size of what your household takes in "
            "during 1 month.\n$listing\nState the share that would be consumed, as a percentage between 0 and 100.",
            "An amount worth 1 month of your household's income is reimbursed to you without warning. Your income, "
            "prices and debts stay as they are.\n$listing\nOut of every 100 dollars of it, how many would you spend "
            "(0 to 100)?",
            "Your household has a stroke of luck: it is handed, once, the equivalent of 1 month of its "
            "earnings.\n$listing\nGive the percentage of this sum, from 0 to 100, that you would lay out on goods "
            "and services.",
        ),
        listing=(
            "Money that you spend buys things that you would not have bought otherwise, durable ones included.",
            "Money that you do not spend is saved or pays off debt.",
        ),
        human=Human(
            points=(0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0, 100.0),
            shares=(0.22, 0.03, 0.06, 0.05, 0.044, 0.236, 0.05, 0.05, 0.075, 0.025, 0.16),
            n=7951,
            source="Jappelli, Pistaferri 2014, AEJ Macro 6: table 1 and the histogram of answers, Italy, SHIW 2010",
            verified="partly",
            checked=(
                "Mean of 47.6 % read in a copy of table 1; heaps at 0, 50 and 100 and n from memory, the rest filled "
                "in so that the mean is met. How it is asked matters: means range from below .1 to above .5 (Low, "
                "Crossley, Fisher, Levell 2026, abstract); $500 within 3 months: .07 (Fuster, Kaplan, Zafar 2021, in "
                "a copy)."
            ),
        ),
        rule=rule,
        rule_source="WildSim's rule of a saver, households.wealth_pull, over 12 months (behaviour/household_member.py)",
        caveat="Asked as the Italian survey did, without a horizon; the rule's horizon of 12 months is our reading.",
    ),
    __name__,
)
