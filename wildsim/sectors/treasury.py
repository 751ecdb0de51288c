"""The government's account is brought to zero by issuing or redeeming bonds."""

from __future__ import annotations

import numpy as np

from wildsim.state.accounts import SECTORS
from wildsim.state.identities import COUNTED
from wildsim.state.step import step
from wildsim.state.world import WorldView


@step(government="rule_shift deficit")
def finance(world: WorldView) -> None:
    """Sell bonds to banks, in proportion to deposits, or redeem theirs, then the central bank's.

    The deficit is what was spent less what was received this month; cash left from earlier months is not part of it.
    """
    state, banks, ledger = world.government, world.banks, world.ledger
    need = -float(state.treasury[0])
    flows = (ledger.all_received - ledger.all_paid)[COUNTED]
    state.deficit[:] = -float(flows[:, SECTORS.index("government")].sum())
    if need > 0.0:
        weight = np.maximum(banks.deposits, 0.0)
        weight = weight if weight.sum() > 0.0 else np.ones(len(banks))
        ledger.issue("bonds_issued", need * weight / weight.sum())
    elif need < 0.0:
        held = banks.bonds
        part = min(-need, float(held.sum()))
        ledger.redeem("bonds_redeemed", "banks", part * held / held.sum() if part > 0.0 else np.zeros(len(banks)))
        central = min(-need - part, float(world.central_bank.bonds[0]))
        ledger.redeem("bonds_redeemed", "central_bank", np.array([max(central, 0.0)]))
    state.rule_shift[:] = world.cabinet_decisions.tax_shift
