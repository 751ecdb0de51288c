"""Each month the scenario's numbers are in force, then every active policy changes them, in the order of the file."""

from __future__ import annotations

import numpy as np

from wildsim.policies.groups import place_groups
from wildsim.state.public import Laws
from wildsim.state.step import ALL, MovingStep
from wildsim.state.world import World


def enact_all(world: World) -> None:
    """Put this month's law in force.

    Policies that move rows (migration) come first, so that everything after them sees the same people.
    """
    world.law.reset()
    world.transfers.clear()
    numbered = list(enumerate(world.policies))
    for number, policy in numbered:
        if policy.moves_rows:
            policy.enact(world, number)
    place_groups(world)
    _base_law(world)
    for number, policy in numbered:
        if not policy.moves_rows:
            policy.enact(world, number)
    law = world.law
    if law.extra_product_tax != 0.0:
        rate = law("government.product_tax") + law.extra_product_tax
        law.set("government.product_tax", min(max(rate, 0.0), 1.0))


def _base_law(world: World) -> None:
    """Write the law before policies into every row of the laws."""
    law, laws = world.law, world.view({"laws": Laws.columns}).laws
    for column, name in (
        ("replacement", "government.benefit_replacement"),
        ("months", "government.benefit_months"),
        ("cap", "government.benefit_cap"),
        ("minimum_wage", "labour.minimum_wage"),
    ):
        getattr(laws, column)[:] = law(name)
    for column in ("subsidy_in", "subsidy_until", "subsidy_out"):
        getattr(laws, column)[:] = 0.0
    law.minimum_raise = np.zeros(len(laws))


enact = MovingStep(
    "policies.enact.enact_all",
    enact_all,
    {
        "people": ALL,
        "member_decisions": ALL,
        "households": ALL,
        "firms": ("staff",),
        "laws": ALL,
        "pupils": ("training", "trained"),
    },
)
