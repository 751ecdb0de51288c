"""Rents and mortgages are paid, before shopping; landlords count what they received at the end of the month."""

from __future__ import annotations

import numpy as np

from wildsim.core.table import NO_ROW, sum_by
from wildsim.state.housing import lodging, owner_occupied, payment_factor
from wildsim.state.step import step
from wildsim.state.world import WorldView


@step(
    sector="homes",
    homes="arrears term",
    tenures="rent received service missed",
    households="prepaid",
)
def pay(world: WorldView) -> None:
    """Pay rents, book those of owners at home as imputed (SNA), then serve mortgages; shopping gets what is left."""
    _pay_rents(world)
    _serve_mortgages(world)
    world.households.prepaid[:] += world.tenures.rent + world.tenures.service


@step(sector="homes", households="dividends spending")
def receive(world: WorldView) -> None:
    """Let rents count as property income of next month; take debt service, which is no consumption, off spending."""
    households, tenures = world.households, world.tenures
    households.dividends[:] += tenures.received
    households.spending[:] = np.maximum(households.spending - tenures.service, 0.0)


def _pay_rents(world: WorldView) -> None:
    """Let tenants and lodgers pay the owner of their home, at most a part of their income and of their deposits."""
    homes, tenures, households, law = world.homes, world.tenures, world.households, world.law
    home = tenures.home
    housed = np.flatnonzero(home != NO_ROW)
    owner = homes.owner[home[housed]]
    pays = housed[(owner != NO_ROW) & (owner != housed)]
    due = np.zeros(len(households))
    due[pays] = homes.rent[home[pays]]
    due = np.where(lodging(world), law("homes.lodger_share") * due, due)
    means = np.minimum(np.maximum(households.deposits, 0.0), households.permanent_income)
    paid = np.minimum(due, law("homes.rent_limit") * means)
    owners = homes.owner[home[pays]]
    world.ledger.pay("rents", ("households", paid[pays], pays), ("households", paid[pays], owners))
    world.ledger.impute("imputed_rents", "households", float(homes.rent[owner_occupied(world)].sum()))
    tenures.rent[:] = paid
    tenures.received[:] = sum_by(owners, paid[pays], len(households))
    short = paid < due
    tenures.missed[:] = np.where(short, np.minimum(tenures.missed, 100) + 1, 0)


def _serve_mortgages(world: WorldView) -> None:
    """Collect interest and repayment of all who can pay and eat; add the interest of the others to their debt."""
    homes, tenures, households, ledger = world.homes, world.tenures, world.households, world.ledger
    owes = (homes.mortgage > 0.0) & (homes.owner != NO_ROW)
    rows = np.flatnonzero(owes)
    owner, debt, term = homes.owner[rows], homes.mortgage[rows], homes.term[rows]
    interest, repaid = np.zeros(len(homes)), np.zeros(len(homes))
    interest[rows] = debt * homes.rate[rows] / 12.0
    part = debt * payment_factor(homes.rate[rows], term) - interest[rows]
    repaid[rows] = np.clip(np.where(term <= 1, debt, part), 0.0, debt)
    due = sum_by(owner, (interest + repaid)[rows], len(households))
    able = world.law("homes.service_limit") * households.deposits >= due
    serves = np.zeros(len(homes), dtype=bool)
    serves[rows] = able[owner]
    late = owes & ~serves
    if late.any():
        ledger.lend("lending_homes", "homes", np.where(late, interest, 0.0))
    by_bank = sum_by(homes.lender[rows], interest[rows], len(world.banks))
    ledger.pay("mortgage_interest", ("households", interest[rows], owner), ("banks", by_bank))
    ledger.repay("repayment_homes", "homes", np.where(serves, repaid, 0.0))
    homes.arrears[:] = np.where(late, np.minimum(homes.arrears, 100) + 1, 0)
    homes.term[:] = np.where(serves, np.maximum(homes.term - 1, 1), homes.term)
    tenures.service[:] = np.where(able, due, 0.0)
