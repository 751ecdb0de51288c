"""AI services are bought from the firms that sell them: the money that adoption costs goes somewhere."""

from __future__ import annotations

import numpy as np

from wildsim.behaviour.firm_manager import labour_productivity
from wildsim.core.table import F64, I64, NO_ROW, sum_by
from wildsim.kernels.philox import mix_all
from wildsim.state.ai_tasks import TRAITS, cost_of, exposure, labour_cost, part_of_exposure
from wildsim.state.firms import OTHER_GOODS
from wildsim.state.step import step
from wildsim.state.world import WorldView

#: So many buyers choose at once, which bounds the memory that their hashes take.
_BLOCK = 256


@step(
    sector="adoption",
    firms="inventories demand sold revenue expenses extra_cost",
    adopters="served provider spending tax sales",
)
def buy(world: WorldView) -> None:
    """Let every firm with AI agents buy next month's services, and pay the tax on them.

    Services are output of AI-service firms, made by their staff and machines and taken from their stocks, so that a
    buyer's cost is another firm's revenue, wages and profit. A firm buys as far as its cash goes, a seller sells as
    far as its stock goes; what was not bought is missing next month.
    """
    firms, law, adopters = world.firms, world.law, world.adopters
    adopters.spending[:] = adopters.tax[:] = adopters.sales[:] = 0.0
    _choose_provider(world)
    bills = np.where(adopters.provider != NO_ROW, monthly_bill(world), 0.0)
    fees = law("adoption.fixed_cost") * labour_cost(world) * adopters.started
    need = bills + np.where(adopters.provider != NO_ROW, fees, 0.0)
    rows = np.flatnonzero(need > 0.0)
    idle = (adopters.tasks > 0.0) & (adopters.provider != NO_ROW) & (need <= 0.0)
    adopters.served[:] = np.where(idle, adopters.served, 0.0)
    if not len(rows):
        return
    tax, seller, need = law("adoption.tax"), adopters.provider[rows], need[rows]
    afford = np.minimum(np.maximum(firms.deposits[rows], 0.0) / (need * (1.0 + tax)), 1.0)
    wanted = afford * need / firms.price[seller]
    asked = sum_by(seller, wanted, len(firms))
    stock = np.divide(firms.inventories, asked, out=np.zeros(len(firms)), where=asked > 0.0)
    goods = wanted * np.minimum(stock, 1.0)[seller]
    paid = goods * firms.price[seller]
    sold, takings = sum_by(seller, goods, len(firms)), sum_by(seller, paid, len(firms))
    adopters.spending[rows], adopters.tax[rows], adopters.sales[:] = paid, tax * paid, takings
    adopters.served[rows] = paid / need
    world.ledger.pay("ai_services", ("firms", adopters.spending.copy()), ("firms", takings))
    if tax > 0.0:
        world.ledger.pay("ai_tax", ("firms", adopters.tax.copy()), "government")
    firms.demand[:] += asked
    firms.sold[:] += sold
    firms.inventories[:] = np.maximum(firms.inventories - sold, 0.0)
    firms.revenue[:] += takings
    cost = (1.0 + tax) * paid
    firms.expenses[rows] += cost
    lasting = cost * bills[rows] / need  # the cost of starting is no part of the price of a good
    firms.extra_cost[rows] += np.divide(
        lasting, firms.output[rows], out=np.zeros(len(rows)), where=firms.output[rows] > 0.0
    )


def monthly_bill(world: WorldView) -> F64:
    """Return what the services for each firm's AI agents cost before tax at the output of the month, USD.

    Labour that the goods would have taken without AI, times the cost of AI for the tasks handed over.
    """
    firms, exposed = world.firms, exposure(world)
    share = part_of_exposure(world.adopters.tasks, exposed)
    alone = firms.output * firms.automation / labour_productivity(world)
    return np.asarray(alone * exposed * cost_of(world, share) * labour_cost(world))


def providers(world: WorldView) -> I64:
    """Return the rows of AI-service firms: some sellers of other goods, drawn by their ids; one if there is any."""
    goods = np.flatnonzero(world.firms.kind == OTHER_GOODS)
    luck = world.uniform_at("ai_provider", "firms", TRAITS)[goods]
    sells = goods[luck < world.law("adoption.provider_share")]
    return sells if len(sells) or not len(goods) else goods[[int(np.argmin(luck))]]


def _choose_provider(world: WorldView) -> None:
    """Give every firm that uses AI and has no provider the one with the highest hash of (draw, id), not itself."""
    firms, adopters = world.firms, world.adopters
    needs = np.flatnonzero((adopters.tasks > 0.0) & (adopters.provider == NO_ROW))
    sells = providers(world)
    if not len(needs) or not len(sells):
        return
    draws = np.ascontiguousarray(world.uniform("ai_provider", "firms")[0]).view(np.uint64)
    for block in np.array_split(needs, -(-len(needs) // _BLOCK)):
        hashes = mix_all(firms.id[sells][None, :], draws[block][:, None])
        hashes = np.where(sells[None, :] == block[:, None], np.uint64(0), hashes)
        best = sells[np.argmax(hashes, axis=1)]
        adopters.provider[block] = np.where(best == block, NO_ROW, best)
