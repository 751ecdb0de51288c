"""Whose decisions a month rests on."""

from __future__ import annotations

import math

from wildsim.indicators import indicator
from wildsim.indicators.accounts import ratio
from wildsim.state.world import WorldView


@indicator(
    "llm_share",
    unit="share",
    source="WildSim: decisions by agents and roles",
    direction=0,
    doc="Decisions of the month made by a language model, or by the script that stands in for one.",
)
def llm_share(view: WorldView) -> float:
    """Return the share of decisions that a language model made; 0 where rules make all of them."""
    macro = view.macro
    return float(macro.spoken[0]) / max(float(macro.decisions[0]), 1.0)


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
