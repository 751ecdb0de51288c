"""Rule of the platform: rank as the scenario says, try another ranking on some where a policy says so."""

from __future__ import annotations

from wildsim.state.step import step
from wildsim.state.world import WorldView


@step(sector="culture", platform_decisions="rule slate trial_rule trial_slate trial_share")
def decide(world: WorldView) -> None:
    """Choose the ranking rule and the length of the slate, for most and for the trial group."""
    out, law = world.platform_decisions, world.law
    out.rule[:] = round(law("culture.rule"))
    out.slate[:] = round(law("culture.slate"))
    out.trial_rule[:] = round(law("culture.trial_rule"))
    out.trial_slate[:] = round(law("culture.trial_slate"))
    out.trial_share[:] = law("culture.trial_share")
