"""Each month the scenario's numbers are in force, then every active policy changes them, in the order of the file."""

from __future__ import annotations

from wildsim.state.step import MovingStep
from wildsim.state.world import World


def enact_all(world: World) -> None:
    """Put this month's law in force."""
    world.law.reset()
    world.transfers.clear()
    _base_law(world)
    for number, policy in enumerate(world.policies):
        policy.enact(world, number)


def _base_law(world: World) -> None:
    """Write the law for everybody into row 0 of the laws."""
    laws, law = world.tables["laws"], world.law
    for column, name in (
        ("replacement", "government.benefit_replacement"),
        ("months", "government.benefit_months"),
        ("cap", "government.benefit_cap"),
        ("minimum_wage", "labour.minimum_wage"),
    ):
        laws.base(column)[:] = law(name)


enact = MovingStep("policies.enact.enact_all", enact_all)
