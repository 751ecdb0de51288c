"""Whose decisions a month rests on."""

from __future__ import annotations

import math

from wildsim.indicators import indicator
from wildsim.indicators.accounts import ratio
from wildsim.kernels.ages import WORKING_AGE
from wildsim.state.firms import PUBLIC
from wildsim.state.people import PRISON
from wildsim.state.world import WorldView

#: Other tables whose rows decide, and their sectors.
_OTHERS = (
    ("banks", ""),
    ("government", ""),
    ("central_bank", ""),
    ("scientists", "science"),
    ("platform", "culture"),
)


@indicator(
    "llm_share",
    unit="share",
    source="WildSim: decisions by agents and roles",
    direction=0,
    doc="Decisions of the month made by a language model, or by the script that stands in for one.",
)
def llm_share(view: WorldView) -> float:
    """Return the share of decisions that a language model made; 0 where rules make all of them.

    Decisions are counted one an agent and role: people of working age and older who are not in prison, private firms,
    banks, scientists, and one each for government, central bank and platform.
    """
    people, firms = view.people, view.firms
    free = int(((people.age >= WORKING_AGE) & (people.away != PRISON)).sum())
    others = sum(len(getattr(view, table)) for table, sector in _OTHERS if view.has(sector))
    decided = free + int((firms.kind != PUBLIC).sum()) + others
    return ratio(float(view.macro.spoken[0]), float(decided) if len(people) else 0.0)


@indicator(
    "fallback_rate",
    unit="share",
    source="WildSim: decisions by agents and roles",
    direction=-1,
    doc="Decisions asked of models and people that the rule had to make, since no usable answer came.",
)
def fallback_rate(view: WorldView) -> float:
    """Return the share of answers that could not be used; NaN where nobody was asked."""
    macro = view.macro
    asked = float(macro.fallible[0])
    return ratio(float(macro.fallbacks[0]), asked) if asked > 0.0 else math.nan
