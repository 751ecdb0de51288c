"""Rule of bank officers: rates, limits, dividends."""

from __future__ import annotations

import numpy as np

from wildsim.state.step import step
from wildsim.state.world import WorldView


@step(officer_decisions="firm_rate household_rate deposit_rate leverage debt_service payout")
def decide(world: WorldView) -> None:
    """Set rates as spreads on the policy rate (Delli Gatti et al. 2011, additive) and pass the law's limits on."""
    law, out, banks = world.law, world.officer_decisions, world.banks
    rate = float(world.central_bank.rate[0])
    spread = banks.tightness + float(world.macro.credit_spread[0])
    out.firm_rate[:] = np.clip(rate + law("banks.loan_spread") + spread, 0.0, 0.5)
    out.household_rate[:] = np.clip(rate + law("banks.household_spread") + spread, 0.0, 0.5)
    out.deposit_rate[:] = np.clip(rate - law("banks.deposit_spread"), 0.0, 0.3)
    out.leverage[:] = law("banks.leverage_limit")
    out.debt_service[:] = law("banks.debt_service")
    out.payout[:] = law("banks.bank_payout")
