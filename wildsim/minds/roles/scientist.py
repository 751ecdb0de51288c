"""The scientist: topic, time for research, care for each paper."""

from __future__ import annotations

from wildsim.minds.roles import ROLES
from wildsim.minds.roles.role import Item, Role
from wildsim.minds.roles.sums import whole

ROLES.register("scientist", __name__)(
    Role(
        name="scientist",
        title="You are a scientist.",
        deciders="scientists",
        decides=("topic", "effort", "care"),
        sees=(
            Item("your topic", "own.scientists.topic", "(topics stand on a ring, 0 to 19)"),
            Item("your topic and those near it", "literature.nearby"),
            Item("your months in research here", "own.scientists.months"),
            Item("papers you have written", "own.scientists.papers"),
            Item("papers a month of late", "own.scientists.recent_papers", "papers/month"),
            Item("citations of all your papers", "own.scientists.citations"),
            Item("citations a month of late", "own.scientists.recent", "citations/month"),
            Item("your h-index", "own.scientists.h", "papers"),
            Item("your funds", "own.scientists.funding", "times what is usual"),
            Item("months that your grant still runs", "own.scientists.grant_months", "months"),
            Item("part of grants dealt out equally to all", "law.science.equal_share", "share"),
            Item("how much the track record counts with referees", "law.science.merit", "(0 a lottery, 1 all)"),
            Item("proposals that win", "law.science.success", "share"),
            Item("weight of the number of papers in rewards", "law.science.counting", "(0 only citations count)"),
            Item("your age", "person.age", work=whole),
            Item("papers of all scientists", "sensed.papers"),
            Item("scientists", "sensed.scientists", "people"),
            Item("mean h-index", "sensed.h_index"),
            Item("discoveries", "sensed.discoveries"),
        ),
        prompt="scientist.md",
        goal="You want to find out what is true and useful, and to be recognised for it.",
        about={
            "topic": "Number of the topic to work on; you know most about your own and those near it.",
            "effort": "Time for research; 1 is full time, proposals for grants cost some of it.",
            "care": "Work put into each paper; 1 makes most of it, less gives more and worse papers.",
        },
    )
)
