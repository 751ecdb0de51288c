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
    _avoid(world, fuel * energy)
    each = energy * (power + fuel * (1.0 - emitters.abatement))
    emitters.emissions[:] = each * firms.output
    air.emissions[:] = emitters.emissions.sum()
    air.unabated[:] = ((power + fuel) * energy * firms.output).sum()
    tax = float(air.carbon_price[0])
    levied = tax * emitters.emissions
    world.ledger.pay("carbon_tax", ("firms", levied), "government")
    air.revenue[:] = levied.sum()
    firms.expenses[:] += levied
    dearer = _pay_for_energy(world, energy)
    cost = tax * each + _cost_of_avoiding(world, fuel * energy, emitters.abatement) + dearer
    # managers mark up all of a good's cost; what they may add to the price is the cost itself
    firms.extra_cost[:] += law("climate.pass_through") * cost / law("firms.mark_up")


def _cost_of_avoiding(world: WorldView, fuel: F64, share: F64) -> F64:
    """Return backstop * fuel * mu^theta / theta, the area under the marginal cost, in USD of today."""
    theta = world.law("climate.abatement_exponent")
    return np.asarray(backstop(world) * worth(world) * fuel * share**theta / theta)


def _avoid(world: WorldView, fuel: F64) -> None:
    """Buy abatement as goods of the makers of other goods, as far as their stocks go.

    It is a running cost like wages: it saves the firm more tax than it costs, so that it is paid on overdraft too.

    Args:
        fuel: Carbon of fuel a good, tCO2.
    """
    firms, emitters = world.firms, world.emitters
    decided = world.energy_decisions.abatement
    wanted = _cost_of_avoiding(world, fuel * firms.output, decided)
    offer = np.where(firms.kind == OTHER_GOODS, np.minimum(firms.expected_demand, firms.inventories), 0.0)
    budget, stock = float(wanted.sum()), float((offer * firms.price).sum())
    part = min(1.0, stock / budget) if budget > 0.0 else 1.0
    emitters.abatement[:] = decided * part ** (1.0 / world.law("climate.abatement_exponent"))
    if budget <= 0.0 or stock <= 0.0:
        return
    paid = part * wanted
    goods = offer * min(1.0, budget / stock)
    takings = goods * firms.price
    takings *= float(paid.sum()) / float(takings.sum())  # the same total to the last bit
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
    change = dearer * energy
    if total <= 0.0 or dearer == 0.0:
        return np.zeros(len(firms)) if total <= 0.0 else np.asarray(change)
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
