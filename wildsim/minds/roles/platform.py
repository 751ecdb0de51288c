"""The platform of culture: which titles people are shown."""

from __future__ import annotations

from wildsim.minds.roles import ROLES
from wildsim.minds.roles.economy import INFLATION
from wildsim.minds.roles.role import Item, Role
from wildsim.state.culture import RULES

ROLES.register("platform", __name__)(
    Role(
        name="platform",
        title="You run the platform on which people find films, books and games.",
        deciders="platform",
        decides=("rule", "slate", "trial_rule", "trial_slate", "trial_share"),
        sees=(
            Item("usual ranking rule", "law.culture.rule", words=RULES),
            Item("usual length of a slate", "law.culture.slate", "titles"),
            Item("usual part of the audience on trial", "law.culture.trial_share", "share"),
            Item("people who looked at a slate", "own.platform.audience"),
            Item("takings of all titles", "sensed.gmv"),
            Item("takings of all titles a year before", "sensed.gmv.12"),
            Item("takings of new titles", "sensed.box_office"),
            Item("how unlike the titles on a slate are", "own.platform.variety", "(0 all alike, 1 unrelated)"),
            Item(
                "how unlike the titles of the catalogue are",
                "own.platform.catalogue_variety",
                "(0 all alike, 1 unrelated)",
            ),
            Item("evenness of what is shown", "sensed.exposure_entropy", "(1 all titles equally often)"),
            Item("how narrow slates are", "sensed.cocoon_index", "(0 as varied as the catalogue)"),
            Item("Gini of takings over titles", "sensed.box_office_gini", "(0 equal, 1 all with one)"),
            Item("how people rate their lives", "sensed.wellbeing", "of 10 points"),
            INFLATION,
        ),
        prompt="platform.md",
        goal="You want people to come back, to find what they like, and to buy.",
        about={
            "rule": "How titles are ranked for most people, by number of the choice from 0.",
            "slate": "Titles that a person is shown.",
            "trial_rule": "How titles are ranked for the trial group, likewise.",
            "trial_slate": "Titles that a person of the trial group is shown.",
            "trial_share": "Part of the audience in the trial group.",
        },
        choices={"rule": RULES, "trial_rule": RULES},
    )
)
