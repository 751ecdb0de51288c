"""The economics of tasks that AI agents can do: which ones, at what cost.

Exposed tasks of a firm differ in the cost of AI relative to labour: ln c = ln p(t) + sigma z, z standard normal. A firm
that hands over a share `a` of its exposed tasks takes the cheapest first.

Source: task model of Acemoglu, Restrepo 2018, AER 108(6); figures of Acemoglu 2024 and Svanberg et al. 2024.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from wildsim.core.table import F64
from wildsim.state.firms import PUBLIC
from wildsim.state.world import WorldView

#: Traits are drawn for this month, so that they are a function of the id alone.
TRAITS = -(2**30)


def exposure(world: WorldView) -> F64:
    """Return the share of tasks of each firm that AI agents can do; 0 at public agencies."""
    law, kind = world.law, world.firms.kind
    by_kind = np.append(law.array("adoption.exposure_by_kind"), 0.0)
    luck = world.uniform_at("ai_exposure", "firms", TRAITS)
    spread = 1.0 + law("adoption.exposure_spread") * (2.0 * luck - 1.0)
    return np.asarray(np.where(kind == PUBLIC, 0.0, law("adoption.exposure") * by_kind[kind] * spread))


def price(world: WorldView) -> float:
    """Return p: cost of AI relative to normal labour cost for the median exposed task this month, before tax."""
    law = world.law
    return float(law("adoption.price_start") * math.exp(-law("adoption.price_fall") * world.month / 12.0))


def labour_cost(world: WorldView) -> float:
    """Return the cost of an efficiency unit of labour that prices of AI refer to, USD/month."""
    return float(world.macro.wage_unit[0]) * (1.0 + float(world.law.start["government.payroll_tax"]))


def relative_cost(world: WorldView) -> F64:
    """Return each firm's labour cost over the normal one, less the tax on AI: what a cost of 1 compares with."""
    law = world.law
    own = world.firms.wage * (1.0 + law("government.payroll_tax"))
    return np.asarray(own / (labour_cost(world) * (1.0 + law("adoption.tax"))))


def worthwhile(world: WorldView, relative: F64) -> F64:
    """Return the share of exposed tasks for which AI agents are cheaper than labour: Phi(ln(w / p) / sigma)."""
    spread = world.law("adoption.price_spread")
    return np.asarray(ndtr(np.log(np.maximum(relative, 1e-12) / price(world)) / spread))


def cost_of(world: WorldView, share: NDArray[Any]) -> F64:
    """Return the cost of AI for the cheapest `share` of exposed tasks, per unit of exposure, in normal labour cost.

    The integral of c over the tasks taken: p exp(sigma^2 / 2) Phi(Phi^-1(a) - sigma).
    """
    spread = world.law("adoption.price_spread")
    return np.asarray(price(world) * math.exp(0.5 * spread**2) * ndtr(ndtri(np.clip(share, 0.0, 1.0)) - spread))


def part_of_exposure(tasks: F64, exposed: F64) -> F64:
    """Return tasks handed over as a share of those that could be."""
    return np.divide(tasks, exposed, out=np.zeros(len(tasks)), where=exposed > 0.0)
