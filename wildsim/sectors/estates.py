"""What people take along to another household, and what the dead leave to their heirs."""

from __future__ import annotations

import numpy as np

from wildsim.core.table import F64, I64, NO_ROW, sum_by
from wildsim.kernels.ages import ADULT_AGE, RETIREMENT_AGE
from wildsim.state.world import World, WorldView

#: Columns of households that are divided with their members, and are no money of the ledger.
DIVIDED = ("permanent_income", "income_12m", "income", "gross_income", "dividends")


def income_weights(view: WorldView) -> F64:
    """Return what each person adds to the income of the household, USD/month: the key by which it is divided.

    Wages count in full, pensions too; adults without either count as those on assistance, children not at all.
    """
    people, law = view.people, view.law
    wage_unit = float(view.macro.mean_wage[0])
    own = np.where(people.age >= ADULT_AGE, law("government.assistance") * wage_unit, 0.0)
    own = np.where(people.age >= RETIREMENT_AGE, law("government.pension") * wage_unit, own)
    return np.asarray(np.maximum(own, people.wage))


def take_along(world: World, origin: I64, destination: I64, income: F64, cash: F64, emptied: np.ndarray) -> None:
    """Divide households from which people have moved.

    Args:
        origin, destination: Rows of households, one entry a mover. income, cash: Share of income and of deposits that
            goes along. emptied: True for movers with whom the last of a household leaves: everything goes along.
    """
    columns = (*DIVIDED, "shares")
    households = world.view({"households": columns}).households
    income, cash = np.where(emptied, 1.0, income), np.where(emptied, 1.0, cash)
    for name in DIVIDED:
        _shift(getattr(households, name), origin, destination, income)
    _shift(households.shares, origin, destination, np.where(emptied, 1.0, 0.0))
    count = len(households)
    ends = np.zeros(count, dtype=bool)
    ends[origin[emptied]] = True
    _cover_overdrafts(world, ends)
    amounts = np.maximum(households.deposits[origin], 0.0) * cash
    leaves, comes = sum_by(origin, amounts, count), sum_by(destination, amounts, count)
    world.ledger.pay("new_households", ("households", leaves), ("households", comes))
    indebted = emptied & (households.loans[origin] > 0.0)
    if indebted.any():
        world.ledger.assume("debts_of_households", origin[indebted], destination[indebted])
    _move_firms(world, origin[emptied], destination[emptied])


def _cover_overdrafts(world: World, ends: np.ndarray) -> None:
    """Turn what households that end have overdrawn (rounding, mostly) into loans."""
    deposits = world.view().households.deposits
    if (ends & (deposits < 0.0)).any():
        world.ledger.lend("lending_households", "households", np.where(ends, np.maximum(-deposits, 0.0), 0.0))


def _shift(column: F64, origin: I64, destination: I64, share: F64) -> None:
    moved = column[origin] * share
    np.subtract.at(column, origin, moved)
    np.add.at(column, destination, moved)
    np.maximum(column, 0.0, out=column)


def _move_firms(world: World, origin: I64, destination: I64) -> None:
    """Let the households in `destination` own what those in `origin` founded."""
    if not len(origin):
        return
    firms = world.view({"firms": ("founder",)}).firms
    owned = np.flatnonzero((firms.founder != NO_ROW) & np.isin(firms.founder, origin))
    place = {int(old): int(new) for old, new in zip(origin, destination, strict=True)}
    for row in owned.tolist():
        firms.founder[row] = place[int(firms.founder[row])]


def heirs_of(view: WorldView, target: I64) -> dict[int, list[int]]:
    """Return the households that inherit from each household that nobody is left in: {row: rows}.

    Heirs are the households of those who leave it alive, else of the children of those who die in it, else of their
    parents; an empty list: the state.
    """
    people, lives = view.people, view.lives
    alive = lives.dies == 0
    left = np.bincount(target[alive], minlength=len(view.households))
    ends = np.flatnonzero((lives.dies == 1) & (left[target] == 0))
    found: dict[int, list[int]] = {int(target[row]): [] for row in ends}
    leavers = np.flatnonzero(alive & (left[people.household] == 0))
    for row in leavers[np.argsort(people.id[leavers], kind="stable")].tolist():
        _add(found.setdefault(int(people.household[row]), []), int(target[row]))
    ends = ends[[not found[int(target[row])] for row in ends]]
    if not len(ends):
        return found
    dead = np.zeros(len(people), dtype=bool)
    dead[ends] = True
    for parent in (lives.mother, lives.father):
        children = np.flatnonzero(alive & (parent != NO_ROW) & dead[np.maximum(parent, 0)])
        for child in children[np.argsort(people.id[children], kind="stable")].tolist():
            _add(found[int(target[parent[child]])], int(target[child]))
    for row in ends.tolist():
        for parent in (int(lives.mother[row]), int(lives.father[row])):
            if parent != NO_ROW and alive[parent] and not found[int(target[row])]:
                _add(found[int(target[row])], int(target[parent]))
    return found


def _add(heirs: list[int], household: int) -> None:
    if household not in heirs:
        heirs.append(household)


def settle_estates(world: World, heirs: dict[int, list[int]]) -> None:
    """Pay the debts of households that end as far as the estate goes; hand the rest to the heirs, in equal parts."""
    if not heirs:
        return
    households, ledger = world.view({"households": ("shares",)}).households, world.ledger
    count = len(households)
    ends = np.zeros(count, dtype=bool)
    ends[list(heirs)] = True
    _cover_overdrafts(world, ends)
    owed = np.where(ends, households.loans, 0.0)
    ledger.repay("repayment_households", "households", np.minimum(owed, np.maximum(households.deposits, 0.0)))
    ledger.write_off("write_off_households", "households", np.where(ends, households.loans, 0.0))
    pairs = [(row, heir, 1.0 / len(who)) for row, who in heirs.items() for heir in who]
    estate = np.where(ends, households.deposits, 0.0)
    inherited, to_state = np.zeros(count), estate.copy()
    for row, heir, part in pairs:
        inherited[heir] += part * estate[row]
        to_state[row] = 0.0
    ledger.pay("inheritance", ("households", estate - to_state), ("households", inherited))
    ledger.pay("escheat", ("households", to_state), "government")
    for row, heir, part in pairs:
        households.shares[heir] += part * households.shares[row]
    households.shares[list(heirs)] = 0.0
    if households.shares.sum() <= 0.0:  # somebody must own the fund
        households.shares[:] = np.where(ends, 0.0, 1.0)
    first = [(row, who[0]) for row, who in heirs.items() if who]
    if first:
        rows, takers = np.array(first, dtype=np.int64).T
        _move_firms(world, rows, takers)
