"""Firms emit, pay for abatement, carbon and energy, and put the cost into their prices."""

from __future__ import annotations

import numpy as np

from wildsim.core.table import F64
from wildsim.state.carbon import backstop, carbon_of_power, energy_per_good, worth
from wildsim.state.firms import NECESSITIES, OTHER_GOODS
from wildsim.state.step import step
from wildsim.state.world import WorldView


@step(
    sector="climate",
    firms="inventories demand sold revenue expenses extra_cost",
    emitters="abatement emissions",
    atmosphere="emissions unabated revenue",
)
def emit(world: WorldView) -> None:
    """Avoid what was decided as far as it can be bought, then emit, and pay the tax and what energy costs more.

    A tonne avoided is one of fuel burnt on site; the carbon of power follows the mix of plants, which nobody alone
    decides.
    """
    firms, emitters, air, law = world.firms, world.emitters, world.atmosphere, world.law
    energy = energy_per_good(world)
    power = law("climate.power_part") * carbon_of_power(world)
    fuel = 1.0 - law("climate.power_part")
    avoiding = _avoid(world, fuel * energy)
    each = energy * (power + fuel * (1.0 - emitters.abatement))
    emitters.emissions[:] = each * firms.output
    air.emissions[:] = emitters.emissions.sum()
    air.unabated[:] = air.emissions + fuel * float((emitters.abatement * energy * firms.output).sum())
    tax = float(air.carbon_price[0])
    air.revenue[:] = 0.0
    if tax > 0.0:
        levied = tax * emitters.emissions
        world.ledger.pay("carbon_tax", ("firms", levied), "government")
        air.revenue[:] = levied.sum()
        firms.expenses[:] += levied
    cost = tax * each + avoiding + _pay_for_energy(world, energy)
    # managers mark up all of a good's cost; what they may add to the price is the cost itself
    firms.extra_cost[:] += (law("climate.pass_through") / law("firms.mark_up")) * cost


def _avoid(world: WorldView, fuel: F64) -> F64:
    """Buy abatement as goods of the makers of other goods, as far as their stocks go.

    It is a running cost like wages: it saves the firm more tax than it costs, so that it is paid on overdraft too.
    Avoiding the share mu costs backstop * fuel * mu^theta / theta, the area under the marginal cost.

    Args:
        fuel: Carbon of fuel a good, tCO2.

    Returns:
        The cost of a good, USD.
    """
    firms, decided = world.firms, world.energy_decisions.abatement
    if not decided.any():
        world.emitters.abatement[:] = 0.0
        return np.zeros(len(firms))
    theta = world.law("climate.abatement_exponent")
    each = (backstop(world) * worth(world) / theta) * fuel * decided**theta
    wanted = each * firms.output
    offer = np.where(firms.kind == OTHER_GOODS, np.minimum(firms.expected_demand, firms.inventories), 0.0)
    budget, stock = float(wanted.sum()), float((offer * firms.price).sum())
    part = min(1.0, stock / budget) if budget > 0.0 else 1.0
    world.emitters.abatement[:] = decided * part ** (1.0 / theta)
    if budget > 0.0 and stock > 0.0:
        _buy(world, part * wanted, min(1.0, budget / stock) * offer)
    return np.asarray(part * each)


def _buy(world: WorldView, paid: F64, goods: F64) -> None:
    """Move what firms pay for abatement, USD, and the goods that makers hand over for it."""
    firms = world.firms
    takings = goods * firms.price
    takings *= float(paid.sum()) / float(takings.sum())  # equal but for rounding
    world.ledger.pay("abatement", ("firms", paid), ("firms", takings))
    firms.inventories[:] = np.maximum(firms.inventories - goods, 0.0)
    firms.demand[:] += goods
    firms.sold[:] += goods
    firms.revenue[:] += takings
    firms.expenses[:] += paid


def _pay_for_energy(world: WorldView, energy: F64) -> F64:
    """Pay what energy costs more than at the start to its makers, or get back what it costs less.

    Energy itself is part of every firm's product; makers of necessities sell it. Only the change of its price moves
    money, from those who use it to those who sell it.

    Returns:
        The change of the cost of a good, USD.
    """
    firms = world.firms
    weight = np.where(firms.kind == NECESSITIES, firms.output, 0.0)
    total = float(weight.sum())
    dearer = (float(world.atmosphere.energy_price[0]) - 1.0) * world.law("climate.energy_spending") * worth(world)
    if total <= 0.0 or dearer == 0.0:
        return np.zeros(len(firms))
    change = dearer * energy
    users = np.abs(change) * firms.output
    makers = float(users.sum()) * weight / total
    net = users - makers
    paying, earning = np.maximum(net, 0.0), np.maximum(-net, 0.0)
    if dearer < 0.0:
        paying, earning = earning, paying
    world.ledger.pay("energy", ("firms", paying), ("firms", earning))
    firms.expenses[:] += paying
    firms.revenue[:] += earning
    return np.asarray(change)
