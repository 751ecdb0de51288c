"""Banks and the central bank settle the month; reserves are put right."""

from __future__ import annotations

import numpy as np

from wildsim.state.ownership import bank_equity, by_share
from wildsim.state.step import step
from wildsim.state.world import WorldView


@step(households="dividends", banks="profit last_equity")
def settle(world: WorldView) -> None:
    """Pay interest between banks, government and central bank, then tax, dividends or a bail-out."""
    _interest(world)
    banks, law, ledger = world.banks, world.law, world.ledger
    banks.profit[:] = bank_equity(world) - banks.last_equity
    tax = law("government.corporate_tax") * np.maximum(banks.profit, 0.0)
    ledger.pay("corporate_tax", ("banks", tax), "government")
    equity = bank_equity(world)
    assets = banks.reserves + banks.bonds + banks.firm_loans + banks.household_loans + banks.mortgages
    need = np.where(equity < 0.0, law("banks.bail_out_equity") * assets - equity, 0.0)
    ledger.pay("bail_out", "government", ("banks", np.maximum(need, 0.0)))
    spare = np.maximum(equity - law("banks.equity_target") * assets, 0.0)
    dividend = world.officer_decisions.payout * spare
    received = by_share(world, float(dividend.sum()))
    ledger.pay("bank_dividends", ("banks", dividend), ("households", received))
    world.households.dividends[:] += received
    banks.last_equity[:] = bank_equity(world)


def _interest(world: WorldView) -> None:
    banks, ledger, law = world.banks, world.ledger, world.law
    rate, corridor = float(world.central_bank.rate[0]), law("banks.corridor")
    on_bonds = banks.bonds * (max(rate + law("government.bond_spread"), 0.0) / 12.0)
    central = world.central_bank.bonds * (max(rate + law("government.bond_spread"), 0.0) / 12.0)
    on_reserves = np.maximum(banks.reserves, 0.0) * (max(rate - corridor, 0.0) / 12.0)
    on_advances = banks.advances * ((rate + corridor) / 12.0)
    ledger.pay("bond_interest_banks", "government", ("banks", on_bonds))
    ledger.pay("bond_interest_central_bank", "government", ("central_bank", central))
    ledger.pay("reserve_interest", "central_bank", ("banks", on_reserves))
    ledger.pay("advance_interest", ("banks", on_advances), "central_bank")
    gain = float(central.sum() + on_advances.sum() - on_reserves.sum())
    ledger.pay("central_bank_profit", ("central_bank", np.array([max(gain, 0.0)])), "government")


@step()
def put_reserves_right(world: WorldView) -> None:
    """Let every bank trade bonds with the central bank until reserves are their normal part of deposits.

    A bank short of bonds borrows an advance; advances are repaid first when there is cash.
    """
    banks, ledger = world.banks, world.ledger
    spare = banks.reserves - world.law("banks.reserve_ratio") * np.maximum(banks.deposits, 0.0)
    back = np.minimum(np.maximum(spare, 0.0), banks.advances)
    ledger.advance("advances_repaid", back, -1.0)
    spare = spare - back
    sell = np.minimum(np.maximum(-spare, 0.0), banks.bonds)
    buy = np.maximum(spare, 0.0)
    held = float(world.central_bank.bonds[0] + sell.sum())
    buy = buy * min(1.0, held / float(buy.sum())) if buy.sum() > 0.0 else buy
    ledger.open_market("open_market", sell - buy)
    ledger.advance("advances_given", np.maximum(-spare - sell, 0.0), 1.0)
