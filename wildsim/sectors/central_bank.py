"""The central bank puts the policy rate in force."""

from __future__ import annotations

from wildsim.state.step import step
from wildsim.state.world import WorldView


@step(central_bank="rate rule_rate")
def set_rate(world: WorldView) -> None:
    """Put the policy rate in force: what the central banker decided, shocks and policies on top, never below zero."""
    central_bank = world.central_bank
    central_bank.rule_rate[:] = world.banker_decisions.rate
    rate = float(central_bank.rule_rate[0]) + float(world.macro.rate_shock[0]) + world.law.rate_shift
    central_bank.rate[:] = min(max(rate, 0.0), 0.5)
